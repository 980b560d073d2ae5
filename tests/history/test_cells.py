"""What may just stand in a cell or a row, and what just may not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from foedus.history.cells import Faults, values_of
from foedus.history.formats import Column, Format, read_format
from foedus.history.importing import import_file
from foedus.history.requests import is_about
from foedus.history.rows import verify_rows
from foedus.history.states import named
from foedus.history.store import data
from foedus.history.units import Unit, known_before, perhaps_known_before
from tests.history.places import sample


def read(column: Column, *cells: str) -> tuple[list[object], list[str]]:
    """The values of some cells, and the words of what is wrong with them."""
    faults = Faults()
    values = values_of(column, pa.array(cells, pa.string()), 0, faults).to_pylist()
    return values, [fault.cause for _, fault in faults.named]


YEAR = Column("year", "integer", low=1700, high=2010, blank=True, missing=("0",))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1700", 1700), ("2010", 2010), ("+1944", 1944), (" 1944 ", 1944), ("1944.00", 1944),
        ("", None), ("0", None), ("0.0", None),
    ],
)  # fmt: skip
def test_whole_numbers(cell: str, value: int | None) -> None:
    assert read(YEAR, cell, "1800") == ([value, 1800], [])


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1699", "lies outside 1700..2010"), ("2011", "lies outside 1700..2010"),
        ("1944.5", "is not a whole number"), ("nan", "is not a whole number"),
        ("inf", "is not a whole number"), ("19 44", "is not a whole number"),
        ("1,944", "is not a whole number"), ("-0.5", "is not a whole number"),
    ],
)  # fmt: skip
def test_what_is_no_whole_number_of_a_column(cell: str, words: str) -> None:
    assert read(YEAR, "1800", cell) == ([1800, None], [f"`{cell}` {words}"])


def test_numbers_beside_one_that_is_none_are_read() -> None:
    column = Column("share", "number", low=-1.0, high=1.0)
    values, causes = read(column, "-1", ".5", "1.", "2.5e-3", "-1e0", "x", "1e400")
    assert values == [-1.0, 0.5, 1.0, 0.0025, -1.0, None, None]
    assert causes == ["`x` is not a number", "`1e400` is not a number"]
    assert read(Column("deaths", "integer"), "-12", "x") == ([-12, None], [
        "`x` is not a whole number"])  # fmt: skip


def test_truths_are_nought_or_one() -> None:
    values, causes = read(Column("war", "flag"), "0", "1", "0.0", "1.0", "2", "yes")
    assert values == [False, True, False, True, None, None]
    assert causes == ["`2` is neither 0 nor 1", "`yes` is neither 0 nor 1"]


def test_words_that_mean_nothing_elsewhere_are_words() -> None:
    assert read(Column("code", "text"), "NA", "null", "nan") == (["NA", "null", "nan"], [])


DAY, WRITTEN = "%Y-%m-%d|%Y-%m|%Y", "%Y-%m-%d|%d %B %Y"


@pytest.mark.parametrize(
    ("form", "cell", "day"),
    [
        (DAY, "2000-02-29", date(2000, 2, 29)), (DAY, "1999-12-31", date(1999, 12, 31)),
        (DAY, "2001-4-30", date(2001, 4, 30)), (DAY, "2022-12", date(2022, 12, 1)),
        (DAY, "2022", date(2022, 1, 1)), (WRITTEN, "31 January 2000", date(2000, 1, 31)),
        (WRITTEN, "1 December 1999", date(1999, 12, 1)), ("%Y%m%d", "20220106", date(2022, 1, 6)),
        ("%m/%d/%Y", "01/06/2022", date(2022, 1, 6)),
    ],
)  # fmt: skip
def test_dates(form: str, cell: str, day: date) -> None:
    assert read(Column("day", "date", form=form), cell, cell) == ([day, day], [])


@pytest.mark.parametrize(
    ("form", "cell"),
    [
        (DAY, "2001-02-29"), (DAY, "1900-02-29"), (DAY, "2001-04-31"), (DAY, "2001-01-00"),
        (DAY, "2001-00-01"), (DAY, "2001-13-01"), (DAY, "2001-13"), (DAY, "0000-01-01"),
        (DAY, "01-06-2022"), (WRITTEN, "31 April 2000"), (WRITTEN, "1 january 2000"),
        (WRITTEN, "1 Januar 2000"), ("%Y%m%d", "2022106"), ("%m/%d/%Y", "31/12/2022"),
    ],
)  # fmt: skip
def test_what_is_no_date(form: str, cell: str) -> None:
    assert read(Column("day", "date", form=form), cell)[1] == [f"`{cell}` is no date"]


def test_a_time_of_day_is_looked_at_and_left_out() -> None:
    column = Column("day", "datetime")
    good = ["2022-01-06", "2022-01-06 12:30", "2022-01-06T12:30:59", "2022-01-06 00:00:00.000"]
    assert read(column, *good) == ([date(2022, 1, 6)] * 4, [])
    assert len(read(column, "2022-01-06 noon", "2022-01-06 12")[1]) == 2


def test_codes_beyond_the_list_are_those_that_a_column_names() -> None:
    column = Column("state", "gw", also=(972,))
    values, causes = read(column, "705", "705.0", "972", "973")
    assert values == [705, 705, 972, None]
    assert causes == ["`973` is no state's code (Gleditsch and Ward)"]


# Rows --------------------------------------------------------------------------------------------


def told(form: Format, **columns: list[object]) -> list[tuple[int | None, bool, str]]:
    faults = Faults()
    verify_rows(form, {name: pa.array(values) for name, values in columns.items()}, 0, faults)
    return [(fault.row, fault.is_error, fault.cause) for _, fault in faults.named]


def test_days_that_stand_in_three_columns() -> None:
    form = read_format("powell-thyne")
    assert form.dates == (("year", "month", "day"),)
    found = told(
        form, year=[2000, 2001, 2001, 2001, 1999, None, 2001],
        month=[2, 2, 4, 4, 12, 2, 2], day=[29, 29, 30, 31, 31, 30, None],
    )  # fmt: skip
    where = "(`year`, `month`, `day`)"
    assert found == [
        (1, True, f"there is no day `2001-02-29` {where}"),
        (3, True, f"there is no day `2001-04-31` {where}"),
    ]


def test_an_end_may_be_the_day_of_the_start() -> None:
    form = read_format("archigos")
    found = told(
        form, startdate=[date(2000, 1, 2), date(2000, 1, 2), date(2000, 1, 2)],
        enddate=[date(2000, 1, 2), date(2000, 1, 1), None],
    )  # fmt: skip
    assert found == [(1, True, "`2000-01-01` lies before `startdate`, `2000-01-02`")]


@pytest.mark.parametrize(
    ("code", "year", "is_told"),
    [
        (705, 1990, True), (705, 1991, False), (265, 1948, True), (265, 1949, False),
        (265, 1990, False), (265, 1991, True),
        # Germany had the number until 1945 and has it since 1990.
        (255, 1945, False), (255, 1946, True), (255, 1989, True), (255, 1990, False),
        (999_999, 1817, False), (705, None, False),
    ],
)  # fmt: skip
def test_codes_of_states_have_their_years(code: int, year: int | None, is_told: bool) -> None:
    """What no list has is another fault, and a year that is not known is none."""
    found = told(read_format("powell-thyne"), ccode=[705, code], year=[2000, year])
    cause = f"`{code}` was no state's code in {year}"
    assert found == ([(1, False, cause)] if is_told else [])


def test_of_warnings_of_a_kind_one_is_shown() -> None:
    found = told(read_format("powell-thyne"), ccode=[705, 705, 703], year=[1980, 1981, 1982])
    assert found == [(0, False, "`705` was no state's code in 1980")]


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [(705, 1990, None), (705, 1991, "Kazakhstan"), (315, 1918, "Czechoslovakia"),
     (315, 1992, "Czechoslovakia"), (315, 1993, None)],
)  # fmt: skip
def test_names_of_states_have_their_years(code: int, year: int, name: str | None) -> None:
    assert named(code, "cow", year) == name


# Files -------------------------------------------------------------------------------------------


def test_quotes_in_a_table_with_tabs_are_signs_like_others(tmp_path: Path) -> None:
    """Its rows end with their lines; a fault further down is on its line, column and all."""
    head, *rows = sample("polecat").read_text().splitlines()
    place = head.split("\t").index("Event Type")
    first, last = rows[0].split("\t"), rows[2].split("\t")
    first[head.split("\t").index("Contexts")] = '"so'
    (tmp_path / "a.tsv").write_text("\n".join([head, "\t".join(first), *rows[1:]]) + "\n")
    assert import_file("polecat", tmp_path / "a.tsv").provenance is not None
    assert '"so' in data("polecat")["Contexts"].to_pylist()
    last[place] = "AGREES"
    (tmp_path / "b.tsv").write_text("\n".join([head, "\t".join(first), rows[1], "\t".join(last)]))
    (fault,) = import_file("polecat", tmp_path / "b.tsv").diagnostics
    assert fault.message == "row 3, column `Event Type`: `AGREES` is no word of this column"
    assert fault.primary.span.line == 4


def test_a_cell_of_several_lines_is_one(tmp_path: Path) -> None:
    head, first, second, _ = sample("archigos").read_text().splitlines()
    first = first.replace("leader a", '"leader\nof\nmany lines"')
    path = tmp_path / "a.csv"
    path.write_text("\n".join([head, first, second]) + "\n")
    assert import_file("archigos", path).provenance is not None
    assert data("archigos")["leader"][0].as_py() == "leader\nof\nmany lines"
    path.write_text("\n".join([head, first, second.replace("1704", "17O4")]) + "\n")
    (fault,) = import_file("archigos", path).diagnostics
    assert (fault.message.split(":")[0], fault.primary.span.line) == ("row 2, column `yrborn`", 5)


def test_rows_of_a_file_without_a_header_begin_on_its_first_line(tmp_path: Path) -> None:
    assert not read_format("gdelt-events").has_header
    first, *others = sample("gdelt-events").read_text().splitlines()
    broken, short = first.replace("19960304", "19960431"), others[0].rpartition("\t")[0]
    (tmp_path / "a.tsv").write_text("\n".join([broken, short, others[1]]) + "\n")
    found = import_file("gdelt-events", tmp_path / "a.tsv").diagnostics
    assert [(one.message.split(":")[0], one.primary.span.line) for one in found] == [
        ("row 1, column `SQLDATE`", 1), ("row 2", 2),
    ]  # fmt: skip


def test_a_name_that_means_nothing_elsewhere_is_taken_in(tmp_path: Path) -> None:
    text = sample("archigos").read_text().replace("leader a", "NA").replace("leader b", "null")
    (tmp_path / "a.csv").write_text(text)
    assert import_file("archigos", tmp_path / "a.csv").provenance is not None
    assert data("archigos")["leader"].to_pylist()[:2] == ["NA", "null"]


def test_the_rows_of_all_blocks_are_counted(tmp_path: Path) -> None:
    head, first, second, _ = sample("archigos").read_text().splitlines()
    lines = [first.replace("obsid a", f"K-{number}") for number in range(120_000)]
    text = "\n".join([head, *lines, second]) + "\n"
    assert len(text) > 2 * (4 << 20)
    (tmp_path / "a.csv").write_text(text)
    done = import_file("archigos", tmp_path / "a.csv")
    assert done.provenance is not None
    assert done.provenance.rows == 120_001


def test_columns_may_have_another_of_their_names(tmp_path: Path) -> None:
    text = sample("atop-dyad-years").read_text()
    other = text.replace("ccode1,ccode2", "stateA,stateB").replace("atop_", "")
    (tmp_path / "a.csv").write_text(other)
    assert import_file("atop-dyad-years", tmp_path / "a.csv").provenance is not None
    found = data("atop-dyad-years")
    assert found.column_names[:4] == ["ccode1", "ccode2", "year", "atop_defense"]


def test_lines_are_counted_before_a_byte_that_is_no_text(tmp_path: Path) -> None:
    """However many blocks of the file come before it."""
    head, first, second, _ = sample("archigos").read_text().splitlines()
    lines = [first.replace("obsid a", f"K-{number}") for number in range(60_000)]
    text = "\n".join([head, *lines, second]).encode() + b"\xe4\n"
    assert len(text) > 4 << 20
    (tmp_path / "a.csv").write_bytes(text)
    (fault,) = import_file("archigos", tmp_path / "a.csv").diagnostics
    assert fault.message == "line 60002 is not utf-8 text: byte `e4`"


# What was known ----------------------------------------------------------------------------------


def test_what_became_known_on_a_day_was_not_known_before_it() -> None:
    day = date(2000, 5, 1)
    sure = [Unit(1.0, 1.0, date(2000, 4, 30), {}), Unit(1.0, 1.0, day, {})]
    vague = [Unit(1.0, 1.0, day, {}, date(2000, 4, 30)), Unit(1.0, 1.0, day, {}, day)]
    assert known_before([*sure, *vague], day) == sure[:1]
    assert perhaps_known_before([*sure, *vague], day) == vague[:1]
    assert known_before(sure, None) == sure
    assert perhaps_known_before(vague, None) == []


@pytest.mark.parametrize(
    ("requester", "case", "is_so"),
    [
        ("Kazakhstan", "kazakhstan-2022", True), ("Kazakhstan (Tokayev)", "kazakhstan-2022", True),
        ("Kazakhstan(Tokayev)", "kazakhstan-2022", True), ("Kazakhstan", "kazakhstan-2021", False),
        ("Côte d'Ivoire", "cote-2022", True), ("", "-2022", False),
    ],
)  # fmt: skip
def test_a_case_is_called_after_who_asked_and_when(requester: str, case: str, is_so: bool) -> None:
    assert is_about(requester, 2022, case) is is_so
