"""How long bodies take, how many troops they send, and how many members: each case with a mean of
its own.

The logarithm of a case's mean (log odds, of a share) is drawn around its group's, that around the
group that holds it (`tree`). What is seen of a case is one wait, exponential around its mean and
dated to the day or worse, one size, lognormal around its own, or so many members of so many; so of
two waits of a day and a hundred days the model says that cases differ, where one exponential law
for all would deny it.

| letter | is |
| --- | --- |
| x | logarithm of a case's mean, or log odds of its share |
| tau | spread of x between groups within one group |
| sigma | spread of x between cases of one group |
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from math import log

import numpy as np
from scipy.special import expit, logit

from foedus.frozen import dataclass
from foedus.history.requests import PRECISIONS, Request
from foedus.questions.fits.bodies import path_of
from foedus.questions.fits.tree import (
    Array,
    Path,
    beliefs,
    half_normal_points,
    law_of_children,
    normal_weights,
    tree_of,
)

NORMAL_90 = 1.2815515655446004
SPREAD, SPREADS = 0.7, 5
CASES, CASES_SPREADS = 1.5, 7
"""Groups are thought to differ by a factor of two, single cases by one of four or five."""
POINTS = 141
REACH = 7.0


@dataclass(frozen=True, slots=True)
class Amount:
    """A parameter that a length or a size bears on: what is believed beforehand, and of which rows.

    `within`: 80 % of what is believed of the widest class, in `unit`. `seen` gives of a request
    what bears on the parameter, as the likelihood of x at points (point,), or None; `known` the day
    by which that was known.
    """

    within: tuple[float, float]
    because: str
    unit: str
    seen: Callable[[Request], Callable[[Array], Array] | None]
    known: Callable[[Request], date]


def _wait(low: float, high: float) -> Callable[[Array], Array]:
    """The likelihood of an exponential wait that lay between so many days."""

    def likelihood(x: Array) -> Array:
        mean = np.exp(x)
        return np.asarray(np.exp(-low / mean) - np.exp(-high / mean))

    return likelihood


def _between(
    start: date | None, precision: str, end: date | None, end_precision: str
) -> Callable[[Array], Array] | None:
    """The likelihood of a wait from one dated event to another; None where one has no date."""
    if start is None or end is None:
        return None
    days = (end - start).days
    high = float(days + PRECISIONS[end_precision])
    return _wait(max(float(days - PRECISIONS[precision]), 0.0), high) if high > 0.0 else None


def _answered(request: Request) -> Callable[[Array], Array] | None:
    return _between(
        request.asked, request.asked_precision, request.decided, request.decided_precision
    )


def _lifted(request: Request) -> Callable[[Array], Array] | None:
    if request.decision != "granted":
        return None
    return _between(
        request.decided, request.decided_precision, request.deployed, request.deployed_precision
    )


def _sent(request: Request) -> Callable[[Array], Array] | None:
    """The likelihood of the size of the first troops; what a contingent's spread is, is given."""
    if request.decision != "granted" or request.size is None:
        return None
    size, spread = log(request.size), log(FORCE_SPREAD)
    return lambda x: np.asarray(np.exp(-0.5 * ((x - size) / spread) ** 2))


def _joined(request: Request) -> Callable[[Array], Array] | None:
    """The likelihood of how many members sent troops, of those that might have."""
    if request.case_id not in SENT:
        return None
    sent, asked = SENT[request.case_id]
    return lambda x: np.asarray(expit(x) ** sent * expit(-x) ** (asked - sent))


SENT = {
    "HUN-1956a": (0, 6),
    "COD-1998": (3, 13),
    "USA-2001": (13, 18),
    "BHR-2011": (3, 4),
    "KAZ-2022": (4, 4),
}
"""Members other than the asker and the leading one that sent troops, of all such members, where an
alliance granted a call. Who sent is in the table; the numbers of members are our own coding."""
FORCE_SPREAD = 1.6
"""As in the mechanism (`force-spread`)."""


def _there(request: Request) -> date:
    return max(request.known, request.deployed_at_latest or request.known)


AMOUNTS = {
    "answer-time": Amount(
        (0.3, 30.0), "from a telephone call to a month of sessions", "days", _answered,
        lambda request: request.known,
    ),
    "contribute": Amount(
        (0.1, 0.9), "from hardly any of the others to nearly all", "share", _joined, _there
    ),
    "lift-time": Amount(
        (0.3, 30.0), "from troops at hand to a month of lift", "days", _lifted, _there
    ),
    "lead-force": Amount(
        (200.0, 10_000.0), "from a company to a division", "troops", _sent, _there
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """What is believed of a number above nought, or of a share: the median, 80 % interval, and the
    law of its logarithm (log odds) as normal."""

    median: float
    low: float
    high: float
    location: float
    spread: float


def prior_of(amount: Amount) -> tuple[float, float]:
    """Mean and sd of the logarithm (log odds) in the widest class, before any case."""
    low, high = (logit(each) if amount.unit == "share" else log(each) for each in amount.within)
    return 0.5 * (low + high), 0.5 * (high - low) / NORMAL_90


@dataclass(frozen=True, slots=True)
class Typical:
    """The law of a new case's number in a group, and the same before any case; `cases` used, in all
    and in the group."""

    before: Scale
    after: Scale
    cases: int
    own: int


def fit_amount(amount: Amount, requests: Sequence[Request], path: Path) -> Typical:
    """What a new case of a group is like, from the requests that bear on it."""
    seen = [(path_of(each), found) for each in requests if (found := amount.seen(each)) is not None]
    own = sum(leaf == path for leaf, _ in seen)
    return Typical(
        _new_case(amount, [], path), _new_case(amount, seen, path), len(seen), own
    )  # fmt: skip


def _new_case(
    amount: Amount, seen: Sequence[tuple[Path, Callable[[Array], Array]]], path: Path
) -> Scale:
    mean, sd = prior_of(amount)
    points = np.linspace(mean - REACH, mean + REACH, POINTS)
    new = (*path, "new")
    leaves = [(*leaf, str(n)) for n, (leaf, _) in enumerate(seen)]
    tree = tree_of([*leaves, new])
    own = np.ones((len(tree.paths), 1, POINTS))
    for leaf, (_, likelihood) in zip(leaves, seen, strict=True):
        own[tree.place(leaf)] = likelihood(points)
    root = normal_weights(points, mean, sd)
    log_evidence, laws = [], []
    for tau in half_normal_points(SPREAD, SPREADS):
        between = law_of_children(points, float(tau))
        for sigma in half_normal_points(CASES, CASES_SPREADS):
            within = law_of_children(points, float(sigma))
            steps = [*[between] * len(path), within]
            found = beliefs(tree, own, steps, root)
            log_evidence.append(found.evidence[0])
            laws.append(found.all[tree.place(new), 0])
    weight = np.exp(np.array(log_evidence) - max(log_evidence))
    return _scale(points, (weight / weight.sum()) @ np.stack(laws), amount.unit)


def _scale(points: Array, law: Array, unit: str) -> Scale:
    total = np.cumsum(law) - 0.5 * law
    places = np.interp([0.1, 0.5, 0.9], total, points)
    low, median, high = expit(places) if unit == "share" else np.exp(places)
    location = float(law @ points)
    spread = float(np.sqrt(law @ (points - location) ** 2))
    return Scale(float(median), float(low), float(high), location, spread)
