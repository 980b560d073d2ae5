"""Executable case studies of alliances and regimes in crisis."""

__all__ = ["__version__"]

__version__ = "0.1.0"
