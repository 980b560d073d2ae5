"""Which parameters are uncertain where it matters, and how they are integrated out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from foedus.case.reads import expressions_of
from foedus.engine.layout import labels_at, places
from foedus.engine.world import Parameters
from foedus.exact.finite import SIMULATE
from foedus.exact.quadrature import MOST_PARAMETERS, Grid, Numbers, integrate
from foedus.exact.refusal import NotExactError
from foedus.exact.sharp import integrate_around_mode
from foedus.expr.prior import Fixed, Flag, Prior
from foedus.expr.tree import Component, Conditional, Expression, Not, Parameter, children
from foedus.frozen import dataclass
from foedus.jump.model import Atom, JumpModel, ParameterSpec


@dataclass(frozen=True, slots=True)
class Free:
    """A parameter, or one index of it, that is uncertain: its place among its values."""

    name: str
    place: int
    labels: tuple[str, ...]
    prior: Prior

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"{self.name}[{', '.join(self.labels)}]" if self.labels else self.name


@dataclass(frozen=True, slots=True)
class Known:
    """Parameter values, and which of them are free: `with_values` puts values in their place."""

    values: Mapping[str, tuple[float, ...]]
    free: tuple[Free, ...]
    indexed: frozenset[str]

    def with_values(self, values: Iterable[float]) -> Parameters:
        """All parameters, the free ones at these values."""
        cells = {name: list(one) for name, one in self.values.items()}
        for free, value in zip(self.free, values, strict=True):
            cells[free.name][free.place] = value
        return {name: one if name in self.indexed else one[0] for name, one in cells.items()}

    def values_in(self, theta: Parameters) -> tuple[float, ...]:
        """The values of the free ones, of which `with_values` makes `theta`."""
        found = [(theta[one.name], one.place) for one in self.free]
        return tuple(of[place] if isinstance(of, list) else of for of, place in found)


def known_parameters(
    model: JumpModel,
    atom: Atom,
    settings: Mapping[str, float | list[float]],
    used: Iterable[str] | None = None,
    more: Iterable[ParameterSpec] = (),
) -> Known:
    """The parameters in an atom. Of those in doubt only the `used` ones are free (those that the
    model reads in this atom if None); the others stand at their medians, which changes nothing.

    `more` are parameters that the model does not have.
    """
    names = frozenset(read_in(model, atom) if used is None else used)
    special = {spec.name: spec for spec in atom.parameters}
    values: dict[str, tuple[float, ...]] = {}
    free: list[Free] = []
    every = (*model.parameters, *more)
    for spec in every:
        cells = [labels_at(spec.groups, place) for place in places(spec.groups)]
        if spec.name in settings:
            given = settings[spec.name]
            one = tuple(given) if isinstance(given, list) else (float(given),) * len(cells)
            values[spec.name] = one
            continue
        prior = special.get(spec.name, spec).prior
        values[spec.name] = (prior.median,) * len(cells)
        if not isinstance(prior, Fixed) and spec.name in names:
            free.extend(Free(spec.name, place, one, prior) for place, one in enumerate(cells))
    indexed = frozenset(spec.name for spec in every if spec.groups)
    return Known(values, tuple(free), indexed)


def read_in(model: JumpModel, atom: Atom) -> frozenset[str]:
    """The parameters that the model's events, starts and questions read in an atom."""
    nodes: list[Expression | None] = [spec.start for spec in model.variables]
    for kind in model.kinds:
        if kind.gate is None or kind.gate in atom.components:
            nodes.extend(expressions_of(kind))
    for one in model.monitors:
        nodes += [one.expression, one.origin, one.given]
    return frozenset(
        part.name
        for node in nodes
        if node is not None
        for part in _parts_in(node, atom)
        if isinstance(part, Parameter)
    )


def _parts_in(node: Expression, atom: Atom) -> Iterator[Expression]:
    """A node and what is inside it, without what another atom alone would look at."""
    yield node
    if isinstance(node, Conditional):
        holds = _known(node.condition, atom)
        if holds is not None:
            yield from _parts_in(node.yes if holds else node.no, atom)
            return
    for child in children(node):
        yield from _parts_in(child, atom)


def _known(node: Expression, atom: Atom) -> bool | None:
    """Whether a condition on components holds; None for other conditions."""
    if isinstance(node, Component):
        return node.name in atom.components
    if isinstance(node, Not):
        inside = _known(node.value, atom)
        return None if inside is None else not inside
    return None


def verify_few(free: Iterable[Free]) -> None:
    """Raises `NotExactError` where more parameters are free than can be integrated out."""
    titles = [f"`{one.title}`" for one in free]
    if len(titles) > MOST_PARAMETERS:
        named = ", ".join(titles[:4]) + (", ..." if len(titles) > 4 else "")
        reason = f"{len(titles)} parameters are uncertain ({named}), not {MOST_PARAMETERS} or fewer"
        cure = f"fix the others with `--set NAME=VALUE`; or {SIMULATE}"
        raise NotExactError(reason, cure)


def over_logs(known: Known, evaluate: Callable[[Parameters], Numbers], *, is_sharp: bool) -> Grid:
    """The log of the mean of exp(`evaluate`) (result,) over the free parameters.

    `is_sharp` says that it may be much narrower than the prior, as with many cases.
    """
    priors = [one.prior for one in known.free]
    if not priors:
        only = evaluate(known.with_values(()))
        return Grid((), ((),), np.ones(1), only[None, :], only, np.zeros(only.size))
    if is_sharp and not any(isinstance(prior, Flag) for prior in priors):
        return integrate_around_mode(priors, lambda values: evaluate(known.with_values(values)))
    return integrate(priors, lambda values: evaluate(known.with_values(values)), are_logs=True)


def over(known: Known, evaluate: Callable[[Parameters], Numbers]) -> Grid:
    """`evaluate` (result,) integrated over the free parameters."""
    priors = [one.prior for one in known.free]
    if not priors:
        only = evaluate(known.with_values(()))
        return Grid((), ((),), np.ones(1), only[None, :], only, np.zeros(only.size))
    return integrate(priors, lambda values: evaluate(known.with_values(values)))
