"""Answers for programs, with their times in days and as dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from foedus.case.case import Case
from foedus.dates import format_instant
from foedus.questions.answers import Answer, Answers, as_record
from foedus.questions.what_if import Parting


def date_of(case: Case, time: float) -> str:
    """A moment of the model (days) as a date with its clock time."""
    clock = case.clock
    return format_instant(clock.instant(time), clock.zone, "second") + str(clock.zone)


def answers_record(case: Case, answers: Answers) -> dict[str, object]:
    """The answers as the JSON contract has them (`as_record`), with dates.

    A `time-until` that is counted from the start of the clock has `dates`: when its quantiles fall.
    They are null for all else, also for a time from when something first holds, which has no day of
    its own. A course over time has `dates` beside its `times`.
    """
    record = as_record(answers)
    return {
        **record,
        "questions": [
            {**asked, "dates": _dates(case, answer)}
            for asked, answer in zip(_records(record["questions"]), answers.questions, strict=True)
        ],
        "fans": [{**asdict(fan), "dates": _each(case, fan.times)} for fan in answers.fans],
    }


def parting_record(case: Case, parting: Parting | None) -> dict[str, object] | None:
    """When two worlds part, with `dates` beside the `times`."""
    if parting is None:
        return None
    return {**asdict(parting), "dates": _each(case, parting.times)}


def _records(found: object) -> list[Mapping[str, object]]:
    assert isinstance(found, list)
    return found


def _dates(case: Case, answer: Answer) -> dict[str, str | None] | None:
    is_since_start = case.questions[answer.name].origin is None
    if answer.kind != "time-until" or not is_since_start or answer.quantiles is None:
        return None
    return {
        level: None if days is None else date_of(case, days)
        for level, days in answer.quantiles.items()
    }


def _each(case: Case, times: Sequence[float]) -> list[str]:
    return [date_of(case, time) for time in times]
