"""Where everything of a model stands in a run's flat lists.

State, parameters and counters are lists of numbers; a name indexed by groups takes consecutive
cells, row by row. Labels are numbers: their place in `JumpModel.labels`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from math import inf, prod

from foedus.engine import clocks
from foedus.expr.enclosure import Interval
from foedus.expr.tree import Group
from foedus.frozen import dataclass
from foedus.jump.model import JumpModel, Relation, Table

NUMBERED = 2**32
"""The number of the label `1` of numbered groups; the others follow."""


@dataclass(frozen=True, slots=True)
class Block:
    """The cells of one name: `first`, and the sizes of its index groups."""

    first: int
    sizes: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many cells it has."""
        return prod(self.sizes)

    @property
    def cells(self) -> range:
        """Its cells, row by row."""
        return range(self.first, self.first + self.count)


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks of a model, by name, and the keys of its noise, by label.

    `counters` has event kinds and `kind.option`; `limits` are the bounds of numbers in the state;
    `labels` are those that are not mere numbers.
    """

    variables: dict[str, Block]
    parameters: dict[str, Block]
    counters: dict[str, Block]
    components: dict[str, int]
    tables: dict[str, Table]
    relations: dict[str, Relation]
    labels: dict[str, int]
    keys: dict[str, int]
    limits: dict[str, Interval]

    def key(self, kind: str, labels: tuple[str, ...], site: str) -> int:
        """The key of a label of the noise, noted so that collisions can be looked for."""
        name = clocks.label_name(kind, labels, site)
        key = self.keys[name] = clocks.label_key(kind, labels, site)
        return key

    def label_number(self, label: str) -> int:
        """The number of a label; those of numbered groups have places of their own."""
        if label.isascii() and label.isdecimal() and label[0] != "0":
            return NUMBERED + int(label) - 1
        return self.labels.setdefault(label, len(self.labels))

    def label_name(self, number: float) -> str:
        """The label with a number."""
        if number >= NUMBERED:
            return f"{number - NUMBERED + 1:.0f}"
        return next((label for label, own in self.labels.items() if own == number), f"#{number:g}")


def places(groups: tuple[Group, ...]) -> Iterator[tuple[int, ...]]:
    """Every position in some groups, row by row."""
    return product(*(range(group.size) for group in groups))


def labels_at(groups: tuple[Group, ...], place: tuple[int, ...]) -> tuple[str, ...]:
    """The labels of a position."""
    return tuple(group.label(index) for group, index in zip(groups, place, strict=True))


def lay_out(model: JumpModel) -> Layout:
    """Where everything of `model` stands."""
    counted: list[tuple[str, tuple[Group, ...]]] = []
    for kind in model.kinds:
        counted.append((kind.name, kind.groups))
        counted.extend((f"{kind.name}.{option.name}", kind.groups) for option in kind.options)
    return Layout(
        variables=_blocks((spec.name, spec.groups) for spec in model.variables),
        parameters=_blocks((spec.name, spec.groups) for spec in model.parameters),
        counters=_blocks(counted),
        components={name: number for number, name in enumerate(model.components)},
        tables={table.name: table for table in model.tables},
        relations={relation.name: relation for relation in model.relations},
        labels={label: number for number, label in enumerate(model.labels)},
        keys={},
        limits={
            spec.name: Interval(
                -inf if spec.low is None else spec.low, inf if spec.high is None else spec.high
            )
            for spec in model.variables
            if spec.kind not in ("flag", "label")
        },
    )


def _blocks(named: Iterable[tuple[str, tuple[Group, ...]]]) -> dict[str, Block]:
    blocks: dict[str, Block] = {}
    first = 0
    for name, groups in named:
        blocks[name] = Block(first, tuple(group.size for group in groups))
        first += blocks[name].count
    return blocks
