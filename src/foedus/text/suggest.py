"""Which known name a user probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

CUTOFF = 0.6
MANY = 300
"""Of more names than this, only those are compared that begin alike and are about as long."""


def closest(name: str, names: Iterable[str]) -> str | None:
    """The known name most like `name`, or None when none is close enough to be worth saying.

    Case and the difference between `-` and `_` are ignored; of equally close names the first wins.
    """
    every = list(names)
    if len(every) > MANY:
        first, size = name[:1].lower(), len(name)
        near = (k for k in every if abs(len(k) - size) <= 2 and k[:1].lower() == first)
        every = list(islice(near, MANY))
    plain: dict[str, str] = {}
    for known in every:
        plain.setdefault(_plain(known), known)
    found = get_close_matches(_plain(name), plain, n=1, cutoff=CUTOFF)
    return plain[found[0]] if found else None


def list_names(names: Iterable[str], limit: int = 8) -> str:
    """The names between backticks, in order; beyond `limit` only how many more there are."""
    every = list(names)
    shown = ", ".join(f"`{name}`" for name in every[:limit])
    return shown if len(every) <= limit else f"{shown} and {len(every) - limit} more"


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")
