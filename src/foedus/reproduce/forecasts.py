"""The frozen forecasts that ship beside cases, made anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import hypot
from pathlib import Path
from typing import Any

from foedus import study
from foedus.case.find import SHIPPED
from foedus.infer.islands.effort import Effort
from foedus.questions.frozen import freeze, read_frozen
from foedus.questions.settling import FROZEN
from foedus.reproduce.part import Made, Workplace, as_words

MOVED = 0.02
"""Numbers may differ by so much of themselves on other machines."""
ERRORS = 4.0
"""A forecast stays as it was frozen, and a later version may draw other particles: their answers
may lie so many Monte Carlo errors apart. Of 36 answers that are the same one in 400 times goes
beyond."""


def make_forecasts(place: Workplace) -> Made:
    """Each forecast made as its file says it was, its answers held against the file's; minutes.

    What was frozen is no longer so where an answer has moved by more than chance moves it.
    """
    shipped = {path.parent.name: read_frozen(path.read_text("utf-8")) for path in frozen_files()}
    made = {}
    for done, (name, record) in enumerate(shipped.items(), 1):
        made[name] = _again(name, record)
        if place.progress is not None:
            place.progress(done, len(shipped))
    moved = [
        (f"{name}.{question}", old, new)
        for name, one in shipped.items()
        for question, old, new in _moved(one["questions"], made[name]["questions"])
    ]
    return Made(made, as_words(moved))


def frozen_files() -> list[Path]:
    """The files of the frozen forecasts that ship."""
    return sorted(SHIPPED.glob(f"*/{FROZEN}"))


def _again(name: str, record: dict[str, Any]) -> dict[str, Any]:
    case = study.load(name)
    answers = study.forecast(
        case, record["as_of"], draws=record["draws"], seed=record["seed"],
        effort=Effort(record["particles"]), workers=None,
    )  # fmt: skip
    return freeze(
        case, answers, record["as_of"], record["made"], record["foedus"],
        draws=record["draws"], particles=record["particles"],
    )  # fmt: skip


Questions = Sequence[Mapping[str, Any]]


def _moved(frozen: Questions, again: Questions) -> Iterator[tuple[str, object, object]]:
    """The answers that have moved, by question; a question that only one has is answered there."""
    before, now = ({one["name"]: one for one in questions} for questions in (frozen, again))
    for name in dict.fromkeys((*before, *now)):
        old, new = before.get(name, {}), now.get(name, {})
        if not _agree(old, new):
            yield name, old.get("value"), new.get("value")


def _agree(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether two answers to a question differ by no more than chance and machines explain."""
    one, other = old.get("value"), new.get("value")
    if one is None or other is None:
        return one is other and old.keys() == new.keys()
    error = hypot(old["error"] or 0.0, new["error"] or 0.0)
    return bool(abs(one - other) <= max(MOVED * max(abs(one), abs(other)), ERRORS * error))
