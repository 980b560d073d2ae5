"""Questions answered from the law of the state, at given parameters in one atom.

Every answer is a ratio `above / below`: the expected answer over the courses that count, and how
likely a course is to count. Questions about the whole course need the law of more than the state:

- *ever* and *how long until*: the law of the state in courses that have not got there yet, which is
  that of the chain that ends when it gets there;
- *how long from this until that*: two such chains, one after the other;
- *largest* and *smallest*: one such chain for each value that the number can have;
- *average* and *integral*: readings of the law, integrated over time term by term;
- expected numbers of firings: the rates of the events, integrated in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.sparse import block_array, csr_array

from foedus.engine.monitors import PreparedMonitor
from foedus.exact.course import Chain, Moment, chain, follow, mapped, restricted, start_law
from foedus.exact.finite import SIMULATE, is_expected_firings
from foedus.exact.refusal import NotExactError
from foedus.exact.rewards import Rewards
from foedus.exact.space import Numbers, Places, Space, Truths, values_of
from foedus.exact.uniformisation import Segment
from foedus.frozen import dataclass

MOST_VALUES = 400
"""A largest or smallest value is worked out for numbers with at most so many values."""


@dataclass(frozen=True, slots=True, eq=False)
class ValueLaw:
    """The values that a number can have (value,), and their masses among what counts."""

    values: Numbers
    masses: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class TimeLaw:
    """How much of the mass has not got there, time by time since it is watched.

    `segments` each read that mass first; `left` is what it is after them.
    """

    start: float
    total: float
    segments: tuple[Segment, ...]
    left: float

    def reached(self, waited: float) -> float:
        """The mass that gets there within so many days."""
        time = self.start + waited
        for segment in self.segments:
            if time < segment.end:
                return self.total - float(segment.at(max(time, segment.start))[0])
        return self.total - self.left


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """An answer as a ratio, with what it needs besides: see the module's docstring.

    `never` is the mass in which a `time-until` is not reached, `error` bounds the absolute error of
    `above` (of `below` and `never` it is at most `error_of_mass`).
    """

    above: float
    below: float
    never: float | None
    law: ValueLaw | TimeLaw | None
    error: float
    error_of_mass: float


def answer_all(space: Space, monitors: Sequence[PreparedMonitor]) -> list[Found]:
    """The answers to some questions. Raises `NotExactError` for what has no exact answer."""
    return _Answering(space, monitors).answers()


class _Answering:
    def __init__(self, space: Space, monitors: Sequence[PreparedMonitor]) -> None:
        self.space, self.monitors = space, monitors
        self.chain = chain(space)
        self.law, self.outside = start_law(space)
        self.numbers = [
            np.zeros(space.size)
            if is_expected_firings(one.monitor)
            else values_of(space, one.expression, one.title)
            for one in monitors
        ]
        self.given = [
            np.ones(space.size)
            if one.given is None
            else values_of(space, one.given, one.title).astype(bool).astype(np.float64)
            for one in monitors
        ]
        self.rewards = {
            place: Rewards(space, one)
            for place, one in enumerate(monitors)
            if is_expected_firings(one.monitor)
        }
        self.moments: dict[float, Moment] = {}
        self.totals: dict[int, float] = {}
        self._pass_through()

    def _pass_through(self) -> None:
        """The law at every time that a question names, and what is added up between them."""
        rows = {place: rewards.rates for place, rewards in self.rewards.items()}
        for place, one in enumerate(self.monitors):
            if one.monitor.kind in ("average", "integral"):
                rows[place] = self.numbers[place]
        order = list(rows)
        read = np.array([rows[place] for place in order]) if order else None
        for place in order:
            known = self.rewards.get(place)
            self.totals[place] = 0.0 if known is None else known.at_start
        self.moments[0.0] = Moment(0.0, self.law, self.law, 0.0, None, None)
        times = {time for one in self.monitors for time in (one.opens, one.closes)}
        for moment in follow(self.chain, self.law, 0.0, times, read):
            self.moments[moment.time] = moment
            if moment.segment is None:
                continue
            gained = moment.segment.integral(moment.time)
            for row, place in enumerate(order):
                one = self.monitors[place]
                opens = 0.0 if place in self.rewards else one.opens
                if opens < moment.time <= one.closes:
                    self.totals[place] += float(gained[row])
                    self._count_map(place, moment)

    def _count_map(self, place: int, moment: Moment) -> None:
        rewards = self.rewards.get(place)
        if rewards is not None and moment.map_number is not None:
            self.totals[place] += float(rewards.at_maps[moment.map_number] @ moment.before)

    def answers(self) -> list[Found]:
        return [self._answer(place) for place in range(len(self.monitors))]

    def _lost(self, moment: Moment) -> float:
        """The bound on the error of any mass at a moment, and on what lies outside."""
        missing = 0.0 if self.space.is_whole else max(0.0, 1.0 - float(moment.law.sum()))
        return moment.error + missing

    def _answer(self, place: int) -> Found:
        one = self.monitors[place]
        kind = one.monitor.kind
        if one.given is not None and kind in ("time-until", "average", "integral"):
            what = f"{one.title} asks for a `{kind}` among the courses where `given` holds"
            raise NotExactError(what, SIMULATE, one.monitor.span)
        if place in self.rewards:
            end = self.moments[one.closes]
            largest = float(self.rewards[place].rates.max(initial=0.0))
            error = self._lost(end) * (1.0 + largest * end.time)
            return Found(self.totals[place], 1.0, None, None, error, 0.0)
        return _WAYS[kind](self, place)

    # Questions at one time -----------------------------------------------------------------------

    def _mean(self, place: int) -> Found:
        one, values = self.monitors[place], self.numbers[place]
        moment, given = self.moments[one.closes], self.given[place]
        masses = moment.law * given
        lost = self._lost(moment)
        above, below = float(masses @ values), float(masses.sum())
        largest = float(np.abs(values).max(initial=0.0))
        law = ValueLaw(values, masses)
        return Found(above, below, None, law, lost * largest, lost)

    def _probability(self, place: int) -> Found:
        one, values = self.monitors[place], self.numbers[place]
        if one.opens < one.closes:
            return self._ever(place)
        moment, given = self.moments[one.closes], self.given[place]
        masses = moment.law * given
        lost = self._lost(moment)
        above = float(masses @ (values != 0.0))
        return Found(above, float(masses.sum()), None, None, lost, lost)

    # Questions about a stretch of time -----------------------------------------------------------

    def _total(self, place: int) -> Found:
        one, values = self.monitors[place], self.numbers[place]
        length, end = one.closes - one.opens, self.moments[one.closes]
        largest = float(np.abs(values).max(initial=0.0))
        if one.monitor.kind == "integral":
            above, scale = self.totals[place], length
        elif length > 0.0:
            above, scale = self.totals[place] / length, 1.0
        else:
            above, scale = float(end.law @ values), 1.0
        return Found(above, 1.0, None, None, self._lost(end) * largest * scale, 0.0)

    def _left(self, place: int, keep: Truths, read: bool = False) -> list[Moment]:
        """The courses that stay in the states where `keep` (state,) holds, from when the question
        begins to look until it ends."""
        one = self.monitors[place]
        part = restricted(self.chain, keep)
        law = self.moments[one.opens].law[keep]
        reader = np.ones((1, law.size)) if read else None
        first = Moment(one.opens, law, law, self.moments[one.opens].error, None, None)
        return [first, *follow(part, law, one.opens, [one.closes], reader)]

    def _ever(self, place: int) -> Found:
        one, holds = self.monitors[place], self.numbers[place] != 0.0
        moments = self._left(place, ~holds)
        end, whole = moments[-1], self.moments[one.closes]
        given = self.given[place]
        counted = float(whole.law @ given)
        never = float(end.law @ given[~holds])
        lost = self._lost(whole) + end.error
        return Found(counted - never, counted, None, None, lost, lost)

    def _until(self, place: int) -> Found:
        one, holds = self.monitors[place], self.numbers[place] != 0.0
        if one.origin is not None:
            return self._from_origin(place)
        moments = self._left(place, ~holds, read=True)
        segments = tuple(moment.segment for moment in moments if moment.segment is not None)
        waited = sum(float(one.integral(one.end)[0]) for one in segments)
        total = float(self.moments[one.opens].law.sum())
        never = float(moments[-1].law.sum())
        lost = self._lost(self.moments[one.closes]) + moments[-1].error
        law = TimeLaw(one.opens, total, segments, never)
        return Found(waited, total, never, law, lost * (one.closes - one.opens), lost)

    def _from_origin(self, place: int) -> Found:
        """First the courses in which the wait has not begun, then those in which it goes on."""
        one, holds = self.monitors[place], self.numbers[place] != 0.0
        assert one.origin is not None
        begun = values_of(self.space, one.origin, one.title) != 0.0
        before, going = np.flatnonzero(~begun), np.flatnonzero(~holds)
        two = _two_layers(self.chain, before, going, begun)
        opening = self.moments[one.opens].law
        law = np.concatenate([opening[before], np.where(begun, opening, 0.0)[going]])
        reader = np.concatenate([np.zeros(before.size), np.ones(going.size)])[None, :]
        waited, error = 0.0, self.moments[one.opens].error
        last = law
        for moment in follow(two, law, one.opens, [one.closes], reader):
            if moment.segment is not None:
                waited += float(moment.segment.integral(moment.time)[0])
            last, error = moment.law, error + moment.error
        counted = float(opening.sum()) - float(last[: before.size].sum())
        never = float(last[before.size :].sum())
        lost = self._lost(self.moments[one.closes]) + error
        return Found(waited, counted, never, None, lost * (one.closes - one.opens), lost)

    def _extreme(self, place: int) -> Found:
        """The law of the largest value: how likely the number is to stay at or below each value."""
        one, values = self.monitors[place], self.numbers[place]
        sign = 1.0 if one.monitor.kind == "maximum" else -1.0
        levels = np.unique(sign * values)
        if levels.size > MOST_VALUES:
            number = f"a number with {levels.size:,} values"
            what = f"{one.title} asks for the {one.monitor.kind} of {number}"
            raise NotExactError(what, SIMULATE, one.monitor.span)
        given, error = self.given[place], 0.0
        below: list[float] = []
        for level in levels:
            keep = sign * values <= level
            end = self._left(place, keep)[-1]
            below.append(float(end.law @ given[keep]))
            error = max(error, end.error)
        masses = np.diff(below, prepend=0.0)
        lost = self._lost(self.moments[one.closes]) + error
        above, counted = float(masses @ (sign * levels)), below[-1]
        law = ValueLaw(sign * levels, masses)
        return Found(above, counted, None, law, lost * float(np.abs(levels).sum()), lost)


_WAYS: dict[str, Callable[[_Answering, int], Found]] = {
    "probability": _Answering._probability,
    "time-until": _Answering._until,
    "mean": _Answering._mean,
    "average": _Answering._total,
    "integral": _Answering._total,
    "maximum": _Answering._extreme,
    "minimum": _Answering._extreme,
}


def _two_layers(whole: Chain, before: Places, going: Places, begun: Truths) -> Chain:
    """A chain over two sets of states: those before something begins, then those of it going on."""

    def joined(matrix: csr_array) -> csr_array:
        stays = matrix[before][:, before]
        begins = matrix[going][:, before].multiply(begun[going][:, None])
        return block_array([[stays, None], [begins, matrix[going][:, going]]]).tocsr()

    return mapped(whole, joined)
