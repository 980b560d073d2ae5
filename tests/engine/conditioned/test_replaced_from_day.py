"""A mechanism replaced on a day: before it all is as it was, bit for bit; after it as it must be.

Comparisons with a formula allow 4.5 standard errors (7e-6 each).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from math import exp

import numpy as np
import pytest

from foedus.engine import compiler
from foedus.engine.conditioned.counterfactual import run_other_world
from foedus.engine.conditioned.passage import own_words, passage
from foedus.engine.conditioned.prepared import Conditioned
from foedus.engine.conditioned.run import ConditionedRun, condition_on, noise_of, run_conditioned
from foedus.engine.reference import RunResult
from foedus.engine.sampling import draw_parameters
from foedus.engine.start import flat_parameters
from foedus.engine.world import Happening, Keys, Parameters
from foedus.engine.worlds import WorldRuns, world_runner
from foedus.infer.likelihood.engine import epochs_of
from foedus.jump.both import Both, both, clashes
from foedus.jump.model import JumpModel
from foedus.jump.renamed import NEW
from foedus.jump.stages import nothing_known
from tests.engine.conditioned.made import COMPILED, INTERPRETED, cases_of
from tests.engine.conditioned.small import Small, parameters, small
from tests.engine.conditioned.test_replaced import PLAIN, STIRRED, chosen, flagship, turned
from tests.engine.models import intervene

SEED = 23


@dataclass(frozen=True)
class Later:
    """A case, and the case whose mechanism is in force from a day on."""

    first: Small
    other: Small
    day: float
    epochs: tuple[float, ...] = ()

    @cached_property
    def both(self) -> Both:
        models = [one.conditioned.prepared.model for one in (self.first, self.other)]
        assert clashes(*models) == ()
        return both(*models)

    @cached_property
    def before(self) -> Conditioned:
        known = self.first.conditioned
        return condition_on(known.prepared.model, known.record, self.epochs)

    @cached_property
    def joined(self) -> Conditioned:
        return condition_on(self.both.model, self.first.conditioned.record, self.epochs)

    def course(self, run: int) -> tuple[Parameters, Keys, Parameters, Keys]:
        """Parameters and noise of a course, of the first model and of both."""
        theta, new = (
            draw_parameters(one.conditioned.prepared.model, self.first.atom, SEED, run)
            for one in (self.first, self.other)
        )
        noise = noise_of(self.before, SEED, run)
        words = own_words(SEED, [run], len(self.epochs) + 1)
        renewed = passage(self.before, self.joined).noise(np.array([noise], np.uint64), words)[0]
        keys = tuple((int(one), int(other)) for one, other in renewed)
        return theta, noise, self.both.parameters(theta, new), keys

    def worlds(self, run: int) -> tuple[ConditionedRun, ConditionedRun, RunResult] | None:
        """A course as it was, the same by both models, and with the mechanism replaced."""
        theta, noise, whole, keys = self.course(run)
        atom, horizon = self.first.atom, self.first.horizon
        was = run_conditioned(
            self.before, theta, atom, noise, self.first.stage, horizon=horizon, keep=True
        )
        again = run_conditioned(
            self.joined, whole, atom, keys, self.first.stage, horizon=horizon, keep=True
        )
        assert (was.history is None) == (again.history is None)
        if again.history is None:
            return None
        changed = run_other_world(
            self.joined, again.history, whole, atom, keys, self.both.decided((), self.day),
            since=self.day, record=True,
        )  # fmt: skip
        return was, again, changed

    def times(self, name: str, run: int = 0) -> list[float]:
        """When a kind fires in the other world."""
        found = self.worlds(run)
        assert found is not None
        return [one.time for one in found[2].record if one.name == name]


def happened(run: ConditionedRun) -> tuple[Happening, ...]:
    assert run.history is not None
    return run.history.happenings


def told(
    happenings: Iterable[Happening], pair: Later
) -> list[tuple[float, str, tuple[str, ...], dict[str, list[float]]]]:
    """Events with those of their draws that the first model makes."""
    known = {draw.name for kind in pair.before.prepared.model.kinds for draw in kind.draws}
    return [
        (
            one.time, one.name, one.labels,
            {name: values for name, values in one.draws.items() if name in known},
        )
        for one in happenings
    ]  # fmt: skip


def assert_past_is_kept(pair: Later, runs: int = 30) -> None:
    """By both models each course is what it was, and so is its past if a mechanism is replaced."""
    alive = [found for found in map(pair.worlds, range(runs)) if found is not None]
    assert len(alive) > 2
    for was, again, changed in alive:
        assert told(happened(again), pair) == told(happened(was), pair)
        assert np.array_equal(again.values, was.values, equal_nan=True)
        assert again.log_weight == was.log_weight
        past, kept = (
            tuple(one for one in each if one.time < pair.day)
            for each in (happened(was), changed.record)
        )
        assert told(past, pair) == told(kept, pair)


@pytest.mark.parametrize("name", [*COMPILED, *INTERPRETED])
def test_a_copy_changes_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Event by event and bit for bit, also where the copy has everything in another order."""
    case = cases_of(name, monkeypatch)[0]
    model = case.conditioned.prepared.model
    copy = replace(case, conditioned=condition_on(turned(model), case.conditioned.record))
    for epochs in ((), (1.25, 3.5)):
        alive = 0
        for run in range(20):
            found = Later(case, copy, 2.5, epochs).worlds(run)
            if found is not None:
                was, again, changed = found
                assert changed.record == happened(again) == happened(was)
                assert np.array_equal(changed.values, was.values, equal_nan=True)
                alive += 1
        assert alive > 2


# Rates --------------------------------------------------------------------------------------------

SLOW, FAST, DAY = 0.1, 0.6, 3.0
OVER = (
    "state: {over: {type: flag, starts: false}}\n"
    "events: {end: {when: not over, rate: speed, then: {over: true}}}\n"
    "questions: {over: {probability: over, at: 2020-01-08}}\n"
)


def test_a_rate_is_another_from_that_day_on() -> None:
    """The survival of a hazard that steps up; a clock that had run goes on with its inner time."""
    pair = Later(small(parameters(speed=SLOW), OVER), small(parameters(speed=FAST), OVER), DAY)
    answers = []
    for run in range(3000):
        found = pair.worlds(run)
        assert found is not None
        was, _, changed = found
        answers.append(changed.values[0])
        (before,) = [one.time for one in happened(was)] or [np.inf]
        (after,) = [one.time for one in changed.record] or [np.inf]
        expected = before if before < DAY else DAY + (before - DAY) * SLOW / FAST
        if after < np.inf and before < np.inf:
            assert after == pytest.approx(expected, rel=1e-12)
    share = 1.0 - exp(-SLOW * DAY - FAST * (8.0 - DAY))
    error = (share * (1.0 - share) / len(answers)) ** 0.5
    assert abs(np.mean(answers) - share) < 4.5 * error


def test_what_only_the_new_mechanism_knows_begins_on_that_day() -> None:
    asked = "questions: {stirred: {probability: stirred, at: 2020-01-07}}\n"
    pair = Later(small(*PLAIN[:3], asked), small(*STIRRED[:3], asked), DAY)
    assert_past_is_kept(pair)
    answers = []
    for run in range(3000):
        found = pair.worlds(run)
        assert found is not None
        answers.append(found[2].values[0])
        before, after = happened(found[0]), found[2].record
        ticks = [[one for one in each if one.name == "tick"] for each in (before, after)]
        assert ticks[0] == ticks[1], "what does not hang on it does not change"
    share = 1.0 - exp(-0.5 * (7.0 - DAY))
    assert abs(np.mean(answers) - share) < 4.5 * (share * (1.0 - share) / len(answers)) ** 0.5


def test_what_only_the_old_mechanism_knows_stops_on_that_day() -> None:
    pair = Later(small(*STIRRED), small(*PLAIN), DAY)
    assert_past_is_kept(pair, 200)
    for run in range(100):
        if pair.worlds(run) is not None:
            assert all(time < DAY for time in pair.times("stir", run))


CROWD = "state: {n: {type: count, starts: 1, min: 0, max: 3}}\n"
ASKED = "questions: {gone: {probability: n == 0, at: 2020-01-09}}\n"
GROWS = "  grow: {when: n < 3, rate: RATE, then: {n: n + 1}}\n"
LEAVES = "  leave: {when: n > 0, rate: away * n, then: {n: n - 1}}\n"


def left_by(day: float) -> float:
    """P(nobody left on the 10th day): the two generators, one after the other."""

    def step(grow: list[float], leave: list[float], days: float) -> np.ndarray:
        rates = np.diag(grow, 1) + np.diag(leave, -1)
        values, vectors = np.linalg.eig(rates - np.diag(rates.sum(axis=1)))
        change = vectors @ np.diag(np.exp(values * days)) @ np.linalg.inv(vectors)
        return np.real(change)

    before = step([0.0, 0.3, 0.6], [0.0, 0.0, 0.0], day)
    after = step([0.2, 0.2, 0.2], [0.25, 0.5, 0.75], 9.0 - day)
    return float((before @ after)[1, 0])


def test_a_chain_goes_by_one_generator_and_then_by_another() -> None:
    """It grows faster and cannot shrink at first; growth is one clock, leaving only the new has."""
    constants = parameters(more=0.3, some=0.2, away=0.25)
    first = small(constants, CROWD, "events:\n", GROWS.replace("RATE", "more * n"), ASKED)
    other = small(constants, CROWD, "events:\n", LEAVES, GROWS.replace("RATE", "some"), ASKED)
    for day in (2.0, 5.5):
        pair, share = Later(first, other, day), left_by(day)
        answers = [found[2].values[0] for found in map(pair.worlds, range(2500)) if found]
        assert len(answers) == 2500
        assert abs(np.mean(answers) - share) < 4.5 * (share * (1.0 - share) / 2500) ** 0.5


# Clocks of other sorts, each without chance ------------------------------------------------------


def of(body: str, asked: str = "firings(go) + n", more: str = "", state: str = "") -> Small:
    """A case with one kind `go`, and perhaps others."""
    return small(
        parameters(pace=0.7, hardly=1e-7, often=1e5, one="1 days", two="2 days", three="3 days"),
        f"state: {{n: {{type: count, starts: 0}}, up: {{type: flag, starts: false}}{state}}}\n",
        f"events:\n  go: {body}\n  rise: {{at: 2020-01-03T12:00, then: {{up: true}}}}\n",
        f"  rare: {{rate: hardly, then: {{n: n + 9}}}}\n{more}",
        f"questions: {{q: {{mean: '{asked}', at: 2020-01-10}}}}\n",
    )


def test_a_waiting_time_under_way_keeps_its_law() -> None:
    slow, quick = (of(f"{{after: fixed({days}), then: {{n: n + 1}}}}") for days in ("three", "one"))
    assert Later(slow, quick, 4.0).times("go") == [3.0, 6.0, 7.0, 8.0, 9.0, 10.0]


def test_a_waiting_time_of_another_law_begins_anew() -> None:
    """Both are counted, and the one that has fired since fired last."""
    gamma = of("{after: 'gamma(4, two)', then: {n: n + 1}}")
    for asked in ("firings(go)", "since(go, two)"):
        fixed = of("{after: fixed(two), then: {n: n + 1}}", asked)
        old = asked_alike(gamma, fixed)
        pair = Later(old, fixed, 4.5)
        assert pair.times("go" + NEW) == [6.5, 8.5]
        found = pair.worlds(0)
        assert found is not None
        before = [time for time in pair.times("go") if time < 4.5]
        assert pair.times("go") == before
        expected = len(before) + 2.0 if asked == "firings(go)" else pair.first.horizon - 8.5
        assert found[2].values[0] == pytest.approx(expected)


def test_what_is_forced_on_that_day_is_what_the_new_mechanism_knows() -> None:
    gamma = of("{after: 'gamma(4, two)', then: {n: n + 1}}")
    fixed = of("{after: fixed(two), then: {n: n + 100}}")
    pair = Later(gamma, fixed, 4.5)
    _, _, whole, keys = pair.course(0)
    found = pair.worlds(0)
    assert found is not None
    history = found[1].history
    assert history is not None
    decision = pair.both.decided((intervene("force", "go", at=4.5),), 4.5)
    forced = run_other_world(
        pair.joined, history, whole, pair.first.atom, keys, decision, since=4.5, record=True
    )
    assert forced.vacuous == (False, False)
    made = [(one.time, one.name) for one in forced.record if one.is_forced]
    assert made == [(4.5, "go" + NEW)]


def asked_alike(case: Small, other: Small) -> Small:
    """The first case, asked what the other is asked."""
    known = case.conditioned
    monitors = other.conditioned.prepared.model.monitors
    model = replace(known.prepared.model, monitors=monitors)
    return replace(case, conditioned=condition_on(model, known.record))


def test_a_rate_that_is_held_changes_at_its_next_step() -> None:
    """On the third day, though the mechanism is replaced a while before; then it comes at once."""
    first, other = (
        of(f"{{when: n < 1, rate: {rate} * (1 + time / one), every: 1 day, then: {{n: 1}}}}")
        for rate in ("hardly", "often")
    )
    (time,) = Later(first, other, 2.25).times("go")
    assert 3.0 < time < 3.01


def test_regular_and_dated_kinds_change_their_days() -> None:
    pair = Later(of("{each: 2 days}"), of("{each: 3 days}"), 5.0)
    assert (pair.times("go"), pair.times("go" + NEW)) == ([2.0, 4.0], [6.0, 9.0])
    pair = Later(of("{each: 2 days}"), of("{each: 2 days, then: {n: n + 10}}"), 5.0)
    found = pair.worlds(0)
    assert found is not None
    assert pair.times("go")[:4] == [2.0, 4.0, 6.0, 8.0]
    dated = of("{at: [2020-01-02T00:00, 2020-01-08T00:00]}")
    pair = Later(dated, of("{at: 2020-01-07T00:00}"), 5.0)
    assert (pair.times("go"), pair.times("go" + NEW)) == ([1.0], [6.0])


@pytest.mark.parametrize(
    ("old", "new", "times"),
    [
        ("up", "up or n > 5", [2.5]),  # it held before as it holds after
        ("n > 5", "up", [5.0]),  # it turns true with the mechanism
        ("n > 5", "not up", []),
    ],
)
def test_immediate_kinds_look_at_once(old: str, new: str, times: list[float]) -> None:
    first, other = (of(f"{{when: {when}, after: immediately}}") for when in (old, new))
    pair = Later(first, other, 5.0)
    assert pair.times("go") == times


def test_what_only_the_new_mechanism_does_at_once_is_done_on_that_day() -> None:
    more = "  new: {when: up, after: immediately, then: {n: 7}}\n"
    go = "{each: 20 days, then: {n: 1}}"
    pair = Later(of(go, "n"), of(go, "n", more), 5.0)
    assert pair.times("new") == [5.0]
    found = pair.worlds(0)
    assert found is not None
    assert (found[0].values, found[2].values) == ((0.0,), (7.0,))


# Draws, choices, indices --------------------------------------------------------------------------


def drawing(law: str) -> Small:
    return of(
        f"{{each: 1 days, draw: {{y: '{law}'}}, then: {{height: y}}}}", "height",
        state=", height: {type: level, starts: 0}",
    )  # fmt: skip


def test_draws_of_the_same_law_are_the_same_noise() -> None:
    pair = Later(drawing("normal(0, 1)"), drawing("normal(10, 1)"), 5.0)
    for run in range(20):
        found = pair.worlds(run)
        assert found is not None
        (was,), (now,) = found[0].values, found[2].values
        assert now == pytest.approx(was + 10.0)
    assert_past_is_kept(pair)


@pytest.mark.parametrize("other", ["poisson(1000)", "geometric(0.001)", "uniform(50, 60)"])
def test_draws_of_another_law_are_other_noise(other: str) -> None:
    pair = Later(drawing("uniform(0, 1)"), drawing(other), 5.0)
    assert_past_is_kept(pair)
    found = pair.worlds(1)
    assert found is not None
    assert found[2].values[0] > 1.0 >= found[0].values[0]


def test_a_choice_is_made_with_the_same_noise() -> None:
    """Weights that are twice as large choose the same; those turned round do not always."""
    weights = (0.5, 0.3, 0.2)
    first = chosen(weights)
    unseen = replace(first, stage=nothing_known(first.conditioned.record))
    same = Later(unseen, chosen((1.0, 0.6, 0.4)), 0.05)
    other = Later(unseen, chosen((0.01, 0.01, 0.98)), 0.05)
    differ = 0
    for run in range(60):
        found, turned_round = same.worlds(run), other.worlds(run)
        assert found is not None
        assert turned_round is not None
        assert found[2].values == found[0].values
        before, after = found[0].values, turned_round[2].values
        if before != after and happened(found[0])[0].time > 0.05:
            assert after[2] == 1.0, "only what has become more likely is chosen instead"
            differ += 1
    assert differ > 5


def walked(index: str, inside: str, more: float) -> Small:
    """Towns in which more happens the more happened elsewhere, in any letters."""
    return small(
        parameters(pace=0.2, more=f"{more} none"),
        "groups: {town: 3}\n"
        "state: {n: {type: count, per: town, starts: 0}}\n"
        f"events:\n  go:\n    per: {{{index}: town}}\n"
        f"    rate: 'pace + pace * more * count(n[{inside}] > n[{index}] for {inside} in town)'\n"
        f"    draw: {{more-of-it: {{per: {{{inside}: town}}, as: 'poisson(more)'}}}}\n"
        f"    then: {{'n[{index}]': 'n[{index}] + 1'}}\n"
        "questions: {q: {mean: 'sum(n[t] for t in town)', at: 2020-01-09}}\n",
    )


def test_indices_may_be_called_otherwise() -> None:
    """Letters that are turned round mean the same, and a copy in them changes nothing."""
    first, same = walked("a", "b", 2.0), walked("b", "a", 2.0)
    for run in range(20):
        found = Later(first, same, 3.0).worlds(run)
        assert found is not None
        assert found[2].values == found[0].values
    quick = walked("b", "a", 40.0)
    assert_past_is_kept(Later(first, quick, 3.0))
    straight = walked("a", "b", 40.0)
    for run in range(20):
        found, wanted = (
            Later(first, quick, 3.0).worlds(run),
            Later(first, straight, 3.0).worlds(run),
        )
        assert found is not None
        assert wanted is not None
        assert found[2].values == wanted[2].values


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("n: {type: count, starts: 0}", "n: {type: count, starts: 3, because: so}", ()),
        ("n: {type: count, starts: 0}", "n: {type: count, starts: 0, max: 5}", ("n",)),
        ("n: {type: count, starts: 0}", "n: {type: flag, starts: false}", ("n",)),
        ("n: {type: count, starts: 0}", "speed: {type: count, starts: 0}", ("speed",)),
        ("speed: {type: count, starts: 0}", "n: {type: count, starts: 0}", ("speed",)),
    ],
)
def test_a_name_of_state_means_one_thing(old: str, new: str, names: tuple[str, ...]) -> None:
    def model(state: str) -> JumpModel:
        constants = parameters(pace=1.0) if state.startswith("speed") else parameters(speed=1.0)
        return small(constants, f"state: {{{state}}}\n").conditioned.prepared.model

    assert clashes(model(old), model(new)) == names


# Compiled code ------------------------------------------------------------------------------------


def runs_of(pair: Later, engine: str | None) -> WorldRuns:
    rows, words = [], []
    for run in range(40):
        if pair.worlds(run) is not None:
            _, _, whole, keys = pair.course(run)
            rows.append(flat_parameters(pair.both.model, whole))
            words.append(keys)
    decision = pair.both.decided((), pair.day)
    runner = world_runner(pair.joined, [decision], engine=engine)
    return runner.run(
        np.array(rows), pair.first.atom, np.array(words, np.uint64), pair.first.stage,
        switches=np.ones((len(rows), len(pair.joined.items)), np.bool_),
        horizon=pair.first.horizon, since=pair.day,
    )  # fmt: skip


def assert_same_bits(pair: Later) -> None:
    fast, slow = (runs_of(pair, engine) for engine in ("native", "reference"))
    for name in ("values", "waited", "given", "events"):
        assert getattr(fast, name).tobytes() == getattr(slow, name).tobytes(), name
    assert not np.array_equal(slow.values[:, 0], slow.values[:, 1]), "something is changed"


needs_compiler = pytest.mark.skipif(not compiler.is_there(), reason="there is no compiler")


@needs_compiler
def test_compiled_code_makes_the_same_runs() -> None:
    plain, stirred = small(*PLAIN), small(*STIRRED)
    few, many = chosen((0.5, 0.3, 0.2)), chosen((0.1, 0.3, 0.2, 0.4))
    for first, other in ((plain, stirred), (stirred, plain), (few, many), (many, few)):
        for epochs in ((), (1.25, 3.5)):
            assert_same_bits(Later(first, other, 0.4, epochs))


@needs_compiler
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "{after: 'gamma(4, two)', then: {n: n + 1}}",
            "{after: fixed(two), then: {n: n + 2}}",
        ),
        ("{after: fixed(two), then: {n: n + 1}}", "{after: fixed(one), then: {n: n + 1}}"),
        ("{each: 2 days, then: {n: n + 1}}", "{each: 3 days, then: {n: n + 1}}"),
        ("{when: n > 5, after: immediately}", "{when: up, after: immediately, then: {n: 8}}"),
        ("{rate: pace, then: {n: n + 1}}", "{when: up, rate: pace, then: {n: 2 * n, up: false}}"),
        (
            "{rate: pace, then: {n: n + 1}}",
            "{rate: pace * (1 + time / one), every: 1 day, then: {n: n + 2}}",
        ),
        (
            "{rate: pace, draw: {y: poisson(3)}, then: {n: y}}",
            "{rate: pace, draw: {y: 'integer(5, 9)', z: poisson(9)}, then: {n: y + z}}",
        ),
        (
            "{rate: pace * (1 + time / three), every: 1 day, then: {n: n + 1}}",
            "{rate: pace * (1 + time / one), every: 1 day, then: {n: n + 1}}",
        ),
    ],
)
def test_compiled_code_knows_all_that_can_change(old: str, new: str) -> None:
    first, other = (of(body, "10 * firings(go) + n") for body in (old, new))
    assert_same_bits(Later(first, other, 2.25))
    assert_past_is_kept(Later(first, other, 2.25))


@needs_compiler
def test_compiled_code_knows_indices_by_other_names() -> None:
    assert_same_bits(Later(walked("a", "b", 2.0), walked("b", "a", 40.0), 3.0))


@needs_compiler
@pytest.mark.full
def test_compiled_code_lets_the_flagship_retire_altogether() -> None:
    first, other = flagship(replaced=False), flagship(replaced=True)
    pair = Later(first, other, 4.5, epochs_of(first.conditioned.record, first.horizon))
    assert_same_bits(pair)
    assert_past_is_kept(pair)
