"""Files are taken in whole or not at all, and every fault is told with its place."""

import bz2
import gzip
import io
import lzma
import os
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from foedus.history import importing
from foedus.history.formats import format_names, read_format
from foedus.history.importing import import_file
from foedus.history.store import MissingDataError, data, files_of, imported, store_folder
from foedus.text.diagnostic import Diagnostic
from foedus.text.render import as_text
from tests.history.places import REAL, real_file, sample

LEADERS = """\
obsid,gwcode,leadid,leader,yrborn,gender,startdate,enddate,entry,exit,exitcode
KZK-1991,705,a,Nazarbayev,1940,M,1991-12-16,2015-12-31,Regular,Still in Office,Still in Office
KYR-1991,703,b,"Akayev, Askar",1944,M,1991-08-31,2005-03-24,Regular,Irregular,Popular Protest
"""


def take(
    path: Path, text: str | bytes, name: str = "archigos", encoding: str = "utf-8"
) -> importing.Imported:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return import_file(name, path, encoding=encoding)


def only(done: importing.Imported) -> Diagnostic:
    assert done.provenance is None
    (diagnostic,) = done.diagnostics
    return diagnostic


@pytest.mark.parametrize("name", format_names())
def test_every_format_takes_a_file_of_its_layout(name: str, store: Path) -> None:
    done = import_file(name, sample(name))
    assert as_text([d for d in done.diagnostics if d.is_error]) == ""
    assert done.provenance is not None
    assert done.provenance.rows == 3
    table = data(name)
    assert table.column_names == [column.name for column in read_format(name).columns]
    assert not list(store.glob(".*"))


@pytest.mark.parametrize("name", REAL)
def test_every_real_file_is_taken_in(name: str) -> None:
    path = real_file(name)
    done = import_file(name, path)
    assert [d for d in done.diagnostics if d.is_error] == []
    assert done.provenance is not None
    if path.suffix == ".csv":
        table = pa.csv.read_csv(path, parse_options=pa.csv.ParseOptions(newlines_in_values=True))
        assert done.provenance.rows == table.num_rows


def test_formats_without_a_real_file_say_so() -> None:
    untried = {name for name in format_names() if not read_format(name).is_tried}
    assert untried == {"acled", "gdelt-events", "polecat", "ucdp-ged"}
    assert set(format_names()) - untried == set(REAL)


def test_every_format_can_be_cited() -> None:
    for name in format_names():
        cite = read_format(name).cite
        assert cite.startswith("@"), name
        assert f"{{{name}," in cite, name
        assert cite.count("{") == cite.count("}"), name


def test_values_have_their_types(tmp_path: Path) -> None:
    take(tmp_path / "a.csv", LEADERS)
    rows = data("archigos").to_pylist()
    assert [row["leader"] for row in rows] == ["Nazarbayev", "Akayev, Askar"]
    assert rows[0]["gwcode"] == 705
    assert rows[0]["startdate"].isoformat() == "1991-12-16"


def test_marks_of_what_is_missing_may_have_been_read_as_numbers(tmp_path: Path) -> None:
    head, first, second, _ = sample("cow-nmc").read_text().splitlines()
    rows = [first.replace("279.000", "-9", 1), second.replace("459.000", "-9.00", 1)]
    assert take(tmp_path / "a.csv", "\n".join([head, *rows]) + "\n", "cow-nmc").provenance
    assert data("cow-nmc")["milex"].to_pylist() == [None, None]
    assert data("cow-nmc")["milper"].to_pylist() == [279.0, 459.0]


@pytest.mark.parametrize("between", [",", ", ", ";", " ; "])
def test_lists_of_states_are_one_however_they_are_set_apart(tmp_path: Path, between: str) -> None:
    rows = sample("ucdp-acd").read_text()
    assert '"703, 702"' in rows
    done = take(tmp_path / "a.csv", rows.replace("703, 702", f"703{between}702"), "ucdp-acd")
    assert done.provenance is not None
    assert data("ucdp-acd")["gwno_a"].to_pylist()[1] == "703, 702"
    wrong = rows.replace("703, 702", f"703{between}7022", 1)
    told = only(take(tmp_path / "b.csv", wrong, "ucdp-acd")).message
    assert f"`703{between}7022` is no state" in told


def test_the_same_file_again_changes_nothing(tmp_path: Path, store: Path) -> None:
    path = tmp_path / "a.csv"
    assert take(path, LEADERS).is_new
    (file,) = store.iterdir()
    before = (file.read_bytes(), file.stat().st_mtime_ns)
    again = import_file("archigos", path)
    assert not again.is_new
    assert again.provenance == imported()[0]
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


def test_another_file_takes_its_place_or_stands_beside_it(tmp_path: Path) -> None:
    take(tmp_path / "a.csv", LEADERS)
    done = take(tmp_path / "b.csv", LEADERS.replace("Nazarbayev", "Nazarbaev"))
    assert done.replaced is not None
    assert done.replaced.file == "a.csv"
    assert [one.file for one in imported()] == ["b.csv"]
    acled = sample("acled").read_text()
    take(tmp_path / "c.csv", acled, "acled")
    take(tmp_path / "d.csv", acled.replace("event_id_cnty ", "KAZ "), "acled")
    assert data("acled").num_rows == 6


@pytest.mark.parametrize(
    ("old", "new", "words", "line", "column"),
    [
        ("705", "7055", "row 1, column `gwcode`: `7055` is no state's code", 2, 10),
        ("1991-12-16", "1991-02-30", "column `startdate`: `1991-02-30` is no date", 2, 34),
        ("1991-12-16", "2020-12-16", "`2015-12-31` lies before `startdate`, `2020-12-16`", 2, 45),
        ("1944", "4491", "row 2, column `yrborn`: `4491` lies outside 1700..2010", 3, 32),
        ("1944", "194O", "row 2, column `yrborn`: `194O` is not a whole number", 3, 32),
        ("1944", "1944.5", "row 2, column `yrborn`: `1944.5` is not a whole number", 3, 32),
        ("M,1991-08", "m,1991-08", "`m` is no word of this column", 3, 37),
        ("Nazarbayev", " ", "row 1, column `leader`: the cell is empty", 2, 16),
        ("KYR-1991", "KZK-1991", "row 2, column `obsid`: the row has the same `obsid` as row 1",
         3, 1),
        (",b,", ",b,x,", "row 2: the row has 12 cells, the header 11", 3, 1),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(
    tmp_path: Path, store: Path, old: str, new: str, words: str, line: int, column: int
) -> None:
    diagnostic = only(take(tmp_path / "a.csv", LEADERS.replace(old, new, 1)))
    span = diagnostic.primary.span
    assert words in diagnostic.message
    assert (span.line, span.column) == (line, column)
    assert span.source.name == str(tmp_path / "a.csv")
    assert diagnostic.help
    assert list(store.glob("*")) == []


def test_a_wrong_column_is_named_with_its_cure(tmp_path: Path) -> None:
    diagnostic = only(take(tmp_path / "a.csv", LEADERS.replace("startdate", "start_date")))
    assert diagnostic.message == "there is no column `startdate`"
    assert "`start_date` stands there" in str(diagnostic.help)
    twice = only(take(tmp_path / "a.csv", LEADERS.replace("leadid", "leader")))
    assert twice.message == "the column `leader` stands twice"


def test_a_broken_file_leaves_what_was_there(tmp_path: Path) -> None:
    take(tmp_path / "a.csv", LEADERS)
    take(tmp_path / "b.csv", LEADERS.replace("705", "x"))
    assert [one.file for one in imported()] == ["a.csv"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"a,b\n1,2\n", "none of the columns of `archigos` is there: `obsid`, "),
        (LEADERS.splitlines()[0].encode() + b"\n", "the file has no rows"),
        (LEADERS.encode("utf-16"), "is not utf-8 text"),
        (LEADERS.replace("Askar", "Askár").encode("latin-1"), "line 3 is not utf-8 text"),
        (LEADERS.replace("Askar", "\0").encode(), "byte `00`"),
        (LEADERS.encode() + "日".encode()[:2], "line 4 is not utf-8 text: byte `e6`"),
    ],
)  # fmt: skip
def test_what_is_no_table_of_text(tmp_path: Path, content: bytes, words: str) -> None:
    done = take(tmp_path / "a.csv", content)
    assert done.provenance is None
    assert words in done.diagnostics[0].message


def zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("leaders.csv", content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "cause", "cure"),
    [
        (gzip.compress(LEADERS.encode()), "compressed (gzip)", "unpack it"),
        (bz2.compress(LEADERS.encode()), "compressed (bzip2)", "unpack it"),
        (lzma.compress(LEADERS.encode()), "compressed (xz)", "unpack it"),
        (zipped(LEADERS.encode()), "a ZIP archive, or a workbook", "save a workbook as CSV"),
        (b"PAR1\x15\x04", "a Parquet file", "ends in `.parquet`"),
        (b"\n<!DOCTYPE html>\n<title>Not found</title>", "a web page", "download the file itself"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS", "download the file itself"),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_told_by_how_it_begins(
    tmp_path: Path, content: bytes, cause: str, cure: str
) -> None:
    diagnostic = only(take(tmp_path / "a.csv", content))
    assert diagnostic.message.startswith("this is no table of text: it ")
    assert cause in diagnostic.message
    assert cure in str(diagnostic.help)


def test_the_likely_encoding_is_named(tmp_path: Path) -> None:
    for content, encoding in ((LEADERS.encode("utf-16"), "utf-16"), (b"\xe4", "cp1252")):
        assert f"`--encoding {encoding}`" in str(only(take(tmp_path / "a.csv", content)).help)


def test_another_encoding_can_be_named(tmp_path: Path) -> None:
    content = LEADERS.replace("Askar", "Askár").encode("latin-1")
    done = take(tmp_path / "a.csv", content, encoding="latin-1")
    assert done.provenance is not None
    assert data("archigos")["leader"][1].as_py() == "Akayev, Askár"


def test_a_file_of_wide_characters(tmp_path: Path) -> None:
    assert take(tmp_path / "a.csv", LEADERS.encode("utf-16"), encoding="utf-16").provenance
    wrong = LEADERS.replace("M,1991-08", "m,1991-08").encode("utf-16")
    diagnostic = only(take(tmp_path / "b.csv", wrong, encoding="utf-16"))
    assert (diagnostic.primary.span.line, diagnostic.primary.span.column) == (3, 37)


def test_several_missing_columns_are_one_fault_in_their_order(tmp_path: Path) -> None:
    text = LEADERS.replace("startdate", "begun").replace("obsid", "number")
    assert (
        only(take(tmp_path / "a.csv", text)).message == "there are no columns `obsid`, `startdate`"
    )
    text = LEADERS.replace("startdate", "start_date").replace("obsid", "number")
    meant, other = take(tmp_path / "b.csv", text).diagnostics
    assert "`start_date` stands there" in str(meant.help)
    assert other.message == "there is no column `obsid`"


def test_forms_that_tables_come_in(tmp_path: Path) -> None:
    marked = take(tmp_path / "a.csv", b"\xef\xbb\xbf" + LEADERS.replace("\n", "\r\n").encode())
    assert marked.provenance is not None
    table = pa.csv.read_csv(tmp_path / "a.csv")
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    assert import_file("archigos", tmp_path / "a.parquet").provenance is not None
    (tmp_path / "b.parquet").write_bytes(b"no")
    assert (
        "no Parquet file" in import_file("archigos", tmp_path / "b.parquet").diagnostics[0].message
    )


def test_a_code_out_of_its_years_is_a_warning(tmp_path: Path) -> None:
    done = take(tmp_path / "a.csv", LEADERS.replace("703", "711"))
    assert done.provenance is not None
    (warning,) = done.diagnostics
    assert not warning.is_error
    assert "`711` was no state's code in 2005" in warning.message


def test_many_faults_are_counted(tmp_path: Path) -> None:
    head, first, _ = LEADERS.splitlines()
    rows = [first.replace("KZK-1991", f"K-{n}").replace("705", "x") for n in range(5000)]
    done = take(tmp_path / "a.csv", "\n".join([head, *rows]) + "\n")
    assert len(done.diagnostics) == 3
    assert done.diagnostics[-1].message.endswith("(and in 4997 more rows)")


def test_no_half_of_a_file_is_left_when_writing_fails(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: object, target: object) -> None:
        raise OSError(28, "no space left", str(target))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space"):
        take(tmp_path / "a.csv", LEADERS)
    assert list(store.iterdir()) == []
    with pytest.raises(MissingDataError, match="foedus history import archigos FILE"):
        data("archigos")


@pytest.mark.parametrize("rows", [60_000])
def test_rows_are_numbered_across_blocks(tmp_path: Path, rows: int) -> None:
    head, first, _ = LEADERS.splitlines()
    lines = [first.replace("KZK-1991", f"K-{n}") for n in range(rows)]
    lines[rows - 2] = lines[rows - 2].replace("705", "7055")
    diagnostic = only(take(tmp_path / "a.csv", "\n".join([head, *lines]) + "\n"))
    assert f"row {rows - 1}, column `gwcode`" in diagnostic.message
    assert diagnostic.primary.span.line == rows


def test_rows_are_numbered_with_those_that_cannot_be_read(tmp_path: Path) -> None:
    head, first, second = LEADERS.splitlines()
    broken = first + ",more"
    rows = [broken, first, "", broken, second.replace("703", "7033"), broken, first]
    done = take(tmp_path / "a.csv", "\n".join([head, *rows]) + "\n")
    told = [(one.message, one.primary.span.line) for one in done.diagnostics]
    assert told == [
        ("row 1: the row has 12 cells, the header 11", 2),
        ("row 3: the row has 12 cells, the header 11", 5),
        ("row 4, column `gwcode`: `7033` is no state's code (Gleditsch and Ward)", 6),
        ("row 5: the row has 12 cells, the header 11", 7),
        ("row 6, column `obsid`: the row has the same `obsid` as row 2", 8),
    ]


def test_a_row_that_stands_twice_is_not_counted_twice(tmp_path: Path) -> None:
    coups = sample("powell-thyne").read_text()
    assert take(tmp_path / "a.csv", coups, "powell-thyne").provenance is not None
    again = coups + coups.splitlines()[2] + "\n"
    diagnostic = only(take(tmp_path / "b.csv", again, "powell-thyne"))
    assert diagnostic.message == "row 4: the row is the same as row 2"


def test_keys_that_are_turned_about_are_different(tmp_path: Path) -> None:
    head = "ccode1,ccode2,year,atop_defense,atop_offense,atop_neutral,atop_nonagg,atop_consul\n"
    rows = ["2,20,1950", "20,2,1950", "2,20,1951"]
    text = head + "".join(f"{row},1,0,0,0,0\n" for row in rows)
    assert take(tmp_path / "a.csv", text, "atop-dyad-years").provenance is not None
    twice = only(take(tmp_path / "a.csv", text + "20,2,1950,1,0,0,0,0\n", "atop-dyad-years"))
    assert "row 4" in twice.message
    assert "as row 2" in twice.message


def test_a_user_without_a_home_has_no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FOEDUS_DATA", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # what it does for such a user
    assert files_of("archigos") == ()
    with pytest.raises(OSError, match=os.devnull):
        store_folder().mkdir(parents=True)
