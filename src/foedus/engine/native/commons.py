"""What is the same for all instances of a kind, kept from one look at its clocks to the next.

Where none of it has changed, only those instances are looked at whose own cells have, and they find
it worked out. It is worked out whether or not some instance is on, so a fault met on the way is no
fault of the run: nothing is kept then, and each instance that is on works out its hazard by itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from foedus.engine.dependencies import Readers
from foedus.engine.layout import Block
from foedus.engine.native import strips
from foedus.engine.native.ir import double
from foedus.engine.native.place import ZERO, Emission, Place, as_number
from foedus.expr import tree
from foedus.frozen import dataclass
from foedus.jump.model import EventKind, Rate


class Dependents(Protocol):
    """Who reads what."""

    @property
    def state(self) -> Readers:
        """The readers of variables."""
        ...

    @property
    def counters(self) -> Readers:
        """The readers of counters."""
        ...

    @property
    def kind_of(self) -> Sequence[int]:
        """The number of the kind at each place of an instance."""
        ...


@dataclass(frozen=True, slots=True)
class Commons:
    """The common parts of a kind, each once; with the place of each among all that are kept."""

    first: int
    nodes: tuple[tree.Expression, ...]
    parts: tuple[tree.Expression, ...]

    def place_of(self, part: tree.Expression) -> int:
        """Where a part is kept."""
        return self.first + self.nodes.index(part)


def find_commons(shared: Emission, network: Dependents) -> dict[int, Commons]:
    """The common parts of the kinds of which they can be kept, by number of the kind."""
    if shared.is_checked:
        return {}
    found: dict[int, Commons] = {}
    first = 0
    for number, kind in enumerate(shared.model.kinds):
        if _weighs_options(shared, number) or not strips.suits(kind):
            continue
        if not _can_keep(shared, network, number):
            continue
        parts = tuple(part for root in roots_of(kind) for part in strips.common_parts(root, kind))
        nodes = tuple(dict.fromkeys(parts))
        found[number] = Commons(first, nodes, parts)
        first += len(nodes)
    return found


def _weighs_options(shared: Emission, number: int) -> bool:
    """Whether a record tells of an option of a kind: its clocks then depend on more."""
    if shared.conditioned is None:
        return False
    return any(
        one.option is not None for one in shared.conditioned.grouping.by_kind.get(number, ())
    )


def roots_of(kind: EventKind) -> list[tree.Expression]:
    """The guard and the hazard of a kind with a rate."""
    assert isinstance(kind.timing, Rate)
    return [root for root in (kind.guard, kind.timing.hazard) if root is not None]


def _can_keep(shared: Emission, network: Dependents, number: int) -> bool:
    """Whether a change of a common part is noted for the whole kind, and one of an instance's own
    cells for that instance."""
    kind = shared.model.kinds[number]
    parts = [part for root in roots_of(kind) for part in strips.common_parts(root, kind)]
    common = {name for part in parts for name in _names_read(part)}
    everything = {name for root in roots_of(kind) for name in _own_names(root, kind)}
    layout = shared.layout
    for blocks, readers in ((layout.variables, network.state), (layout.counters, network.counters)):
        for name, block in blocks.items():
            singly = [_reads_singly(readers, network, block, at, number) for at in block.cells]
            if block.count > 1 and any(singly) and name in common:
                return False
            if name in everything and not all(singly):
                return False
    return True


def _reads_singly(
    readers: Readers, network: Dependents, block: Block, cell: int, number: int
) -> bool:
    return any(network.kind_of[i] == number for i in readers.single.get(cell, ()))


def _names_read(root: tree.Expression) -> set[str]:
    found = set[str]()
    for part in tree.walk(root):
        if isinstance(part, tree.Variable):
            found.add(part.name)
        elif isinstance(part, tree.Firings | tree.Since):
            found.add(part.kind)
    return found


def _own_names(root: tree.Expression, kind: EventKind) -> set[str]:
    """The variables that are read at an instance's own index."""
    if strips.is_common(root, kind.index_names[0]):
        return set()
    if isinstance(root, tree.Variable):
        return {root.name}
    return {name for child in tree.children(root) for name in _own_names(child, kind)}


def add_commons(shared: Emission) -> None:
    """Room for what is kept, and for exponentials with their arguments."""
    count = sum(len(one.nodes) for one in shared.commons.values())
    calls = sum(len(_calls(one)) for one in shared.commons.values())
    shared.memory.add("commons", "double", count)
    shared.memory.add("is_common_known", "i8", len(shared.model.kinds))
    shared.memory.add("exp_of", "double", calls)
    shared.memory.add("exp_is", "double", calls)


NEW = {"is_common_known": "0", "exp_of": double(math.nan)}
"""How the arrays begin a run."""


def _calls(commons: Commons) -> list[tree.Call]:
    """The exponentials in some common parts, innermost first."""
    calls = [
        part
        for node in commons.nodes
        for part in reversed(list(tree.walk(node)))
        if isinstance(part, tree.Call) and part.function == "exp" and not _is_inside(part)
    ]
    return list(dict.fromkeys(calls))


def _is_inside(call: tree.Call) -> bool:
    """Whether an exponential has quantifiers or faults inside, so that it cannot be worked out
    before its turn."""
    return any(
        isinstance(part, tree.Quantifier | tree.Position)
        or (isinstance(part, tree.Binary) and part.operator == "/")
        or (isinstance(part, tree.Call) and part.function in strips.FALLIBLE)
        or isinstance(part, tree.IndexVariable)
        for part in tree.walk(call)
    )


def emit_common(shared: Emission, number: int) -> None:
    """`@f_common{n}(ctx)`: work out what is common to a kind; 1 where it has changed."""
    commons, memory = shared.commons[number], shared.memory
    code = shared.function(f"@f_common{number}", result="i1")
    place = Place(shared, code)
    before = memory.load(code, "fault")
    memory.store(code, "fault", "0")
    known = memory.load(code, "is_common_known", number)
    changed = code.let(f"icmp eq i8 {known}, 0")
    place = replace(place, known=_exponentials(place, number))
    for at, node in enumerate(commons.nodes, commons.first):
        value, old = as_number(place, node), memory.load(code, "commons", at)
        bits, old_bits = (code.let(f"bitcast double {one} to i64") for one in (value, old))
        other = code.let(f"icmp ne i64 {bits}, {old_bits}")
        changed = code.let(f"or i1 {changed}, {other}")
        memory.store(code, "commons", value, at)
    fine = code.let(f"icmp eq i8 {memory.load(code, 'fault')}, 0")
    memory.store(code, "is_common_known", code.let(f"zext i1 {fine} to i8"), number)
    memory.store(code, "fault", before)
    code.leave(code.let(f"or i1 {changed}, {code.let(f'xor i1 {fine}, true')}"))
    code.finish()


def _exponentials(place: Place, number: int) -> dict[int, str]:
    """The exponentials of a kind's common parts, worked out where their arguments have changed."""
    shared, code, memory = place.shared, place.code, place.shared.memory
    first = sum(len(_calls(one)) for n, one in shared.commons.items() if n < number)
    values: dict[tree.Call, str] = {}
    known: dict[int, str] = {}
    for at, call in enumerate(_calls(shared.commons[number]), first):
        argument = as_number(replace(place, known=known), call.arguments[0])
        old = memory.load(code, "exp_of", at)
        with code.when(code.let(f"fcmp une double {argument}, {old}")):
            memory.store(code, "exp_of", argument, at)
            memory.store(code, "exp_is", as_number(replace(place, known=known), call), at)
        values[call] = memory.load(code, "exp_is", at)
        for part in (p for node in shared.commons[number].parts for p in tree.walk(node)):
            if part == call:
                known[id(part)] = values[call]
    return known


def kept_at(place: Place, number: int) -> dict[int, str]:
    """The address of each common part of a kind."""
    commons = place.shared.commons[number]
    return {
        id(part): place.shared.memory.cell(place.code, "commons", commons.place_of(part))
        for part in commons.parts
    }


def with_kept(place: Place, number: int) -> Place:
    """The place with the common parts of a kind as they are kept."""
    known: dict[int, str] = dict(place.known)
    for part in place.shared.commons[number].parts:
        at = place.shared.commons[number].place_of(part)
        value = place.shared.memory.load(place.code, "commons", at)
        if isinstance(part.type, tree.BooleanType):
            value = place.code.let(f"fcmp une double {value}, {ZERO}")
        known[id(part)] = value
    return replace(place, known=known)
