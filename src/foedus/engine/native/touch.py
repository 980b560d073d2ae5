"""Who must know of a change: dirty clocks and stale questions, and bringing them up to date.

A set bit of `dirty_all` stands for every instance of a kind, one of `dirty_some` for those whose
bits are set in the kind's words of `dirty`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from foedus.engine.dependencies import Readers
from foedus.engine.layout import Block
from foedus.engine.native.bits import BIT_BLOCK, each_bit
from foedus.engine.native.clockwork import instances_of
from foedus.engine.native.expressions import Emission
from foedus.engine.native.ir import Function, signed


class Numbering(Protocol):
    """Which instances belong to which kind."""

    @property
    def kind_of(self) -> Sequence[int]:
        """The number of the kind at each place of an instance."""
        ...

    @property
    def first_of(self) -> tuple[int, ...]:
        """The place of each kind's first instance."""
        ...

    def kind_at(self, code: Function, instance: str) -> str:
        """The number of an instance's kind, as an instruction."""
        ...


@dataclass(frozen=True, slots=True)
class Network:
    """Who reads what, and which places of instances belong to which kind."""

    state: Readers
    counters: Readers
    kind_of: tuple[int, ...]
    first_of: tuple[int, ...]

    def kind_at(self, code: Function, instance: str) -> str:
        """The number of an instance's kind."""
        return code.lookup("i64", self.kind_of, instance)


def moved_readers(readers: Readers, places: Sequence[int]) -> Readers:
    """The same readers by their places in memory."""

    def moved(numbers: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(places[number] for number in numbers)

    known: dict[tuple[int, ...], tuple[int, ...]] = {}
    everywhere = tuple(
        known[one] if one in known else known.setdefault(one, moved(one))
        for one in readers.everywhere
    )
    single = {cell: moved(numbers) for cell, numbers in readers.single.items()}
    return Readers(everywhere, single, readers.monitors)


def emit_touch(shared: Emission, network: Network) -> None:
    """`@f_touch_NAME(ctx, cell)`: note the clocks and questions that read a cell."""
    for prefix, readers, blocks in (
        ("v", network.state, shared.layout.variables),
        ("c", network.counters, shared.layout.counters),
    ):
        for number, (name, block) in enumerate(blocks.items()):
            code = shared.function(f"@f_touch_{prefix}{number}", ("i64", "%cell"))
            if block.count:
                if prefix == "v":
                    _move_fields(shared, code, name, block)
                _touch(shared, code, network, readers, block)
            code.finish()


def _move_fields(shared: Emission, code: Function, name: str, block: Block) -> None:
    for field in shared.fields:
        if field.reads(name):
            column = code.let(f"sub i64 %cell, {block.first}")
            code.do(f"call void @f_field{field.number}(ptr %ctx, i64 {column})")


def _touch(
    shared: Emission, code: Function, network: Network, readers: Readers, block: Block
) -> None:
    memory = shared.memory
    everywhere = sorted({network.kind_of[i] for i in readers.everywhere[block.first]})
    if block.count == 1:  # who reads its one cell reads it everywhere
        single = readers.single.get(block.first, ())
        everywhere = sorted({*everywhere, *(network.kind_of[i] for i in single)})
    _note_kinds(shared, code, "dirty_all", everywhere)
    for monitor in readers.monitors[block.first]:
        memory.store(code, "stale", "1", monitor)
    if readers.monitors[block.first]:
        memory.store(code, "any_stale", "1")
    singles = [readers.single.get(place, ()) for place in block.cells]
    _touch_singles(
        shared, code, network, block,
        [
            [
                (network.kind_of[i], i - network.first_of[network.kind_of[i]])
                for i in one
                if network.kind_of[i] not in everywhere
            ]
            for one in singles
        ],
    )  # fmt: skip


def _touch_singles(
    shared: Emission, code: Function, network: Network, block: Block,
    singles: list[list[tuple[int, int]]],
) -> None:  # fmt: skip
    """Note the instances (kind, order) that read one cell of a block, `%cell`."""
    own = {kind for kind, order in singles[0] if order == 0}
    for number, one in enumerate(singles):
        own &= {kind for kind, order in one if order == number}
    at = code.let(f"sub i64 %cell, {block.first}")
    starts = dirty_words(shared)
    if own:  # kinds whose instance at the cell's own place reads it
        word, mask = code.let(f"lshr i64 {at}, 6"), code.let(f"and i64 {at}, 63")
        mask = code.let(f"shl i64 1, {mask}")
        for kind in sorted(own):
            place = str(starts[kind])
            if block.count > BIT_BLOCK:
                place = code.let(f"add i64 {word}, {place}")
            _set_bits(shared, code, "dirty", place, mask)
        _note_kinds(shared, code, "dirty_some", sorted(own))
    others = [
        [(kind, order) for kind, order in one if kind not in own or order != number]
        for number, one in enumerate(singles)
    ]
    if not any(others):
        return
    flat = [entry for one in others for entry in one]
    ends = np.cumsum([0, *map(len, others)]).tolist()
    first, last = code.lookup("i64", ends[:-1], at), code.lookup("i64", ends[1:], at)
    with code.count_up(first, last) as index:
        words = [starts[kind] + order // BIT_BLOCK for kind, order in flat]
        masks = [signed(1 << order % BIT_BLOCK) for _, order in flat]
        place, mask = code.lookup("i64", words, index), code.lookup("i64", masks, index)
        _set_bits(shared, code, "dirty", place, mask)
        kinds = [kind // BIT_BLOCK for kind, _ in flat]
        masks = [signed(1 << kind % BIT_BLOCK) for kind, _ in flat]
        place, mask = code.lookup("i64", kinds, index), code.lookup("i64", masks, index)
        _set_bits(shared, code, "dirty_some", place, mask)


def _note_kinds(shared: Emission, code: Function, array: str, kinds: list[int]) -> None:
    for word in range(-(-len(shared.model.kinds) // BIT_BLOCK)):
        bits = sum(1 << (k % BIT_BLOCK) for k in kinds if k // BIT_BLOCK == word)
        if bits:
            _set_bits(shared, code, array, str(word), str(signed(bits)))


def _set_bits(shared: Emission, code: Function, array: str, word: str, bits: str) -> None:
    now = shared.memory.load(code, array, word)
    shared.memory.store(code, array, code.let(f"or i64 {now}, {bits}"), word)


def dirty_words(shared: Emission) -> list[int]:
    """Where the words of each kind begin in `dirty`, and how many there are."""
    counts = [-(-instances_of(kind) // BIT_BLOCK) for kind in shared.model.kinds]
    return [sum(counts[:place]) for place in range(len(counts) + 1)]


def emit_settle(shared: Emission, network: Network) -> None:
    """`@f_settle(ctx)`: bring every clock up to date that reads what has changed."""
    code = shared.function("@f_settle")
    kinds, starts = shared.model.kinds, dirty_words(shared)
    for word in range(-(-len(kinds) // BIT_BLOCK)):
        each_bit(
            shared, code, "dirty_all", word, len(kinds),
            lambda number: code.do(f"call void @f_refresh_all{number}(ptr %ctx)"),
        )  # fmt: skip

        def some(number: int) -> None:
            for place in range(starts[number], starts[number + 1]):
                first = (place - starts[number]) * BIT_BLOCK
                _each_dirty(shared, code, place, first, number)

        each_bit(shared, code, "dirty_some", word, len(kinds), some)
    code.finish()


def _each_dirty(shared: Emission, code: Function, word: int, first: int, kind: int) -> None:
    """The instances of a kind whose bits are set in a word; the lowest stands for `first`."""
    memory, left = shared.memory, code.slot("i64")
    code.store("i64", memory.load(code, "dirty", word), left)
    memory.store(code, "dirty", "0", word)
    test, one, none = code.label("dirty"), code.label("one"), code.label("none")
    code.begin(test)
    bits = code.load("i64", left)
    code.branch(code.let(f"icmp ne i64 {bits}, 0"), one, none)
    code.begin(one)
    code.store("i64", code.let(f"and i64 {bits}, {code.let(f'sub i64 {bits}, 1')}"), left)
    order = code.let(f"call i64 @llvm.cttz.i64(i64 {bits}, i1 true)")
    if first:
        order = code.let(f"add i64 {order}, {first}")
    code.do(f"call void @f_refresh{kind}(ptr %ctx, i64 {order})")
    code.jump(test)
    code.begin(none)
