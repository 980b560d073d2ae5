"""Courses carried over to a world with another mechanism: the same where nothing is replaced, as
enumeration has it where something is, and the same by compiled code.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp

import numpy as np
import pytest

from foedus.engine import compiler
from foedus.engine.conditioned.counterfactual import run_other_world
from foedus.engine.conditioned.passage import own_words, passage
from foedus.engine.conditioned.run import ConditionedRun, condition_on, noise_of, run_conditioned
from foedus.engine.reference import RunResult
from foedus.engine.replaced_worlds import replaced_runner
from foedus.engine.sampling import draw_parameters
from foedus.engine.start import flat_parameters
from foedus.engine.world import Happening, Keys
from foedus.engine.worlds import WorldRuns, world_runner
from foedus.infer.likelihood.engine import epochs_of
from foedus.jump.lower_record import lower_record
from foedus.jump.model import JumpModel
from foedus.jump.stages import stage_as_of, without
from foedus.study import build, load
from tests.engine.conditioned.made import COMPILED, INTERPRETED, cases_of
from tests.engine.conditioned.small import Small, parameters, small
from tests.engine.models import intervene

SEED = 11
EPOCHS: list[tuple[float, ...]] = [(), (1.25, 3.5)]


@dataclass(frozen=True)
class Pair:
    """A case, and the case in whose world a mechanism is replaced."""

    first: Small
    other: Small

    def course(self, run: int) -> tuple[ConditionedRun, RunResult] | None:
        """A course as it was and in the other world; None if there is no such course."""
        first, other = self.first.conditioned, self.other.conditioned
        theta, after = (
            draw_parameters(one.prepared.model, self.first.atom, SEED, run)
            for one in (first, other)
        )
        noise, ways = noise_of(first, SEED, run), passage(first, other)
        horizon = self.first.horizon
        was = run_conditioned(
            first, theta, self.first.atom, noise, self.first.stage, horizon=horizon, keep=True
        )
        if was.history is None:
            return None
        words = own_words(SEED, [run], len(first.epochs) + 1)
        renewed = ways.noise(np.array([noise], np.uint64), words)[0]
        found = run_other_world(
            other, ways.history(was.history), after, self.other.atom, _keys(renewed), record=True
        )
        return was, found


def _keys(words: np.ndarray) -> Keys:
    return tuple((int(one), int(other)) for one, other in words)


def with_epochs(case: Small, epochs: tuple[float, ...]) -> Small:
    conditioned = case.conditioned
    model, record = conditioned.prepared.model, conditioned.record
    return replace(case, conditioned=condition_on(model, record, epochs))


def turned(model: JumpModel) -> JumpModel:
    """The same model with its kinds and parameters in the opposite order."""
    return replace(model, kinds=model.kinds[::-1], parameters=model.parameters[::-1])


@pytest.mark.parametrize("epochs", EPOCHS)
@pytest.mark.parametrize("name", [*COMPILED, *INTERPRETED])
def test_a_copy_is_the_same_world(
    name: str, epochs: tuple[float, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Event by event and bit for bit, also where everything has another number in the copy."""
    case = with_epochs(cases_of(name, monkeypatch)[0], epochs)
    record = case.conditioned.record
    for model in (case.conditioned.prepared.model, turned(case.conditioned.prepared.model)):
        copy = replace(case, conditioned=condition_on(model, record, epochs))
        courses = [Pair(case, copy).course(run) for run in range(30)]
        alive = [one for one in courses if one is not None]
        assert len(alive) > 2
        for was, found in alive:
            # At one instant file order decides, and it is turned as well.
            assert sorted(found.record, key=str) == sorted(happened(was), key=str)
            assert np.array_equal(found.values, was.values, equal_nan=True)


def happened(course: ConditionedRun) -> tuple[Happening, ...]:
    """All events of a course as it was."""
    assert course.history is not None
    return course.history.happenings


def weighed(pair: Pair, number: int, runs: int) -> tuple[float, float]:
    """The weighted mean of an answer in the other world, with its standard error."""
    found = [one for one in map(pair.course, range(runs)) if one is not None]
    weights = np.exp([was.log_weight for was, _ in found])
    answers = np.array([other.values[number] for _, other in found])
    mean = float(weights @ answers / weights.sum())
    error = float(np.sqrt(((weights * (answers - mean)) ** 2).sum())) / weights.sum()
    return mean, error


def assert_answer(pair: Pair, expected: float, number: int = 0, runs: int = 1000) -> None:
    """The answer is as expected, within 4.5 standard errors (7e-6)."""
    mean, error = weighed(pair, number, runs)
    assert abs(mean - expected) < 4.5 * error + 1e-9, (mean, expected, error)


# One event seen, under another mechanism that hastens it ------------------------------------------

RATE, CAUSE, MORE = 0.4, 0.5, 3.0
COMMON = "state: {over: {type: flag, starts: false}, stirred: {type: flag, starts: false}}\n"
SEEN = (
    "record: {end: {complete: 2020-01-01/2020-01-08}}\n"
    "questions: {early: {probability: over, at: 2020-01-03}, aside: {mean: n, at: 2020-01-10}}\n"
    "evidence:\n  - {id: E1, happened: end, at: 2020-01-03/2020-01-05, cites: [paper]}\n"
)
ASIDE = "  tick: {rate: pace, then: {n: n + 1}}\n"
COUNTED = COMMON.replace("}}\n", "}, n: {type: count, starts: 0}}\n")
PLAIN = (
    parameters(speed=RATE, pace=0.7), COUNTED,
    "events:\n" + ASIDE + "  end: {when: not over, rate: speed, then: {over: true}}\n", SEEN,
)  # fmt: skip
STIRRED = (
    parameters(cause=CAUSE, more=f"{MORE} none", speed=RATE, pace=0.7), COUNTED,
    "events:\n"
    "  stir: {when: not stirred, rate: cause, then: {stirred: true}}\n"
    "  end: {when: not over, rate: 'speed * (if stirred then more else 1)', then: {over: true}}\n"
    + ASIDE,
    SEEN,
)  # fmt: skip


def stirred_early(day: float) -> float:
    """P(over by a day): all times of the seen event and of the unseen cause, enumerated.

    The event was seen from the 2nd to the 5th day under a constant hazard, so that its clock rings
    at an inner time that is exponential, cut off there; the cause is fresh.
    """
    inner = np.linspace(2.0 * RATE, 5.0 * RATE, 2001)
    inner = (inner[1:] + inner[:-1]) / 2.0
    weights = np.exp(-inner) / np.exp(-inner).sum()
    causes = np.linspace(0.0, day, 2001)
    causes = (causes[1:] + causes[:-1]) / 2.0
    masses = CAUSE * np.exp(-CAUSE * causes) * day / 2000.0
    total = exp(-CAUSE * day) * weights[inner <= RATE * day].sum()
    for cause, mass in zip(causes, masses, strict=True):
        reached = RATE * (cause + MORE * (day - cause))
        total += mass * weights[inner <= reached].sum()
    return float(total)


def test_an_observed_event_keeps_its_clock_under_another_mechanism() -> None:
    pair = Pair(small(*PLAIN), small(*STIRRED))
    assert_answer(pair, stirred_early(3.0))


def test_what_does_not_hang_on_the_mechanism_does_not_change() -> None:
    """The ticks aside are those of the same course, to the last bit of their times."""
    pair = Pair(small(*PLAIN), small(*STIRRED))
    for run in range(40):
        found = pair.course(run)
        if found is not None:
            before, after = happened(found[0]), found[1].record
            ticks = [[one for one in each if one.name == "tick"] for each in (before, after)]
            assert ticks[0] == ticks[1]


def test_what_only_the_other_mechanism_knows_has_its_own_chance() -> None:
    """The cause is as likely as its own clock makes it, whatever was seen."""
    asked = SEEN.replace("probability: over", "probability: stirred")
    pair = Pair(small(*PLAIN[:-1], asked), small(*STIRRED[:-1], asked))
    assert_answer(pair, 1.0 - exp(-CAUSE * 3.0))


def test_a_clock_of_another_sort_is_another_clock() -> None:
    """A waiting time of the same name knows nothing of when the event was seen."""
    waiting = PLAIN[2].replace("rate: speed", "after: exponential(1 / speed)")
    pair = Pair(small(*PLAIN), small(*PLAIN[:2], waiting, PLAIN[3]))
    assert_answer(pair, 1.0 - exp(-RATE * 3.0))


# A choice seen ------------------------------------------------------------------------------------


def chosen(weights: tuple[float, ...]) -> Small:
    """An actor of whom it was seen that he took the first of some options."""
    names = ("one", "two", "three", "four")[: len(weights)]
    own = {f"w-{name}": f"{weight} none" for name, weight in zip(names, weights, strict=True)}
    return small(
        parameters(pace=3.0, **own),
        "actors: {chief: {kind: person}}\n",
        "state: {won: {type: {one of: [nobody, one, two, three, four]}, starts: nobody}}\n",
        "events:\n  act:\n    by: chief\n    when: won == nobody\n    rate: pace\n    choose:\n",
        *(f"      {n}: {{utility: log(w-{n}), then: {{won: {n}}}}}\n" for n in names),
        "record:\n",
        *(f"  act.{n}: {{complete: 2020-01-01/2020-01-10}}\n" for n in names[:3]),
        "evidence: [{id: E1, happened: act.one, at: 2020-01-01/2020-01-10, cites: [paper]}]\n",
        "questions:\n",
        *(f"  {n}-won: {{probability: won == {n}, at: 2020-01-10}}\n" for n in names[:3]),
    )  # fmt: skip


def test_a_choice_is_made_again_with_the_noise_it_implies() -> None:
    """Of three clocks with weights 0.5, 0.3, 0.2 the first won; with 0.3, 0.3, 0.4, who does?

    The first lasts E / 0.5 where E is exponential: it still wins if the third, given that it took
    longer, takes longer still. Enumerated, the shares are 0.6, 0.1 and 0.3.
    """
    pair = Pair(chosen((0.5, 0.3, 0.2)), chosen((0.3, 0.3, 0.4)))
    for number, share in enumerate((0.6, 0.1, 0.3)):
        assert_answer(pair, share, number, runs=500)


def test_a_choice_among_other_options_is_another_choice() -> None:
    pair = Pair(chosen((0.5, 0.3, 0.2)), chosen((0.3, 0.3, 0.2, 0.2)))
    for number, share in enumerate((0.3, 0.3, 0.2)):
        assert_answer(pair, share, number, runs=500)


# Compiled code ------------------------------------------------------------------------------------


def runs_of(pair: Pair, engine: str | None, epochs: tuple[float, ...]) -> WorldRuns:
    """Some courses in the other world, where an event is forbidden late as well."""
    first, other = (with_epochs(one, epochs).conditioned for one in (pair.first, pair.other))
    rows, others, words, numbers = [], [], [], []
    for run in range(30):
        models = first.prepared.model, other.prepared.model
        theta, after = (draw_parameters(one, pair.first.atom, SEED, run) for one in models)
        noise = noise_of(first, SEED, run)
        was = run_conditioned(first, theta, pair.first.atom, noise, pair.first.stage)
        if was.died_of is None:
            rows.append(flat_parameters(models[0], theta))
            others.append(flat_parameters(models[1], after))
            words.append(noise)
            numbers.append(run)
    last = intervene("forbid", other.prepared.model.kinds[-1].name, at=6.5)
    runner = replaced_runner(
        world_runner(first, [], engine=engine), world_runner(other, [(last,)], engine=engine)
    )
    assert len(rows) > 2
    return runner.run(
        np.array(rows), np.array(others), pair.first.atom, np.array(words, np.uint64),
        own_words(SEED, numbers, len(epochs) + 1), pair.first.stage,
        switches=np.ones((len(rows), len(first.items)), np.bool_), horizon=pair.first.horizon,
    )  # fmt: skip


def flagship(*, replaced: bool) -> Small:
    """The flagship as it was known at noon of the 5th, but for what few drawn courses meet."""
    case = load("kazakhstan-2022", replaced={"patron": "full-retirement"} if replaced else None)
    model, record = build(case), lower_record(case)
    stage = stage_as_of(record, 4.5, horizon=model.horizon)
    rare = {one.id for one in record.sightings if one.kind == "state"} | {"K02", "D05", "K07"}
    conditioned = condition_on(model, record)
    return Small(conditioned, model.atoms[-1], without(stage, frozenset(rare)), model.horizon)


def assert_same_bits(pair: Pair, epochs: tuple[float, ...]) -> None:
    fast, slow = (runs_of(pair, engine, epochs) for engine in ("native", "reference"))
    for name in ("values", "waited", "given", "events"):
        assert getattr(fast, name).tobytes() == getattr(slow, name).tobytes(), name
    for one, other in zip(fast.vacuous, slow.vacuous, strict=True):
        assert np.array_equal(one, other)


needs_compiler = pytest.mark.skipif(not compiler.is_there(), reason="there is no compiler")


@needs_compiler
@pytest.mark.parametrize("name", COMPILED)
def test_compiled_code_carries_the_same_history(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = cases_of(name, monkeypatch)[0]
    model, record = turned(case.conditioned.prepared.model), case.conditioned.record
    copy = replace(case, conditioned=condition_on(model, record))
    assert_same_bits(Pair(case, copy), (1.25, 3.5))


@needs_compiler
def test_compiled_code_knows_what_is_not_shared() -> None:
    """Kinds that come, go, and choose among more or fewer options."""
    few, many = chosen((0.5, 0.3, 0.2)), chosen((0.3, 0.3, 0.2, 0.2))
    plain, stirred = small(*PLAIN), small(*STIRRED)
    for pair in (Pair(plain, stirred), Pair(stirred, plain), Pair(few, many), Pair(many, few)):
        for epochs in EPOCHS:
            assert_same_bits(pair, epochs)


@needs_compiler
@pytest.mark.full
def test_compiled_code_carries_the_flagship_into_full_retirement() -> None:
    pair = Pair(flagship(replaced=False), flagship(replaced=True))
    assert_same_bits(pair, epochs_of(pair.first.conditioned.record, pair.first.horizon))
