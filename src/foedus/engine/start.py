"""How a run begins: parameters, components, and the state at time zero."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from math import prod
from typing import TypeAlias

from foedus.engine.arithmetic import Evaluate
from foedus.engine.closures import Names, evaluator
from foedus.engine.failure import EvaluationError
from foedus.engine.firing import landing_check
from foedus.engine.layout import labels_at, places
from foedus.engine.world import Parameters, World
from foedus.frozen import dataclass
from foedus.jump.model import JumpModel, VariableSpec

Theta: TypeAlias = "Parameters | array[float]"
"""Parameter values by name, or flat: cell by cell in the order of the model."""


@dataclass(frozen=True, slots=True, eq=False)
class PreparedStart:
    """How one variable starts. The bindings are those of its cells, in order."""

    spec: VariableSpec
    value: Evaluate
    check: Callable[[float], float]
    bindings: tuple[tuple[tuple[str, int], ...], ...]


def prepare_start(spec: VariableSpec, names: Names) -> PreparedStart:
    """The functions that give a variable its start values."""
    return PreparedStart(
        spec,
        evaluator(spec.start, names),
        landing_check(spec, spec.start.span or spec.span, names),
        tuple(tuple(zip(spec.index_names, place, strict=True)) for place in places(spec.groups)),
    )


def start_state(starts: tuple[PreparedStart, ...], world: World) -> None:
    """Give every variable its start value."""
    for start in starts:
        for binding in start.bindings:
            world.bound.update(binding)
            try:
                world.values.append(start.check(start.value(world)))
            except EvaluationError as fault:
                labels = labels_at(start.spec.groups, tuple(place for _, place in binding))
                index = f"[{', '.join(labels)}]" if labels else ""
                raise fault.about(f"start of `{start.spec.name}{index}`") from None


def flat_parameters(model: JumpModel, theta: Theta) -> list[float]:
    """Parameter values cell by cell; a flat row stays as it is.

    Raises `ValueError` where `theta` lacks a parameter or has the wrong number of values for it.
    """
    if isinstance(theta, array):
        return theta.tolist()
    flat: list[float] = []
    for spec in model.parameters:
        cells = 1
        for group in spec.groups:
            cells *= group.size
        if spec.name not in theta:
            raise ValueError(f"no value for the parameter `{spec.name}`")
        value = theta[spec.name]
        values = list(value) if isinstance(value, list | tuple) else [value] * cells
        if len(values) != cells:
            raise ValueError(f"`{spec.name}` needs {cells} values, not {len(values)}")
        flat.extend(float(one) for one in values)
    return flat


def named_parameters(model: JumpModel, theta: Theta) -> Parameters:
    """Parameter values by name, from a flat row."""
    if not isinstance(theta, array):
        return theta
    named: Parameters = {}
    first = 0
    for spec in model.parameters:
        count = prod(group.size for group in spec.groups)
        values = [float(one) for one in theta[first : first + count]]
        named[spec.name] = values if spec.groups else values[0]
        first += count
    return named
