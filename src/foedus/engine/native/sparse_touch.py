"""Who must know of a change, where there are many instances: the lists of dirty clocks.

A set bit of `dirty_all` stands for every instance of a kind. Instances that read single cells are
noted one by one in the list of their crew: the kinds that are looked at together. A set bit of
`dirty_some` stands for a crew whose list is not empty, a byte of its marks for what stands in it.
"""

from __future__ import annotations

import numpy as np

from foedus.engine.links import BlockReaders, Link, Links
from foedus.engine.native.bits import each_bit, note_bits, words_for
from foedus.engine.native.clockwork import (
    at_instance,
    change_hazard,
    hazard_of,
    inlined,
    instances_of,
    is_enabled,
)
from foedus.engine.native.expressions import Emission
from foedus.engine.native.ir import Function, each_in_row
from foedus.engine.native.kept import Follower
from foedus.engine.native.observers import note_stale
from foedus.expr.tree import Group
from foedus.frozen import dataclass
from foedus.jump.model import EventKind, Rate

Crew = tuple[tuple[int, bool], ...]
"""Kinds (by number) with equally many instances, and whether a change can turn them on or off."""


@dataclass(frozen=True, slots=True)
class LinkNetwork:
    """Who reads what, which instance of each kind is the first, and how many there are in all."""

    links: Links
    first_of: tuple[int, ...]
    instances: int

    @property
    def kind_of(self) -> range:
        """As many entries as there are instances."""
        return range(self.instances)

    def kind_at(self, code: Function, instance: str) -> str:
        """The number of an instance's kind: how many kinds begin at or before it, less one."""
        number = "0"
        for first in self.first_of[1:]:
            after = code.let(f"icmp sge i64 {instance}, {first}")
            number = code.let(f"add i64 {number}, {code.let(f'zext i1 {after} to i64')}")
        return number

    @property
    def crews(self) -> tuple[Crew, ...]:
        """Those who are looked at together, each once."""
        blocks = [*self.links.state.values(), *self.links.counters.values()]
        return tuple(dict.fromkeys(link.kinds for block in blocks for link in block.links))


def add_lists(shared: Emission, network: LinkNetwork) -> None:
    """Room for what is dirty and stale."""
    memory, kinds = shared.memory, shared.model.kinds
    memory.add("dirty_all", "i64", words_for(len(kinds)))
    memory.add("dirty_some", "i64", words_for(len(network.crews)))
    memory.add("dirty_count", "i64", len(network.crews))
    for number, crew in enumerate(network.crews):
        count = instances_of(kinds[crew[0][0]])
        memory.add(f"dirty_list{number}", "i32", count)


def marks(shared: Emission, network: LinkNetwork) -> dict[tuple[Group, ...], list[str]]:
    """The names of the marks of crews, by the groups that their kinds are indexed by."""
    found: dict[tuple[Group, ...], list[str]] = {}
    for number, crew in enumerate(network.crews):
        groups = shared.model.kinds[crew[0][0]].groups
        found.setdefault(groups, []).append(f"dirty_mark{number}")
    return found


def reset_lists(shared: Emission, network: LinkNetwork, code: Function) -> None:
    """Nothing is dirty."""
    for name in ("dirty_all", "dirty_some", "dirty_count"):
        shared.memory.fill(code, name, "0")
    for number in range(len(network.crews)):
        shared.memory.fill(code, f"dirty_mark{number}", "0")


def emit_touch(shared: Emission, network: LinkNetwork) -> None:
    """`@f_touch_NAME(ctx, cell)`: note the clocks and questions that read a cell."""
    links, layout, sparse = network.links, shared.layout, shared.sparse
    assert sparse is not None
    for number, (name, block) in enumerate(layout.variables.items()):
        code = shared.function(f"@f_touch_v{number}", ("i64", "%cell"))
        if block.count:
            at = code.let(f"sub i64 %cell, {block.first}")
            followers = sparse.kept.emit_update(shared, code, name, at)
            _touch(shared, code, network, links.state[name], at, followers)
        code.finish()
    for number, (name, block) in enumerate(layout.counters.items()):
        code = shared.function(f"@f_touch_c{number}", ("i64", "%cell"))
        if block.count:
            at = code.let(f"sub i64 %cell, {block.first}")
            _touch(shared, code, network, links.counters[name], at, [])
        code.finish()


def _touch(
    shared: Emission, code: Function, network: LinkNetwork, readers: BlockReaders, at: str,
    followers: list[Follower],
) -> None:  # fmt: skip
    note_bits(shared, code, "dirty_all", readers.everywhere)
    note_stale(shared, code, readers.monitors)
    for link in readers.links:
        crew = network.crews.index(link.kinds)
        if link.starts is None or link.orders is None:
            _note(shared, code, crew, at)
            continue
        together = [one for one in followers if _is_alike(link, one)]
        followers = [one for one in followers if not _is_alike(link, one)]
        with each_in_row(code, link.starts, link.orders, at) as order:
            for one in together:
                one.emit(shared, code, order)
            _note(shared, code, crew, order)
    for one in followers:
        with each_in_row(code, one.ties.starts, one.ties.members, at) as member:
            one.emit(shared, code, member)


def _is_alike(link: Link, one: Follower) -> bool:
    """Whether those who read a cell are those whose count it is in."""
    if link.starts is None or link.orders is None:
        return False
    same_rows = np.array_equal(link.starts, one.ties.starts)
    return same_rows and np.array_equal(link.orders, one.ties.members)


def _note(shared: Emission, code: Function, crew: int, order: str) -> None:
    """Put an instance on the list of a crew, once."""
    memory = shared.memory
    mark = memory.load(code, f"dirty_mark{crew}", order)
    with code.when(code.let(f"icmp eq i8 {mark}, 0")):
        memory.store(code, f"dirty_mark{crew}", "1", order)
        count = memory.load(code, "dirty_count", crew)
        narrow = code.let(f"trunc i64 {order} to i32")
        memory.store(code, f"dirty_list{crew}", narrow, count)
        memory.store(code, "dirty_count", code.let(f"add i64 {count}, 1"), crew)
        note_bits(shared, code, "dirty_some", [crew])


def emit_rerate(shared: Emission, number: int, kind: EventKind, first: int) -> None:
    """`@f_rerate{n}(ctx, order)`: for an instance whose hazard may have changed but not its guard.

    A clock that is off is left alone: its hazard is 0.
    """
    attributes = inlined(shared)
    code = shared.function(f"@f_rerate{number}", ("i64", "%order"), attributes=attributes)
    if isinstance(kind.timing, Rate):
        place = at_instance(shared, code, kind, "%order")
        instance = code.let(f"add i64 %order, {first}")
        with code.when(is_enabled(place, kind, instance)):
            new = hazard_of(place, kind.timing)
            old = shared.memory.load(code, "hazard", instance)
            with code.when(code.let(f"fcmp une double {new}, {old}")):
                change_hazard(place, kind, instance, new, "%order")
    code.finish()


def emit_settle(shared: Emission, network: LinkNetwork) -> None:
    """`@f_settle(ctx)`: bring every clock up to date that reads what has changed."""
    code = shared.function("@f_settle")
    kinds, crews = shared.model.kinds, network.crews

    def every(number: int) -> None:
        code.do(f"call void @f_refresh_all{number}(ptr %ctx)")

    def some(number: int) -> None:
        _settle_crew(shared, code, number, crews[number])

    for word in range(words_for(len(kinds))):
        each_bit(shared, code, "dirty_all", word, len(kinds), every)
    for word in range(words_for(len(crews))):
        each_bit(shared, code, "dirty_some", word, len(crews), some)
    code.finish()


def _settle_crew(shared: Emission, code: Function, number: int, crew: Crew) -> None:
    memory = shared.memory
    count = memory.load(code, "dirty_count", number)
    memory.store(code, "dirty_count", "0", number)
    with code.count_up("0", count) as place:
        order = code.let(f"zext i32 {memory.load(code, f'dirty_list{number}', place)} to i64")
        memory.store(code, f"dirty_mark{number}", "0", order)
        for kind, may_switch in crew:
            name = "refresh" if may_switch else "rerate"
            code.do(f"call void @f_{name}{kind}(ptr %ctx, i64 {order})")
