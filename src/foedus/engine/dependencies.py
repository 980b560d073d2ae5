"""Who reads what, cell by cell: which clocks and questions to look at again after a change."""

from __future__ import annotations

from foedus.engine.layout import Block, Layout
from foedus.engine.links import BlockReaders, find_links
from foedus.engine.timing import Instance
from foedus.frozen import dataclass
from foedus.jump.model import JumpModel


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads each cell. `everywhere` and `monitors` are those who read its whole block."""

    everywhere: tuple[tuple[int, ...], ...]
    single: dict[int, tuple[int, ...]]
    monitors: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The readers of the state's cells, of the counters' cells, and of the time (see `Links`)."""

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
    """Who reads what in a model; see `find_links`."""
    links = find_links(model, layout, weighing)
    first_of = {}
    for one in reversed(instances):
        first_of[one.kind_number] = one.number
    of_kind: dict[int, list[int]] = {}
    for one in instances:
        of_kind.setdefault(one.kind_number, []).append(one.number)
    return Dependencies(
        _readers(layout.variables, links.state, first_of, of_kind),
        _readers(layout.counters, links.counters, first_of, of_kind),
        tuple(number for kind in links.kinds_on_time for number in of_kind.get(kind, ())),
        links.monitors_on_time,
    )


def _readers(
    blocks: dict[str, Block],
    links: dict[str, BlockReaders],
    first_of: dict[int, int],
    of_kind: dict[int, list[int]],
) -> Readers:
    everywhere: list[tuple[int, ...]] = []
    monitors: list[tuple[int, ...]] = []
    single: dict[int, dict[int, None]] = {}
    for name, block in blocks.items():
        readers = links[name]
        all_of = tuple(number for kind in readers.everywhere for number in of_kind.get(kind, ()))
        everywhere += [all_of] * block.count
        monitors += [readers.monitors] * block.count
        for link in readers.links:
            for place in range(block.count):
                orders = [place]
                if link.starts is not None and link.orders is not None:
                    orders = link.orders[link.starts[place] : link.starts[place + 1]].tolist()
                for kind, _ in link.kinds:
                    found = single.setdefault(block.first + place, {})
                    found.update(dict.fromkeys(first_of[kind] + order for order in orders))
    return Readers(
        tuple(everywhere),
        {cell: tuple(numbers) for cell, numbers in single.items()},
        tuple(monitors),
    )
