"""The exact probability of a record against formulas and against sums over a chain by hand."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, factorial, log, pi, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.linalg import expm

from foedus.engine.prepare import prepare
from foedus.engine.sampling import draw_parameters
from foedus.exact.evidence import AtomEvidence, log_evidence, record_states
from foedus.exact.filtering import Filter
from foedus.exact.refusal import Refusal
from foedus.exact.sightings import Sightings
from foedus.jump.model import JumpModel
from foedus.jump.record import Assertion, Record
from foedus.jump.stages import Stage, stage_as_of, stages, without
from tests.engine.conditioned import test_likelihood
from tests.engine.conditioned.small import Small as Ready
from tests.engine.conditioned.small import parameters
from tests.engine.conditioned.small import small as ready_case
from tests.engine.conditioned.test_likelihood import (
    COMPLETE,
    COUNT,
    COUNTED,
    DAYS,
    EVENT,
    HORIZON,
    RATE,
    REPORTED,
    evidence,
)


@dataclass(frozen=True)
class Small:
    """A case with its record, as of its end."""

    model: JumpModel
    record: Record
    stage: Stage


def as_small(ready: Ready) -> Small:
    """The case of a test of conditioned runs."""
    conditioned = ready.conditioned
    return Small(conditioned.prepared.model, conditioned.record, ready.stage)


def small(*parts: str) -> Small:
    return as_small(ready_case(*parts))


def evidence_of(case: Small, *of: Stage) -> list[AtomEvidence]:
    found = log_evidence(case.model, case.record, case.model.atoms, of or (case.stage,))
    assert not isinstance(found, Refusal), found
    return list(found)


def probability(case: Small, stage: Stage | None = None) -> float:
    found = evidence_of(case, stage or case.stage)[0].stages[0]
    assert found.error < 1e-8
    return exp(found.value)


TWO = ("happened: blow, at: 2020-01-02", "happened: blow, at: 2020-01-04/2020-01-05")


NO_FORMULA = (
    "test_no_report_weighs_by_what_is_reported",
    "test_absence_of_a_reported_kind_holds_all_of_it",
)
WITHOUT_END = (
    "test_measured_draws",
    "test_draws_measured_within_a_factor",
    "test_a_measured_count_is_weighed_by_its_error",
    "test_weibull_waiting_times_begin_again",
    "test_an_age_is_lost_with_the_guard",
    "test_an_age_is_kept_where_it_resumes",
)
"""Tests of conditioned runs whose cases have no exact answer."""

FORMULAS = [
    name
    for name in vars(test_likelihood)
    if name.startswith("test_") and name not in NO_FORMULA + WITHOUT_END
]


@pytest.mark.parametrize("name", FORMULAS)
def test_what_the_weights_of_runs_average_to(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cases and the formulas of the tests of conditioned runs, here without chance."""
    compared = []

    def compare(case: Ready, expected: float, _: int = 0, stage: Stage | None = None) -> None:
        assert probability(as_small(case), stage) == pytest.approx(expected, rel=1e-10)
        compared.append(case)

    monkeypatch.setattr(test_likelihood, "assert_probability", compare)
    getattr(test_likelihood, name)()
    assert compared


# Poisson streams ---------------------------------------------------------------------------------


def test_actors_know_when_it_happens_and_readers_when_it_is_known() -> None:
    """An answer that only a blow brings about, known before the blow is: whoever gave it knew."""
    rates = parameters(speed=RATE, other=0.7)
    case = small(
        rates, "state: {hit: {type: flag, starts: false}, over: {type: flag, starts: false}}\n",
        "events:\n  blow: {when: not hit, rate: speed, then: {hit: true}}\n"
        "  answer: {when: hit and not over, rate: other, then: {over: true}}\n",
        "record:\n  blow: {complete: 2020-01-01/2020-01-08, lag: 6 days}\n"
        "  answer: {complete: 2020-01-01/2020-01-08}\n",
        evidence(
            "happened: blow, at: 2020-01-02, known: 2020-01-07",
            "happened: answer, at: 2020-01-04, known: 2020-01-04",
        ),
    )  # fmt: skip

    def given(first: float, last: float) -> float:
        """With the blow between two moments: the answer is on the fourth day."""

        def at(time: float) -> float:
            early, late = max(0.0, 3.0 - time), 4.0 - time
            return RATE * exp(-RATE * time) * (exp(-0.7 * early) - exp(-0.7 * late))

        parts = [quad(at, low, high)[0] for low, high in ((first, min(3.0, last)), (3.0, last))
                 if low < high]  # fmt: skip
        return float(sum(parts))

    before = stage_as_of(case.record, 5.0, horizon=HORIZON)
    assert before.items == {"E2"}
    assert probability(case, before) == pytest.approx(given(0.0, 4.0), rel=1e-9)
    assert probability(case) == pytest.approx(given(1.0, 2.0), rel=1e-9)


def test_absence_silence_and_what_is_left_out() -> None:
    absent = "absent: blow, between: 2020-01-02/2020-01-03"
    case = small(COUNTED, COUNT, EVENT, COMPLETE, evidence(absent))
    assert probability(case) == pytest.approx(exp(-RATE * DAYS), rel=1e-10)
    unknown = probability(case, without(case.stage, ["E1"]))
    assert unknown == pytest.approx(exp(-RATE * (DAYS - 2.0)), rel=1e-10)
    reported = small(COUNTED, COUNT, EVENT, REPORTED, evidence(absent))
    expected = exp(-RATE * 2.0 - 0.3 * RATE * (HORIZON - 2.0))
    assert probability(reported) == pytest.approx(expected, rel=1e-10)
    silent = evidence("no-report: blow, between: 2020-01-02/2020-01-03")
    quiet = small(COUNTED, COUNT, EVENT, REPORTED, silent)
    assert probability(quiet) == pytest.approx(exp(-0.3 * RATE * HORIZON), rel=1e-10)


def test_the_weights_of_stages_add_up() -> None:
    """Silence day by day, then items: the log evidence of each stage by formula."""
    case = small(COUNTED, COUNT, EVENT, COMPLETE, evidence(*TWO))
    known = stages(case.record, horizon=case.model.horizon)
    found = [one.value for one in evidence_of(case, *known)[0].stages]
    assert [one.arrival for one in known] == ["start", "silence", "item", "silence", "item"]
    # The day an item becomes known: nothing is known of its own dates before it is.
    after_first = log(RATE) - RATE * 2.0
    after_second = log(RATE) + log(RATE * 2.0) - RATE * 5.0
    assert found[0] == 0.0
    assert found[2] == pytest.approx(after_first, abs=1e-10)
    assert found[4] == pytest.approx(after_second, abs=1e-10)
    assert found[1] == pytest.approx(-RATE * 1.0, abs=1e-10)
    assert found[3] == pytest.approx(after_first - RATE * 1.0, abs=1e-10)


# Choices, draws, filters -------------------------------------------------------------------------


def test_measured_draws() -> None:
    """A whole number between 0 and 9 and a coin, measured with and without error."""
    case = small(
        parameters(speed=RATE, p="0.3 share", most="9 none"),
        "state: {n: {type: count, starts: 0, max: 9}, turned: {type: flag, starts: false}}\n",
        "events:\n  blow:\n    rate: speed\n"
        "    draw: {dead: 'integer(0, 9)', turns: bernoulli(p)}\n"
        "    then: {n: dead, turned: turns}\n",
        COMPLETE,
        evidence("happened: blow, with: {dead: 6 sd 1.5, turns: 1}, at: 2020-01-02"),
    )
    density = sum(exp(-0.5 * ((6 - k) / 1.5) ** 2) / (1.5 * sqrt(2 * pi)) for k in range(10)) / 10
    assert probability(case) == pytest.approx(RATE * exp(-RATE * DAYS) * 0.3 * density, rel=1e-10)


def test_a_number_known_within_a_factor() -> None:
    """A factor's density is that of the number itself."""
    seen = "value: n + 1, is: 3, error: factor 1.5, at: 2020-01-02T12:00"
    case = small(COUNTED, COUNT, EVENT, evidence(seen))
    sigma = log(1.5)

    def density(time: float) -> float:
        return sum(
            exp(-RATE * time) * (RATE * time) ** k / factorial(k)
            * exp(-0.5 * (log(3 / (k + 1)) / sigma) ** 2) / (sigma * sqrt(2 * pi) * 3.0)
            for k in range(30)
        )  # fmt: skip

    minute = 1.0 / 1440.0
    expected = quad(density, 1.5, 1.5 + minute)[0] / minute
    assert probability(case) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("resumes", [False, True])
def test_an_age_is_lost_with_the_guard_unless_it_resumes(resumes: bool) -> None:
    case = small(
        parameters(stages="2 none", mean="3 days"),
        "state: {on: {type: flag, starts: true}, seen: {type: flag, starts: false}}\n"
        "events:\n"
        "  stop: {at: 2020-01-03, then: {on: false}}\n"
        "  go-on: {at: 2020-01-04, then: {on: true}}\n"
        "  look: {at: [2020-01-02, 2020-01-04T12:00], then: {seen: true}}\n"
        "  blow: {when: on, after: 'erlang(stages, mean)', RESUME}\n"
        .replace("RESUME", f"resume: {str(resumes).lower()}"),
        COMPLETE, evidence("happened: blow, at: 2020-01-05"),
    )  # fmt: skip
    speed = 2 / 3

    def longer(t: float) -> float:
        return exp(-speed * t) * (1 + speed * t)

    def at(t: float) -> float:
        age = t - 1 if resumes else t - 3
        return speed**2 * age * exp(-speed * age) * longer(DAYS - t)

    once, _ = quad(at, 4.0, 5.0)
    expected = once if resumes else longer(2.0) * once
    assert probability(case) == pytest.approx(expected, rel=1e-9)


def test_dated_events_within_the_record() -> None:
    """A dated reset between what is seen; nothing else is recorded."""
    case = small(
        COUNTED, COUNT,
        "events:\n  blow: {rate: speed, then: {n: n + 1}}\n"
        "  reset: {at: 2020-01-04, then: {n: 0}}\n",
        evidence("state: n == 0, at: 2020-01-05T00:00"),
    )  # fmt: skip
    minute = 1.0 / 1440.0
    expected = quad(lambda t: exp(-RATE * (t - 3.0)), 4.0, 4.0 + minute)[0] / minute
    assert probability(case) == pytest.approx(expected, rel=1e-9)


def test_what_cannot_be_has_probability_zero() -> None:
    impossible = evidence(TWO[0], "state: n == 0, at: 2020-01-05")
    case = small(COUNTED, COUNT, EVENT, COMPLETE, impossible)
    found = evidence_of(case)[0].stages[0]
    assert (found.value, found.error) == (-np.inf, 0.0)


# Parameters, atoms, claims -----------------------------------------------------------------------

UNCERTAIN = """\
parameters:
  speed: {prior: "gamma(3, 0.4)", unit: per day, grade: assumed, because: a test}
  seen: {value: 0.3, unit: share, grade: assumed, because: a test}
"""


def test_an_uncertain_rate_is_integrated_out() -> None:
    """With a gamma prior the evidence is a gamma integral: 2 firings in 8 days."""
    case = small(UNCERTAIN, COUNT, EVENT, COMPLETE, evidence(*TWO))
    found = evidence_of(case)[0].stages[0]
    beta = 3.0 / 0.4
    expected = log(2.0 * beta**3 / 2.0 * factorial(4) / (beta + DAYS) ** 5)
    assert found.value == pytest.approx(expected, abs=max(found.error, 1e-9))
    assert found.error < 1e-5


def test_three_uncertain_parameters_are_refused_as_a_value() -> None:
    many = UNCERTAIN + "".join(
        f'  r{n}: {{prior: "gamma(3, 0.4)", unit: per day, grade: assumed, because: a test}}\n'
        for n in range(2)
    )
    event = "events:\n  blow: {rate: speed + r0 + r1, then: {n: n + 1}}\n"
    case = small(many, COUNT, event, COMPLETE, evidence(*TWO))
    found = log_evidence(case.model, case.record, case.model.atoms, [case.stage])
    assert isinstance(found, Refusal)
    assert "3 parameters are uncertain (`speed`, `r0`, `r1`)" in found.reason


ATOMS = """\
components: {plot: {}}
atoms:
  plain: {components: [], prior: 0.5, grade: assumed, because: a test}
  plotted: {components: [plot], prior: 0.5, grade: assumed, because: a test}
explanations: {chance: {atoms: [plain], doc: a}, design: {atoms: [plotted], doc: b}}
actors: {chief: {kind: person}}
"""


def test_atoms_and_claims() -> None:
    """A claim about the story is a constant in each atom, one about an event depends on it."""
    case = small(
        COUNTED, ATOMS, COUNT,
        "events:\n  blow: {rate: 'if plot then speed + speed else speed', then: {n: n + 1}}\n",
        COMPLETE, evidence(TWO[0]),
        "claims:\n"
        "  - {id: C1, by: chief, says: plot, at: 2020-01-09, cites: [paper]}\n"
        "  - {id: C2, by: chief, says: blow, at: 2020-01-09, cites: [paper]}\n",
    )  # fmt: skip

    def weigh(claim: Assertion, theta: object, truth: NDArray[np.float64]) -> NDArray[np.float64]:
        assert claim.id in ("C1", "C2")
        return np.log(np.where(truth != 0.0, 0.8, 0.2))

    found = log_evidence(case.model, case.record, case.model.atoms, [case.stage], weigh_claim=weigh)
    assert not isinstance(found, Refusal)
    values = {one.atom: one.stages[0].value for one in found}
    assert values["plain"] == pytest.approx(log(RATE) - RATE * DAYS + log(0.2 * 0.8), abs=1e-9)
    double = 2 * RATE
    assert values["plotted"] == pytest.approx(log(double) - double * DAYS + log(0.64), abs=1e-9)


def test_what_claims_are_about() -> None:
    """Any instance of an event or one of them; a number as it stands when the day has ended."""
    said = ("says: blow", "says: 'blow[north]'", "says: 'blow[south]'", "value: x, is: 5")
    claims = "".join(
        f"  - {{id: C{n}, by: chief, {what}, at: 2020-01-03, cites: [paper]}}\n"
        for n, what in enumerate(said, 1)
    )
    case = small(
        COUNTED, "actors: {chief: {kind: person}}\n", "groups: {town: [north, south]}\n",
        "state: {x: {type: count, starts: 1, max: 9, because: a test}}\n",
        "events:\n  blow: {per: town, rate: speed}\n  rises: {at: 2020-01-04, then: {x: 5}}\n",
        COMPLETE.replace("01-08", "01-03"),
        evidence("happened: 'blow[south]', at: 2020-01-02"), "claims:\n" + claims,
    )  # fmt: skip

    def weigh(claim: Assertion, theta: object, truth: NDArray[np.float64]) -> NDArray[np.float64]:
        chance = {"C1": 0.9, "C2": 0.7, "C3": 0.6, "C4": 0.8}[claim.id]
        is_true = truth == (5.0 if claim.kind == "value" else 1.0)
        return np.log(np.where(is_true, chance, 1 - chance))

    found = log_evidence(case.model, case.record, case.model.atoms, [case.stage], weigh_claim=weigh)
    assert not isinstance(found, Refusal)
    expected = log(RATE) - 2 * RATE * 3.0 + log(0.9 * 0.3 * 0.6 * 0.8)
    assert found[0].stages[0].value == pytest.approx(expected, abs=1e-9)


def test_a_claim_counts_no_further_than_a_rate_does() -> None:
    """Each blow makes the next sooner: a claim that there was one must not end the count at one."""
    case = small(
        COUNTED, "actors: {chief: {kind: person}}\n", COUNT,
        "events:\n  blow: {rate: speed * (1 + firings(blow)), then: {n: n + 1}}\n",
        evidence("state: n == 3, at: 2020-01-04T00:00"),
        "claims:\n  - {id: C1, by: chief, says: blow, at: 2020-01-04, cites: [paper]}\n",
    )  # fmt: skip

    def weigh(claim: Assertion, theta: object, truth: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.log(np.where(truth == 1.0, 0.8, 0.2))

    found = log_evidence(case.model, case.record, case.model.atoms, [case.stage], weigh_claim=weigh)
    assert not isinstance(found, Refusal)
    minute = 1.0 / 1440.0
    yule = quad(lambda t: exp(-RATE * t) * (1 - exp(-RATE * t)) ** 3, 3.0, 3.0 + minute)[0] / minute
    assert found[0].stages[0].value == pytest.approx(log(0.8 * yule), abs=1e-7)


def test_a_count_without_end_leaves_room_for_what_dated_events_draw() -> None:
    """Two tosses came out well, whatever else was counted in the meantime."""
    case = small(
        parameters(often=30, odds="0.3 share"),
        "state: {n: {type: count, starts: 0}, lucky: {type: count, starts: 0}}\n",
        "events:\n  rises: {rate: often, then: {n: n + 1}}\n"
        "  tosses:\n    at: [2020-01-02, 2020-01-04]\n    draw: {toss: bernoulli(odds)}\n"
        "    then: {lucky: if toss then lucky + 1 else lucky}\n",
        evidence("state: lucky == 2, at: 2020-01-05"),
    )
    found = log_evidence(case.model, case.record, case.model.atoms, [case.stage], limit=3000)
    assert not isinstance(found, Refusal), found
    ((told,),) = (one.stages for one in found)
    assert told.value == pytest.approx(2.0 * log(0.3), abs=1e-7)


# Smoothing ---------------------------------------------------------------------------------------


def test_the_state_between_is_that_after_the_instant() -> None:
    case = small(
        parameters(speed=RATE),
        "state: {up: {type: flag, starts: false}}\n",
        "events:\n  rises: {at: 2020-01-04, then: {up: true}}\n",
        evidence("state: up, at: 2020-01-06"),
    )
    states = record_states(prepare(case.model), case.record, case.model.atoms[0], 10.0)
    space, _ = states.in_enough(case.record, case.stage, {"speed": RATE})
    sightings = Sightings(prepare(case.model), case.record, case.stage, {}, {})
    found = Filter(space, sightings, 10.0).smoothed([3.0])
    assert found[3.0] @ space.values(lambda moves: float(moves.world.values[0])) == 1.0


def test_the_state_between_what_was_seen() -> None:
    """A flag that turns and turns back, seen on the 6th: its law before and after, by hand."""
    case = small(
        parameters(on=0.5, off=0.3),
        "state: {up: {type: flag, starts: false}}\n",
        "events:\n  rises: {when: not up, rate: on, then: {up: true}}\n"
        "  falls: {when: up, rate: off, then: {up: false}}\n",
        evidence("state: up, at: 2020-01-06T00:00"),
    )
    prepared = prepare(case.model)
    theta = draw_parameters(case.model, case.model.atoms[0], 1, 0)
    states = record_states(prepared, case.record, case.model.atoms[0], 10.0)
    space, _ = states.in_enough(case.record, case.stage, theta)
    looks = [(time, np.zeros(space.size)) for time in (3.0, 8.0)]  # looks that say nothing
    sightings = Sightings(prepared, case.record, case.stage, {}, {})
    found = Filter(space, sightings, 10.0, looks).smoothed([3.0, 8.0])
    up = space.values(lambda moves: float(moves.world.values[0]))
    rates = np.array([[-0.5, 0.5], [0.3, -0.3]])
    at_three, seen = np.array([1.0, 0.0]) @ expm(3 * rates), expm((2.0 + 0.5 / 1440) * rates)[:, 1]
    expected = at_three[1] * seen[1] / (at_three @ seen)
    assert found[3.0] @ up == pytest.approx(expected, rel=1e-6)
    assert found[8.0] @ up == pytest.approx(expm((3.0 - 0.5 / 1440) * rates)[1, 1], rel=1e-6)
