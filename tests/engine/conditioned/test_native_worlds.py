"""Compiled other worlds are those of the reference engine, event by event and bit by bit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from foedus.engine.conditioned.counterfactual import run_other_world
from foedus.engine.conditioned.history import History
from foedus.engine.conditioned.run import ConditionedRun, condition_on, noise_of, run_conditioned
from foedus.engine.failure import ModelError
from foedus.engine.native.record import worlds_program
from foedus.engine.native.record.worlds_program import RawWorlds, WorldsProgram, build_worlds
from foedus.engine.reference import LIMIT, RunResult, Watch
from foedus.engine.sampling import draw_parameters
from foedus.engine.start import flat_parameters
from foedus.engine.world import Happening
from foedus.engine.worlds import Decision, WorldRuns, is_compiled, world_runner
from foedus.infer.likelihood.engine import epochs_of
from foedus.jump.lower_record import lower_record
from foedus.jump.model import Atom, Intervention, JumpModel
from foedus.jump.stages import Stage, stage_as_of
from foedus.study import build, load
from tests.engine.conditioned import test_counterfactual, test_likelihood
from tests.engine.conditioned.made import COMPILED, cases_of
from tests.engine.conditioned.small import Small, small
from tests.engine.models import TIME, firings, intervene, parameter, variable

pytest.importorskip("llvmlite")

LONGEST_LOG = 200_000
LIBRARY = Path(__file__).parents[3] / "src" / "foedus" / "cases"
SHIPPED = sorted(path.parent.name for path in LIBRARY.glob("*/case.yaml"))
SEED = 7


class Compared:
    """The worlds of courses of a case by both engines; `alive` counts those that were compared."""

    def __init__(
        self, program: WorldsProgram, atom: Atom, stage: Stage, horizon: float,
        since: float | None = None,
    ) -> None:  # fmt: skip
        self.program, self.atom, self.stage = program, atom, stage
        self.horizon, self.since, self.alive = horizon, since, 0

    def compare(self, run: int, trusted: Sequence[bool] | None = None) -> None:
        """Every world of a course, if there is such a course."""
        conditioned, program = self.program.conditioned, self.program
        model = conditioned.prepared.model
        theta, noise = (
            draw_parameters(model, self.atom, SEED, run),
            noise_of(conditioned, SEED, run),
        )
        switches = [True] * len(conditioned.items) if trusted is None else list(trusted)
        first = run_conditioned(
            conditioned, theta, self.atom, noise, self.stage, horizon=self.horizon,
            switches=switches, keep=True, watch=program.watch,
        )  # fmt: skip
        if first.history is None:
            return
        self.alive += 1
        fast, wrong = worlds_program.run_worlds(
            program, self.atom, self.stage, np.array([flat_parameters(model, theta)]),
            np.array([noise], np.uint64).reshape(1, -1, 2), np.array([switches], np.uint8),
            since=self.since, horizon=self.horizon, limit=LIMIT, log=LONGEST_LOG,
            drawn=LONGEST_LOG,
        )  # fmt: skip
        assert wrong == -1
        slow = [
            run_other_world(
                conditioned, first.history, theta, self.atom, noise, decision, since=self.since,
                horizon=self.horizon, record=True, watch=program.watch,
            )
            for decision in program.decisions
        ]  # fmt: skip
        self.assert_same(first, first.history, slow, fast)

    def assert_same(
        self, first: ConditionedRun, history: History, slow: list[RunResult], fast: RawWorlds
    ) -> None:
        """Every event, every answer, every bit."""
        records = [history.happenings, *(one.record for one in slow)]
        ends = np.cumsum([0, *fast.events[0]])
        assert [len(record) for record in records] == fast.events[0].tolist()
        values = iter(fast.drawn)
        for record, start, end in zip(records, ends[:-1], ends[1:], strict=True):
            for row, happened in zip(fast.log[start:end], record, strict=True):
                assert self.event_of(row) == _event(happened)
                drawn = [one for values in happened.draws.values() for one in values]
                assert drawn == [next(values) for _ in drawn]
        worlds: list[ConditionedRun | RunResult] = [first, *slow]
        for world, one in enumerate(worlds):
            for name, own in (("values", one.values), ("waited", one.waited)):
                assert getattr(fast, name)[0, world].tobytes() == np.array(own).tobytes()
            assert tuple(fast.given[0, world] != 0) == one.is_given
            assert fast.samples[0, world].tobytes() == np.array(one.samples).tobytes()
        vacuous = [missed for one in slow for missed in one.vacuous]
        owners = [number for number, d in enumerate(self.program.decisions, 1) for _ in d]
        assert [bool(fast.vacuous[0, world, at]) for at, world in enumerate(owners)] == vacuous

    def event_of(self, row: np.ndarray) -> tuple[float, str, tuple[str, ...], bool]:
        """A row of the log as the reference keeps it."""
        prepared = self.program.conditioned.prepared
        name = self.program.text.acts[int(row[1])]
        kind = name if name in prepared.by_kind else name.rpartition(".")[0]
        return float(row[0]), name, prepared.by_kind[kind][int(row[2])].labels, bool(row[3])


def _event(happened: Happening) -> tuple[float, str, tuple[str, ...], bool]:
    return happened.time, happened.name, happened.labels, happened.is_forced


def battery(model: JumpModel) -> list[Decision]:
    """Everything that can be changed in a model, each alone, and some of it together."""
    kinds = [kind.name for kind in model.kinds]
    options = [f"{kind.name}.{one.name}" for kind in model.kinds for one in kind.options]
    single = [spec.name for spec in model.parameters if not spec.groups]
    late = firings(kinds[-1]) if not model.kinds[-1].groups else None
    flags = [one.name for one in model.variables if one.kind == "flag" and not one.groups]
    changes: list[Intervention] = [
        *(intervene("forbid", name) for name in (*kinds, *options)),
        *(intervene("force", name, at=1.3) for name in (*kinds, *options)),
        *(intervene("forbid", name, at=2.6) for name in kinds[:2]),
        *(intervene("set-parameter", name, parameter(name) * 1.3) for name in single),
        *(intervene("set-parameter", name, parameter(name) * 1.4, at=2.2) for name in single),
        *(intervene("set-state", name, True, at=0.7) for name in flags),
        *(intervene("set-state", name, True) for name in flags[:1]),
        *(intervene("force", kinds[0], condition=variable(name)) for name in flags[:2]),
    ]
    changes.append(intervene("force", kinds[0], condition=TIME >= 1.9))
    if late is not None:
        changes.append(intervene("force", kinds[0], condition=late > 0))
    return [(), *((one,) for one in changes), tuple(changes[:1] + changes[-3:])]


WHAT_IFS = [
    "test_an_unseen_cause_is_taken_away",
    "test_what_was_reported_and_what_was_not_are_one_stream",
    "test_a_race_is_run_again_on_the_same_clocks",
    "test_a_choice_is_made_again_with_the_noise_it_implies",
    "test_what_was_measured_of_one_option_is_not_drawn_for_another",
]


def what_if_cases_of(name: str, monkeypatch: pytest.MonkeyPatch) -> list[Small]:
    found: list[Small] = []
    note = lambda case, *_, **__: found.append(case)  # noqa: E731 - takes whatever is asserted
    monkeypatch.setattr(test_counterfactual, "assert_answer", note)
    getattr(test_counterfactual, name)()
    return found


@pytest.mark.parametrize("epochs", [(), (1.25, 3.5)])
@pytest.mark.parametrize("name", [*COMPILED, *WHAT_IFS])
def test_small_cases(name: str, epochs: tuple[float, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    case = (cases_of if name in COMPILED else what_if_cases_of)(name, monkeypatch)[0]
    model, record = case.conditioned.prepared.model, case.conditioned.record
    program = build_worlds(condition_on(model, record, epochs), battery(model))
    for stage in (case.stage, stage_as_of(record, 3.0)):
        compared = Compared(program, case.atom, stage, case.horizon)
        for run in range(25):
            compared.compare(run)
        assert compared.alive > 2


@pytest.mark.parametrize("name", SHIPPED)
def test_the_library(name: str) -> None:
    """Every what-if of a shipped case, in courses that agree with the events of its record."""
    case = load(name)
    model, record = build(case), lower_record(case)
    decisions = [one.interventions for one in case.what_ifs.values() if not one.replaces]
    if not decisions:
        pytest.skip("the case asks no what-if")
    horizon, day = model.horizon, 4.5 if name == "kazakhstan-2022" else model.horizon
    stage = stage_as_of(record, day, horizon=horizon)
    left_out = ("K02", "D05", "K07") if name == "kazakhstan-2022" else ()
    kept = [one.kind != "state" and one.id not in left_out for one in record.sightings]
    watch = Watch((model.monitors[0].expression,), (0.25 * horizon, 0.75 * horizon))
    program = build_worlds(
        condition_on(model, record, epochs_of(record, horizon)), decisions, watch
    )
    compared = Compared(program, model.atoms[-1], stage, horizon)
    for run in range(200):
        compared.compare(run, kept)
        if compared.alive == 2:
            break
    assert compared.alive == 2


def reported() -> Small:
    """A kind of which a third is reported, and another that nobody reports."""
    with pytest.MonkeyPatch.context() as patch:
        return cases_of("test_what_is_not_reported_goes_on_unseen", patch)[0]


def runs_of(
    case: Small, decisions: list[Decision], engine: str | None, count: int,
    since: float | None = None,
) -> WorldRuns:  # fmt: skip
    """The worlds of some courses that agree with the record."""
    conditioned = case.conditioned
    model, rows, words = conditioned.prepared.model, [], []
    for run in range(30):
        theta = draw_parameters(model, case.atom, SEED, run)
        noise = noise_of(conditioned, SEED, run)
        first = run_conditioned(conditioned, theta, case.atom, noise, case.stage)
        if first.died_of is None:
            rows.append(flat_parameters(model, theta))
            words.append(noise)
    return world_runner(conditioned, decisions, engine=engine).run(
        np.array(rows)[:count], case.atom, np.array(words, np.uint64)[:count], case.stage,
        switches=np.ones((count, len(conditioned.items)), np.bool_), horizon=case.horizon,
        since=since,
    )  # fmt: skip


def test_many_courses_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the room for firings is too small at first, and with a day to look at."""
    case = reported()
    decisions = battery(case.conditioned.prepared.model)
    for since, room in ((None, 4096), (2.2, 1)):
        monkeypatch.setattr(worlds_program, "ROOM", room)
        fast, slow = (
            runs_of(case, decisions, engine, 5, since) for engine in ("native", "reference")
        )
        for name in ("values", "waited", "given", "events"):
            assert getattr(fast, name).tobytes() == getattr(slow, name).tobytes(), name
        for one, other in zip(fast.vacuous, slow.vacuous, strict=True):
            assert np.array_equal(one, other)


def test_a_fault_of_another_world_is_worded_by_the_reference() -> None:
    case = reported()
    name = case.conditioned.prepared.model.parameters[0].name
    worse = (intervene("set-parameter", name, -1.0),)
    with pytest.raises(ModelError, match="hazard is -1"):
        runs_of(case, [worse], "native", 3)


def test_what_only_the_reference_knows_is_left_to_it() -> None:
    case = small(
        test_likelihood.COUNTED,
        test_likelihood.COUNT,
        "events:\n  blow: {rate: speed, then: {n: n + 1}}\n"
        "  alarm: {when: n >= 2, after: immediately, then: {n: n + 10}}\n",
        "record: {alarm: {complete: 2020-01-01/2020-01-08}}\n",
    )
    assert not is_compiled(case.conditioned)
    with pytest.raises(ValueError, match="compiled code"):
        runs_of(case, [()], "native", 1)
    assert runs_of(case, [()], None, 1).vacuous[0].shape == (1, 0)
