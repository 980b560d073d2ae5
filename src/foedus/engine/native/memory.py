"""Where a run's state lies in the one block of memory a kernel works in.

Every array has a fixed place, known when the model is emitted; the kernel gets one pointer. Arrays
are padded to 64 bytes, so that wide loads may read past their ends.
"""

from __future__ import annotations

from dataclasses import field

from foedus.engine.native.ir import Function
from foedus.frozen import dataclass

WIDTHS = {"double": 8, "i64": 8, "i32": 4, "i8": 1}
ALIGNMENT = 64


@dataclass(frozen=True, slots=True)
class Array:
    """An array in the block: its first byte, its element, how many there are, and how far apart."""

    offset: int
    kind: str
    count: int
    stride: int = 0


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

    def add_rows(self, fields: list[tuple[str, str]], count: int) -> None:
        """Give some arrays places side by side, so that what is used together lies together."""
        ordered = sorted(fields, key=lambda field: -WIDTHS[field[1]])
        length = sum(WIDTHS[kind] for _, kind in ordered)
        whole = ALIGNMENT * -(-length // ALIGNMENT)
        stride = whole if length > ALIGNMENT // 2 else 1 << (length - 1).bit_length()
        for name, kind in ordered:
            self.arrays[name] = Array(self.size, kind, count, stride)
            self.size += WIDTHS[kind]
        self.size += stride * count - length
        self.size = -(-self.size // ALIGNMENT) * ALIGNMENT + ALIGNMENT

    def base(self, code: Function, name: str) -> str:
        """The address of an array's first element."""
        return code.let(f"getelementptr i8, ptr {self.pointer}, i64 {self.arrays[name].offset}")

    def cell(self, code: Function, name: str, index: str | int) -> str:
        """The address of an element."""
        array = self.arrays[name]
        if isinstance(index, int) or index.isdigit():
            offset = array.offset + int(index) * (array.stride or WIDTHS[array.kind])
            return code.let(f"getelementptr i8, ptr {self.pointer}, i64 {offset}")
        if array.stride:
            return code.at(self.base(code, name), f"[{array.stride} x i8]", index)
        return code.at(self.base(code, name), array.kind, index)

    def load(self, code: Function, name: str, index: str | int = 0) -> str:
        """An element."""
        return code.load(self.arrays[name].kind, self.cell(code, name, index))

    def store(self, code: Function, name: str, value: str, index: str | int = 0) -> None:
        """Set an element."""
        code.store(self.arrays[name].kind, value, self.cell(code, name, index))

    def fill_rows(self, code: Function, values: dict[str, str]) -> None:
        """Set every element of some arrays, those of one row together."""
        sides: dict[tuple[int, int], list[str]] = {}
        for name in values:
            array = self.arrays[name]
            if array.stride:
                sides.setdefault((array.stride, array.count), []).append(name)
            else:
                self.fill(code, name, values[name])
        for (_, count), names in sides.items():
            with code.count_up("0", str(count)) as index:
                for name in names:
                    self.store(code, name, values[name], index)

    def fill(self, code: Function, name: str, value: str) -> None:
        """Set every element."""
        array = self.arrays[name]
        if array.count <= 4:
            for place in range(array.count):
                self.store(code, name, value, place)
            return
        if array.stride:
            with code.count_up("0", str(array.count)) as index:
                self.store(code, name, value, index)
            return
        # Arrays end at whole vectors: what is written past the last element is read by nobody.
        beside = ALIGNMENT // WIDTHS[array.kind]
        vector = f"<{beside} x {array.kind}>"
        wide = f"<{', '.join([f'{array.kind} {value}'] * beside)}>"
        with code.count_up("0", str(-(-array.count // beside))) as block:
            address = code.at(self.base(code, name), vector, block)
            code.do(f"store {vector} {wide}, ptr {address}, align {ALIGNMENT}")
