"""The state at some times in courses that agree with a record, seen and unseen alike.

Courses are run again with a question for each number of the state at each time; questions touch no
noise, so that they are the same courses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import prod

import numpy as np

from foedus.engine.layout import lay_out, places
from foedus.expr.tree import BOOLEAN, PLAIN, Expression, LabelType, LabelValue, Position, Variable
from foedus.infer.likelihood.record_target import Conditioned, RecordTarget
from foedus.infer.particles.population import Population
from foedus.infer.particles.weights import Numbers
from foedus.jump.model import JumpModel, Monitor, MonitorKind, VariableSpec
from foedus.jump.record import Record

Start = Callable[[JumpModel, Record], Conditioned]

LARGEST = 200
"""A variable of more numbers than these is not looked at: a crowd is no reading matter."""


def looked_at(model: JumpModel) -> tuple[VariableSpec, ...]:
    """The variables that `course_of` tells of."""
    return tuple(
        spec for spec in model.variables if prod(one.size for one in spec.groups) <= LARGEST
    )


def course_of(
    target: RecordTarget, drawn: Population, times: Sequence[float], start: Start
) -> dict[str, Numbers]:
    """The state of each particle's course at some times: by variable, (particle, time, *index).

    Labels are numbered as in the variable's own list. `start` makes an engine ready, once more.
    """
    specs = looked_at(target.model)
    if not times:
        return {}
    monitors = tuple(_monitors(specs, times))
    model = replace(target.model, monitors=monitors)
    watched = replace(
        target, model=model, engine=start(model, target.record), _blocks={}, _used={}
    )  # fmt: skip
    end = max(times, default=0.0)
    values = drawn.each(lambda atom, few: watched.runs(atom, few, watched.stages[-1], end).values)
    found, first = {}, 0
    for spec in specs:
        sizes = [group.size for group in spec.groups]
        last = first + len(times) * prod(sizes)
        block = values[:, first:last].reshape(-1, len(times), *sizes)
        found[spec.name] = _own_numbers(block, spec, target.model) if spec.labels else block
        first = last
    return found


def _monitors(specs: Sequence[VariableSpec], times: Sequence[float]) -> Iterator[Monitor]:
    """A question for each number: variable by variable, time by time, index by index."""
    for spec in specs:
        for time in times:
            for cell in cells_of(spec):
                kind: MonitorKind = "probability" if spec.kind == "flag" else "mean"
                yield Monitor(spec.name, kind, cell, time, 0.0, time)


def cells_of(spec: VariableSpec) -> Iterator[Expression]:
    """The variable at each index, row by row."""
    kind = BOOLEAN if spec.kind == "flag" else PLAIN
    for place in places(spec.groups):
        indices = tuple(
            Position(
                group,
                LabelValue(
                    group.label(index), LabelType(group.labels, None if group.labels else group)
                ),
            )
            for group, index in zip(spec.groups, place, strict=True)
        )
        yield Variable(spec.name, indices, LabelType(spec.labels) if spec.labels else kind)


def _own_numbers(block: Numbers, spec: VariableSpec, model: JumpModel) -> Numbers:
    """Labels by their places in the variable's list instead of the model's; nan stays."""
    numbers = [lay_out(model).label_number(label) for label in spec.labels]
    found = np.full(block.shape, np.nan)
    for own, number in enumerate(numbers):
        found[block == number] = own
    return found
