"""Writing LLVM IR as text: functions, blocks, values, and constants at the module's level.

Mutable locals are stack slots, which LLVM turns into registers. No fast-math flags and no
contraction anywhere: a result is a function of the operations and their order alone.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from foedus.engine.native.data import Data, Numbers

INLINED = "nounwind alwaysinline"
"""The attributes of small functions that are called all the time."""

RARE = "nounwind noinline optnone"
"""The attributes of functions that are called so rarely that making them faster takes longer than
they do."""

WITH_VECTORS = 'nounwind "stackrealign"'
"""The attributes of functions that may put vectors onto the stack: unless these are aligned there,
a vector that is read soon after waits for its two halves."""

LONGEST_CONSTANT = 1024
"""Longer tables are no part of a program's text."""


def double(value: float) -> str:
    """A double as a constant, bit for bit."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', float(value)))[0]:016X}"


def signed(word: int) -> int:
    """A 64-bit word as LLVM writes it."""
    return word - (1 << 64) if word >> 63 else word


NEVER, NOTHING = double(math.inf), double(math.nan)


@dataclass(slots=True)
class Module:
    """The text of a module in the making."""

    functions: list[str] = field(default_factory=list)
    constants: dict[tuple[str, tuple[object, ...]], str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    data: Data | None = None
    """Where long tables go; None keeps them in the text."""

    intrinsics: dict[str, None] = field(default_factory=dict)

    def declare(self, intrinsic: str) -> None:
        """Let a function that LLVM knows be called; once is enough."""
        self.intrinsics[intrinsic] = None

    def table(self, kind: str, values: Sequence[float] | Sequence[int]) -> str:
        """The name of a constant array (of `double`, `i64`, `i32` or `i8`), made once."""
        key = kind, tuple(struct.pack("<d", v) if kind == "double" else v for v in values)
        if key not in self.constants:
            name = f"@t{len(self.constants)}"
            show: Callable[[float], str] = double if kind == "double" else lambda v: str(int(v))
            cells = ", ".join(f"{kind} {show(value)}" for value in values)
            self.constants[key] = name
            size = len(values)
            self.lines.append(f"{name} = internal constant [{size} x {kind}] [{cells}], align 64")
        return self.constants[key]

    def text(self) -> str:
        """The whole module."""
        intrinsics = [
            "declare double @llvm.sqrt.f64(double)",
            "declare double @llvm.fabs.f64(double)",
            "declare double @llvm.floor.f64(double)",
            "declare i64 @llvm.cttz.i64(i64, i1)",
            "declare i64 @llvm.ctpop.i64(i64)",
        ]
        return "\n".join([*intrinsics, *self.intrinsics, *self.lines, *self.functions, ""])


@dataclass(slots=True)
class Function:
    """A function in the making: instructions go to the current block."""

    module: Module
    name: str
    result: str
    arguments: tuple[tuple[str, str], ...]
    attributes: str = ""
    slots: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    count: int = 0
    is_open: bool = True

    def fresh(self, hint: str = "v") -> str:
        """A name that is not taken."""
        self.count += 1
        return f"%{hint}{self.count}"

    def do(self, instruction: str) -> None:
        """An instruction without a result."""
        if self.is_open:
            self.body.append(f"  {instruction}")

    def let(self, instruction: str) -> str:
        """An instruction's result."""
        name = self.fresh()
        self.do(f"{name} = {instruction}")
        return name

    def plus(self, value: str, more: int) -> str:
        """A whole number and a known one, worked out at once where both are known."""
        return str(int(value) + more) if value.isdigit() else self.let(f"add i64 {value}, {more}")

    def slot(self, kind: str) -> str:
        """A mutable local."""
        name = self.fresh("s")
        alignment = 64 if kind.startswith("<") else 8
        self.slots.append(f"  {name} = alloca {kind}, align {alignment}")
        return name

    def label(self, hint: str) -> str:
        """The name of a block to come."""
        self.count += 1
        return f"{hint}{self.count}"

    def begin(self, label: str) -> None:
        """Start a block; the one before falls into it unless it has ended."""
        if self.is_open:
            self.body.append(f"  br label %{label}")
        self.body.append(f"{label}:")
        self.is_open = True

    def jump(self, label: str) -> None:
        """End the block with a jump."""
        self.do(f"br label %{label}")
        self.is_open = False

    def branch(self, condition: str, yes: str, no: str) -> None:
        """End the block with a decision."""
        self.do(f"br i1 {condition}, label %{yes}, label %{no}")
        self.is_open = False

    def leave(self, value: str | None = None) -> None:
        """Return."""
        self.do("ret void" if value is None else f"ret {self.result} {value}")
        self.is_open = False

    @contextmanager
    def when(self, condition: str, weight: str = "") -> Iterator[None]:
        """Instructions carried out only where a condition holds."""
        if condition == "true":
            yield
            return
        yes, after = self.label("yes"), self.label("after")
        self.do(f"br i1 {condition}, label %{yes}, label %{after}{weight}")
        self.is_open = False
        self.begin(yes)
        yield
        self.begin(after)

    def choose(
        self, kind: str, condition: str, yes: Callable[[], str], no: Callable[[], str]
    ) -> str:
        """A value worked out one way or another; only one is."""
        one, other, after = self.label("yes"), self.label("no"), self.label("after")
        result = self.slot(kind)
        self.branch(condition, one, other)
        self.begin(one)
        self.do(f"store {kind} {yes()}, ptr {result}")
        self.jump(after)
        self.begin(other)
        self.do(f"store {kind} {no()}, ptr {result}")
        self.begin(after)
        return self.let(f"load {kind}, ptr {result}")

    @contextmanager
    def count_up(self, first: str, last: str) -> Iterator[str]:
        """A loop over i64 from `first` to `last`, the last excluded; gives the index."""
        index = self.slot("i64")
        test, inside, after = self.label("test"), self.label("loop"), self.label("after")
        self.do(f"store i64 {first}, ptr {index}")
        self.begin(test)
        now = self.let(f"load i64, ptr {index}")
        self.branch(self.let(f"icmp slt i64 {now}, {last}"), inside, after)
        self.begin(inside)
        yield now
        following = self.let(f"add i64 {now}, 1")
        self.do(f"store i64 {following}, ptr {index}")
        self.jump(test)
        self.begin(after)

    def finish(self) -> None:
        """Close the function and hand it to its module."""
        if self.is_open:
            self.leave(None if self.result == "void" else "zeroinitializer")
        arguments = ", ".join(f"{kind} {name}" for kind, name in self.arguments)
        head = f"define internal {self.result} {self.name}({arguments}) {self.attributes} {{"
        if not self.name.startswith("@f_"):
            head = head.replace("internal ", "", 1)
        self.module.functions.append("\n".join([head, "entry:", *self.slots, *self.body, "}"]))

    def at(self, base: str, kind: str, index: str) -> str:
        """The address of an element."""
        return self.let(f"getelementptr {kind}, ptr {base}, i64 {index}")

    def load(self, kind: str, address: str) -> str:
        """What stands at an address."""
        return self.let(f"load {kind}, ptr {address}")

    def store(self, kind: str, value: str, address: str) -> None:
        """Put a value at an address."""
        self.do(f"store {kind} {value}, ptr {address}")

    def lookup(
        self, kind: str, values: Sequence[float] | Sequence[int] | Numbers, index: str
    ) -> str:
        """An element of a table of constants of kind `double` or `i64`.

        An affine table is computed; a long one is no part of the text but bound at run time.
        """
        whole = np.asarray(values, np.float64 if kind == "double" else np.int64)
        if kind == "i64" and len(whole) > 1:
            step = int(whole[1]) - int(whole[0])
            if abs(step) < 2**31 and np.all(np.diff(whole) == step):
                scaled = index if step == 1 else self.let(f"mul i64 {index}, {step}")
                return self.let(f"add i64 {scaled}, {int(whole[0])}")
        if len(whole) <= LONGEST_CONSTANT or self.module.data is None:
            return self.load(kind, self.at(self.module.table(kind, whole.tolist()), kind, index))
        if kind == "i64" and whole.min() >= 0 and whole.max() < 2**31:
            narrow = self.load("i32", self.at(self.bound(whole.astype(np.int32)), "i32", index))
            return self.let(f"zext i32 {narrow} to i64")
        return self.load(kind, self.at(self.bound(whole), kind, index))

    def fetch(self, address: str, *, writes: bool = True) -> None:
        """Ask for a line of memory that will soon be written, or only read."""
        self.module.declare("declare void @llvm.prefetch.p0(ptr, i32, i32, i32)")
        self.do(f"call void @llvm.prefetch.p0(ptr {address}, i32 {int(writes)}, i32 3, i32 1)")

    def entry(self, values: Numbers, index: str) -> str:
        """The address of an element of a table, for `fetch`."""
        kind = "i64"
        if len(values) <= LONGEST_CONSTANT or self.module.data is None:
            return self.at(self.module.table(kind, values.tolist()), kind, index)
        return self.at(self.bound(values.astype(np.int32)), "i32", index)

    def bound(self, values: Numbers) -> str:
        """The address of a table bound at run time; that of all tables stands first in memory."""
        assert self.module.data is not None
        base = self.load("ptr", "%ctx")
        return self.at(base, "i8", str(self.module.data.add(values)))


@contextmanager
def each_in_row(code: Function, starts: Numbers, members: Numbers, row: str) -> Iterator[str]:
    """A loop over the members of a row of compressed rows (see `jump.ties.Ties`)."""
    first = code.lookup("i64", starts, row)
    last = code.lookup("i64", starts, code.let(f"add i64 {row}, 1"))
    with code.count_up(first, last) as index:
        yield code.lookup("i64", members if len(members) else [0], index)
