"""The laws of random draws with finitely many values, value by value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import accumulate
from math import floor, fsum, inf

from foedus.engine.arithmetic import Evaluate
from foedus.engine.closures import Names, evaluator
from foedus.engine.failure import EvaluationError
from foedus.engine.layout import places
from foedus.engine.world import World
from foedus.exact.refusal import NotExactError
from foedus.jump.model import DrawSpec, EventKind

Law = list[tuple[float, float]]
"""Values and their probabilities."""

MOST_VALUES = 10_000
"""A draw with more values, or draws with more combinations, are refused."""


class FiniteDraw:
    """A draw of an act: the law of each of its values, given the draws before it."""

    def __init__(self, spec: DrawSpec, names: Names) -> None:
        self.spec = spec
        self.arguments: list[Evaluate] = [evaluator(one, names) for one in spec.arguments]
        self.bindings = [
            tuple(zip(spec.index_names, place, strict=True)) for place in places(spec.groups)
        ]

    def laws(self, world: World) -> Iterator[Law]:
        """The law of each value, in index order. The instance is bound in `world`."""
        for binding in self.bindings:
            for name, position in binding:
                world.bound[name] = position
            yield self._law(world)

    def _law(self, world: World) -> Law:
        spec = self.spec
        if spec.over is not None:
            weight, name = self.arguments[0], spec.over_name
            weights = [weight(world) for world.bound[name] in range(spec.over.size)]
            return _categorical(weights, spec)
        values = [float(argument(world)) for argument in self.arguments]
        try:
            found = _LAWS[spec.distribution](*values)
        except ValueError as fault:
            raise EvaluationError(f"draw `{spec.name}`: {fault}", spec.span) from None
        if len(found) > MOST_VALUES:
            what = f"the draw `{spec.name}` has {len(found):,} values"
            raise NotExactError(what, "simulate instead", spec.span)
        return found


def _bernoulli(p: float) -> Law:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"`bernoulli` needs a probability from 0 to 1, not {p:g}")
    return [(value, mass) for value, mass in ((0.0, 1.0 - p), (1.0, p)) if mass > 0.0]


def _integer(low: float, high: float) -> Law:
    if not (low <= high and floor(low) == low and floor(high) == high):
        raise ValueError(f"`integer` needs whole bounds in ascending order, not {low:g}, {high:g}")
    size = int(high - low) + 1
    return [(low + step, 1.0 / size) for step in range(min(size, MOST_VALUES + 1))]


def binomial(n: float, p: float) -> Law:
    """How many hits there are in `n` trials, each with probability `p`."""
    if not (n >= 0.0 and floor(n) == n and 0.0 <= p <= 1.0):
        raise ValueError(f"`binomial` needs whole trials and a probability, not {n:g}, {p:g}")
    if n > MOST_VALUES:
        return [(0.0, 0.0)] * (MOST_VALUES + 1)
    return [(float(k), mass) for k, mass in enumerate(_shares(int(n), p)) if mass > 0.0]


def _shares(size: int, p: float) -> list[float]:
    """How probable each number of hits is, from the most probable number outwards.

    Numbers of combinations and powers of chances leave the range of floats where there are some
    thousand trials; their ratios from one number of hits to the next do not.
    """
    if p == 1.0:
        return [0.0] * size + [1.0]
    odds, mode = p / (1.0 - p), min(size, int((size + 1) * p))
    more = accumulate(
        range(mode, size), lambda mass, k: mass * odds * ((size - k) / (k + 1)), initial=1.0
    )
    fewer = accumulate(
        range(mode, 0, -1), lambda mass, k: mass / odds * (k / (size - k + 1)), initial=1.0
    )
    masses = [*list(fewer)[:0:-1], *more]
    total = fsum(masses)
    return [mass / total for mass in masses]


def _categorical(weights: list[float], spec: DrawSpec) -> Law:
    total = 0.0
    for weight in weights:
        if not 0.0 <= weight < inf:
            fault = f"draw `{spec.name}`: a weight is {weight:g}"
            raise EvaluationError(fault, spec.span)
        total += weight
    if not 0.0 < total < inf:
        raise EvaluationError(f"draw `{spec.name}`: the weights sum to {total:g}", spec.span)
    return [(float(place), one / total) for place, one in enumerate(weights) if one > 0.0]


_LAWS: dict[str, Callable[..., Law]] = {
    "bernoulli": _bernoulli,
    "integer": _integer,
    "binomial": binomial,
}


def draws_of(kind: EventKind) -> Iterator[tuple[str, tuple[DrawSpec, ...]]]:
    """The draws of each act of a kind, by the act's name."""
    yield kind.name, kind.draws
    for option in kind.options:
        yield f"{kind.name}.{option.name}", option.draws
