"""How willing a body is to answer a call, and whether what became of a call changed that.

The model is that of the mechanism `collective-aid`: a call is taken up with probability p, and

    log odds of p = x_body + lifts * (calls taken up before) - sinks * (calls refused before),

with x_body in groups within groups (`tree`), lifts and sinks shared by all. So two things that look
alike are kept apart: a body that acted because it always was one that acts, and a body that acts
more readily because it has acted. Short records tell them apart badly, and the answer says so.

| letter | is |
| --- | --- |
| x | log odds that a body takes up its first call |
| tau | spread of x between groups within one group |
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import expit

from foedus.frozen import dataclass
from foedus.history.requests import Request
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

POINTS = np.linspace(-7.0, 7.0, 85)
ROOT = (0.0, 1.0)
"""Log odds of the widest class: commitments that war invoked were honoured in half of all cases (73
of 146, Berkemeier and Fuhrmann 2018); calls without a war may fare otherwise."""
SPREAD, SPREADS = 0.7, 6
"""Groups of one kind are thought to differ by a factor of two in odds, rarely by four."""
LIFTS, SINKS = (0.0, 0.25), (0.0, 0.25)
"""Centred on none: whether acting makes acting likelier is what is asked, and what is written on it
disagrees (Gibler 2008 for, Mercer 1996 and Press 2005 against). They add up over calls: a factor of
1.3 in odds for one is 2.7 after four."""
STEPS, REACH = 11, 2.5
LEVEL = 0.8


@dataclass(frozen=True, slots=True)
class Call:
    """A call on a body: whether it was taken up, and how many before it were, and were not."""

    path: Path
    granted: bool
    wins: int
    losses: int


def calls_of(requests: Sequence[Request]) -> list[Call]:
    """The calls among requests, in order, each with the record of its body when it was made.

    Only requests that were the government's own beyond doubt: others say little of a body's
    willingness. What was not granted in full counts as refused.
    """
    found: list[Call] = []
    genuine = [each for each in requests if each.genuine == "yes"]
    for each in genuine:
        path = path_of(each)
        before = [other for other in genuine if path_of(other) == path and other.known < each.asked]
        wins = sum(other.decision == "granted" for other in before)
        found.append(Call(path, each.decision == "granted", wins, len(before) - wins))
    return found


@dataclass(frozen=True, slots=True)
class Share:
    """What is believed of a share: mean, 80 % interval, and the law of its log odds as normal."""

    mean: float
    low: float
    high: float
    location: float
    spread: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What is believed of a change of log odds: beforehand and from the data, as (mean, sd)."""

    before: tuple[float, float]
    after: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Willingness:
    """The fitted model: the weights of its hyperparameters and the law of each body's x.

    `weights` (tau, effect); `shared` (effect, 2): the values of lifts and sinks; `others`, `all`
    (tau, group, effect, point): see `tree.Beliefs`.
    """

    paths: tuple[Path, ...]
    calls: tuple[Call, ...]
    weights: Array
    shared: Array
    others: Array
    all: Array

    @property
    def lifts(self) -> Effect:
        """By how much a call taken up raises the log odds of the next."""
        return self._effect(0, LIFTS)

    @property
    def sinks(self) -> Effect:
        """By how much a call refused lowers the log odds of the next."""
        return self._effect(1, SINKS)

    def _effect(self, column: int, before: tuple[float, float]) -> Effect:
        weight, values = self.weights.sum(axis=0), self.shared[:, column]
        mean = float(weight @ values)
        return Effect(before, (mean, float(np.sqrt(weight @ (values - mean) ** 2))))

    def record(self, path: Path) -> tuple[int, int]:
        """How many calls on a group were taken up, of how many."""
        own = [call for call in self.calls if call.path[: len(path)] == path]
        return sum(call.granted for call in own), len(own)

    def share(self, path: Path, wins: int = 0, losses: int = 0, own: bool = True) -> Share:
        """The chance that the next call on a group is taken up, after so many were and were not.

        Without its `own` calls: what the other groups let expect of it.
        """
        law = (self.all if own else self.others)[:, self.paths.index(path)]
        weight = self.weights[:, :, None] * law
        shift = wins * self.shared[:, 0] - losses * self.shared[:, 1]
        odds = np.broadcast_to(POINTS + shift[:, None], weight.shape)
        return share_of(odds.ravel(), weight.ravel())


def share_of(odds: Array, weight: Array) -> Share:
    """The summary of weighted log odds."""
    points, place = np.unique(odds.round(9), return_inverse=True)
    law = np.bincount(place, weight)
    total = np.cumsum(law) - 0.5 * law
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.interp([tail, 1.0 - tail], total, points)
    location = float(weight @ odds)
    spread = float(np.sqrt(weight @ (odds - location) ** 2))
    return Share(
        float(weight @ expit(odds)), float(expit(low)), float(expit(high)), location, spread
    )


def fit_calls(calls: Sequence[Call], also: Sequence[Path] = ()) -> Willingness:
    """The model fitted to calls; `also` names groups that are asked about and may have none.

    Groups without calls get what the groups around them say. No calls at all give the prior back.
    """
    tree = tree_of([*(call.path for call in calls), *also])
    values, prior = shared_points()
    own = np.ones((len(tree.paths), len(values), len(POINTS)))
    for call in calls:
        shift = call.wins * values[:, 0] - call.losses * values[:, 1]
        chance = expit(POINTS[None, :] + shift[:, None])
        own[tree.place(call.path)] *= chance if call.granted else 1.0 - chance
    root = normal_weights(POINTS, *ROOT)
    depth = len(tree.paths[-1])
    found = []
    for tau in half_normal_points(SPREAD, SPREADS):
        laws = [law_of_children(POINTS, float(tau))] * depth
        found.append(beliefs(tree, own, laws, root))
    log = np.log(prior)[None, :] + np.stack([one.evidence for one in found])
    weights = np.exp(log - log.max())
    return Willingness(
        tree.paths, tuple(calls), weights / weights.sum(), values,
        np.stack([one.others for one in found]), np.stack([one.all for one in found]),
    )  # fmt: skip


def shared_points() -> tuple[Array, Array]:
    """Points of lifts and sinks (point, 2) and their prior weights (point,)."""
    axes = [np.linspace(mean - REACH * sd, mean + REACH * sd, STEPS) for mean, sd in (LIFTS, SINKS)]
    lifts, sinks = np.meshgrid(*axes, indexing="ij")
    weight = np.outer(normal_weights(axes[0], *LIFTS), normal_weights(axes[1], *SINKS))
    return np.stack([lifts.ravel(), sinks.ravel()], axis=1), np.asarray(weight.ravel())
