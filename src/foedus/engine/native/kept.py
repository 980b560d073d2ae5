"""Counts that are kept up to date instead of made anew: for groups of thousands.

`count(flag[n] for n in relation[i])` and `count(flag[n] for n in group)` change by one when a flag
does. Counts are whole numbers, which doubles hold exactly, so a kept count has the same bits as one
made anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from foedus.engine.native.ir import Function, double, each_in_row
from foedus.expr import tree
from foedus.frozen import dataclass
from foedus.jump.ties import Ties, ties_of

if TYPE_CHECKING:
    from foedus.engine.native.place import Emission, Place

ZERO, UP, DOWN = double(0.0), double(1.0), double(-1.0)


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a flag are up: among those related to each member of a group, or of all."""

    flag: str
    relation: str | None

    @property
    def array(self) -> str:
        """The name of the array that holds it."""
        return f"kept {self.flag} {self.relation or ''}"


@dataclass(frozen=True, slots=True)
class Kept:
    """The counts that are kept, each once."""

    counts: tuple[Count, ...] = ()

    def find(self, node: tree.Quantifier) -> Count | None:
        """The kept count that an expression is."""
        count = count_of(node)
        return count if count in self.counts else None

    def fields(self, shared: Emission) -> dict[tree.Group, list[tuple[str, str]]]:
        """Arrays for counts by the group that they are indexed by."""
        found: dict[tree.Group, list[tuple[str, str]]] = {}
        for count in self.counts:
            if count.relation is not None:
                group = shared.layout.relations[count.relation].groups[0]
                found.setdefault(group, []).append((count.array, "double"))
        return found

    def add(self, shared: Emission) -> None:
        """Room for counts over whole groups."""
        for count in self.counts:
            if count.relation is None:
                shared.memory.add(count.array, "double", 1)

    def emit_start(self, shared: Emission, code: Function) -> None:
        """Count once, in the state in which a run begins."""
        for count in self.counts:
            shared.memory.fill(code, count.array, ZERO)
            block = shared.layout.variables[count.flag]
            with code.count_up("0", str(block.count)) as member:
                value = shared.memory.load(code, f"value {count.flag}", member)
                with code.when(code.let(f"fcmp une double {value}, {ZERO}")):
                    self._count_one(shared, code, count, member)

    def _count_one(self, shared: Emission, code: Function, count: Count, member: str) -> None:
        if count.relation is None:
            _step(shared, code, count, "0", UP)
            return
        back = reading(shared, count)
        with each_in_row(code, back.starts, back.members, member) as one:
            _step(shared, code, count, one, UP)

    def emit_update(self, shared: Emission, code: Function, name: str, at: str) -> list[Follower]:
        """Follow a flag that has just changed; gives what is left to do for related members."""
        counts = [count for count in self.counts if count.flag == name]
        if not counts:
            return []
        value = shared.memory.load(code, f"value {name}", at)
        is_up = code.let(f"fcmp une double {value}, {ZERO}")
        step = code.let(f"select i1 {is_up}, double {UP}, double {DOWN}")
        for count in counts:
            if count.relation is None:
                _step(shared, code, count, "0", step)
        return [
            Follower(count, reading(shared, count), step)
            for count in counts
            if count.relation is not None
        ]


@dataclass(frozen=True, slots=True)
class Follower:
    """A count that changes by `step` for those in a row of `ties`."""

    count: Count
    ties: Ties
    step: str

    def emit(self, shared: Emission, code: Function, one: str) -> None:
        """Let the count of one member follow."""
        _step(shared, code, self.count, one, self.step)


def _step(shared: Emission, code: Function, count: Count, one: str, step: str) -> None:
    total = shared.memory.load(code, count.array, one)
    shared.memory.store(code, count.array, code.let(f"fadd double {total}, {step}"), one)


def reading(shared: Emission, count: Count) -> Ties:
    """For each member whose flag is counted, those whose count it is in."""
    assert count.relation is not None
    relation = shared.layout.relations[count.relation]
    return turned_round(ties_of(relation), relation.groups[1].size)


def count_of(node: tree.Expression) -> Count | None:
    """The count that an expression is, if it is of the form that can be kept."""
    if not isinstance(node, tree.Quantifier) or node.name != "count" or node.condition is not None:
        return None
    body = node.body
    if not isinstance(body, tree.Variable) or not isinstance(body.type, tree.BooleanType):
        return None
    if len(body.indices) != 1 or not isinstance(body.indices[0], tree.IndexVariable):
        return None
    if body.indices[0].name != node.variable:
        return None
    relation = node.domain.relation if isinstance(node.domain, tree.RelatedDomain) else None
    return Count(body.name, relation)


def counts_in(shared: Emission, nodes: Iterable[tree.Expression]) -> Kept:
    """All counts in some expressions that can be kept."""
    found: dict[Count, None] = {}
    for root in nodes:
        for node in tree.walk(root):
            count = count_of(node)
            if count is not None and isinstance(node, tree.Quantifier):
                block = shared.layout.variables[count.flag]
                if node.domain.group.size == block.count:
                    found[count] = None
    return Kept(tuple(found))


def turned_round(ties: Ties, others: int) -> Ties:
    """For each of `others`, those who are tied to it."""
    size = len(ties.starts) - 1
    rows = np.repeat(np.arange(size, dtype=np.int64), ties.counts)
    keys = ties.members * size + rows
    keys.sort()
    starts = np.searchsorted(keys, np.arange(others + 1, dtype=np.int64) * size)
    keys %= size
    return Ties(starts, keys)


def emit_kept(place: Place, node: tree.Quantifier) -> str | None:
    """The value of a count that is kept; None for any other."""
    from foedus.engine.native.leaves import position

    sparse = place.shared.sparse
    count = None if sparse is None else sparse.kept.find(node)
    if count is None:
        return None
    if not isinstance(node.domain, tree.RelatedDomain):
        return place.shared.memory.load(place.code, count.array)
    at = position(place, node.domain.index)
    return place.shared.memory.load(place.code, count.array, at)
