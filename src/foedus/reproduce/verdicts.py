"""The verdict on every shipped case; what ships beside the cases is held against it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from foedus import __version__, study
from foedus.case.case import Case
from foedus.ensemble.local import usable_processors
from foedus.infer.islands.effort import SHIPPED
from foedus.infer.islands.islands import Evidence
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.posterior.ended import Ended, ended
from foedus.infer.shipped import answers_file, courses_file
from foedus.infer.shipped.asked_before import Answers, are_alike
from foedus.infer.shipped.courses_file import Shipped
from foedus.infer.shipped.reference_file import shipped_percentiles
from foedus.infer.shipped.verdict_file import as_file, file_of
from foedus.infer.verdict.verdict import Kept, Verdict
from foedus.infer.verdict.verdict_json import as_record
from foedus.infer.weigh import answers_of, weigh
from foedus.jump.lower_record import lower_record
from foedus.reproduce.numbers import of_each_record, without_time
from foedus.reproduce.part import Made, Workplace, as_words, differences

MOST = 200
"""Courses that ship with a case; each takes some 50 kB."""

MOVED = 0.02
"""Numbers may differ by so much of themselves on other machines."""


@dataclass(frozen=True)
class Beside:
    """What ships beside a case, worked out today, and all from the same runs."""

    case: Case
    verdict: Verdict
    target: RecordTarget
    evidence: Evidence

    @property
    def verdict_entry(self) -> dict[str, object]:
        """What the file of the verdict has."""
        model, record = study.build(self.case), lower_record(self.case)
        return as_file(self.case, model, record, SHIPPED, self.verdict, _today())

    @property
    def answers(self) -> Answers:
        """What the particles answered when they were asked what would turn the verdict."""
        return answers_of(self.target, self.evidence, self.case, SHIPPED, self.verdict.seed)

    @property
    def _courses(self) -> Ended | None:
        """Those that end as the outcomes say: few enough for a file that ships."""
        return ended(self.target, self.evidence, seed=self.verdict.seed, most=MOST)

    def write(self) -> None:
        """Write all three files beside the case."""
        name, seed = self.case.name, self.verdict.seed
        text = json.dumps(self.verdict_entry, indent=1, allow_nan=False) + "\n"
        found = Shipped(self.evidence, self._courses, _today())
        courses = courses_file.as_file(self.target, found, SHIPPED, seed)
        answers = answers_file.as_file(self.target, self.evidence, self.answers, SHIPPED, seed)
        file_of(name).write_text(text, encoding="utf-8")
        courses_file.file_of(name).write_bytes(courses)
        answers_file.file_of(name).write_bytes(answers)


def make_verdicts(place: Workplace) -> Made:
    """The verdict on every shipped case with evidence and rivals, or why there is none."""
    moved: list[tuple[str, object, object]] = []

    def verdict_of(case: Case) -> dict[str, object]:
        if not file_of(case.name).is_file():
            return without_time(as_record(case, study.weigh(case, workers=None, anew=True)))
        now = beside(case)
        shipped = json.loads(file_of(case.name).read_text(encoding="utf-8"))
        kept, made = _lasting(shipped), _lasting(now.verdict_entry)
        moved.extend(differences(kept, made, case.name, MOVED))
        moved.extend(_courses_moved(now))
        return without_time(as_record(case, now.verdict))

    return replace(of_each_record(verdict_of, place), changed=as_words(moved))


def beside(case: Case) -> Beside:
    """The verdict on a case from as many runs as what ships rests on, with the runs; minutes."""
    model, record = study.build(case), lower_record(case)
    found: list[tuple[RecordTarget, Evidence]] = []
    verdict = weigh(
        case, model, record, start, effort=SHIPPED, workers=usable_processors(),
        percentiles=shipped_percentiles(model, record),
        inspect=lambda target, evidence: found.append((target, evidence)),
    )  # fmt: skip
    ((target, evidence),) = found
    return Beside(case, verdict, target, evidence)


def _courses_moved(now: Beside) -> Iterator[tuple[str, object, object]]:
    """That the courses beside a case no longer are what the record leaves of it, if so."""
    name, seed = now.case.name, now.verdict.seed
    if not courses_file.file_of(name).is_file():
        return
    shipped = courses_file.shipped_courses(now.target, SHIPPED, seed)
    if shipped is None or not _are_close(shipped.evidence, now.evidence):
        yield f"{name} courses", "as kept", "others"
        return
    answers = answers_file.shipped_answers(now.target, shipped.evidence, SHIPPED, seed)
    if answers is None or not are_alike(answers, now.answers):
        yield f"{name} answers", "as kept", "others"


def _are_close(one: Evidence, other: Evidence) -> bool:
    return one.levels.shape == other.levels.shape and np.allclose(
        one.levels, other.levels, rtol=MOVED
    )


def _today() -> Kept:
    return Kept(date.today().isoformat(), __version__)


def _lasting(entry: dict[str, object]) -> dict[str, object]:
    """What should be the same whenever and wherever it is worked out."""
    verdict = entry["verdict"]
    assert isinstance(verdict, dict)
    return {"digest": entry["digest"], "verdict": without_time(verdict)}
