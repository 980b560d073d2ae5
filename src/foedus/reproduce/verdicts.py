"""The verdict on every shipped case; what ships beside the cases is held against it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np

from foedus import __version__, study
from foedus.case.case import Case
from foedus.ensemble.local import usable_processors
from foedus.infer.islands.agreed import agreed_islands
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.posterior.ended import ended
from foedus.infer.shipped import answers_file, courses_file
from foedus.infer.shipped.asked_before import are_alike
from foedus.infer.shipped.courses_file import Shipped
from foedus.infer.shipped.verdict_file import as_file, file_of
from foedus.infer.verdict.verdict import Kept, Verdict
from foedus.infer.verdict.verdict_json import as_record
from foedus.infer.weigh import answers_of, target_of
from foedus.jump.lower_record import lower_record
from foedus.reproduce.numbers import of_each_record, without_time
from foedus.reproduce.part import Made, Workplace, as_words, differences

MOVED = 0.02
"""Numbers may differ by so much of themselves on other machines."""


def make_verdicts(place: Workplace) -> Made:
    """The verdict on every shipped case with evidence and rivals, or why there is none."""
    moved: list[tuple[str, object, object]] = []

    def verdict_of(case: Case) -> dict[str, object]:
        verdict = study.weigh(case, workers=None, anew=True)
        if file_of(case.name).is_file():
            shipped = json.loads(file_of(case.name).read_text(encoding="utf-8"))
            now = entry_of(case, verdict)
            moved.extend(differences(_lasting(shipped), _lasting(now), case.name, MOVED))
            moved.extend(_courses_moved(case))
        return without_time(as_record(case, verdict))

    return replace(of_each_record(verdict_of, place), changed=as_words(moved))


def entry_of(case: Case, verdict: Verdict) -> dict[str, object]:
    """What the file beside a case has for a verdict worked out today, as `weigh` does unasked."""
    kept = Kept(date.today().isoformat(), __version__)
    return as_file(case, study.build(case), lower_record(case), Effort(), verdict, kept)


def courses_entry_of(case: Case) -> bytes:
    """What the file of courses has: those that the verdict rests on, found anew or just kept."""
    target, made = _target_of(case), Kept(date.today().isoformat(), __version__)
    evidence = _found(target)
    found = Shipped(evidence, ended(target, evidence), made)
    return courses_file.as_file(target, found, Effort(), 1)


def answers_entry_of(case: Case) -> bytes:
    """What the file of answers has: those of the particles that the verdict rests on."""
    target = _target_of(case)
    evidence = _found(target)
    answers = answers_of(target, evidence, case, Effort(), 1)
    return answers_file.as_file(target, evidence, answers, Effort(), 1)


def _courses_moved(case: Case) -> Iterator[tuple[str, object, object]]:
    """That the courses beside a case no longer are what the record leaves of it, if so."""
    if not courses_file.file_of(case.name).is_file():
        return
    target = _target_of(case)
    shipped, found = courses_file.shipped_courses(target, Effort(), 1), _found(target)
    if shipped is None or not np.allclose(shipped.evidence.levels, found.levels, rtol=MOVED):
        yield f"{case.name} courses", "as kept", "others"
        return
    answers = answers_file.shipped_answers(target, shipped.evidence, Effort(), 1)
    now = answers_of(target, found, case, Effort(), 1)
    if answers is None or not are_alike(answers, now):
        yield f"{case.name} answers", "as kept", "others"


def _found(target: RecordTarget) -> Evidence:
    return agreed_islands(target, Effort(), workers=usable_processors())


def _target_of(case: Case) -> RecordTarget:
    return target_of(case, study.build(case), lower_record(case), start)


def _lasting(entry: dict[str, object]) -> dict[str, object]:
    """What should be the same whenever and wherever it is worked out."""
    verdict = entry["verdict"]
    assert isinstance(verdict, dict)
    return {"digest": entry["digest"], "verdict": without_time(verdict)}
