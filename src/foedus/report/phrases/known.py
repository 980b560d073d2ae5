"""How much a case holds: evidence, claims, and who stands behind them, in a sentence."""

from __future__ import annotations

from foedus.case.case import Case
from foedus.report.language.catalogue import say


def known_sentence(case: Case, language: str) -> str:
    """The items of evidence, the claims by their speakers, and the sources by their origins.

    What a case holds none of is not counted.
    """
    evidence = claims = ""
    if case.evidence:
        evidence = say(language, "run.evidence", count=len(case.evidence))
    if case.claims:
        claims = say(
            language, "run.claims-by", claims=say(language, "run.claims", count=len(case.claims)),
            speakers=say(language, "run.speakers", count=len({one.by for one in case.claims})),
        )  # fmt: skip
    sources = say(language, "run.sources", count=len(case.sources))
    if case.origins:
        origins = say(language, "run.origins", count=len(case.origins))
        sources = say(language, "run.sources-of", sources=sources, origins=origins)
    record = ", ".join(part for part in (evidence, claims) if part)
    return say(language, "run.record", record=record, sources=sources)
