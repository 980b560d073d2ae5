"""Did it need that, and would it have been enough? Probabilities of causation, and their bounds.

For a question of yes or no, and a decision that takes an event away or brings it about. Notation
[TianPearl2000]_: x the event happens by itself, y the outcome, y' its opposite; y_1 the outcome in
the world with the decision changed.

- *Necessity*, where the event is taken away: P(y_1' | x, y), that the outcome would not have come
  without the event, where both were there.
- *Sufficiency*, where it is brought about: P(y_1 | x', y'), that the outcome would have come with
  it, where neither was there.
- *Both*: P(y, y_1') or P(y', y_1), in what share of all runs the decision decides the outcome.

The value depends on how chance is shared between the worlds: it is the model's, clock by clock. The
bounds do not: they follow from how often the outcome comes in each world alone, and from how often
cause and outcome come together ([TianPearl2000]_, equations 24-26 for necessity). That taking away
what does not happen changes nothing holds run by run, and is used. That bringing about what happens
anyway changes nothing does not (it may come at another time), and is not used: the bounds on
sufficiency are then those of Frechet, and equal to Tian's and Pearl's where the event never happens
by itself. The bounds are free of the coupling, not of the model.

References
----------
.. [TianPearl2000] see `foedus.infer.static`, which has the same bounds for counted data.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np

from foedus.frozen import dataclass
from foedus.jump.model import Intervention, Monitor
from foedus.questions.estimates import Numbers, Ratio, Truths, ratio, standard_error
from foedus.questions.worlds import Worlds

Cause = Literal["necessity", "sufficiency", "both"]


@dataclass(frozen=True, slots=True)
class Causation:
    """A probability of causation, about the answer yes (or no, if not `is_yes`).

    `value` is the model's own, `error` its Monte Carlo error; `low`..`high` are the bounds that
    hold however chance is shared between the worlds, `bounds_error` the larger of their errors, as
    bounds are cut off at 0 and 1.
    """

    question: str
    kind: Cause
    is_yes: bool
    value: float
    error: float | None
    low: float
    high: float
    bounds_error: float | None


def causation(
    worlds: Worlds,
    monitors: Sequence[Monitor],
    interventions: Sequence[Intervention],
    happened: Sequence[Truths],
) -> tuple[Causation, ...]:
    """The probabilities of causation of every question of yes or no that counts all runs.

    `happened` says of each forced or forbidden event in which runs (atom, outer, inner) of the
    factual world it happens by itself. Necessity and sufficiency need a decision that
    `is_about_one_event`.
    """
    found: list[Causation] = []
    for number, monitor in enumerate(monitors):
        counts = worlds.factual.counts[number], worlds.changed.counts[number]
        if monitor.kind != "probability" or not all(each.all() for each in counts):
            continue
        yes = worlds.factual.values[number] == 1.0
        yes_changed = worlds.changed.values[number] == 1.0
        seen = _Seen(monitor.name, worlds.weights, yes, yes_changed)
        if is_about_one_event(interventions):
            kind = interventions[0].kind
            found += (
                _forbidden(seen, happened[0]) if kind == "forbid" else _forced(seen, happened[0])
            )
        else:
            found.append(_decides(seen, not seen.mostly_lost, None))
    return tuple(found)


def is_about_one_event(interventions: Sequence[Intervention]) -> bool:
    """Whether a decision is nothing but one event brought about, or taken away.

    What is taken away when a condition first holds may have happened before: then it cannot be told
    what would have been without it.
    """
    if len(interventions) != 1:
        return False
    one = interventions[0]
    return one.kind == "force" or (one.kind == "forbid" and one.condition is None)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The answers to one question in both worlds: is it yes?"""

    question: str
    weights: Numbers
    yes: Truths
    yes_changed: Truths

    @property
    def mostly_lost(self) -> bool:
        """Whether more runs are turned to no than to yes (or as many)."""
        return self.share(self.yes & ~self.yes_changed) >= self.share(~self.yes & self.yes_changed)

    def share(self, truths: Truths) -> float:
        """The weighted share of the runs."""
        return self.over(truths).value or 0.0

    def over(self, terms: Truths | Numbers, of: Truths | None = None) -> Ratio:
        """The weighted sum of terms over that of the runs `of` which there are so many (all)."""
        everywhere = np.ones(self.yes.shape, np.bool_)
        whole = everywhere if of is None else of
        above, below = (
            ratio(_number(one), everywhere, self.weights).above for one in (terms, whole)
        )
        return Ratio(above, below)

    def made(self, kind: Cause, is_yes: bool, value: Ratio, low: Ratio, high: Ratio) -> Causation:
        """The result; bounds lie within 0..1."""
        errors = [standard_error(one.influence) for one in (low, high)]
        known = [
            cut_error(one.value or 0.0, error)
            for one, error in zip((low, high), errors, strict=True)
            if error is not None
        ]
        return Causation(
            self.question, kind, is_yes, value.value or 0.0, standard_error(value.influence),
            min(1.0, max(0.0, low.value or 0.0)), max(0.0, min(1.0, high.value or 0.0)),
            max(known, default=None),
        )  # fmt: skip


def cut_error(value: float, error: float) -> float:
    """The root mean square by which a bound that is cut off at 0 and 1 strays, for a normal error.

    Well inside it is the error itself; at an end half of the chance is cut off, and far outside the
    bound is what logic says and has next to none. It is never above 1.
    """
    if error == 0.0:
        return 0.0
    shown, normal = min(1.0, max(0.0, value)), NormalDist()
    low, high = -value / error, (1.0 - value) / error
    below, above = normal.cdf(low), normal.cdf(-high)
    inside, off = 1.0 - below - above, value - shown
    square = error**2 * (inside - high * normal.pdf(high) + low * normal.pdf(low))
    square += 2.0 * error * off * (normal.pdf(low) - normal.pdf(high)) + off**2 * inside
    return sqrt(max(0.0, square + shown**2 * below + (1.0 - shown) ** 2 * above))


def _forbidden(seen: _Seen, x: Truths) -> list[Causation]:
    """Necessity of what is taken away, for the outcome that it takes away more often."""
    is_yes = seen.mostly_lost
    y, y_changed = (one if is_yes else ~one for one in (seen.yes, seen.yes_changed))
    found = []
    if (x & y).any():
        found.append(
            seen.made(
                "necessity", is_yes,
                seen.over(x & y & ~y_changed, x & y),
                seen.over(_number(y) - y_changed, x & y),
                seen.over(_number(~y_changed) - (~x & ~y), x & y),
            )
        )  # fmt: skip
    return [*found, _decides(seen, not is_yes, x)]


def _forced(seen: _Seen, x: Truths) -> list[Causation]:
    """Sufficiency of what is brought about, for the outcome that it brings about more often."""
    is_yes = not seen.mostly_lost
    y, y_changed = (one if is_yes else ~one for one in (seen.yes, seen.yes_changed))
    neither, found = ~x & ~y, []
    if neither.any():
        found.append(
            seen.made(
                "sufficiency", is_yes,
                seen.over(neither & y_changed, neither),
                seen.over(_number(y_changed) - ~neither, neither),
                seen.over(y_changed, neither),
            )
        )  # fmt: skip
    return [*found, _decides(seen, is_yes, None)]


def _decides(seen: _Seen, gains: bool, x: Truths | None) -> Causation:
    """In what share of the runs the decision turns the answer, to yes or to no.

    Where the event `x` is taken away, it can do so only in runs in which it happens.
    """
    before, after = (seen.yes, seen.yes_changed) if gains else (~seen.yes, ~seen.yes_changed)
    ends = [seen.over(~before), seen.over(after)]
    if x is not None:
        ends += [seen.over(x & ~before), seen.over(_number(after) - (~x & before))]
    least = min(ends, key=lambda end: end.value or 0.0)
    is_yes = gains if x is None else not gains
    turned = seen.over(~before & after)
    return seen.made("both", is_yes, turned, seen.over(_number(after) - before), least)


def _number(terms: Truths | Numbers) -> Numbers:
    return terms.astype(np.float64)
