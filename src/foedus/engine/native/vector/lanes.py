"""Operations on all lanes at once: one value of every run, side by side.

Numbers are `<W x double>`, words `<W x i64>`, conditions `<W x i1>`. Operations without side
effects are written once: the same operation on the same values is not repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from foedus.engine.native.ir import Function, double


@dataclass(slots=True)
class Lanes:
    """A straight piece of code on `width` lanes, within the function `code`."""

    code: Function
    width: int
    known: dict[str, str] = field(default_factory=dict)
    numbers_known: dict[str, float] = field(default_factory=dict)
    opposites: dict[str, str] = field(default_factory=dict)
    """What values with the sign changed are the opposites of."""

    @property
    def numbers(self) -> str:
        """The type of a number in every lane."""
        return f"<{self.width} x double>"

    @property
    def words(self) -> str:
        """The type of a 64-bit word in every lane."""
        return f"<{self.width} x i64>"

    @property
    def masks(self) -> str:
        """The type of a condition in every lane."""
        return f"<{self.width} x i1>"

    def let(self, instruction: str) -> str:
        """The result of an instruction that reads no memory."""
        if instruction not in self.known:
            self.known[instruction] = self.code.let(instruction)
        return self.known[instruction]

    def number(self, value: float) -> str:
        """A number, the same in every lane."""
        shown = f"<{', '.join([f'double {double(value)}'] * self.width)}>"
        self.numbers_known[shown] = value
        return shown

    def negative(self, number: str) -> str:
        """Minus a number."""
        if number in self.numbers_known:
            return self.number(-self.numbers_known[number])
        if number in self.opposites:
            return self.opposites[number]
        value = self.let(f"fneg {self.numbers} {number}")
        self.opposites[value] = number
        return value

    def spread(self, number: str) -> str:
        """A single number put into every lane."""
        one = self.let(f"insertelement {self.numbers} poison, double {number}, i64 0")
        order = f"<{self.width} x i32> zeroinitializer"
        return self.let(f"shufflevector {self.numbers} {one}, {self.numbers} poison, {order}")

    def spread_word(self, word: str) -> str:
        """A single word put into every lane."""
        one = self.let(f"insertelement {self.words} poison, i64 {word}, i64 0")
        order = f"<{self.width} x i32> zeroinitializer"
        return self.let(f"shufflevector {self.words} {one}, {self.words} poison, {order}")

    def word(self, value: int) -> str:
        """A word, the same in every lane; taken modulo 2^64."""
        value &= (1 << 64) - 1
        shown = value - (1 << 64) if value >> 63 else value
        return f"<{', '.join([f'i64 {shown}'] * self.width)}>"

    def truth(self, value: bool) -> str:
        """A condition, the same in every lane."""
        return self.first(self.width if value else 0)

    def first(self, count: int) -> str:
        """A condition that holds in the first lanes, so many of them."""
        return f"<{', '.join(f'i1 {int(lane < count)}' for lane in range(self.width))}>"

    def load(self, kind: str, address: str) -> str:
        """What stands at an address that is a multiple of 64."""
        return self.code.let(f"load {kind}, ptr {address}, align 64")

    def store(self, kind: str, value: str, address: str) -> None:
        """Put a value at such an address."""
        self.code.do(f"store {kind} {value}, ptr {address}, align 64")

    def join(self, operation: str, left: str, right: str) -> str:
        """Two numbers joined: `fadd`, `fsub`, `fmul`, `fdiv`.

        Of products that differ by their sign one is the opposite of the other.
        """
        if operation == "fmul" and (left in self.opposites or right in self.opposites):
            one, other = (self.opposites.get(side, side) for side in (left, right))
            product = self.join("fmul", one, other)
            both = left in self.opposites and right in self.opposites
            return product if both else self.negative(product)
        return self.let(f"{operation} {self.numbers} {left}, {right}")

    def join_words(self, operation: str, left: str, right: str) -> str:
        """Two words joined: `add`, `mul`, `xor`, `and`, `or`, `shl`, `lshr`, `ashr`."""
        return self.let(f"{operation} {self.words} {left}, {right}")

    def compare(self, sign: str, left: str, right: str) -> str:
        """A comparison of numbers, as `fcmp` names it."""
        return self.let(f"fcmp {sign} {self.numbers} {left}, {right}")

    def both(self, left: str, right: str) -> str:
        """Where both conditions hold."""
        every = self.truth(True)
        if every in (left, right):
            return right if left == every else left
        return self.let(f"and {self.masks} {left}, {right}")

    def either(self, left: str, right: str) -> str:
        """Where one condition or the other holds."""
        never = self.truth(False)
        if never in (left, right):
            return right if left == never else left
        return self.let(f"or {self.masks} {left}, {right}")

    def opposite(self, condition: str) -> str:
        """Where a condition does not hold."""
        return self.let(f"xor {self.masks} {condition}, {self.truth(True)}")

    def select(self, condition: str, yes: str, no: str, kind: str = "") -> str:
        """`yes` where a condition holds, `no` elsewhere; numbers unless `kind` is another type."""
        if yes == no or condition == self.truth(True):
            return yes
        first, second = self.numbers_known.get(yes), self.numbers_known.get(no)
        if first is not None and second is not None and first == -second < 0.0:
            return self.negative(self.select(condition, no, yes, kind))
        kind = kind or self.numbers
        return self.let(f"select {self.masks} {condition}, {kind} {yes}, {kind} {no}")

    def lesser(self, left: str, right: str) -> str:
        """The lesser of two numbers; `right` where they cannot be compared."""
        return self.select(self.compare("olt", left, right), left, right)

    def greater_word(self, left: str, right: str) -> str:
        """The greater of two words without sign."""
        name = f"@llvm.umax.v{self.width}i64"
        self.code.module.declare(f"declare {self.words} {name}({self.words}, {self.words})")
        return self.let(f"call {self.words} {name}({self.words} {left}, {self.words} {right})")

    def as_words(self, number: str) -> str:
        """The bits of a number."""
        return self.let(f"bitcast {self.numbers} {number} to {self.words}")

    def as_numbers(self, word: str) -> str:
        """The number with given bits."""
        return self.let(f"bitcast {self.words} {word} to {self.numbers}")

    def bits(self, condition: str) -> str:
        """A condition as an i64, the first lane in the lowest bit."""
        packed = self.let(f"bitcast {self.masks} {condition} to i{self.width}")
        return packed if self.width == 64 else self.let(f"zext i{self.width} {packed} to i64")

    def intrinsic(self, name: str, value: str) -> str:
        """A function of numbers that LLVM knows: `sqrt`, `floor`, `fabs`."""
        full = f"@llvm.{name}.v{self.width}f64"
        self.code.module.declare(f"declare {self.numbers} {full}({self.numbers})")
        return self.let(f"call {self.numbers} {full}({self.numbers} {value})")

    def weave(self, one: Callable[[], None], other: Callable[[], None]) -> None:
        """Two straight pieces that do not need each other, each spread over the length of both.

        A processor looks only some hundred instructions ahead: where one piece is a long chain,
        each link waiting for the one before, there should always be some of the other within sight.
        """
        body, known = self.code.body, dict(self.known)
        start = len(body)
        one()
        middle = len(body)
        self.known = known  # what the one has worked out may come too late for the other
        other()
        pieces = body[start:middle], body[middle:]
        placed = [
            ((number + 0.5) / len(piece), line)
            for piece in pieces
            for number, line in enumerate(piece)
        ]
        body[start:] = [line for _, line in sorted(placed, key=lambda pair: pair[0])]
