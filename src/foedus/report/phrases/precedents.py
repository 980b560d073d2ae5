"""Past cases in which it was decided as in a what-if: how many, which, and what became of them."""

from __future__ import annotations

from foedus.case.case import Case
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_count
from foedus.report.phrases.class_words import show_class, show_counted


def show_precedents(case: Case, name: str, language: str) -> str:
    """How often it was decided so before, as far as the history tells."""
    counted = case.what_ifs[name].precedents
    if counted is None:
        return say(language, "what-if.precedents-none")
    return say(
        language, "what-if.precedents" if counted.where else "what-if.precedents-all",
        count=round(counted.tally.at_risk), where=show_class(counted.where, language),
        what=show_counted(counted.name, language),
        happened=show_count(round(counted.tally.happened), language),
    )  # fmt: skip


def precedents_record(case: Case, name: str) -> dict[str, object] | None:
    """The same for machines; None where no class is named."""
    counted = case.what_ifs[name].precedents
    if counted is None:
        return None
    return {
        "class": counted.name, "where": counted.where, "k": counted.tally.happened,
        "n": counted.tally.at_risk, "cites": list(counted.cites),
    }  # fmt: skip
