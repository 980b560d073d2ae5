"""Counterfactuals against brute force: all worlds of small models, laid out on a grid of chance.

Each kind fires at most once. Its clock rings at an inner time that is one of so many equally likely
points of the unit exponential law; a world is one point for each kind. The worlds that agree with
the record are kept, and the same points are run with the decision changed. Nothing of the engine
is used for it. Comparisons allow 4.5 standard errors (7e-6) and a hundredth for the grid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.engine.conditioned.small import Small, parameters, small
from tests.engine.conditioned.test_counterfactual import shares
from tests.engine.models import intervene, node

Numbers = NDArray[np.float64]
Rates = Mapping[str, Callable[[Mapping[str, Numbers]], Numbers | float]]
"""The hazard of each kind, from which kinds have fired (1 or 0, by name)."""

POINTS = 70


def ringing(rates: Rates) -> Numbers:
    """All worlds: the inner time at which each kind rings (world, kind)."""
    points = -np.log1p(-(np.arange(POINTS) + 0.5) / POINTS)
    axes = np.meshgrid(*[points] * len(rates), indexing="ij")
    return np.stack([axis.ravel() for axis in axes], axis=1)


def firing(rates: Rates, rings: Numbers) -> dict[str, Numbers]:
    """When each kind fires in each world (world,); infinity for never."""
    worlds, names = len(rings), list(rates)
    times = np.full((worlds, len(names)), inf)
    now, left = np.zeros(worlds), rings.copy()
    for _ in names:
        fired = {name: np.isfinite(times[:, at]).astype(float) for at, name in enumerate(names)}
        hazard = np.stack([np.broadcast_to(rates[n](fired), worlds) for n in names], axis=1)
        hazard = np.where(np.isfinite(times), 0.0, hazard)
        wait = np.divide(left, hazard, out=np.full_like(left, inf), where=hazard > 0.0)
        soonest = wait.argmin(axis=1)
        passed = wait.min(axis=1)
        going = np.isfinite(passed)
        passed = np.where(going, passed, 0.0)
        left -= hazard * passed[:, None]
        now += passed
        times[np.flatnonzero(going), soonest[going]] = now[going]
    return {name: times[:, at] for at, name in enumerate(names)}


def expected(
    before: Rates, after: Rates, seen: Mapping[str, tuple[float, float]], kind: str, by: float
) -> float:
    """The share of worlds in which a kind fires by a day once things are changed.

    `seen` has the days between which a kind fired; silence is (end, inf).
    """
    rings = ringing(before)
    was, would_be = firing(before, rings), firing(after, rings)
    agrees = np.ones(len(rings), np.bool_)
    for name, (low, high) in seen.items():
        agrees &= (was[name] >= low) & (was[name] < high)
    return float((would_be[kind][agrees] <= by).mean())


def assert_enumerated(case: Small, wanted: float, *changes: object) -> None:
    weights, answers = shares(case, 0, changes, 800)  # type: ignore[arg-type]
    mean = float(weights @ answers / weights.sum())
    error = float(np.sqrt(((weights * (answers - mean)) ** 2).sum())) / weights.sum()
    assert abs(mean - wanted) < 4.5 * error + 0.01, (mean, wanted, error)


def once(name: str, rate: str, when: str = "") -> str:
    guard = f"not has-{name}" + (f" and {when}" if when else "")
    return f"  {name}: {{when: {guard}, rate: '{rate}', then: {{has-{name}: true}}}}\n"


def made(rates: str, events: str, complete: tuple[str, ...], evidence: str, question: str) -> Small:
    names = [line.split(":")[0].strip() for line in events.splitlines()]
    state = ", ".join(f"has-{name}: {{type: flag, starts: false}}" for name in names)
    record = "".join(f"  {name}: {{complete: 2020-01-01/2020-01-08}}\n" for name in complete)
    return small(
        rates, f"state: {{{state}}}\n", f"events:\n{events}", f"record:\n{record}",
        f"evidence:\n{evidence}", f"questions: {{asked: {question}}}\n",
    )  # fmt: skip


def item(kind: str, at: str) -> str:
    return f"  - {{id: E-{kind}, happened: {kind}, at: {at}, cites: [paper]}}\n"


def test_a_cause_that_another_would_have_replaced() -> None:
    """A fire is seen, and the loss after it; a flood, unseen, might have done the same."""
    fire, flood, burns, drowns = 0.3, 0.2, 0.5, 0.4
    case = made(
        parameters(fire=fire, flood=flood, burns=burns, drowns=drowns),
        once("blaze", "fire") + once("deluge", "flood")
        + once("loss", "(if has-blaze then burns else 0) + (if has-deluge then drowns else 0)"),
        ("blaze", "loss"), item("blaze", "2020-01-02") + item("loss", "2020-01-04"),
        "{probability: has-loss, at: 2020-01-07}",
    )  # fmt: skip
    rates: Rates = {
        "blaze": lambda fired: fire,
        "deluge": lambda fired: flood,
        "loss": lambda fired: burns * fired["blaze"] + drowns * fired["deluge"],
    }
    changed = {**rates, "blaze": lambda fired: 0.0}
    wanted = expected(rates, changed, {"blaze": (1, 2), "loss": (3, 4)}, "loss", 7.0)
    assert 0.1 < wanted < 0.9
    assert_enumerated(case, wanted, intervene("forbid", "blaze"))


def test_what_was_prevented_comes() -> None:
    """Guards came and nothing fell for eight days; without them its clock may have rung."""
    watch, falling, slow = 0.4, 0.35, 0.2
    case = made(
        parameters(watch=watch, falling=falling, slow=f"{slow} none"),
        once("guard", "watch")
        + once("fall", "falling * (if has-guard then slow else 1)"),
        ("guard", "fall"), item("guard", "2020-01-02"),
        "{probability: has-fall, at: 2020-01-07}",
    )  # fmt: skip
    rates: Rates = {
        "guard": lambda fired: watch,
        "fall": lambda fired: falling * np.where(fired["guard"] > 0, slow, 1.0),
    }
    changed = {**rates, "guard": lambda fired: 0.0}
    wanted = expected(rates, changed, {"guard": (1, 2), "fall": (8, inf)}, "fall", 7.0)
    assert_enumerated(case, wanted, intervene("forbid", "guard"))


@pytest.mark.parametrize("factor", [0.4, 2.5])
def test_the_end_of_a_chain_comes_later_or_earlier(factor: float) -> None:
    """One thing leads to another, the middle unseen; the first comes at another speed."""
    first, middle, last = 0.5, 0.8, 0.6
    case = made(
        parameters(first=first, middle=middle, last=last),
        once("spark", "first") + once("smoke", "middle", "has-spark")
        + once("alarm", "last", "has-smoke"),
        ("spark", "alarm"), item("spark", "2020-01-02") + item("alarm", "2020-01-05"),
        "{probability: has-alarm, at: 2020-01-04}" if factor > 1 else
        "{probability: has-alarm, at: 2020-01-06}",
    )  # fmt: skip

    def rates(speed: float) -> Rates:
        return {
            "spark": lambda fired: speed,
            "smoke": lambda fired: middle * fired["spark"],
            "alarm": lambda fired: last * fired["smoke"],
        }

    seen = {"spark": (1.0, 2.0), "alarm": (4.0, 5.0)}
    by = 4.0 if factor > 1 else 6.0
    wanted = expected(rates(first), rates(first * factor), seen, "alarm", by)
    assert 0.02 < wanted < 0.98
    assert_enumerated(case, wanted, intervene("set-parameter", "first", node(first * factor)))


def test_what_an_unseen_brake_kept_back() -> None:
    """A brake that nobody saw may have slowed what came; without it that comes earlier, if so."""
    braking, running, slow = 0.6, 0.5, 0.25
    case = made(
        parameters(braking=braking, running=running, slow=f"{slow} none"),
        once("brake", "braking") + once("crash", "running * (if has-brake then slow else 1)"),
        ("crash",), item("crash", "2020-01-06"),
        "{probability: has-crash, at: 2020-01-03}",
    )  # fmt: skip
    rates: Rates = {
        "brake": lambda fired: braking,
        "crash": lambda fired: running * np.where(fired["brake"] > 0, slow, 1.0),
    }
    changed = {**rates, "brake": lambda fired: 0.0}
    wanted = expected(rates, changed, {"crash": (5, 6)}, "crash", 3.0)
    assert 0.1 < wanted < 0.95
    assert_enumerated(case, wanted, intervene("forbid", "brake"))
