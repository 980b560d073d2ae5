"""A jump model made ready to run: labels numbered, functions built, dependencies and keys found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from foedus.engine import clocks
from foedus.engine.arithmetic import Evaluate
from foedus.engine.closures import Names, condition
from foedus.engine.dependencies import Dependencies, find_dependencies
from foedus.engine.firing import Deed, prepare_deed
from foedus.engine.layout import labels_at, lay_out, places
from foedus.engine.monitors import PreparedMonitor, prepare_monitor
from foedus.engine.start import PreparedStart, prepare_start
from foedus.engine.timing import Instance, Refresh, clock_maker
from foedus.frozen import dataclass
from foedus.jump.model import Dated, Each, JumpModel, Rate

DATED, FORCED, EACH, TICK = 0, 1, 2, 3
"""The order of what stands in the calendar at one instant; ticks come after all events."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A model with everything that does not change from run to run.

    `instances` stand in file order, then index order; `refreshers` belong to them, `guards` and
    `deeds` to the kinds. `plans` keeps interventions and watches that were prepared before.
    """

    model: JumpModel
    names: Names
    starts: tuple[PreparedStart, ...]
    instances: tuple[Instance, ...]
    by_kind: dict[str, tuple[Instance, ...]]
    refreshers: tuple[Refresh, ...]
    guards: tuple[Evaluate | None, ...]
    deeds: tuple[Deed, ...]
    dependencies: Dependencies
    calendar: tuple[tuple[float, int, int, int], ...]
    monitors: tuple[PreparedMonitor, ...]
    plans: dict[object, object] = field(default_factory=dict)


def prepare(model: JumpModel, is_checked: bool = False) -> Prepared:
    """Make `model` ready for `simulate_run`; do it once for many runs.

    With `is_checked`, an operation whose result is not a number is a fault: otherwise only its
    consequences are, such as a hazard that is none.
    Raises `ClockCollision` if two labels would share their noise.
    """
    names = Names(lay_out(model), is_checked=is_checked)
    by_kind = _instances(model, names)
    instances = tuple(one for group in by_kind.values() for one in group)
    variables = {spec.name: spec for spec in model.variables}
    makers = [clock_maker(kind, names) for kind in model.kinds]
    deeds = tuple(prepare_deed(kind, by_kind[kind.name], variables, names) for kind in model.kinds)
    clocks.verify_labels(names.layout.keys)
    return Prepared(
        model=model,
        names=names,
        starts=tuple(prepare_start(spec, names) for spec in model.variables),
        instances=instances,
        by_kind=by_kind,
        refreshers=tuple(makers[one.kind_number](one) for one in instances),
        guards=tuple(condition(kind.guard, names) for kind in model.kinds),
        deeds=deeds,
        dependencies=find_dependencies(model, names.layout, instances),
        calendar=tuple(_calendar(model)),
        monitors=tuple(prepare_monitor(monitor, names) for monitor in model.monitors),
    )


def _instances(model: JumpModel, names: Names) -> dict[str, tuple[Instance, ...]]:
    by_kind: dict[str, tuple[Instance, ...]] = {}
    first = 0
    for kind_number, kind in enumerate(model.kinds):
        made = []
        for order, place in enumerate(places(kind.groups)):
            labels = labels_at(kind.groups, place)
            binding = tuple(zip(kind.index_names, place, strict=True))
            key = names.layout.key(kind.name, labels, "clock")
            made.append(Instance(first + order, order, kind, kind_number, labels, binding, key))
        by_kind[kind.name] = tuple(made)
        first += len(made)
    return by_kind


def _calendar(model: JumpModel) -> Iterator[tuple[float, int, int, int]]:
    """The first entry of all that has times of its own: (time, phase, kind number, occurrence)."""
    for number, kind in enumerate(model.kinds):
        timing = kind.timing
        if isinstance(timing, Dated):
            for occurrence, time in enumerate(timing.times):
                yield time, DATED, number, occurrence
        elif isinstance(timing, Each):
            yield timing.step, EACH, number, 1
        elif isinstance(timing, Rate) and timing.every is not None:
            yield timing.every, TICK, number, 1
