"""Exact answers where a model has few enough states: no runs, no noise, bounded errors."""
