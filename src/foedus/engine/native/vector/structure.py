"""What of a model can be done in lanes: its frequent events, and all that must follow them.

An instance is *frequent* if it has a plain rate, no draws and no options, and only moves numbers.
The cells that frequent events write are *hot*. Every clock whose rate reads a hot cell is
*followed*: its rate and its inner time are kept in the lanes. Guards, questions and conditions of
interventions that read hot cells are *watched*: a step that would turn one is left to the scalar
code. Everything else stands still between two rare events, and only the time of the next one
matters.

A frequent instance is struck off while something that would have to follow it cannot be worked out
in lanes.
"""

from __future__ import annotations

from collections.abc import Iterator

from foedus.case.reads import expressions_of
from foedus.engine.monitors import Watch
from foedus.engine.native.vector.reach import Reach
from foedus.engine.prepare import Prepared
from foedus.engine.timing import Instance
from foedus.expr import tree
from foedus.frozen import dataclass
from foedus.jump.model import EventKind, Immediate, Intervention, Monitor, Rate, Waiting

MOST_FOLLOWED = 40
MOST_FREQUENT = 16

LEAST_SHARE = 0.25
"""The share of a model's rate clocks that must be frequent for the lanes to be tried."""


@dataclass(frozen=True, slots=True)
class Structure:
    """The parts of a model that the lanes keep.

    `followed` begins with `frequent`; `hot` are cells of the state in ascending order; `guarded`
    are instances without a followed rate whose guards read hot cells; `questions` are numbers of
    monitors that look at hot cells while they are open; `conditions` are places of interventions.
    """

    frequent: tuple[Instance, ...]
    followed: tuple[Instance, ...]
    hot: tuple[int, ...]
    guarded: tuple[Instance, ...]
    questions: tuple[int, ...]
    conditions: tuple[int, ...]


def find_structure(
    prepared: Prepared, watch: Watch | None = None, interventions: tuple[Intervention, ...] = (),
    held: frozenset[str] = frozenset(),
) -> Structure | None:  # fmt: skip
    """The structure of a model; None where nothing frequent is left.

    `held` are kinds of which a record tells: their clocks follow more than the state.
    """
    if prepared.dependencies.clocks_on_time or _open_on_time(prepared):
        return None
    asked_since = _asked_since(prepared, watch, interventions)
    frequent = [
        one
        for one in prepared.instances
        if one.kind.name not in asked_since | held and _moves(one.kind, prepared)
    ][: MOST_FREQUENT + 1]
    while frequent:
        reach = Reach(
            prepared.names.layout, frozenset(_written(frequent, prepared)), _kinds(frequent)
        )
        kept = [
            one
            for one in frequent
            if not _moves_held(one, prepared, held)
            and _can_be_followed(one, prepared, reach, interventions)
        ]
        if len(kept) == len(frequent):
            return _structure(frequent, prepared, reach, interventions)
        frequent = kept
    return None


def is_worth_it(structure: Structure | None, prepared: Prepared) -> bool:
    """Whether a good part of a model's clocks are frequent."""
    rates = sum(isinstance(one.kind.timing, Rate) for one in prepared.instances)
    return structure is not None and len(structure.frequent) >= LEAST_SHARE * rates


def _kinds(instances: list[Instance]) -> frozenset[str]:
    return frozenset(one.kind.name for one in instances)


def _open_on_time(prepared: Prepared) -> bool:
    monitors = prepared.model.monitors
    return any(monitors[n].at is None for n in prepared.dependencies.monitors_on_time)


def _asked_since(
    prepared: Prepared, watch: Watch | None, interventions: tuple[Intervention, ...]
) -> set[str]:
    """Kinds whose last firing some expression asks for."""
    model, roots = prepared.model, list[tree.Expression | None]()
    for kind in model.kinds:
        roots += expressions_of(kind)
    for monitor in model.monitors:
        roots += [monitor.expression, monitor.origin, monitor.given]
    for change in interventions:
        roots += [change.condition, change.value, *(change.indices or ())]
    roots += () if watch is None else watch.expressions
    return {
        part.kind
        for root in roots
        if root is not None
        for part in tree.walk(root)
        if isinstance(part, tree.Since)
    }


def _moves(kind: EventKind, prepared: Prepared) -> bool:
    """Whether a kind only moves numbers, at a plain rate."""
    if not isinstance(kind.timing, Rate) or kind.timing.every is not None:
        return False
    if kind.options or kind.draws or not kind.effects:
        return False
    specs = {spec.name: spec for spec in prepared.model.variables}
    return all(
        not effect.loop
        and effect.condition is None
        and specs[effect.variable].kind in ("count", "share", "level")
        for effect in kind.effects
    )


def _written(instances: list[Instance], prepared: Prepared) -> Iterator[int]:
    reach = Reach(prepared.names.layout, frozenset(), frozenset())
    for one in instances:
        for effect in one.kind.effects:
            block = prepared.names.layout.variables[effect.variable]
            cell = reach.cell(block, effect.indices, dict(one.binding))
            yield from block.cells if cell is None else (cell,)


def _moves_held(one: Instance, prepared: Prepared, held: frozenset[str]) -> bool:
    """Whether a clock of which a record tells reads what an event changes."""
    readers = _readers(prepared, tuple(_written([one], prepared)), ())
    return any(reader.kind.name in held for reader in readers)


def _can_be_followed(
    one: Instance, prepared: Prepared, reach: Reach, interventions: tuple[Intervention, ...]
) -> bool:
    """Whether its effects, and all that reads what it changes, can be worked out in lanes."""
    layout, binding = prepared.names.layout, dict(one.binding)
    for effect in one.kind.effects:
        block = layout.variables[effect.variable]
        if reach.cell(block, effect.indices, binding) is None:
            return False
        if not reach.covers(effect.value, binding):
            return False
    counter = layout.counters[one.kind.name].first + one.order
    return (
        not list(_readers(prepared, (), (counter,)))
        and all(
            reach.covers(root, dict(reader.binding))
            for reader in (one, *_readers(prepared, tuple(_written([one], prepared)), ()))
            for root in clock_roots(reader)
        )
        and all(
            reach.covers(root, {})
            for monitor in _watching(prepared, tuple(_written([one], prepared)), (counter,))
            for root in monitor_roots(prepared.model.monitors[monitor])
        )
        and all(
            reach.covers(change.condition, {})
            for change in interventions
            if change.condition is not None
        )
    )


def clock_roots(instance: Instance) -> tuple[tree.Expression, ...]:
    """What the clock of an instance reads between ticks: its guard, and its rate unless held."""
    timing = instance.kind.timing
    found = [instance.kind.guard]
    if isinstance(timing, Rate) and timing.every is None:
        found.append(timing.hazard)
    return tuple(root for root in found if root is not None)


def monitor_roots(monitor: Monitor) -> tuple[tree.Expression, ...]:
    """What a question reads while it is open."""
    return tuple(root for root in (monitor.expression, monitor.origin) if root is not None)


def _readers(
    prepared: Prepared, cells: tuple[int, ...], counters: tuple[int, ...]
) -> Iterator[Instance]:
    for readers, places in (
        (prepared.dependencies.state, cells),
        (prepared.dependencies.counters, counters),
    ):
        for place in places:
            for number in (*readers.everywhere[place], *readers.single.get(place, ())):
                if isinstance(prepared.instances[number].kind.timing, Rate | Waiting | Immediate):
                    yield prepared.instances[number]


def _watching(
    prepared: Prepared, cells: tuple[int, ...], counters: tuple[int, ...]
) -> Iterator[int]:
    """Questions that may be open between two events; those asked at one time look then only."""
    for readers, places in (
        (prepared.dependencies.state, cells),
        (prepared.dependencies.counters, counters),
    ):
        for place in places:
            for number in readers.monitors[place]:
                if prepared.model.monitors[number].at is None:
                    yield number


def _structure(
    frequent: list[Instance],
    prepared: Prepared,
    reach: Reach,
    interventions: tuple[Intervention, ...],
) -> Structure | None:
    hot = tuple(sorted(reach.hot))
    readers = {one.number: one for one in _readers(prepared, hot, ())}
    chosen = {one.number for one in frequent}
    others = [readers[number] for number in sorted(readers) if number not in chosen]
    plain = [one for one in others if _has_plain_rate(one)]
    followed = (*frequent, *plain)
    if len(followed) > MOST_FOLLOWED or len(frequent) > MOST_FREQUENT:
        return None
    return Structure(
        tuple(frequent),
        followed,
        hot,
        tuple(one for one in others if not _has_plain_rate(one)),
        tuple(sorted(set(_watching(prepared, hot, ())))),
        tuple(
            place
            for place, change in enumerate(interventions)
            if change.condition is not None and not reach.is_still(change.condition, {})
        ),
    )


def _has_plain_rate(one: Instance) -> bool:
    return isinstance(one.kind.timing, Rate) and one.kind.timing.every is None
