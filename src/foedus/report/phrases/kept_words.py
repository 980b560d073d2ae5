"""What answers rest on that was not made for them: what ships, and an analyst's prior odds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from foedus.case.case import Case
from foedus.dates import UTC, parse_date
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_period

if TYPE_CHECKING:  # a forecast says whose prior odds it has, and weighs nothing
    from foedus.infer.verdict.verdict import Kept


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


def show_whose_odds(case: Case, language: str) -> Iterator[str]:
    """That the prior odds of the explanations are an analyst's, and not the case's own."""
    if any(one.atom.written is not None for one in case.atoms):
        yield say(language, "verdict.whose")
