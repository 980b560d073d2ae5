"""How the runs of courses in several worlds are put together: worked cases, nothing is run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pytest

from foedus.engine.worlds import WorldRuns
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.weigh import target_of
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.jump.stages import full_stage
from foedus.questions import both_worlds, other_worlds
from foedus.questions.both_worlds import Play, run_worlds, runs_of_world, tasks_of
from foedus.questions.courses import Course, Courses
from foedus.questions.runs import Runs
from foedus.text.diagnostic import InternalError, NoAnswerError
from tests.questions.test_other_worlds import bridge

SHAPE = (2, 2, 3)
COURSES, WORLDS, QUESTIONS = 12, 3, 2


@dataclass(frozen=True)
class Row:
    """A course, of which only the atom counts here."""

    atom: int
    number: int


def test_a_task_is_of_one_atom_and_none_is_left_out() -> None:
    rows = [
        Row(atom, number) for atom, count in ((0, 5), (2, 3), (1, 2)) for number in range(count)
    ]
    tasks = list(tasks_of(rows, 2))
    assert [row for task in tasks for row in task] == rows
    assert [[row.atom for row in task] for task in tasks] == [
        [0, 0], [0, 0], [0], [2, 2], [2], [1, 1],
    ]  # fmt: skip


def numbered(*shape: int, plus: float = 0.0) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.arange(float(np.prod(shape))).reshape(shape) + plus


def everything() -> WorldRuns:
    """All courses at once, each number another one."""
    return WorldRuns(
        values=numbered(COURSES, WORLDS, QUESTIONS),
        waited=numbered(COURSES, WORLDS, QUESTIONS, plus=1000.0),
        given=numbered(COURSES, WORLDS, QUESTIONS) % 7 < 4,
        vacuous=(
            numbered(COURSES, 1) % 2 == 0,
            np.stack([numbered(COURSES) % 3 == 0, numbered(COURSES) % 5 == 0], axis=1),
        ),
        samples=numbered(COURSES, WORLDS, 4, 1),
        events=np.ones((COURSES, WORLDS), np.int64),
    )


def in_tasks(whole: WorldRuns, *sizes: int) -> list[WorldRuns]:
    ends = np.cumsum(sizes)
    return [
        WorldRuns(
            whole.values[at:end], whole.waited[at:end], whole.given[at:end],
            tuple(one[at:end] for one in whole.vacuous), whole.samples[at:end],
            whole.events[at:end],
        )
        for at, end in zip(ends - sizes, ends, strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize("world", range(WORLDS))
def test_a_world_has_its_own_answers_in_the_order_of_the_courses(world: int) -> None:
    whole = everything()
    found = runs_of_world(in_tasks(whole, 5, 4, 3), world, world - 1, SHAPE)
    for question in range(QUESTIONS):
        for got, meant in (
            (found.values, whole.values), (found.counts, whole.given),
            (found.waited, whole.waited),
        ):  # fmt: skip
            assert got[question].shape == SHAPE
            assert got[question].ravel().tolist() == meant[:, world, question].tolist()
    assert found.samples is not None
    assert found.samples.shape == (*SHAPE, 4, 1)
    assert found.samples.reshape(COURSES, 4, 1).tolist() == whole.samples[:, world].tolist()
    missed = [] if world == 0 else whole.vacuous[world - 1].T.tolist()
    assert [one.ravel().tolist() for one in found.vacuous] == missed


def test_nothing_watched_is_no_sample() -> None:
    whole = replace(everything(), samples=np.zeros((COURSES, WORLDS, 0, 0)))
    assert runs_of_world([whole], 1, 0, SHAPE).samples is None


def courses() -> Courses:
    """Two atoms of weights 3/4 and 1/4, of two parameters and three courses each."""
    atoms = tuple(
        replace(atom, prior=prior)
        for atom, prior in zip(lower(bridge()).atoms, (0.75, 0.25), strict=True)
    )
    numbers = np.array([[0, 1], [2, 2]])
    return Courses(atoms, (), 2, 3, numbers)


def test_courses_of_one_particle_count_as_one_and_weights_as_they_are() -> None:
    """Particles 0 and 1 weigh 3/8 each, and 2 weighs 1/4: 1 / (2 (3/8)^2 + (1/4)^2) = 32/11."""
    chosen = np.ones(SHAPE, np.bool_)
    assert courses().effective(chosen) == pytest.approx(32.0 / 11.0)
    chosen[0, 1] = False
    # What is left weighs 3/8 and 1/4.
    assert courses().effective(chosen) == pytest.approx((5 / 8) ** 2 / (9 / 64 + 4 / 64))
    chosen[0] = False
    assert courses().effective(chosen) == 1.0
    assert courses().effective(np.zeros(SHAPE, np.bool_)) == 0.0


def runs_of(*answers: list[float]) -> Runs:
    values = [np.array(one).reshape(SHAPE) for one in answers]
    return Runs(values, [np.ones(SHAPE, np.bool_)] * len(values), values, (), None, 0)


def test_all_outcomes_must_come_out_as_they_did() -> None:
    """A question of the case stands before those of the outcomes, and has no say."""
    first = [1.0, 1.0, 0.0, 1.0] * 3
    second = [1.0] * 6 + [0.0] * 6
    runs = runs_of([0.0] * 12, first, second)
    ended = other_worlds._ends_as_told(runs, range(1, 3), courses())
    assert ended.ravel().tolist() == [one == other == 1.0 for one, other in zip(
        first, second, strict=True
    )]  # fmt: skip
    assert other_worlds._ends_as_told(runs, range(1, 1), courses()).all()
    with pytest.raises(NoAnswerError, match="ends as the outcomes say"):
        other_worlds._ends_as_told(runs, range(3), courses())


def test_shares_are_of_the_courses_that_count_by_the_weights_of_their_atoms() -> None:
    ended = np.array([1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1], bool).reshape(SHAPE)
    holds = np.array([1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0], bool).reshape(SHAPE)
    nothing = cast(Any, None)
    seen = other_worlds._Seen(
        nothing, courses(), nothing, ended, {}, 1, None, None, 0.0, nothing
    )  # fmt: skip
    # Three courses count in the first atom, of which it holds in one; four and two in the second.
    assert seen._share(holds) == pytest.approx((0.75 * 1 + 0.25 * 2) / (0.75 * 3 + 0.25 * 4))
    counted = other_worlds._only(runs_of([1.0] * 12, [0.0] * 12), ended).counts
    assert [one.tolist() for one in counted] == [ended.tolist()] * 2


def test_outcomes_are_looked_at_when_they_were_so() -> None:
    """Those that name a state, at the end of the date; what comes after the clock is left out."""
    case = bridge()
    model, record = lower(case), lower_record(case)
    (lost,) = (one for one in record.sightings if one.is_outcome)
    late = replace(lost, id="late", windows=(replace(lost.windows[0], end=99.0),))
    told = replace(lost, id="told", kind="happened")
    seen = replace(lost, id="seen", is_outcome=False)
    record = replace(record, sightings=(told, lost, late, seen))

    @dataclass(frozen=True)
    class Target:
        model: Any
        record: Any

    target = cast(RecordTarget, Target(model, record))
    (monitor,) = other_worlds._outcome_monitors(target)
    assert (monitor.name, monitor.kind, monitor.at) == ("outcome O1", "probability", lost.end)
    assert lost.end == 20.0
    assert monitor.expression == lost.expression


# What is given, with all that takes long put in ---------------------------------------------------


@dataclass(frozen=True)
class Found:
    """A result of which only what is counted matters here."""

    what_if: str
    kept: float
    counted: int
    first: int | None = None
    made: Any = None
    effective: float | None = 90.0


@dataclass(frozen=True)
class Few:
    """Particles that end as the outcomes say, made from too few."""

    target: Any
    evidence: Any
    share: float = 0.25
    first: int = 27


class Engine:
    """An engine that is on as many threads as it is put on."""

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads

    def on_threads(self, threads: int) -> Engine:
        """Another."""
        return Engine(threads)


@dataclass(frozen=True)
class Weighed:
    """A target, of which there is only the name and the engine."""

    name: str
    engine: Engine


@dataclass(frozen=True)
class Shipped:
    """What ships with a case."""

    ended: Any
    made: str = "yesterday"


def given(
    monkeypatch: pytest.MonkeyPatch, counted: int = 150, shipped: Shipped | None = None, **more: Any
) -> tuple[Any, dict[str, Any]]:
    """What `given_the_record` makes of two results, and what it asked for."""
    asked: dict[str, Any] = {}

    def courses_of(target: Weighed, effort: Any, **how: Any) -> tuple[str, Shipped | None]:
        asked.update(may_ship=how["may_ship"])
        return "all", shipped

    def worlds(target: Weighed, evidence: Any, decisions: Any, *_: Any, **how: Any) -> Any:
        asked.update(
            target=target.name, threads=target.engine.threads, evidence=evidence,
            as_of=how["as_of"], decisions=tuple(decisions),
        )  # fmt: skip
        return tuple(Found(name, 0.8, counted) for name in decisions)

    few = Few(Weighed("few", Engine()), "ended so")
    monkeypatch.setattr(other_worlds, "target_of", lambda *_, **__: Weighed("all", Engine()))
    monkeypatch.setattr(other_worlds, "courses_of", courses_of)
    monkeypatch.setattr(other_worlds, "ended", lambda *_, **__: few)
    monkeypatch.setattr(other_worlds, "other_worlds", worlds)
    case = bridge()
    what_ifs = more.pop("what_ifs", [case.what_ifs["no-blast"]])
    found = other_worlds.given_the_record(
        case, lower(case), what_ifs, cast(Any, None), courses=300, **more
    )
    return found, asked


def test_where_few_end_so_more_are_made_and_their_share_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (found,), asked = given(monkeypatch, workers=3)
    assert (found.kept, found.first, found.made) == (0.2, 27, None)
    assert found.effective == 27.0, "those made from 27 count for no more"
    assert (asked["target"], asked["evidence"], asked["threads"]) == ("few", "ended so", 3)
    assert asked["may_ship"] is True


@pytest.mark.parametrize("few", [None, Few(Weighed("shipped", Engine()), "shipped")])
def test_what_ships_says_itself_which_end_so(
    few: Few | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,), asked = given(monkeypatch, shipped=Shipped(few))
    assert found.made == "yesterday"
    if few is None:
        assert (found.kept, found.first, asked["evidence"]) == (0.8, None, "all")
        assert found.effective == 90.0
    else:
        assert (found.kept, found.first, asked["evidence"]) == (0.2, 27, "shipped")


def test_what_ships_is_for_the_case_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch, fixed={"pace": 0.2})[1]["may_ship"] is False
    assert given(monkeypatch, anew=True)[1]["may_ship"] is False


def test_from_a_day_on_the_outcomes_are_still_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,), asked = given(monkeypatch, as_of=5.0)
    assert (found.kept, found.first) == (0.8, None)
    assert (asked["target"], asked["as_of"], asked["may_ship"]) == ("all", 5.0, False)
    with pytest.raises(NoAnswerError, match="nothing of the record"):
        given(monkeypatch, as_of=0.0)


def test_too_few_that_count_give_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoAnswerError, match="end as the outcomes say"):
        given(monkeypatch, counted=99)
    assert given(monkeypatch, counted=100)[0]


def test_what_cannot_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoAnswerError, match="no what-if"):
        given(monkeypatch, what_ifs=[])
    other = replace(bridge().what_ifs["no-blast"], replaces=(("army", "storm.yaml"),))
    with pytest.raises(InternalError, match="no world is given for `no-blast`"):
        given(monkeypatch, what_ifs=[other])


class PlayedError(Exception):
    """What is to be run, instead of running it."""


def played(monkeypatch: pytest.MonkeyPatch, target: RecordTarget, **more: Any) -> Play:
    """What is run for one what-if."""

    def keep(play: Play, *_: Any) -> None:
        raise PlayedError(play)

    monkeypatch.setattr(other_worlds, "draw_courses", lambda *_, **__: courses())
    monkeypatch.setattr(other_worlds, "run_worlds", keep)
    decisions = {"no-blast": bridge().what_ifs["no-blast"].interventions}
    with pytest.raises(PlayedError) as caught:
        other_worlds.other_worlds(
            target, cast(Any, None), decisions, cast(Any, None), courses=9, **more
        )
    play = caught.value.args[0]
    assert isinstance(play, Play)
    return play


def test_worlds_are_run_under_all_that_is_known_and_the_outcomes_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = bridge()
    target = target_of(case, lower(case), lower_record(case), start)
    play = played(monkeypatch, target)
    assert set(play.stage.items) == {"E1"}
    assert (play.since, len(play.decisions)) == (None, 1)
    own = [one.name for one in target.model.monitors]
    names = [one.name for one in play.model.monitors]
    assert names[: len(own) + 1] == [*own, "outcome O1"]
    assert len(names) > len(own) + 1, "whether the blast comes by itself is asked as well"
    later = played(monkeypatch, target, as_of=5.0)
    assert later.since == 5.0
    assert "outcome O1" not in [one.name for one in later.model.monitors]
    dropped = played(monkeypatch, replace(target, dropped=frozenset({"E1"})))
    assert dropped.stage.items == frozenset()


def test_tasks_are_run_as_the_play_says_and_worlds_keep_their_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case, asked = bridge(), list[tuple[Any, ...]]()
    model, record = lower(case), lower_record(case)
    whole, sizes = everything(), (5, 1, 5, 1)
    parts = iter(in_tasks(whole, *sizes))

    class Runner:
        """Says what was asked of it, and hands out what there is."""

        def run(self, parameters: Any, atom: Any, noise: Any, stage: Any, **how: Any) -> WorldRuns:
            asked.append((parameters[:, 0].tolist(), atom.name, noise.shape, stage, how))
            return next(parts)

    def by_hand(_: Any, tasks: Sequence[Any]) -> Any:
        return [both_worlds._run_task(cast(Any, Runner()), play, task) for task in tasks]

    stage = full_stage(record, model.horizon)
    play = Play(model, record, stage, ((), ()), since=7.0)
    rows = tuple(
        Course(
            {"pace": float(number), "more": 2.0, "alone": 0.05}, number // 6,
            np.zeros((4, 2), np.uint64), np.array([number % 2 == 0, number % 3 == 0]),
        )
        for number in range(12)
    )  # fmt: skip
    monkeypatch.setattr(both_worlds, "size_of_task", lambda play: 5)
    told: list[tuple[int, int]] = []
    found = run_worlds(
        play, replace(courses(), rows=rows), cast(Any, by_hand),
        lambda done, total: told.append((done, total)),
    )  # fmt: skip
    names = [atom.name for atom in model.atoms]
    assert [(one, atom) for one, atom, *_ in asked] == [
        ([0.0, 1.0, 2.0, 3.0, 4.0], names[0]), ([5.0], names[0]),
        ([6.0, 7.0, 8.0, 9.0, 10.0], names[1]), ([11.0], names[1]),
    ]  # fmt: skip
    for at, (_, _, shape, known, how) in zip((0, 5, 6, 11), asked, strict=True):
        trusted = [row.trusted.tolist() for row in rows[at : at + shape[0]]]
        assert (shape[1:], known) == ((4, 2), stage)
        assert how.pop("switches").tolist() == trusted
        assert how == {"horizon": model.horizon, "since": 7.0}
    for world, runs in enumerate(found):
        assert runs.values[1].ravel().tolist() == whole.values[:, world, 1].tolist()
        missed = [] if world == 0 else whole.vacuous[world - 1].T.tolist()
        assert [one.ravel().tolist() for one in runs.vacuous] == missed
    assert len(found) == WORLDS
    assert told[-1] == (12, 12)
