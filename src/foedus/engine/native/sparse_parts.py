"""What is emitted differently where there are thousands of instances that read little."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import field, replace
from typing import TYPE_CHECKING

import numpy as np

from foedus.case.reads import expressions_of
from foedus.engine.key_tables import KeyTables
from foedus.engine.native.ir import Function
from foedus.engine.native.kept import Kept, counts_in
from foedus.engine.native.memo import Memo, add_memo, find_memo, reset_memo
from foedus.engine.native.sparse_touch import LinkNetwork, add_lists, marks, reset_lists
from foedus.engine.native.wheel import Wheel
from foedus.expr import tree
from foedus.frozen import dataclass

if TYPE_CHECKING:
    from foedus.engine.native.place import Emission


@dataclass(frozen=True, slots=True, eq=False)
class Sparse:
    """A wheel for rings, kept counts, hazards looked up (by hazard), keys without names.

    `unread` are counters that no expression reads: nobody is told when they move.
    """

    network: LinkNetwork
    wheel: Wheel
    kept: Kept
    unread: frozenset[str]
    memos: dict[tree.Expression, Memo] = field(default_factory=dict)
    keys: KeyTables = field(default_factory=KeyTables)

    def add(self, shared: Emission) -> None:
        """Room for all of it; the values of a group's members lie side by side."""
        memory, layout = shared.memory, shared.layout
        rows: dict[tree.Group, list[tuple[str, str]]] = self.kept.fields(shared)
        for spec in shared.model.variables:
            if len(spec.groups) == 1:
                rows.setdefault(spec.groups[0], []).append((f"value {spec.name}", "double"))
            else:
                memory.add(f"value {spec.name}", "double", layout.variables[spec.name].count)
        for groups, names in marks(shared, self.network).items():
            if len(groups) == 1:
                rows.setdefault(groups[0], []).extend((name, "i8") for name in names)
            else:
                for name in names:
                    memory.add(name, "i8", math.prod(group.size for group in groups))
        for group, fields in rows.items():
            memory.add_rows(fields, group.size)
        self.kept.add(shared)
        self.wheel.add(shared)
        add_lists(shared, self.network)
        for memo in self.memos.values():
            add_memo(shared, memo)

    def reset(self, shared: Emission, code: Function) -> None:
        """Everything as before a run."""
        reset_lists(shared, self.network, code)
        self.wheel.reset(shared, code)
        self._give_keys(shared, code)
        for memo in self.memos.values():
            reset_memo(shared, memo, code)

    def take_first(self, shared: Emission, code: Function) -> str:
        """The instance that rings first."""
        return self.wheel.take_first(shared, code)

    def _give_keys(self, shared: Emission, code: Function) -> None:
        """Put the keys of clocks beside them: in a table of its own, each would be a line more of
        memory to wait for."""
        kinds = shared.model.kinds
        keys = [self.keys.at(kind.name, kind.groups, "clock").view(np.int64) for kind in kinds]
        if not keys:
            return
        table = np.concatenate(keys)
        with code.count_up("0", str(len(table))) as instance:
            shared.memory.store(code, "key", code.lookup("i64", table, instance), instance)


def make_sparse(
    shared: Emission, network: LinkNetwork, watched: tuple[tree.Expression, ...]
) -> Emission:
    """The same model with all of this."""
    nodes = list(_expressions(shared, watched))
    read = {
        part.kind
        for node in nodes
        for part in tree.walk(node)
        if isinstance(part, tree.Firings | tree.Since)
    }
    sparse = Sparse(
        network,
        Wheel(network.instances),
        counts_in(shared, nodes),
        frozenset(shared.layout.counters) - read,
    )
    shared = replace(shared, sparse=sparse)
    found = [find_memo(shared, kind) for kind in shared.model.kinds]
    memos = {memo.hazard: memo for memo in found if memo is not None}
    return replace(shared, sparse=replace(sparse, memos=memos))


def _expressions(
    shared: Emission, watched: tuple[tree.Expression, ...]
) -> Iterator[tree.Expression]:
    """Everything that is worked out in a run."""
    model = shared.model
    yield from watched
    yield from (spec.start for spec in model.variables)
    for kind in model.kinds:
        yield from expressions_of(kind)
    for monitor in model.monitors:
        found = monitor.expression, monitor.origin, monitor.given
        yield from (node for node in found if node is not None)
    for change in shared.interventions:
        yield from (node for node in (change.condition, change.value) if node is not None)
        yield from change.indices or ()
