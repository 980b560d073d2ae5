"""The frozen forecasts that ship beside cases, made anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from foedus import study
from foedus.case.find import SHIPPED
from foedus.infer.effort import Effort
from foedus.questions.frozen import freeze, read_frozen
from foedus.questions.settling import FROZEN
from foedus.reproduce.part import Made, Workplace, as_words, differences

MOVED = 0.02
"""Numbers may differ by so much of themselves on other machines."""


def make_forecasts(place: Workplace) -> Made:
    """Each forecast made as its file says it was, its answers held against the file's; minutes."""
    shipped = {path.parent.name: read_frozen(path.read_text("utf-8")) for path in frozen_files()}
    made = {}
    for done, (name, record) in enumerate(shipped.items(), 1):
        made[name] = _again(name, record)
        if place.progress is not None:
            place.progress(done, len(shipped))
    pairs = [(name, one["questions"], made[name]["questions"]) for name, one in shipped.items()]
    moved = [
        found
        for name, old, new in pairs
        for found in differences(old, json.loads(json.dumps(new)), name, MOVED)
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
