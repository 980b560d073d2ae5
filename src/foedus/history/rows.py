"""Whole rows: dates whose parts stand apart, dates in order, codes of states in their years."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from foedus.history.cells import Fault, Faults
from foedus.history.formats import Column, Format
from foedus.history.states import codes_in_use
from foedus.text.codes import Code


def verify_rows(form: Format, columns: dict[str, pa.Array], first_row: int, faults: Faults) -> None:
    """Note what is wrong with the rows of a block, column by column of values."""
    for parts in form.dates:
        if all(part in columns for part in parts):
            _verify_date(parts, columns, first_row, faults)
    for first, second in form.order:
        reversed_ = pc.fill_null(pc.less(columns[second], columns[first]), False)
        faults.add_where(
            reversed_.to_numpy(zero_copy_only=False),
            first_row,
            "reversed",
            lambda index, first=first, second=second: Fault(  # type: ignore[misc]
                first_row + index,
                second,
                f"`{columns[second][index]}` lies before `{first}`, `{columns[first][index]}`",
                "the second date cannot lie before the first",
                Code.DATES_REVERSED,
            ),
        )
    for column in form.columns:
        if column.year in columns and column.name in columns:
            _verify_state_year(column, columns, first_row, faults)


def _verify_date(
    parts: tuple[str, str, str], columns: dict[str, pa.Array], first_row: int, faults: Faults
) -> None:
    """The day exists in its month; an unknown day or month is no fault."""
    year, month, day = (_numbers(columns[part]) for part in parts)
    known = (year > 0) & (month >= 1) & (month <= 12) & (day > 0)
    start = ((np.where(known, year, 1970) - 1970) * 12 + np.where(known, month, 1) - 1).astype(
        "datetime64[M]"
    )
    length = ((start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")).astype(np.int64)

    def name(index: int) -> Fault:
        written = f"{year[index]}-{month[index]:02}-{day[index]:02}"
        cause = f"there is no day `{written}` (`{parts[0]}`, `{parts[1]}`, `{parts[2]}`)"
        return Fault(first_row + index, parts[2], cause, "correct the date", Code.BAD_DATE)

    faults.add_where(known & (day > length), first_row, "no such day", name)


def _numbers(values: pa.Array) -> NDArray[np.int64]:
    found: NDArray[np.int64] = pc.fill_null(values, 0).to_numpy(zero_copy_only=False)
    return found.astype(np.int64)


def _verify_state_year(
    column: Column, columns: dict[str, pa.Array], first_row: int, faults: Faults
) -> None:
    """A warning where a state's code stands in a year in which no list has it."""
    dates = columns[column.year]
    years = _numbers(pc.year(dates) if pa.types.is_date(dates.type) else dates)
    codes = columns[column.name]
    wrong = ~_in_use(column.states, codes, years) & (years > 0)

    def name(index: int) -> Fault:
        cause = f"`{codes[index]}` was no state's code in {years[index]}"
        cure = "kept as it is; such rows find no partner in data by state and year"
        return Fault(first_row + index, column.name, cause, cure, is_error=False)

    faults.add_where(wrong, first_row, "out of its years", name)


def _in_use(system: str, codes: pa.Array, years: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a list has the code in the year; a code that no list has is not asked here."""
    in_use = codes_in_use(system)
    known = pa.array(list(in_use)) if system == "iso3" else pa.array([int(c) for c in in_use])
    place = pc.fill_null(pc.index_in(codes, value_set=known), -1).to_numpy(zero_copy_only=False)
    most = max(map(len, in_use.values()))
    spans = np.array(
        [[*each, *[(1, 0)] * (most - len(each))] for each in in_use.values()], np.int64
    )  # (code, span, first and last year)
    first, last = spans[place, :, 0], spans[place, :, 1]
    inside = (first <= years[:, None]) & (years[:, None] <= last)
    return np.asarray(inside.any(axis=1) | (place < 0), np.bool_)
