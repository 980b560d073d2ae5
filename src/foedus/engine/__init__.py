"""Runs of a jump model: keyed noise, and engines that agree on every path."""
