"""Who must know of a change: dirty clocks and stale questions, and bringing them up to date.

A set bit of `dirty_all` stands for every instance of a kind, one of `dirty_some` for those whose
byte in `dirty` is set.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from foedus.engine.dependencies import Readers
from foedus.engine.layout import Block
from foedus.engine.native.bits import BIT_BLOCK, each_bit
from foedus.engine.native.clockwork import instances_of, signed
from foedus.engine.native.expressions import Emission
from foedus.engine.native.ir import Function

BYTES = 8


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
    for word in range(-(-len(network.first_of) // BIT_BLOCK)):
        bits = sum(1 << (k % BIT_BLOCK) for k in everywhere if k // BIT_BLOCK == word)
        if bits:
            now = memory.load(code, "dirty_all", word)
            memory.store(code, "dirty_all", code.let(f"or i64 {now}, {signed(bits)}"), word)
    for monitor in readers.monitors[block.first]:
        memory.store(code, "stale", "1", monitor)
    if readers.monitors[block.first]:
        memory.store(code, "any_stale", "1")
    singles = [readers.single.get(place, ()) for place in block.cells]
    singles = [tuple(i for i in one if network.kind_of[i] not in everywhere) for one in singles]
    if not any(singles):
        return
    starts, flat = [0], list[int]()
    for one in singles:
        flat.extend(one)
        starts.append(len(flat))
    at = code.let(f"sub i64 %cell, {block.first}")
    first = code.lookup("i64", starts[:-1], at)
    last = code.lookup("i64", starts[1:], at)
    with code.count_up(first, last) as index:
        instance = code.lookup("i64", flat, index)
        memory.store(code, "dirty", "1", instance)
        kind = code.lookup("i64", network.kind_of, instance)
        _set_bit(shared, code, "dirty_some", kind)


def _set_bit(shared: Emission, code: Function, array: str, number: str) -> None:
    word = code.let(f"lshr i64 {number}, 6")
    place = code.let(f"and i64 {number}, 63")
    bit = code.let(f"shl i64 1, {place}")
    now = shared.memory.load(code, array, word)
    shared.memory.store(code, array, code.let(f"or i64 {now}, {bit}"), word)


def emit_settle(shared: Emission, network: Network) -> None:
    """`@f_settle(ctx)`: bring every clock up to date that reads what has changed."""
    code = shared.function("@f_settle")
    kinds = shared.model.kinds
    for word in range(-(-len(kinds) // BIT_BLOCK)):
        each_bit(
            shared, code, "dirty_all", word, len(kinds),
            lambda number: code.do(f"call void @f_refresh_all{number}(ptr %ctx)"),
        )  # fmt: skip

        def some(number: int) -> None:
            first, count = network.first_of[number], instances_of(kinds[number])
            _each_dirty(
                shared, code, first, count,
                lambda order: code.do(f"call void @f_refresh{number}(ptr %ctx, i64 {order})"),
            )  # fmt: skip

        each_bit(shared, code, "dirty_some", word, len(kinds), some)
    code.finish()


def _each_dirty(
    shared: Emission, code: Function, first: int, count: int, body: Callable[[str], None]
) -> None:
    """For every instance of a kind whose byte is set: clear the byte, do the body.

    Bytes are looked at eight at a time; most of them are not set.
    """
    memory, last = shared.memory, (count - 1) // BYTES
    inside = (1 << (8 * (count - last * BYTES))) - 1
    bytes_ = code.slot("i64")
    with code.count_up("0", str(last + 1)) as block:
        begin = code.let(f"mul i64 {block}, {BYTES}")
        address = memory.cell(code, "dirty", code.let(f"add i64 {begin}, {first}"))
        found = code.let(f"load i64, ptr {address}, align 1")
        is_last = code.let(f"icmp eq i64 {block}, {last}")
        mask = code.let(f"select i1 {is_last}, i64 {signed(inside)}, i64 -1")
        code.store("i64", code.let(f"and i64 {found}, {mask}"), bytes_)
        test, one, none = code.label("dirty"), code.label("one"), code.label("none")
        code.begin(test)
        left = code.load("i64", bytes_)
        code.branch(code.let(f"icmp ne i64 {left}, 0"), one, none)
        code.begin(one)
        bit = code.let(f"call i64 @llvm.cttz.i64(i64 {left}, i1 true)")
        order = code.let(f"add i64 {begin}, {code.let(f'lshr i64 {bit}, 3')}")
        less = code.let(f"sub i64 {left}, 1")
        code.store("i64", code.let(f"and i64 {left}, {less}"), bytes_)
        memory.store(code, "dirty", "0", code.let(f"add i64 {order}, {first}"))
        body(order)
        code.jump(test)
        code.begin(none)
