"""Where a run's state lies in the one block of memory a kernel works in.

Every array has a fixed place, known when the model is emitted; the kernel gets one pointer. Arrays
are padded to 64 bytes, so that wide loads may read past their ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from foedus.engine.native.ir import Function

WIDTHS = {"double": 8, "i64": 8, "i8": 1}
ALIGNMENT = 64


@dataclass(frozen=True, slots=True)
class Array:
    """An array in the block: its first byte, its element, how many there are."""

    offset: int
    kind: str
    count: int


@dataclass(slots=True)
class Memory:
    """The block of memory of a run.

    `pointer` is what functions call its address; `gap` bytes lie between two arrays.
    """

    pointer: str = "%ctx"
    gap: int = ALIGNMENT
    arrays: dict[str, Array] = field(default_factory=dict)
    size: int = 0

    def add(self, name: str, kind: str, count: int) -> None:
        """Give an array its place."""
        self.arrays[name] = Array(self.size, kind, count)
        padded = -(-max(count, 1) * WIDTHS[kind] // ALIGNMENT) * ALIGNMENT
        self.size += padded + self.gap

    def base(self, code: Function, name: str) -> str:
        """The address of an array's first element."""
        return code.let(f"getelementptr i8, ptr {self.pointer}, i64 {self.arrays[name].offset}")

    def cell(self, code: Function, name: str, index: str | int) -> str:
        """The address of an element."""
        array = self.arrays[name]
        if isinstance(index, int):
            offset = array.offset + index * WIDTHS[array.kind]
            return code.let(f"getelementptr i8, ptr {self.pointer}, i64 {offset}")
        return code.at(self.base(code, name), array.kind, index)

    def load(self, code: Function, name: str, index: str | int = 0) -> str:
        """An element."""
        return code.load(self.arrays[name].kind, self.cell(code, name, index))

    def store(self, code: Function, name: str, value: str, index: str | int = 0) -> None:
        """Set an element."""
        code.store(self.arrays[name].kind, value, self.cell(code, name, index))

    def fill(self, code: Function, name: str, value: str) -> None:
        """Set every element."""
        array = self.arrays[name]
        if array.count <= 4:
            for place in range(array.count):
                self.store(code, name, value, place)
            return
        with code.count_up("0", str(array.count)) as index:
            self.store(code, name, value, index)
