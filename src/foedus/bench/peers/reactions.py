"""Workload A as a reaction network, which is what most other engines read.

Flags are species of 0 or 1: `unasked` becomes `waiting`, `waiting` becomes `helped`. Rates are
propensities per day.
"""

from __future__ import annotations

DAYS = 60.0

START = {
    "protesters": 50, "defectors": 0, "office": 1, "unasked": 1, "waiting": 0, "helped": 0,
    "free": 1,
}  # fmt: skip
"""`office`: the ruler rules; `free`: the rival does not sit in prison."""

REACTIONS: tuple[tuple[str, tuple[str, ...], tuple[str, ...], str], ...] = (
    ("joins", (), ("protesters",),
     "0.3 * (1000.0 - protesters) * protesters / 1000.0 + 0.002 * (1000.0 - protesters)"),
    ("leaves", ("protesters",), (), "0.1 * protesters * (1.0 + helped)"),
    ("defects", (), ("defectors",), "0.05 * (200.0 - defectors) * protesters / 1000.0"),
    ("returns", ("defectors",), (), "0.03 * defectors * (1.0 + 2.0 * helped)"),
    ("asks", ("unasked",), ("waiting",), "0.05 * protesters / 1000.0 * office * unasked"),
    ("deploys", ("waiting",), ("helped",), "0.1 * waiting"),
    ("arrests", ("free",), (), "0.01 * (1.0 + helped) * office * free"),
    ("ousts", ("office",), (),
     "0.3 * (defectors / 200.0) * (defectors / 200.0) * (protesters / 1000.0)"
     " * (1.0 - 0.8 * helped) * office"),
    ("withdraws", ("helped",), (), "0.05 * helped / (1.0 + protesters / 50.0)"),
)  # fmt: skip
"""Name, what it takes, what it makes, propensity."""
