"""The user's words in messages: what was probably meant, what there is, long texts cut short."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain, islice

CUTOFF = 0.6
MANY = 300
"""Of more names than this, only those are compared that begin alike and are about as long."""
LONGEST_NAME = 40
"""Longer texts are sentences: how much of two is the same says enough."""
FEW = 8


def closest(name: str, names: Iterable[str]) -> str | None:
    """The known name most like `name`, or None when none is close enough to be worth saying.

    What two names share may be scattered over both (`press`, `requests`), so at most half of the
    letters of the longer may have to change.
    Case and the difference between `-` and `_` are ignored; of equally close names the first wins.
    """
    every = tuple(names)
    if len(every) > MANY:
        alike, first, size = _by_beginning(every), name[:1].lower(), len(name)
        near = (alike.get((first, length), ()) for length in range(size - 2, size + 3))
        every = tuple(known for _, known in islice(sorted(chain.from_iterable(near)), MANY))
    best: str | None = None
    score = 0.0
    matcher = SequenceMatcher(b=_plain(name), autojunk=False)
    for known in every:
        matcher.set_seq1(_plain(known))
        needed = max(CUTOFF, score)
        if matcher.real_quick_ratio() < needed or matcher.quick_ratio() < needed:
            continue
        ratio = matcher.ratio()
        if ratio >= CUTOFF and ratio > score and _is_near(_plain(name), _plain(known)):
            best, score = known, ratio
    return best


def named(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """What to write in place of an unknown name: the closest, all if they are few, or `otherwise`.

    Without the last, the first few of many.
    """
    every = tuple(names)
    near = closest(name, every)
    if near is not None:
        return f"write `{near}`"
    if every and (len(every) <= FEW or not otherwise):
        return f"there {'is' if len(every) == 1 else 'are'} {list_names(every, FEW)}"
    return otherwise or "there is none"


def _is_near(name: str, known: str) -> bool:
    """Whether at most half of the letters are to be changed, added, left out or swapped."""
    longer = max(len(name), len(known))
    return longer > LONGEST_NAME or 2 * _changes(name, known) <= longer


def _changes(name: str, known: str) -> int:
    """The fewest changes of a letter, or swaps of neighbours, that make one name the other."""
    earlier, row = list[int](), list(range(len(known) + 1))
    for i, letter in enumerate(name):
        last, earlier, row = earlier, row, [i + 1]
        for j, other in enumerate(known):
            least = min(earlier[j + 1] + 1, row[j] + 1, earlier[j] + (letter != other))
            if i and j and letter == known[j - 1] and other == name[i - 1]:
                least = min(least, last[j - 1] + 1)
            row.append(least)
    return row[-1]


@lru_cache(maxsize=4)
def _by_beginning(names: tuple[str, ...]) -> dict[tuple[str, int], list[tuple[int, str]]]:
    """Many names with their places, by first letter and length: a file may have many faults."""
    found: dict[tuple[str, int], list[tuple[int, str]]] = {}
    for place, name in enumerate(names):
        found.setdefault((name[:1].lower(), len(name)), []).append((place, name))
    return found


def list_names(names: Iterable[str], limit: int = 8) -> str:
    """The names between backticks, in order; beyond `limit` only how many more there are."""
    every = list(names)
    shown = ", ".join(f"`{name}`" for name in every[:limit])
    return shown if len(every) <= limit else f"{shown} and {len(every) - limit} more"


def shorten(text: str) -> str:
    """A text of at most 40 characters, its end cut off if need be."""
    return text if len(text) <= 40 else f"{text[:37]}..."


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")
