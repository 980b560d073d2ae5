"""Rates of nested classes side by side: counted, with an interval, and partially pooled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from foedus.frozen import dataclass
from foedus.history.class_error import ClassError
from foedus.history.conditions import (
    group_name,
    parse_condition,
    verify_values,
)
from foedus.history.intervals import poisson_exact, wilson
from foedus.history.pooling import Node, Pooled, pool
from foedus.history.units import (
    Measure,
    Tally,
    Unit,
    known_before,
    perhaps_known_before,
    tally,
)
from foedus.text.suggest import closest, list_names

FEWEST = 1
"""Classes with fewer units than this cannot be looked at."""
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True, slots=True)
class Rate:
    """A class with what was counted in it.

    `low`, `high`: Wilson's interval of a share, the exact one of a rate (95 %). `pooled`: what the
    class says together with those that hold it. Of lengths there are `quantiles` and the interval
    is None.
    """

    words: str
    tally: Tally
    low: float | None
    high: float | None
    pooled: Pooled | None
    quantiles: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked and found: the nested classes, widest first, then the groups of the last.

    `undated`: so many of the widest class were left out because their dates are too imprecise to
    say whether they were known before the day.
    """

    measure: Measure
    before: date | None
    nested: tuple[Rate, ...]
    groups: tuple[Rate, ...]
    undated: int = 0

    @property
    def spread(self) -> tuple[float, float]:
        """The lowest and the highest estimate over the nested classes."""
        found = [rate.tally.estimate for rate in self.nested if rate.tally.estimate is not None]
        return min(found), max(found)


def rate(
    measure: Measure,
    wheres: Sequence[str] = (),
    *,
    by: str | None = None,
    before: date | None = None,
) -> Answer:
    """How often something happened, in all and in narrower and narrower classes.

    Each of `wheres` narrows the class before it; `by` splits the last by a column of words or yes
    and no, or by decades of the year. Only what was surely known `before` a day is counted. Raises
    `ClassError` for what cannot be asked, `MissingDataError` where data were not imported.
    """
    conditions = [parse_condition(where, measure.columns) for where in wheres]
    group_of = None if by is None else _grouping(by, measure)
    every = measure.units()
    for where in wheres:
        verify_values(where, every)
    levels = [known_before(every, before)]
    for condition in conditions:
        levels.append([unit for unit in levels[-1] if condition(unit)])
    for units, words in zip(levels, _words(wheres), strict=True):
        if len(units) < FEWEST or tally(units).at_risk <= 0:
            cure = "widen the class" if wheres else "take a later day"
            raise ClassError(f"nothing was counted in the class `{words}`", cure)
    nested = tuple(
        _rate(words, units, measure, _pooled_last(levels[: place + 1], measure))
        for place, (words, units) in enumerate(zip(_words(wheres), levels, strict=True))
    )
    groups = () if group_of is None or by is None else _groups(by, group_of, levels, measure)
    return Answer(measure, before, nested, groups, len(perhaps_known_before(every, before)))


def _words(wheres: Sequence[str]) -> list[str]:
    return ["all", *(f"and {where}" if place else where for place, where in enumerate(wheres))]


def _rate(words: str, units: Sequence[Unit], measure: Measure, pooled: Pooled | None) -> Rate:
    found = tally(units)
    if measure.kind == "length":
        lengths = sorted(unit.happened for unit in units)
        return Rate(words, found, None, None, None, tuple(quantile(lengths, q) for q in QUANTILES))
    interval = wilson if measure.kind == "share" else poisson_exact
    low, high = interval(found.happened, found.at_risk)
    return Rate(words, found, low, high, pooled)


def quantile(ordered: Sequence[float], q: float) -> float:
    """A quantile of ordered values, straight lines between them."""
    place = q * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _without(whole: Tally, part: Tally) -> Tally:
    return Tally(
        whole.happened - part.happened, whole.at_risk - part.at_risk, whole.units - part.units
    )


def _chain(levels: Sequence[Sequence[Unit]]) -> list[Node]:
    """Nested classes as a tree in a line; each node's own data are those outside the next."""
    tallies = [tally(units) for units in levels]
    nodes = []
    for place, whole in enumerate(tallies):
        inner = tallies[place + 1] if place + 1 < len(tallies) else Tally(0.0, 0.0, 0)
        nodes.append(Node(_without(whole, inner), place - 1 if place else None))
    return nodes


def _pooled_last(levels: Sequence[Sequence[Unit]], measure: Measure) -> Pooled | None:
    """The narrowest of the classes, helped by the rest of those that hold it."""
    return None if measure.kind == "length" else pool(_chain(levels), measure.kind)[-1]


def _grouping(by: str, measure: Measure) -> str:
    if by not in measure.columns:
        near = closest(by, measure.columns)
        cure = f"write `{near}`" if near else f"there are {list_names(measure.columns, 20)}"
        raise ClassError(f"no column is called `{by}`", cure)
    return by


def _groups(
    by: str, group_of: str, levels: Sequence[Sequence[Unit]], measure: Measure
) -> tuple[Rate, ...]:
    members: dict[str, list[Unit]] = {}
    for unit in levels[-1]:
        name = group_name(group_of, unit)
        if name is not None:
            members.setdefault(name, []).append(unit)
    names = sorted(name for name, units in members.items() if tally(units).at_risk > 0)
    if not names:
        raise ClassError(f"`{by}` is not known of any in the class", measure.columns[by])
    if measure.kind == "length":
        return tuple(_rate(f"{by} = {name}", members[name], measure, None) for name in names)
    nodes = _chain(levels)
    last = len(nodes) - 1
    rest = nodes[last].own
    for name in names:
        rest = _without(rest, tally(members[name]))
    nodes[last] = Node(rest, nodes[last].parent)
    nodes += [Node(tally(members[name]), last) for name in names]
    pooled = pool(nodes, measure.kind)[last + 1 :]
    return tuple(
        _rate(f"{by} = {name}", members[name], measure, found)
        for name, found in zip(names, pooled, strict=True)
    )
