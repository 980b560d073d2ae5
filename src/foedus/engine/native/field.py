"""Fields: sums over a group that are kept and moved when one of their terms changes.

A field is a sum of `exact_sums`: the pull on each member of one group that all members of another
have, `sum(tie[i, j] * x[j] for j in group)` with i from outside. It is exact, so that adding the
difference of a term gives the bits that adding all terms anew would give, and an event that changes
one x costs one pass over the i instead of all pairs.
"""

from __future__ import annotations

from collections.abc import Iterator

from foedus.engine.exact_sums import other_index, rounder
from foedus.engine.layout import Layout
from foedus.expr import tree
from foedus.frozen import dataclass
from foedus.jump.model import EventKind, JumpModel, Rate

LANES = 8
LARGEST = 1 << 16
"""Most terms of a field; larger ones would not fit the caches, and take long to compile."""


@dataclass(frozen=True, slots=True)
class Field:
    """A sum that is kept. `node` is the sum, `other` its index from outside, `grid` its rounder."""

    number: int
    node: tree.Quantifier
    other: tree.IndexVariable
    grid: float

    @property
    def rows(self) -> int:
        """How many sums it has."""
        return self.other.group.size

    @property
    def padded(self) -> int:
        """The same, up to whole vectors."""
        return -(-self.rows // LANES) * LANES

    @property
    def columns(self) -> int:
        """How many terms each of them has."""
        assert isinstance(self.node.domain, tree.GroupDomain)
        return self.node.domain.group.size

    @property
    def totals(self) -> str:
        """The array of its sums."""
        return f"field{self.number}"

    @property
    def terms(self) -> str:
        """The array of its terms, column by column."""
        return f"terms{self.number}"

    def reads(self, variable: str) -> bool:
        """Whether its terms depend on a variable."""
        return any(
            isinstance(part, tree.Variable) and part.name == variable
            for root in (self.node.body, self.node.condition)
            if root is not None
            for part in tree.walk(root)
        )


def find_fields(model: JumpModel, layout: Layout) -> tuple[Field, ...]:
    """The sums in rates and guards that can be kept, each once."""
    found: dict[tree.Quantifier, Field] = {}
    for kind in model.kinds:
        for node in sums_of(kind):
            other, grid = other_index(node), rounder(node, layout)
            if node in found or other is None or grid is None:
                continue
            field = Field(len(found), node, other, grid)
            if field.padded * field.columns <= LARGEST and _fits(field, layout):
                found[node] = field
    return tuple(found.values())


def fields_of(fields: tuple[Field, ...], kind: EventKind) -> dict[tree.Quantifier, Field]:
    """Those of the fields that the clock of a kind reads at its own index."""
    own = kind.index_names[0] if len(kind.index_names) == 1 else None
    known = {field.node: field for field in fields if field.other.name == own}
    return {node: known[node] for node in sums_of(kind) if node in known}


def sums_of(kind: EventKind) -> Iterator[tree.Quantifier]:
    """The quantifiers in what the clock of a kind reads."""
    hazard = kind.timing.hazard if isinstance(kind.timing, Rate) else None
    for root in (kind.guard, hazard):
        for part in () if root is None else tree.walk(root):
            if isinstance(part, tree.Quantifier):
                yield part


def _fits(field: Field, layout: Layout) -> bool:
    """Whether state and tables have a place for every index, as they do in any checked case."""
    sizes = {field.node.variable: field.columns, field.other.name: field.rows}
    for root in (field.node.body, field.node.condition):
        for part in () if root is None else tree.walk(root):
            if isinstance(part, tree.Variable):
                if layout.variables[part.name].sizes != (field.columns,):
                    return False
            elif isinstance(part, tree.Datum):
                wanted = [sizes[i.name] for i in part.indices if isinstance(i, tree.IndexVariable)]
                if [group.size for group in layout.tables[part.name].groups] != wanted:
                    return False
    return True
