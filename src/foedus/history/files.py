"""Data files as they lie on disk: their digest and encoding, their rows in blocks, their lines."""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from foedus.frozen import dataclass
from foedus.history.cells import Fault, Faults
from foedus.history.formats import Column, Format
from foedus.text.codes import Code
from foedus.text.suggest import closest, list_names

BLOCK = 4 << 20
"""Bytes of a file that are in memory at a time."""

NO_ROWS = ("Empty CSV", "no rows", "Could not skip initial 1 rows")
"""What is said of files that hold their header alone."""
UNPACK = "unpack it, and give the table inside"
DOWNLOAD = "download the file itself"
OTHER_FILES = (
    (b"\x1f\x8b", "it is compressed (gzip)", UNPACK),
    (b"BZh", "it is compressed (bzip2)", UNPACK),
    (b"\xfd7zXZ\0", "it is compressed (xz)", UNPACK),
    (b"PK\x03\x04", "it is a ZIP archive, or a workbook", f"{UNPACK}; save a workbook as CSV"),
    (b"PAR1", "it is a Parquet file", "give it a name that ends in `.parquet`"),
    (b"version https://git-lfs", "it stands for a file that Git LFS keeps elsewhere", DOWNLOAD),
    (b"<!doctype", "it is a web page", DOWNLOAD),
    (b"<html", "it is a web page", DOWNLOAD),
)
"""How files begin that are no table of text, what they are, and what to do; in small letters where
it is text."""
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that can be read: its digest (SHA-256), its columns as written, their names."""

    path: Path
    digest: str
    encoding: str
    header: tuple[str, ...]
    names: dict[str, str]

    @property
    def is_parquet(self) -> bool:
        """Whether it is a Parquet file; otherwise it is text with a separator."""
        return self.path.suffix == ".parquet"


def open_file(
    path: Path,
    form: Format,
    encoding: str,
    faults: Faults,
    *,
    other_encoding: str = "name it: `--encoding {}`",
) -> Opened | None:
    """A file with its columns found, or None with the faults noted. Raises `OSError`.

    `other_encoding`: what to do about a file that has another encoding, `{}` being a likely one.
    """
    is_text = path.suffix != ".parquet"
    if is_text and (other := _other_file(path)) is not None:
        faults.add(other)
        return None
    digest = _digest(path, encoding if is_text else None, faults, other_encoding)
    if faults.named:
        return None
    if not is_text:
        try:
            header = tuple(pyarrow.parquet.read_schema(path).names)
        except pa.ArrowInvalid:
            faults.add(Fault(None, "", "this is no Parquet file", "give the file as it came"))
            return None
    else:
        header = _header(path, form, encoding)
    names = _names(header, form, faults)
    return None if faults.has_errors else Opened(path, digest, encoding, header, names)


def _other_file(path: Path) -> Fault | None:
    """What is wrong with a file that is known by how it begins to be no table of text."""
    with path.open("rb") as file:
        begins = file.read(64)
    for sign, cause, cure in OTHER_FILES:
        if begins.startswith(sign) or begins.lstrip().lower().startswith(sign):
            return Fault(None, "", f"this is no table of text: {cause}", cure)
    return None


def _digest(path: Path, encoding: str | None, faults: Faults, other_encoding: str) -> str:
    """The digest of a file, whose text is decoded on the way to find where it cannot be."""
    digest = hashlib.sha256()
    decoder = None if encoding is None else codecs.getincrementaldecoder(encoding)()
    lines = 0
    with path.open("rb") as file:
        is_last = False
        while not is_last:
            block = file.read(BLOCK)
            is_last = not block
            digest.update(block)
            if decoder is None:
                continue
            try:
                if "\0" in decoder.decode(block, final=is_last):
                    zero = block.find(0)
                    raise UnicodeDecodeError(str(encoding), block, zero, zero + 1, "a zero byte")
            except UnicodeDecodeError as fault:
                line = lines + fault.object[: fault.start].count(b"\n") + 1
                faults.add(_undecodable(line, fault, str(encoding), other_encoding))
                break
            lines += block.count(b"\n")
    return digest.hexdigest()


def _undecodable(line: int, fault: UnicodeDecodeError, encoding: str, other_encoding: str) -> Fault:
    byte = f"{fault.object[fault.start]:02x}"
    cause = f"line {line} is not {encoding} text: byte `{byte}`"
    is_wide = fault.object.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    likely = "utf-16" if is_wide else "cp1252"
    cure = f"if the file has another encoding, {other_encoding.format(likely)}"
    return Fault(None, "", cause, cure, Code.BAD_ENCODING)


def _header(path: Path, form: Format, encoding: str) -> tuple[str, ...]:
    if not form.has_header:
        return tuple(column.name for column in form.columns)
    with path.open(encoding=_with_mark(encoding), newline="") as file:
        return tuple(next(csv.reader(file, delimiter=form.separator), ()))


def _with_mark(encoding: str) -> str:
    """The encoding that also takes a byte order mark."""
    return "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding


def _names(header: tuple[str, ...], form: Format, faults: Faults) -> dict[str, str]:
    """Which written column is which of the format; what is left over is not read."""
    trimmed = {name.strip(): name for name in header}
    for name in trimmed:
        if [other.strip() for other in header].count(name) > 1:
            cause, cure = f"the column `{name}` stands twice", "keep one of them"
            faults.add(Fault(None, name, cause, cure))
    if faults.has_errors:
        return {}
    found: dict[str, str] = {}
    missing: list[Column] = []
    for column in form.columns:
        written = next((n for n in (column.name, *column.named) if n in trimmed), None)
        if written is not None:
            found[trimmed[written]] = column.name
        elif column.needed:
            missing.append(column)
    if len(missing) > 1 and not found:
        faults.add(_another_table(trimmed, form, missing))
        return found
    known = {name for each in form.columns for name in (each.name, *each.named)}
    lacking: list[str] = []
    for column in missing:
        near = closest(column.name, [name for name in trimmed if name not in known])
        if near and closest(near, [each.name for each in missing]) == column.name:
            cure = f"`{near}` stands there: {_stands_there(trimmed)}"
            faults.add(Fault(None, column.name, f"there is no column `{column.name}`", cure))
        else:
            lacking.append(column.name)
    if lacking:
        are = "is no column" if len(lacking) == 1 else "are no columns"
        cause = f"there {are} {list_names(lacking, 40)}"
        faults.add(Fault(None, lacking[0], cause, _stands_there(trimmed)))
    return found


def _another_table(trimmed: Iterable[str], form: Format, missing: list[Column]) -> Fault:
    """The one fault of a table that has nothing of a format."""
    if not "".join(trimmed):
        cause = "the file is empty, or begins with an empty line"
        return Fault(None, "", cause, "its first line must be the names of its columns")
    names = {column.name for column in missing}
    for sign, word in SEPARATORS.items():
        if sign != form.separator and names & {p.strip() for n in trimmed for p in n.split(sign)}:
            cause = f"its columns are separated by {word}"
            return Fault(None, "", cause, f"separate them by {SEPARATORS[form.separator]}")
    columns = list_names([column.name for column in missing], 40)
    cause = f"none of the columns of `{form.name}` is there: {columns}"
    if names & {name.lower() for name in trimmed}:
        return Fault(None, "", cause, f"{_stands_there(trimmed)}; write them in small letters")
    return Fault(None, "", cause, f"{_stands_there(trimmed)}; is it another format?")


def _stands_there(columns: Iterable[str]) -> str:
    return f"its columns are {list_names(tuple(columns), 40)}"


def blocks(
    opened: Opened, form: Format, faults: Faults, progress: Progress | None
) -> Iterator[pa.RecordBatch]:
    """The rows of a file in blocks, every cell as text, under the names of the format."""
    if opened.is_parquet:
        file = pyarrow.parquet.ParquetFile(opened.path)
        done = 0
        for batch in file.iter_batches(batch_size=50_000, columns=list(opened.names)):
            cells = [column.cast(pa.string()) for column in batch.columns]
            names = [opened.names[name] for name in batch.schema.names]
            yield pa.RecordBatch.from_arrays(cells, names)
            done += batch.num_rows
            if progress is not None:
                progress(done, file.metadata.num_rows)
        return
    yield from _text_blocks(opened, form, faults, progress)


def _text_blocks(
    opened: Opened, form: Format, faults: Faults, progress: Progress | None
) -> Iterator[pa.RecordBatch]:
    def broken(row: pa.csv.InvalidRow) -> str:
        cause = f"the row has {row.actual_columns} cells, the header {row.expected_columns}"
        cure = "give each row one cell for each column; put quotes round cells with a separator"
        faults.skip(row.number - (2 if form.has_header else 1), cause, cure)
        return "skip"

    size = opened.path.stat().st_size
    with pa.OSFile(str(opened.path)) as file:
        try:
            reader = pa.csv.open_csv(
                file,
                read_options=pa.csv.ReadOptions(
                    use_threads=False,
                    block_size=BLOCK,
                    column_names=list(opened.header),
                    skip_rows=1 if form.has_header else 0,
                    encoding=opened.encoding,
                ),
                parse_options=pa.csv.ParseOptions(
                    delimiter=form.separator,
                    quote_char=False if form.separator == "\t" else '"',
                    newlines_in_values=form.separator != "\t",
                    invalid_row_handler=broken,
                ),
                convert_options=pa.csv.ConvertOptions(
                    include_columns=list(opened.names),
                    column_types=dict.fromkeys(opened.header, pa.string()),
                    strings_can_be_null=False,
                    check_utf8=False,
                ),
            )
            for batch in reader:
                yield batch.rename_columns([opened.names[name] for name in batch.schema.names])
                if progress is not None:
                    progress(min(file.tell(), size), size)
        except pa.ArrowInvalid as fault:
            if not any(words in str(fault) for words in NO_ROWS):
                cause = str(fault).splitlines()[0]
                faults.add(Fault(None, "", cause[:1].lower() + cause[1:], "mend the file"))


def lines_of(opened: Opened, form: Format, rows: set[int]) -> dict[int, tuple[int, str, list[str]]]:
    """For some rows of a text file: the line on which each begins, its text, its cells."""
    found: dict[int, tuple[int, str, list[str]]] = {}
    if opened.is_parquet or not rows:
        return found
    last, seen = max(rows), []

    def kept(lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            seen.append(line)
            yield line

    with opened.path.open(encoding=_with_mark(opened.encoding), newline="") as file:
        lines = kept(file)
        if form.separator == "\t":
            reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        else:
            reader = csv.reader(lines, delimiter=form.separator)
        row, begun = (-1 if form.has_header else 0), 1
        for cells in reader:
            if cells:
                if row in rows:
                    found[row] = (begun, "".join(seen).rstrip("\r\n"), cells)
                row += 1
            begun = reader.line_num + 1
            seen.clear()
            if row > last:
                break
    return found
