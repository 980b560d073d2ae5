"""The verdict on every shipped case; those that ship beside their cases are held against them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from foedus import __version__, study
from foedus.case.case import Case
from foedus.infer.effort import Effort
from foedus.infer.verdict import Kept, Verdict
from foedus.infer.verdict_file import as_file, file_of
from foedus.infer.verdict_json import as_record
from foedus.jump.lower_record import lower_record
from foedus.reproduce.numbers import of_each_record, without_time
from foedus.reproduce.part import Made, Workplace, as_words, differences

MOVED = 0.02
"""Numbers may differ by so much of themselves on other machines."""


def make_verdicts(place: Workplace) -> Made:
    """The verdict on every shipped case with evidence and rivals, or why there is none."""
    moved: list[tuple[str, object, object]] = []

    def verdict_of(case: Case) -> dict[str, object]:
        verdict = study.weigh(case, workers=None)
        if file_of(case.name).is_file():
            shipped = json.loads(file_of(case.name).read_text(encoding="utf-8"))
            now = entry_of(case, verdict)
            moved.extend(differences(_lasting(shipped), _lasting(now), case.name, MOVED))
        return without_time(as_record(case, verdict))

    return replace(of_each_record(verdict_of, place), changed=as_words(moved))


def entry_of(case: Case, verdict: Verdict) -> dict[str, object]:
    """What the file beside a case has for a verdict worked out today, as `weigh` does unasked."""
    kept = Kept(date.today().isoformat(), __version__)
    return as_file(case, study.build(case), lower_record(case), Effort(), verdict, kept)


def _lasting(entry: dict[str, object]) -> dict[str, object]:
    """What should be the same whenever and wherever it is worked out."""
    verdict = entry["verdict"]
    assert isinstance(verdict, dict)
    return {"digest": entry["digest"], "verdict": without_time(verdict)}
