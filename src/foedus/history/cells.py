"""The cells of a column: turned into values, and what is wrong with those that cannot be.

Whole columns are looked at once (`pyarrow.compute`); cells are named one by one only where they are
wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import field, replace
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from foedus.frozen import dataclass
from foedus.history.formats import Column
from foedus.history.states import codes_in_use
from foedus.text.codes import Code
from foedus.text.suggest import closest, list_names

Mask = NDArray[np.bool_]

INTEGER = r"^[+-]?[0-9]{1,18}(\.0+)?$"
NUMBER = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
MOST_SHOWN = 3
"""So many cells of a column are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row of a file (counted from 0, without the header), a column, what is wrong and the cure.

    `row` is None for a fault of the whole file.
    """

    row: int | None
    column: str
    cause: str
    cure: str
    code: Code = Code.BAD_TABLE
    is_error: bool = True


@dataclass(slots=True)
class Faults:
    """What is wrong with a file so far; of each kind of fault in a column a few are named.

    `skipped`: rows of the file, in order, whose cells are too few or too many. They are in no block
    of cells; the rows of blocks are counted without them.
    """

    named: list[tuple[str, Fault]] = field(default_factory=list)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    skipped: list[int] = field(default_factory=list)

    def add(self, fault: Fault, kind: str = "") -> None:
        """Note one fault, of a kind, in a row of a block or in the whole file."""
        if fault.row is not None and self.skipped:
            fault = replace(fault, row=self.row_in_file(fault.row))
        self._note(fault, kind or fault.cause)

    def skip(self, row: int, cause: str, cure: str) -> None:
        """Note a row of the file that is left out of all blocks."""
        self._note(Fault(row, "", cause, cure), "cells")
        self.skipped.append(row)

    def row_in_file(self, row: int) -> int:
        """Which row of the file a row of the blocks is."""
        for skipped in self.skipped:
            if skipped > row:
                break
            row += 1
        return row

    def _note(self, fault: Fault, kind: str) -> None:
        key = fault.column, kind
        self.counts[key] = self.counts.get(key, 0) + 1
        if self.counts[key] <= (MOST_SHOWN if fault.is_error else 1):
            self.named.append((kind, fault))

    def add_where(self, bad: Mask, first_row: int, kind: str, name: Callable[[int], Fault]) -> None:
        """Note every row of a block where `bad` holds; `name` makes the fault from its place."""
        count = int(np.count_nonzero(bad))
        for index in np.flatnonzero(bad)[:MOST_SHOWN]:
            fault = name(int(index))
            self.add(fault, kind)
        if count > MOST_SHOWN:
            self.counts[fault.column, kind] += count - MOST_SHOWN

    @property
    def has_errors(self) -> bool:
        """Whether the file cannot be taken in."""
        return any(fault.is_error for _, fault in self.named)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a column's cells as text, from the row `first_row` of the file on."""

    column: Column
    cells: pa.Array
    first_row: int
    faults: Faults

    def refuse(self, bad: Mask, kind: str, cure: str, code: Code = Code.BAD_TABLE) -> None:
        """Note cells that are wrong. `kind` goes after the cell's own words."""

        def name(index: int) -> Fault:
            cell = self.cells[index].as_py() or ""
            cause = f"`{cell}` {kind}" if cell else kind
            return Fault(self.first_row + index, self.column.name, cause, cure, code)

        self.faults.add_where(bad, self.first_row, kind, name)


def values_of(column: Column, cells: pa.Array, first_row: int, faults: Faults) -> pa.Array:
    """The values of a block of cells (text); null where a cell is blank, missing or wrong."""
    trimmed = pc.utf8_trim_whitespace(pc.fill_null(cells, ""))
    block = Block(column, trimmed, first_row, faults)
    blank = _mask(pc.equal(trimmed, ""))
    if not column.blank:
        block.refuse(blank, "the cell is empty", "every row needs a value here")
    present = ~blank
    if column.missing:
        marks = _whole(trimmed)  # `-9.0` where a program read the column as numbers
        present &= ~_mask(pc.is_in(marks, value_set=pa.array(column.missing)))
    text = trimmed if present.all() else pc.if_else(pa.array(present), trimmed, None)
    return _READERS[column.type](block, text, present)


def _mask(values: pa.Array) -> Mask:
    found: Mask = pc.fill_null(values, False).to_numpy(zero_copy_only=False)
    return found


def _whole(text: pa.Array) -> pa.Array:
    """Whole numbers without the noughts after their point."""
    return pc.replace_substring_regex(text, r"\.0+$", "")


def _text(block: Block, text: pa.Array, present: Mask) -> pa.Array:
    return text


def _words(block: Block, text: pa.Array, present: Mask) -> pa.Array:
    words = block.column.words
    bad = present & ~_mask(pc.is_in(text, value_set=pa.array(words)))
    if bad.any():
        first = str(text[int(np.flatnonzero(bad)[0])].as_py())
        near = closest(first, words)
        cure = f"write `{near}`" if near else f"possible are {list_names(words, 20)}"
        block.refuse(bad, "is no word of this column", cure)
    return text


def _numbers(block: Block, text: pa.Array, present: Mask, pattern: str, what: str) -> pa.Array:
    """Numbers as float64, null where the text is none or out of range."""
    try:
        values = pc.cast(text, pa.float64())
    except pa.ArrowInvalid:
        written = pc.match_substring_regex(text, pattern)
        values = pc.cast(pc.if_else(written, text, None), pa.float64())
    bad = present & ~_mask(pc.is_finite(values))
    cure = f"write {what}{_or_nothing(block.column)}"
    block.refuse(bad, f"is not {what}", cure)
    column, numbers = block.column, np.nan_to_num(values.to_numpy(zero_copy_only=False))
    if what == "a whole number":
        broken = present & ~bad & (numbers != np.floor(numbers))
        block.refuse(broken, "is not a whole number", cure)
        bad |= broken
    outside = np.zeros_like(bad)
    if column.low is not None:
        outside |= numbers < column.low
    if column.high is not None:
        outside |= numbers > column.high
    outside &= present & ~bad
    if outside.any():
        span = _range(column)
        block.refuse(outside, f"lies outside {span}", f"a number here lies within {span}")
        bad |= outside
    return pc.if_else(pa.array(bad), None, values) if bad.any() else values


def _or_nothing(column: Column) -> str:
    return ", or leave the cell empty" if column.blank else ""


def _range(column: Column) -> str:
    low = "" if column.low is None else f"{column.low:g}"
    return f"{low}..{'' if column.high is None else f'{column.high:g}'}"


def _integer(block: Block, text: pa.Array, present: Mask) -> pa.Array:
    return pc.cast(_numbers(block, text, present, INTEGER, "a whole number"), pa.int64())


def _number(block: Block, text: pa.Array, present: Mask) -> pa.Array:
    return _numbers(block, text, present, NUMBER, "a number")


def _flag(block: Block, text: pa.Array, present: Mask) -> pa.Array:
    is_one = pc.is_in(text, value_set=pa.array(("1", "1.0")))
    bad = present & ~_mask(pc.is_in(text, value_set=pa.array(("0", "1", "0.0", "1.0"))))
    block.refuse(bad, "is neither 0 nor 1", "write 1 for yes and 0 for no")
    return pc.if_else(pa.array(present & ~bad), is_one, None)


def _state(block: Block, text: pa.Array, present: Mask) -> pa.Array:
    plain = _whole(text)
    bad = present & ~_known(block.column, plain)
    _refuse_states(block, bad)
    plain = pc.if_else(pa.array(bad), None, plain) if bad.any() else plain
    return plain if block.column.states == "iso3" else pc.cast(plain, pa.int64())


def _state_list(block: Block, text: pa.Array, present: Mask) -> pa.Array:
    """Codes with commas between them, however they were set apart."""
    text = pc.replace_substring_regex(text, r"\s*[,;]\s*", ", ")
    pieces = pc.split_pattern(text, ", ")
    unknown = ~_known(block.column, pc.list_flatten(pieces))
    bad = np.zeros(len(text), np.bool_)
    bad[pc.list_parent_indices(pieces).to_numpy()[unknown]] = True
    _refuse_states(block, bad)
    return text


def _known(column: Column, codes: pa.Array) -> Mask:
    known = [*codes_in_use(column.states), *map(str, column.also)]
    return _mask(pc.is_in(codes, value_set=pa.array(known)))


def _refuse_states(block: Block, bad: Mask) -> None:
    system = {"cow": "Correlates of War", "gw": "Gleditsch and Ward", "iso3": "ISO 3166"}
    name = system[block.column.states]
    block.refuse(bad, f"is no state's code ({name})", f"give the code that {name} list")


def _date(block: Block, text: pa.Array, present: Mask) -> pa.Array:
    """Dates as date32; a date written to the month or year is its first day."""
    days = np.full(len(text), np.datetime64("NaT"), "datetime64[D]")
    open_rows = present.copy()
    for form in block.column.form.split("|"):
        if not open_rows.any():
            break
        parts = pc.extract_regex(text, pattern(form))
        fits = open_rows & _mask(pc.is_valid(parts))
        year, month, day = (_part(parts, name, len(text)) for name in ("y", "m", "d"))
        fits &= (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
        months = (np.where(fits, year, 1970) - 1970) * 12 + np.where(fits, month, 1) - 1
        start = months.astype("datetime64[M]")
        length = (start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")
        fits &= day <= length.astype(np.int64)
        days[fits] = start.astype("datetime64[D]")[fits] + (day[fits] - 1)
        open_rows &= ~fits
    shown = " or ".join(example(form) for form in block.column.form.split("|"))
    cure = f"write a date such as {shown}" + _or_nothing(block.column)
    block.refuse(open_rows, "is no date", cure, Code.BAD_DATE)
    return pa.array(days)


def _part(parts: pa.Array, name: str, size: int) -> NDArray[np.int64]:
    """A part of the dates that fit a form; 1 where the form has no such part, 0 for no month."""
    names = [each.name for each in parts.type]
    if name == "m" and "b" in names:
        words = pc.struct_field(parts, "b")
        found = pc.add(pc.index_in(words, value_set=pa.array(MONTHS)), 1)
    elif name in names:
        found = pc.cast(pc.struct_field(parts, name), pa.int64())
    else:
        return np.ones(size, np.int64)
    numbers: NDArray[np.int64] = pc.fill_null(found, 0).to_numpy(zero_copy_only=False)
    return numbers.astype(np.int64)


@cache
def pattern(form: str) -> str:
    """The regular expression of dates of a form (`%Y %m %d %B`)."""
    digits = "[0-9]{2}" if form == "%Y%m%d" else "[0-9]{1,2}"
    parts = {"Y": "(?P<y>[0-9]{4})", "m": f"(?P<m>{digits})", "d": f"(?P<d>{digits})"}
    parts["B"] = "(?P<b>[A-Za-z]+)"
    return "^" + re.sub(r"%(\w)", lambda part: parts[part[1]], form) + "$"


def example(form: str) -> str:
    """The sixth of January 2022 in a form."""
    parts = {"Y": "2022", "m": "01", "d": "06", "B": "January"}
    return "`" + re.sub(r"%(\w)", lambda part: parts[part[1]], form) + "`"


def _datetime(block: Block, text: pa.Array, present: Mask) -> pa.Array:
    """The day of a date with a time of day, which is checked for its form and left out."""
    day = pc.replace_substring_regex(text, r"[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?$", "")
    return _date(block, day, present)


_READERS: dict[str, Callable[[Block, pa.Array, Mask], pa.Array]] = {
    "text": _text, "words": _words, "integer": _integer, "number": _number, "flag": _flag,
    "date": _date, "datetime": _datetime, "cow": _state, "gw": _state, "iso3": _state,
    "gw-list": _state_list,
}  # fmt: skip
