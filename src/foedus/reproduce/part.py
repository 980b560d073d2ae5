"""A part of what is published: how it is made anew, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from pathlib import Path

from foedus.frozen import dataclass

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a part may look and write: the checkout, if there is one, and a folder for files."""

    checkout: Path | None
    folder: Path
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A part made anew.

    `record` holds its numbers, for JSON; `changed` says of each published thing that is no longer
    so what it is; `skipped` says why nothing was made, `failed` what went wrong.
    """

    record: Mapping[str, object] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    skipped: str = ""
    failed: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part by its name. A slow one takes minutes, and is made only if it is asked for."""

    name: str
    title: str
    is_slow: bool
    make: Callable[[Workplace], Made]


def differences(
    old: object, new: object, place: str = "", tolerance: float = 1e-9
) -> list[tuple[str, object, object]]:
    """Where two records differ, by the keys that lead there, with what stood and stands there.

    Numbers that differ by less than `tolerance`, as a share of the larger, are taken as equal.
    """
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        keys = dict.fromkeys((*old, *new))
        return [
            found
            for key in keys
            for found in differences(
                old.get(key), new.get(key), f"{place}.{key}" if place else str(key), tolerance
            )
        ]
    if isinstance(old, list | tuple) and isinstance(new, list | tuple) and len(old) == len(new):
        return [
            found
            for number, (one, other) in enumerate(zip(old, new, strict=True), 1)
            for found in differences(one, other, f"{place}.{number}", tolerance)
        ]
    if isinstance(old, int | float) and isinstance(new, int | float):
        is_same = abs(old - new) <= tolerance * max(abs(old), abs(new))
        return [] if is_same else [(place, old, new)]
    return [] if old == new else [(place, old, new)]


def as_words(found: Sequence[tuple[str, object, object]], most: int = 12) -> tuple[str, ...]:
    """Differences as lines; of many the first ones and how many more there are."""
    lines = [f"{place}: {_short(old)}, now {_short(new)}" for place, old, new in found[:most]]
    if len(found) > most:
        lines.append(f"and {len(found) - most} more")
    return tuple(lines)


def _short(value: object) -> str:
    if value is None:
        return "nothing"
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
