"""Who must know of a change: dirty clocks and stale questions, and bringing them up to date.

A set bit of `dirty_all` stands for every instance of a kind, one of `dirty_some` for the places of
a crew whose bits are set in its words of `dirty`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from foedus.engine.dependencies import Readers
from foedus.engine.layout import Block
from foedus.engine.native.bits import BIT_BLOCK, each_bit, note_bits, words_for
from foedus.engine.native.crews import Crews, Places, kinds_at_home
from foedus.engine.native.expressions import Emission
from foedus.engine.native.ir import INLINED, Function, signed
from foedus.engine.native.observers import note_stale
from foedus.frozen import dataclass


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
    crews: Crews

    @property
    def places(self) -> Places:
        """Where instances have their places."""
        return Places(self.kind_of, self.first_of)

    def kind_at(self, code: Function, instance: str) -> str:
        """The number of an instance's kind."""
        return code.lookup("i64", self.kind_of, instance)

    def kinds_everywhere(self, readers: Readers, block: Block) -> set[int]:
        """The kinds all of whose instances are looked at after a change in a block."""
        found = {self.kind_of[i] for i in readers.everywhere[block.first]}
        if block.count == 1:  # who reads its one cell reads it everywhere
            found |= {self.kind_of[i] for i in readers.single.get(block.first, ())}
        return found

    def crews_of(self, readers: Readers, block: Block) -> set[int]:
        """The crews some places of which are looked at after a change in a block."""
        singles = self.places.single_readers(readers, block)
        home = kinds_at_home(singles)
        found = {self.crews.kinds.index(home)} if home else set[int]()
        for at, one in enumerate(singles):
            alone = [k for k, order in one if k not in home or order != at]
            found.update(self.crews.kinds.index((k,)) for k in alone)
        return found


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


def add_lists(shared: Emission, network: Network) -> None:
    """Room for what is dirty."""
    shared.memory.add("dirty_all", "i64", words_for(len(shared.model.kinds)))
    shared.memory.add("dirty_some", "i64", words_for(len(network.crews.kinds)))
    shared.memory.add("dirty", "i64", network.crews.first_words[-1])


def emit_touch(shared: Emission, network: Network) -> None:
    """`@f_touch_NAME(ctx, cell)`: note the clocks and questions that read a cell."""
    for prefix, readers, blocks in (
        ("v", network.state, shared.layout.variables),
        ("c", network.counters, shared.layout.counters),
    ):
        for number, (name, block) in enumerate(blocks.items()):
            code = shared.function(
                f"@f_touch_{prefix}{number}", ("i64", "%cell"), attributes=INLINED
            )
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
    note_bits(shared, code, "dirty_all", sorted(network.kinds_everywhere(readers, block)))
    note_stale(shared, code, readers.monitors[block.first])
    singles = network.places.single_readers(readers, block)
    if any(singles):
        _touch_singles(shared, code, network.crews, block, singles)


def _touch_singles(
    shared: Emission, code: Function, crews: Crews, block: Block,
    singles: list[list[tuple[int, int]]],
) -> None:  # fmt: skip
    """Note the instances (kind, order) that read one cell of a block, `%cell`."""
    home = kinds_at_home(singles)
    at = code.let(f"sub i64 %cell, {block.first}")
    if home:
        crew = crews.kinds.index(home)
        word = code.let(f"add i64 {code.let(f'lshr i64 {at}, 6')}, {crews.first_words[crew]}")
        mask = code.let(f"shl i64 1, {code.let(f'and i64 {at}, 63')}")
        _set_bits(shared, code, "dirty", word, mask)
        note_bits(shared, code, "dirty_some", [crew])
    others = [
        [(crews.kinds.index((k,)), order) for k, order in one if k not in home or order != place]
        for place, one in enumerate(singles)
    ]
    if not any(others):
        return
    flat = [entry for one in others for entry in one]
    ends = np.cumsum([0, *map(len, others)]).tolist()
    words = [crews.first_words[crew] + order // BIT_BLOCK for crew, order in flat]
    first, last = code.lookup("i64", ends[:-1], at), code.lookup("i64", ends[1:], at)
    with code.count_up(first, last) as index:
        for array, bits, blocks in (
            ("dirty", [order for _, order in flat], words),
            ("dirty_some", [crew for crew, _ in flat], [crew // BIT_BLOCK for crew, _ in flat]),
        ):
            mask = code.lookup("i64", [signed(1 << bit % BIT_BLOCK) for bit in bits], index)
            _set_bits(shared, code, array, code.lookup("i64", blocks, index), mask)


def _set_bits(shared: Emission, code: Function, array: str, word: str, bits: str) -> None:
    now = shared.memory.load(code, array, word)
    shared.memory.store(code, array, code.let(f"or i64 {now}, {bits}"), word)


def emit_settle(shared: Emission, network: Network) -> None:
    """`@f_settle(ctx)`: bring every clock up to date that reads what has changed."""
    code = shared.function("@f_settle")
    kinds, crews = shared.model.kinds, network.crews

    def every(number: int) -> None:
        code.do(f"call void @f_refresh_all{number}(ptr %ctx)")

    def some(number: int) -> None:
        for word in crews.words(number):
            refresh_dirty(shared, code, crews, number, word)

    for word in range(words_for(len(kinds))):
        each_bit(shared, code, "dirty_all", word, len(kinds), every)
    for word in range(words_for(len(crews.kinds))):
        each_bit(shared, code, "dirty_some", word, len(crews.kinds), some)
    code.finish()


def refresh_dirty(shared: Emission, code: Function, crews: Crews, number: int, word: int) -> None:
    """Bring the places of a crew up to date whose bits are set in one of its words."""
    memory, left = shared.memory, code.slot("i64")
    first = (word - crews.words(number).start) * BIT_BLOCK
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
    for kind in crews.kinds[number]:
        code.do(f"call void @f_refresh{kind}(ptr %ctx, i64 {order})")
    code.jump(test)
    code.begin(none)
