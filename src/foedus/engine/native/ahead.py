"""What an event will read and change, fetched from memory some cells before it comes up.

With hundreds of thousands of instances nothing that an event needs is at hand, and what it needs is
known only step by step: the instance, those who read what it changes, their clocks. Each step is
taken a cell or two ahead of the one before it, so that no event waits. Nothing is changed by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from foedus.engine.native.clockwork import at_instance, instances_of
from foedus.engine.native.ir import Function, each_in_row
from foedus.engine.native.place import condition
from foedus.engine.native.wheel import CLOCKS, OWN, READERS
from foedus.expr import tree
from foedus.jump.model import EventKind

if TYPE_CHECKING:
    from foedus.engine.links import Link
    from foedus.engine.native.place import Emission
    from foedus.engine.native.sparse_touch import LinkNetwork


def emit_ahead(shared: Emission, network: LinkNetwork) -> None:
    """`@f_w_ahead{cells}(ctx, instance)`: fetch what an instance will need."""
    bodies: dict[int, Callable[[Emission, LinkNetwork, Function, EventKind, str], None]] = {
        OWN: _fetch_own, READERS: _fetch_readers, CLOCKS: _fetch_clocks,
    }  # fmt: skip
    kinds = list(zip(shared.model.kinds, network.first_of, strict=True))
    for cells, body in bodies.items():
        code = shared.function(f"@f_w_ahead{cells}", ("i64", "%i"))
        for kind, first in kinds:
            if not any(link.starts is not None for _, link in _changed(network, kind)):
                continue
            order = code.let(f"sub i64 %i, {first}")
            with code.when(code.let(f"icmp ult i64 {order}, {instances_of(kind)}")):
                body(shared, network, code, kind, order)
        code.finish()


def _changed(network: LinkNetwork, kind: EventKind) -> Iterator[tuple[str, Link]]:
    """Variables that an event changes at its own index, with who reads single cells of them."""
    for effect in kind.effects:
        names = tuple(
            index.name for index in effect.indices if isinstance(index, tree.IndexVariable)
        )
        if not effect.loop and names == kind.index_names:
            for link in network.links.state[effect.variable].links:
                yield effect.variable, link


def _fetch_own(
    shared: Emission, network: LinkNetwork, code: Function, kind: EventKind, order: str
) -> None:
    for variable, link in _changed(network, kind):
        code.fetch(shared.memory.cell(code, f"value {variable}", order))
        if link.starts is not None and link.orders is not None:
            code.fetch(code.entry(link.orders, code.lookup("i64", link.starts, order)))
            continue
        for number, _ in link.kinds:
            instance = code.let(f"add i64 {order}, {network.first_of[number]}")
            code.fetch(shared.memory.cell(code, "ring", instance))


def _each_reader(
    shared: Emission, network: LinkNetwork, code: Function, kind: EventKind, order: str
) -> Iterator[tuple[Link, str]]:
    for _, link in _changed(network, kind):
        if link.starts is None or link.orders is None:
            continue
        with each_in_row(code, link.starts, link.orders, order) as reader:
            yield link, reader


def _fetch_readers(
    shared: Emission, network: LinkNetwork, code: Function, kind: EventKind, order: str
) -> None:
    """The state of readers, by the first variable of each kind's guard or the first there is."""
    for link, reader in _each_reader(shared, network, code, kind, order):
        for number, _ in link.kinds[:1]:
            groups = shared.model.kinds[number].groups
            same = (spec.name for spec in shared.model.variables if spec.groups == groups)
            name = next(same, None)
            if name is not None:
                code.fetch(shared.memory.cell(code, f"value {name}", reader))


def _fetch_clocks(
    shared: Emission, network: LinkNetwork, code: Function, kind: EventKind, order: str
) -> None:
    """The clocks of readers whose guards hold."""
    for link, reader in _each_reader(shared, network, code, kind, order):
        for number, _ in link.kinds:
            reading = shared.model.kinds[number]
            if not _is_safe(reading.guard):
                continue
            place = at_instance(shared, code, reading, reader)
            with code.when(condition(place, reading.guard)):
                instance = code.let(f"add i64 {reader}, {network.first_of[number]}")
                code.fetch(shared.memory.cell(code, "ring", instance))


def _is_safe(guard: tree.Expression | None) -> bool:
    """Whether a guard can be asked at any time: it is a flag or its opposite, or there is none."""
    inner = guard.value if isinstance(guard, tree.Not) else guard
    return inner is None or (
        isinstance(inner, tree.Variable)
        and all(isinstance(index, tree.IndexVariable) for index in inner.indices)
    )
