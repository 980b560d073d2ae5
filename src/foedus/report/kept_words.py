"""What ships with a case was worked out at some time, by some version: both are said."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.dates import UTC, parse_date
from foedus.infer.verdict import Kept
from foedus.report.catalogue import say
from foedus.report.numbers import show_period


def when_made(kept: Kept, language: str) -> dict[str, str]:
    """The day and the version, as sentences have them."""
    return {
        "date": show_period(parse_date(kept.made, UTC), UTC, language),
        "version": kept.foedus,
    }


def show_courses_made(kept: Kept | None, language: str) -> Iterator[str]:
    """That courses which agree with the record were read, and not found now."""
    if kept is not None:
        yield say(language, "what-if.made", **when_made(kept, language))
