"""Who reads what: which clocks and questions to look at again after a change.

A clock that reads a variable at its own index, at the indices related to it, or at a named index
depends on those cells only; one that counts over a whole group, or finds the index at run time,
depends on the variable everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from foedus.engine.layout import Block, Layout
from foedus.engine.timing import Instance
from foedus.expr import tree
from foedus.jump.model import Dated, Each, EventKind, JumpModel, Monitor, Rate

Find = Callable[[Mapping[str, int]], Iterable[int]]
"""Gives the positions that an index can take, from the index of the instance."""

Bound = Mapping[str, Find | None]
"""What the bound names stand for; None is the whole of a group."""


@dataclass(frozen=True, slots=True)
class Read:
    """A variable, or the counter of an event, that is read: at some cells, or (None) everywhere."""

    name: str
    is_counter: bool
    at: tuple[Find, ...] | None


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads each cell. `everywhere` and `monitors` are those who read its whole block."""

    everywhere: tuple[tuple[int, ...], ...]
    single: dict[int, tuple[int, ...]]
    monitors: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The readers of the state's cells, of the counters' cells, and of the time.

    `clocks_on_time` are looked at whenever an instant begins. Held rates are not among them: their
    guards see the time at their own ticks, so that no event elsewhere can move them.
    """

    state: Readers
    counters: Readers
    clocks_on_time: tuple[int, ...]
    monitors_on_time: tuple[int, ...]


def find_dependencies(
    model: JumpModel,
    layout: Layout,
    instances: tuple[Instance, ...],
    weighing: frozenset[int] = frozenset(),
) -> Dependencies:
    """Who reads what in a model.

    `weighing` are numbers of kinds whose actors' options are weighed all the time, not only when
    they act: their clocks read the options' guards and utilities, too.
    """
    looked_at = [
        (*_clock_expressions(kind), *(_option_expressions(kind) if number in weighing else ()))
        for number, kind in enumerate(model.kinds)
    ]
    by_kind = [
        tuple(_read_by_clock(kind, nodes, layout))
        for kind, nodes in zip(model.kinds, looked_at, strict=True)
    ]
    by_monitor = [tuple(_read_by_monitor(monitor, layout)) for monitor in model.monitors]
    on_time = [
        _any_time(*(nodes[1:] if _is_held(kind) else nodes))
        for kind, nodes in zip(model.kinds, looked_at, strict=True)
    ]
    return Dependencies(
        _readers(layout.variables, False, instances, by_kind, by_monitor),
        _readers(layout.counters, True, instances, by_kind, by_monitor),
        tuple(one.number for one in instances if on_time[one.kind_number]),
        tuple(
            number
            for number, monitor in enumerate(model.monitors)
            if _any_time(monitor.expression, monitor.origin)
        ),
    )


def _clock_expressions(kind: EventKind) -> tuple[tree.Expression | None, ...]:
    """What the clock of a kind reads between its ticks: its guard, and its hazard unless held."""
    if isinstance(kind.timing, Dated | Each):
        return ()
    if isinstance(kind.timing, Rate) and not _is_held(kind):
        return kind.guard, kind.timing.hazard
    return (kind.guard,)


def _option_expressions(kind: EventKind) -> tuple[tree.Expression | None, ...]:
    found: list[tree.Expression | None] = []
    for option in kind.options:
        found.extend((option.guard, option.utility))
    return tuple(found)


def _is_held(kind: EventKind) -> bool:
    return isinstance(kind.timing, Rate) and kind.timing.every is not None


def _any_time(*nodes: tree.Expression | None) -> bool:
    return any(
        isinstance(inner, tree.Time | tree.Since)
        for node in nodes
        if node is not None
        for inner in tree.walk(node)
    )


def _read_by_clock(
    kind: EventKind, looked_at: tuple[tree.Expression | None, ...], layout: Layout
) -> Iterator[Read]:
    own: dict[str, Find | None] = {name: _own(name) for name in kind.index_names}
    for node in looked_at:
        if node is not None:
            yield from _reads(node, own, layout)


def _read_by_monitor(monitor: Monitor, layout: Layout) -> Iterator[Read]:
    for node in (monitor.expression, monitor.origin):
        if node is not None:
            yield from _reads(node, {}, layout)


def _reads(node: tree.Expression, bound: Bound, layout: Layout) -> Iterator[Read]:
    if isinstance(node, tree.Variable):
        yield Read(node.name, False, _places(node.indices, bound, layout))
    elif isinstance(node, tree.Firings | tree.Since):
        yield Read(node.kind, True, _places(node.indices, bound, layout))
    inside = bound
    if isinstance(node, tree.Quantifier):
        inside = {**bound, node.variable: _domain(node.domain, bound, layout)}
    for child in tree.children(node):
        yield from _reads(child, inside, layout)


# Where an index can point ------------------------------------------------------------------------


def _places(
    indices: tuple[tree.Expression, ...], bound: Bound, layout: Layout
) -> tuple[Find, ...] | None:
    found = [_place(index, bound, layout) for index in indices]
    known = tuple(find for find in found if find is not None)
    return known if len(known) == len(found) else None


def _place(index: tree.Expression, bound: Bound, layout: Layout) -> Find | None:
    if isinstance(index, tree.IndexVariable):
        return bound.get(index.name)
    if isinstance(index, tree.Position) and isinstance(index.value, tree.LabelValue):
        label, group = index.value.label, index.group
        fixed = [place for place in range(group.size) if group.label(place) == label]
        return lambda binding: fixed
    return None


def _domain(domain: tree.Domain, bound: Bound, layout: Layout) -> Find | None:
    if isinstance(domain, tree.GroupDomain):
        return None
    inner = _place(domain.index, bound, layout)
    if inner is None:
        return None
    neighbours = layout.relations[domain.relation].neighbours
    return lambda binding: [place for start in inner(binding) for place in neighbours[start]]


def _own(name: str) -> Find:
    return lambda binding: (binding[name],)


# Tables ------------------------------------------------------------------------------------------


def _readers(
    blocks: dict[str, Block],
    is_counter: bool,
    instances: tuple[Instance, ...],
    by_kind: list[tuple[Read, ...]],
    by_monitor: list[tuple[Read, ...]],
) -> Readers:
    everywhere: dict[str, dict[int, None]] = {name: {} for name in blocks}
    single: dict[int, dict[int, None]] = {}
    for instance in instances:
        binding = dict(instance.binding)
        for read in by_kind[instance.kind_number]:
            if read.is_counter != is_counter:
                continue
            if read.at is None:
                everywhere[read.name][instance.number] = None
                continue
            for cell in _cells(blocks[read.name], [find(binding) for find in read.at]):
                single.setdefault(cell, {})[instance.number] = None
    watching = {
        name: tuple(
            number
            for number, reads in enumerate(by_monitor)
            if any(read.name == name and read.is_counter == is_counter for read in reads)
        )
        for name in blocks
    }
    clocks = {name: tuple(numbers) for name, numbers in everywhere.items()}
    return Readers(
        tuple(clocks[name] for name, block in blocks.items() for _ in block.cells),
        {cell: tuple(numbers) for cell, numbers in single.items()},
        tuple(watching[name] for name, block in blocks.items() for _ in block.cells),
    )


def _cells(block: Block, places: list[Iterable[int]]) -> Iterator[int]:
    for place in product(*places):
        offset = 0
        for position, size in zip(place, block.sizes, strict=True):
            offset = offset * size + position
        yield block.first + offset
