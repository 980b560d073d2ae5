"""Which instances read which cells, as arrays: the pattern of dependence of a model.

A clock that reads a variable at its own index, at the indices related to it, or at a named index
depends on those cells only; one that counts over a whole group, or finds the index at run time,
depends on the variable everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from foedus.engine.layout import Block, Layout
from foedus.expr import tree
from foedus.frozen import dataclass
from foedus.jump.model import Dated, Each, EventKind, JumpModel, Monitor, Rate
from foedus.jump.ties import ties_of

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """Instances that read single cells of a block, for each of some kinds the same ones.

    The cell at place `c` of its block is read by the instances `orders[starts[c]:starts[c + 1]]` of
    each kind; where both are None, by the instance of the cell's own place. `kinds` says of each
    kind (by number) whether its guard reads the cell, or its hazard alone.
    """

    kinds: tuple[tuple[int, bool], ...]
    starts: Positions | None
    orders: Positions | None


@dataclass(frozen=True, slots=True)
class BlockReaders:
    """Who reads a block: kinds with all their instances, single instances, questions."""

    everywhere: tuple[int, ...]
    links: tuple[Link, ...]
    monitors: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Links:
    """The readers of each variable and of each counter, by name, and of the time.

    `kinds_on_time` are looked at whenever an instant begins. Held rates are not among them: their
    guards see the time at their own ticks, so that no event elsewhere can move them.
    """

    state: dict[str, BlockReaders]
    counters: dict[str, BlockReaders]
    kinds_on_time: tuple[int, ...]
    monitors_on_time: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Where an index points: pairs of an instance's order and a position, by order ascending.

    `orders`, `positions` : int64 (pair,).
    """

    orders: Positions
    positions: Positions


Bound = Mapping[str, Spread | None]
"""What the bound names stand for; None is the whole of a group."""


@dataclass(frozen=True, slots=True)
class Read:
    """A variable, or the counter of an event, that is read: at some cells, or (None) everywhere."""

    name: str
    is_counter: bool
    at: tuple[Spread, ...] | None


def find_links(model: JumpModel, layout: Layout, weighing: frozenset[int] = frozenset()) -> Links:
    """Who reads what in a model.

    `weighing` are numbers of kinds whose actors' options are weighed all the time, not only when
    they act: their clocks read the options' guards and utilities, too.
    """
    finder = Finder(layout)
    looked_at = [_looked_at(kind, number in weighing) for number, kind in enumerate(model.kinds)]
    by_kind = [
        list(finder.read_by_clock(kind, nodes))
        for kind, nodes in zip(model.kinds, looked_at, strict=True)
    ]
    by_monitor = [{(one.name, one.is_counter) for one in _asked(m, finder)} for m in model.monitors]

    def readers(blocks: dict[str, Block], is_counter: bool) -> dict[str, BlockReaders]:
        return {
            name: _readers(model, block, by_kind, name, is_counter, tuple(
                number for number, reads in enumerate(by_monitor) if (name, is_counter) in reads
            ))
            for name, block in blocks.items()
        }  # fmt: skip

    return Links(
        readers(layout.variables, False),
        readers(layout.counters, True),
        tuple(
            number
            for number, (kind, nodes) in enumerate(zip(model.kinds, looked_at, strict=True))
            if _any_time(*(node for node, _ in (nodes[1:] if is_held(kind) else nodes)))
        ),
        tuple(
            number
            for number, monitor in enumerate(model.monitors)
            if _any_time(monitor.expression, monitor.origin)
        ),
    )


LookedAt = tuple[tuple[tree.Expression | None, bool], ...]
"""Expressions that a clock reads, and whether it must be looked at even while it is off."""


def _looked_at(kind: EventKind, is_weighing: bool) -> LookedAt:
    """What the clock of a kind reads between its ticks: its guard, and its hazard unless held."""
    found: list[tuple[tree.Expression | None, bool]] = []
    if not isinstance(kind.timing, Dated | Each):
        found.append((kind.guard, True))
    if isinstance(kind.timing, Rate) and not is_held(kind):
        found.append((kind.timing.hazard, False))
    if is_weighing:
        for option in kind.options:
            found += [(option.guard, True), (option.utility, True)]
    return tuple(found)


def is_held(kind: EventKind) -> bool:
    """Whether the kind's rate is held between ticks."""
    return isinstance(kind.timing, Rate) and kind.timing.every is not None


def _any_time(*nodes: tree.Expression | None) -> bool:
    return any(tree.mentions_time(node) for node in nodes if node is not None)


def _asked(monitor: Monitor, finder: Finder) -> Iterator[Read]:
    for node in (monitor.expression, monitor.origin):
        if node is not None:
            yield from finder.reads(node, {})


# Where an index can point ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds the cells that expressions read."""

    layout: Layout

    def read_by_clock(self, kind: EventKind, nodes: LookedAt) -> Iterator[tuple[bool, Read]]:
        """All that a kind's clock reads, and whether that counts while it is off."""
        own: dict[str, Spread | None] = {}
        orders = np.arange(prod(group.size for group in kind.groups), dtype=np.int64)
        rest = orders
        for name, group in reversed(list(zip(kind.index_names, kind.groups, strict=True))):
            own[name] = Spread(orders, rest % group.size)
            rest = rest // group.size
        for node, is_guard in nodes:
            if node is not None:
                yield from ((is_guard, read) for read in self.reads(node, own))

    def reads(self, node: tree.Expression, bound: Bound) -> Iterator[Read]:
        """All that an expression reads."""
        if isinstance(node, tree.Variable):
            yield Read(node.name, False, self._places(node.indices, bound))
        elif isinstance(node, tree.Firings | tree.Since):
            yield Read(node.kind, True, self._places(node.indices, bound))
        inside = bound
        if isinstance(node, tree.Quantifier):
            inside = {**bound, node.variable: self._domain(node.domain, bound)}
        for child in tree.children(node):
            yield from self.reads(child, inside)

    def _places(
        self, indices: tuple[tree.Expression, ...], bound: Bound
    ) -> tuple[Spread, ...] | None:
        found = [self._place(index, bound) for index in indices]
        known = tuple(spread for spread in found if spread is not None)
        return known if len(known) == len(found) else None

    def _place(self, index: tree.Expression, bound: Bound) -> Spread | None:
        if isinstance(index, tree.IndexVariable):
            return bound.get(index.name)
        if isinstance(index, tree.Position) and isinstance(index.value, tree.LabelValue):
            place = index.group.position(index.value.label)
            some = next((spread for spread in bound.values() if spread is not None), None)
            orders = np.zeros(1, np.int64) if some is None else _distinct(some.orders)
            if place is None:
                return Spread(orders[:0], orders[:0])
            return Spread(orders, np.full(len(orders), place, np.int64))
        return None

    def _domain(self, domain: tree.Domain, bound: Bound) -> Spread | None:
        if isinstance(domain, tree.GroupDomain):
            return None
        inner = self._place(domain.index, bound)
        if inner is None:
            return None
        ties = ties_of(self.layout.relations[domain.relation])
        counts = ties.counts[inner.positions]
        members = ties.members[ranges(ties.starts[inner.positions], counts)]
        return Spread(np.repeat(inner.orders, counts), members)


def ranges(starts: Positions, counts: Positions) -> Positions:
    """All whole numbers of some ranges, one range after the other."""
    ends = np.cumsum(counts)
    shift = np.repeat(starts - (ends - counts), counts)
    shift += np.arange(len(shift), dtype=np.int64)
    return shift


# Links -------------------------------------------------------------------------------------------


def _readers(
    model: JumpModel, block: Block, by_kind: list[list[tuple[bool, Read]]], name: str,
    is_counter: bool, monitors: tuple[int, ...],
) -> BlockReaders:  # fmt: skip
    everywhere: list[int] = []
    links: list[Link] = []
    for number, kind in enumerate(model.kinds):
        mine = [
            (is_guard, read.at)
            for is_guard, read in by_kind[number]
            if read.name == name and read.is_counter == is_counter
        ]
        if not mine:
            continue
        count = prod(group.size for group in kind.groups)
        if block.count == 1 or any(at is None for _, at in mine):
            everywhere.append(number)
            continue
        for is_guard in (True, False):
            pairs = [_pairs(block, at, count) for guard, at in mine if guard == is_guard and at]
            if pairs:
                links.append(_link((number, is_guard), block, np.concatenate(pairs), count))
    return BlockReaders(tuple(everywhere), tuple(_merged(links)), monitors)


def _pairs(block: Block, at: tuple[Spread, ...], count: int) -> Positions:
    """Pairs of a cell's place in its block and an order, as one number: place * count + order."""
    orders, cells = at[0].orders, at[0].positions
    for spread, size in zip(at[1:], block.sizes[1:], strict=True):
        starts = np.searchsorted(spread.orders, orders, "left")
        counts = np.searchsorted(spread.orders, orders, "right") - starts
        positions = spread.positions[ranges(starts, counts)]
        orders, cells = np.repeat(orders, counts), np.repeat(cells, counts) * size + positions
    return cells * count + orders


def _link(kind: tuple[int, bool], block: Block, pairs: Positions, count: int) -> Link:
    if len(pairs) == block.count == count and np.array_equal(
        pairs, np.arange(count, dtype=np.int64) * (count + 1)
    ):
        return Link((kind,), None, None)
    pairs = _distinct(pairs)
    starts = np.searchsorted(pairs, np.arange(block.count + 1, dtype=np.int64) * count)
    pairs %= count
    return Link((kind,), starts, pairs)


def _distinct(numbers: Positions) -> Positions:
    """Each number once, ascending."""
    ordered = np.sort(numbers)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))[: len(ordered)]]


def _merged(links: list[Link]) -> list[Link]:
    """Links with the same instances made one, for kinds with equally many."""
    merged: list[Link] = []
    for link in links:
        for place, one in enumerate(merged):
            if _is_same(one, link):
                merged[place] = replace(one, kinds=one.kinds + link.kinds)
                break
        else:
            merged.append(link)
    return merged


def _is_same(one: Link, other: Link) -> bool:
    if one.starts is None or other.starts is None or one.orders is None or other.orders is None:
        return one.starts is other.starts
    return np.array_equal(one.starts, other.starts) and np.array_equal(one.orders, other.orders)
