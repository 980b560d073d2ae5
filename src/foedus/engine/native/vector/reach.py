"""Which expressions can be worked out in lanes, and which stand still between rare events."""

from __future__ import annotations

from collections.abc import Mapping

from foedus.engine.layout import Block, Layout
from foedus.expr import tree
from foedus.frozen import dataclass

Binding = Mapping[str, int]

MOST_MEMBERS = 32
"""A quantifier over more members than this is not unrolled."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The expressions that lanes can work out, given the hot cells and the frequent kinds."""

    layout: Layout
    hot: frozenset[int]
    frequent: frozenset[str]

    def cell(
        self, block: Block, indices: tuple[tree.Expression, ...], binding: Binding
    ) -> int | None:
        """The cell of a block, where it is known beforehand."""
        offset = 0
        for index, size in zip(indices, block.sizes, strict=True):
            at = _position(index, binding)
            if at is None or not 0 <= at < size:
                return None
            offset = offset * size + at
        return block.first + offset

    def is_still(self, node: tree.Expression, binding: Binding) -> bool:
        """Whether a value can change at rare events only."""
        bound = dict(binding)
        for part in tree.walk(node):
            if isinstance(part, tree.Time | tree.Since | tree.Draw):
                return False
            if isinstance(part, tree.Firings) and part.kind in self.frequent:
                return False
            if isinstance(part, tree.Variable) and self._may_be_hot(part, bound):
                return False
        return True

    def _may_be_hot(self, node: tree.Variable, binding: Binding) -> bool:
        block = self.layout.variables[node.name]
        at = self.cell(block, node.indices, binding)
        return any(cell in self.hot for cell in (block.cells if at is None else (at,)))

    def covers(self, node: tree.Expression, binding: Binding) -> bool:
        """Whether a value can be worked out in lanes."""
        if self.is_still(node, binding):
            return True
        if isinstance(node, tree.Variable):
            return self.cell(self.layout.variables[node.name], node.indices, binding) is not None
        if isinstance(node, tree.Quantifier):
            return self._covers_quantifier(node, binding)
        if isinstance(node, tree.Call) and node.function == "power":
            return False
        if isinstance(node, tree.Negative | tree.Not | tree.Binary | tree.Conditional | tree.Call):
            return all(self.covers(child, binding) for child in tree.children(node))
        return False

    def _covers_quantifier(self, node: tree.Quantifier, binding: Binding) -> bool:
        found = self.members(node.domain, binding)
        if node.name in ("min", "max") or found is None or len(found) > MOST_MEMBERS:
            return False
        inside = [child for child in (node.condition, node.body) if child is not None]
        return all(
            self.covers(child, {**binding, node.variable: at}) for child in inside for at in found
        )

    def members(self, domain: tree.Domain, binding: Binding) -> tuple[int, ...] | None:
        """The positions in a domain, where they are known beforehand."""
        if isinstance(domain, tree.GroupDomain):
            return tuple(range(domain.group.size))
        at = _position(domain.index, binding)
        return None if at is None else self.layout.relations[domain.relation].neighbours[at]


def _position(node: tree.Expression, binding: Binding) -> int | None:
    if isinstance(node, tree.IndexVariable):
        return binding.get(node.name)
    if isinstance(node, tree.Position) and isinstance(node.value, tree.LabelValue):
        found = [at for at in range(node.group.size) if node.group.label(at) == node.value.label]
        return found[0] if found else None
    return None
