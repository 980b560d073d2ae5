"""Hazards that are looked up: for thousands of instances whose hazard takes few values.

A hazard that reads nothing of its instance but one to three whole numbers (flags, counts, kept
counts) is the same function of them in every instance. Each of its values is worked out once in a
run and kept in a small table under the numbers it was worked out from, so it has the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from foedus.engine.native.expressions import Emission, Place, as_number
from foedus.engine.native.ir import Function, double
from foedus.expr import tree
from foedus.frozen import dataclass
from foedus.jump.model import EventKind, Rate

SLOTS = 1024
"""Values kept for each kind; where two sets of numbers share a slot, the later one stays."""

MOST_NUMBERS = 3
EMPTY = "-1"
"""The bits of no whole number."""

BITS_APART = 4
"""So that numbers below 16 do not meet."""

SHIFT = double(2.0**52)


@dataclass(frozen=True, slots=True)
class Memo:
    """The table of a kind: `numbers` are the parts of the hazard that it is looked up by."""

    kind: str
    hazard: tree.Expression
    numbers: tuple[tree.Expression, ...]

    def fields(self) -> list[tuple[str, str]]:
        """The arrays of its table, side by side."""
        names = [f"memo {self.kind} {place}" for place in range(len(self.numbers))]
        return [(name, "i64") for name in names] + [(f"memo {self.kind}", "double")]


def find_memo(shared: Emission, kind: EventKind) -> Memo | None:
    """How a hazard can be looked up; None where working it out is as quick, or needed."""
    timing = kind.timing
    if not isinstance(timing, Rate) or timing.every is not None:
        return None
    if not any(isinstance(part, tree.Call) for part in tree.walk(timing.hazard)):
        return None
    numbers: dict[tree.Expression, None] = {}
    for part in _leaves(timing.hazard):
        if not _is_whole(shared, part):
            return None
        numbers[part] = None
    if not 0 < len(numbers) <= MOST_NUMBERS:
        return None
    return Memo(kind.name, timing.hazard, tuple(numbers))


OWN = (
    tree.Quantifier, tree.Variable, tree.Datum, tree.Firings, tree.Since, tree.Time,
    tree.IndexVariable, tree.Position, tree.Draw,
)  # fmt: skip
"""What depends on the state or the instance; an indexed parameter does, too."""


def _leaves(node: tree.Expression) -> Iterator[tree.Expression]:
    """The parts of an expression that depend on the state or the instance, outermost first."""
    if isinstance(node, OWN) or (isinstance(node, tree.Parameter) and node.indices):
        yield node
        return
    for child in tree.children(node):
        yield from _leaves(child)


def _is_whole(shared: Emission, part: tree.Expression) -> bool:
    """Whether a part is a whole number that is at hand."""
    if isinstance(part, tree.Quantifier):
        return shared.sparse is not None and shared.sparse.kept.find(part) is not None
    if not isinstance(part, tree.Variable):
        return False
    spec = next(one for one in shared.model.variables if one.name == part.name)
    return spec.kind in ("flag", "count") and all(
        isinstance(index, tree.IndexVariable) for index in part.indices
    )


def add_memo(shared: Emission, memo: Memo) -> None:
    """Room for a table."""
    shared.memory.add_rows(memo.fields(), SLOTS)


def reset_memo(shared: Emission, memo: Memo, code: Function) -> None:
    """An empty table: parameters may be other ones now."""
    keys = {name: EMPTY for name, kind in memo.fields() if kind == "i64"}
    shared.memory.fill_rows(code, keys)


def looked_up(place: Place, memo: Memo) -> str:
    """The hazard at an instance, from the table or into it."""
    code, memory = place.code, place.shared.memory
    values = {number: as_number(place, number) for number in memo.numbers}
    words = [code.let(f"bitcast double {value} to i64") for value in values.values()]
    slot = _slot(code, list(values.values()))
    names = [name for name, _ in memo.fields()]
    is_known = "true"
    for name, word in zip(names, words, strict=False):
        same = code.let(f"icmp eq i64 {memory.load(code, name, slot)}, {word}")
        is_known = code.let(f"and i1 {is_known}, {same}")
    result = names[-1]

    def work_out() -> str:
        given = {id(part): values[part] for part in _occurrences(memo.hazard, values.__contains__)}
        value = as_number(replace(place, known={**place.known, **given}), memo.hazard)
        for name, word in zip(names, words, strict=False):
            memory.store(code, name, word, slot)
        memory.store(code, result, value, slot)
        return value

    return code.choose("double", is_known, lambda: memory.load(code, result, slot), work_out)


def _occurrences(
    node: tree.Expression, is_given: Callable[[tree.Expression], bool]
) -> Iterator[tree.Expression]:
    return (
        part
        for part in tree.walk(node)
        if is_given(part) and not isinstance(part.type, tree.BooleanType)
    )


def _slot(code: Function, values: list[str]) -> str:
    """A place in the table: the lowest bits of the numbers, each shifted by some more."""
    total = "0"
    for place, value in enumerate(values):
        # Adding 2^52 leaves a whole number below it in the lowest bits.
        bits = code.let(f"bitcast double {code.let(f'fadd double {value}, {SHIFT}')} to i64")
        moved = code.let(f"shl i64 {bits}, {place * BITS_APART}")
        total = code.let(f"xor i64 {total}, {moved}")
    return code.let(f"and i64 {total}, {SLOTS - 1}")
