"""Past cases in which it was decided as in a what-if: how many, which, and what became of them."""

from __future__ import annotations

import re

from foedus.case.case import Case
from foedus.report.catalogue import CATALOGUES, say
from foedus.report.numbers import show_count


def show_precedents(case: Case, name: str, language: str) -> str:
    """How often it was decided so before, as far as the history tells."""
    counted = case.what_ifs[name].precedents
    if counted is None:
        return say(language, "what-if.precedents-none")
    words = f"class.{counted.name}"  # of those of which only counts ship there are none
    known = words in CATALOGUES[language]
    what = say(language, words) if known else say(language, "class.other", name=counted.name)
    return say(
        language, "what-if.precedents" if counted.where else "what-if.precedents-all",
        count=round(counted.tally.at_risk), where=show_class(counted.where, language), what=what,
        happened=show_count(round(counted.tally.happened), language),
    )  # fmt: skip


def show_class(where: str, language: str) -> str:
    """The condition that makes a class, part by part: in words where there are any, else as it was
    written."""
    parts = re.split(r"\s+and\s+", where.strip())
    return "; ".join(_words(part, language) for part in parts)


def _words(part: str, language: str) -> str:
    column, sign, values = part.partition("=")
    one_of = "|".join(sorted(value.strip() for value in values.split("|")))
    key = f"where.{column.strip()}{sign}{one_of}"
    return say(language, key) if key in CATALOGUES[language] else part


def precedents_record(case: Case, name: str) -> dict[str, object] | None:
    """The same for machines; None where no class is named."""
    counted = case.what_ifs[name].precedents
    if counted is None:
        return None
    return {
        "class": counted.name, "where": counted.where, "k": counted.tally.happened,
        "n": counted.tally.at_risk, "cites": list(counted.cites),
    }  # fmt: skip
