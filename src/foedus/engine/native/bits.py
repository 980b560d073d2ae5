"""Going through the bits that are set in words of a memory: what has changed, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from foedus.engine.native.expressions import Emission
from foedus.engine.native.ir import Function, signed

BIT_BLOCK = 64
"""Bits in a word."""


def words_for(bits: int) -> int:
    """How many words hold so many bits; at least one."""
    return -(-max(bits, 1) // BIT_BLOCK)


def note_bits(shared: Emission, code: Function, array: str, numbers: Sequence[int]) -> None:
    """Set the bits of some numbers in the words of an array."""
    for word in sorted({number // BIT_BLOCK for number in numbers}):
        bits = sum(1 << number % BIT_BLOCK for number in numbers if number // BIT_BLOCK == word)
        now = shared.memory.load(code, array, word)
        shared.memory.store(code, array, code.let(f"or i64 {now}, {signed(bits)}"), word)


def each_bit(
    shared: Emission, code: Function, array: str, word: int, count: int,
    body: Callable[[int], None],
) -> None:  # fmt: skip
    """For every bit of a word that is set, of the first `count` in all: clear it, do the body."""
    memory = shared.memory
    numbers = range(word * BIT_BLOCK, min(count, (word + 1) * BIT_BLOCK))
    if not numbers:
        return
    test, some, after, never = (code.label(hint) for hint in ("bits", "bit", "nobits", "never"))
    code.begin(test)
    bits = memory.load(code, array, word)
    code.branch(code.let(f"icmp ne i64 {bits}, 0"), some, after)
    code.begin(some)
    number = code.let(f"call i64 @llvm.cttz.i64(i64 {bits}, i1 true)")
    less = code.let(f"sub i64 {bits}, 1")
    memory.store(code, array, code.let(f"and i64 {bits}, {less}"), word)
    labels = {one: code.label(f"bit{one}_") for one in numbers}
    cases = " ".join(f"i64 {one % BIT_BLOCK}, label %{name}" for one, name in labels.items())
    code.do(f"switch i64 {number}, label %{never} [ {cases} ]")
    code.is_open = False
    for one, name in labels.items():
        code.begin(name)
        body(one)
        code.jump(test)
    code.begin(never)
    code.do("unreachable")
    code.is_open = False
    code.begin(after)
