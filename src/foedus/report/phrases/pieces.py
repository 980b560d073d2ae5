"""What the pieces of a record that are weighed are called: items, claims, days of silence."""

from __future__ import annotations

from foedus.case.case import Case
from foedus.infer.verdict.verdict import Weight
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_days
from foedus.report.phrases.names import claim_name, item_name, label_name


def dated_piece(case: Case, weight: Weight, language: str) -> str:
    """A piece of the record with its day and its id."""
    date = show_days(case.clock, weight.day, language, style="short")
    if weight.id == "tables":
        return say(language, "verdict.tables")
    if weight.arrival == "silence":
        return f"{date}  {say(language, 'verdict.silence')}"
    what = piece_name(case, weight.id, language)
    return say(language, "verdict.item", date=date, id=weight.id, what=what)


def piece_name(case: Case, piece: str, language: str) -> str:
    """What an item, a claim (and who makes it) or a day of silence says."""
    for one in (*case.evidence, *case.outcomes):
        if one.id == piece:
            return item_name(case, one, language)
    for claim in case.claims:
        if claim.id == piece:
            by, what = label_name(case, claim.by, language), claim_name(case, claim, language)
            return say(language, "timeline.by", by=by, what=what)
    if piece == "tables":
        return say(language, "verdict.tables")
    return say(language, "verdict.silence")
