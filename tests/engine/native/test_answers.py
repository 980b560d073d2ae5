"""The same answers from both engines, whatever the number of threads and whatever is changed."""

from __future__ import annotations

import pytest

from foedus.engine.reference import Watch
from foedus.ensemble.local import threads
from foedus.jump.lower import interventions_of, lower
from foedus.jump.model import Intervention, JumpModel
from foedus.questions.answers import as_record, simulate
from foedus.questions.design import default_engine
from tests.engine.native.everything import EVERY_PART
from tests.loading import warned_case


def everything() -> tuple[JumpModel, dict[str, tuple[Intervention, ...]]]:
    """The model that uses every construct, and its what-ifs."""
    case = warned_case(EVERY_PART.with_what_ifs())
    return lower(case), {name: interventions_of(case, name) for name in case.what_ifs}


MODEL, WHAT_IFS = everything()
WATCH = Watch(tuple(one.expression for one in MODEL.monitors), (0.0, 3.5, 20.0, MODEL.horizon))


def record(**more: object) -> dict[str, object]:
    """The answers without what says how they were found."""
    answers = as_record(simulate(MODEL, draws=8, seed=3, inner=2, **more))  # type: ignore[arg-type]
    return {name: value for name, value in answers.items() if name not in ("engine", "seconds")}


def test_answers_are_the_same() -> None:
    assert record(engine="native", watch=WATCH) == record(engine="reference", watch=WATCH)


@pytest.mark.parametrize("name", [*WHAT_IFS, "all"])
def test_what_ifs_are_the_same(name: str) -> None:
    changes = sum(WHAT_IFS.values(), ()) if name == "all" else WHAT_IFS[name]
    native = record(engine="native", interventions=changes)
    assert native == record(engine="reference", interventions=changes)
    assert native != record(engine="native")


def test_threads_change_nothing() -> None:
    alone = simulate(MODEL, draws=600, seed=3, engine="native", watch=WATCH)
    several = simulate(MODEL, draws=600, seed=3, engine="native", watch=WATCH, executor=threads(4))
    assert as_record(alone) | {"seconds": 0} == as_record(several) | {"seconds": 0}


def test_compiled_code_is_used_where_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert default_engine() == "native"
    assert simulate(MODEL, draws=4, seed=1).engine == "native"
    monkeypatch.setattr("foedus.engine.compiler.is_there", lambda: False)
    assert simulate(MODEL, draws=4, seed=1).engine == "reference"
