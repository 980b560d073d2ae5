"""Taking a file into the store: every row checked, all of it or nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
from numpy.typing import NDArray

from foedus.frozen import dataclass
from foedus.history.cells import Fault, Faults, values_of
from foedus.history.faults import as_diagnostics
from foedus.history.files import Opened, Progress, blocks, open_file
from foedus.history.formats import Column, Format, read_format
from foedus.history.rows import verify_rows
from foedus.history.store import (
    Provenance,
    file_name,
    files_of,
    provenance,
    schema_metadata,
    store_folder,
)
from foedus.text.diagnostic import Diagnostic

TYPES = {
    "text": pa.string(), "words": pa.string(), "gw-list": pa.string(), "iso3": pa.string(),
    "integer": pa.int64(), "cow": pa.int64(), "gw": pa.int64(), "number": pa.float64(),
    "flag": pa.bool_(), "date": pa.date32(), "datetime": pa.date32(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: where the data are from (None if nothing was taken in), what was
    there before, and all there is to say about the file."""

    provenance: Provenance | None
    is_new: bool
    replaced: Provenance | None
    diagnostics: tuple[Diagnostic, ...]


def import_file(
    name: str, path: Path, *, encoding: str = "utf-8", progress: Progress | None = None
) -> Imported:
    """Take a file of a format into the store.

    Nothing is taken in if anything is wrong with the file; a file that is there already changes
    nothing. Memory is bounded: a few blocks of the file, and eight bytes a row for the key.
    Raises `OSError` where a file cannot be read or written.
    """
    form, faults = read_format(name), Faults()
    opened = open_file(path, form, encoding, faults)
    if opened is None:
        return Imported(None, False, None, as_diagnostics(path, None, form, faults))
    for known in files_of(name):
        if (there := provenance(known)).digest == opened.digest:
            return Imported(there, False, None, ())
    origin = Provenance(name, form.version, path.name, opened.digest, time.strftime("%Y-%m-%d"))
    target = store_folder() / file_name(form, opened.digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        rows = _write(opened, form, origin, part, faults, progress)
        diagnostics = as_diagnostics(path, opened, form, faults)
        if faults.has_errors:
            return Imported(None, False, None, diagnostics)
        replaced = provenance(target) if target.exists() else None
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return Imported(
        Provenance(name, form.version, path.name, opened.digest, origin.imported, rows),
        True,
        replaced,
        diagnostics,
    )


def _write(
    opened: Opened,
    form: Format,
    origin: Provenance,
    part: Path,
    faults: Faults,
    progress: Progress | None,
) -> int:
    """Write the rows of a file, checked; the number of rows."""
    present = [column for column in form.columns if column.name in opened.names.values()]
    fields = [pa.field(column.name, TYPES[column.type]) for column in present]
    schema = pa.schema(fields, metadata=schema_metadata(origin))
    key = Key(form, present)
    rows = 0
    with pa.parquet.ParquetWriter(part, schema, compression="zstd") as writer:
        for block in blocks(opened, form, faults, progress):
            columns = _columns(present, block, rows, faults)
            verify_rows(form, columns, rows, faults)
            key.add(columns)
            writer.write_batch(
                pa.RecordBatch.from_arrays([columns[field.name] for field in fields], schema=schema)
            )
            rows += block.num_rows
    if not rows and not faults.has_errors:
        faults.add(Fault(None, "", "the file has no rows", "give the file as it came"))
    key.verify(faults)
    return rows


def _columns(
    present: Iterable[Column], block: pa.RecordBatch, first_row: int, faults: Faults
) -> dict[str, pa.Array]:
    return {
        column.name: pc.cast(
            values_of(column, block.column(column.name), first_row, faults), TYPES[column.type]
        )
        for column in present
    }


def _hashes(values: pa.Array) -> NDArray[np.uint64]:
    """A hash for each value; equal values have equal ones."""
    if pa.types.is_integer(values.type):
        numbers = pc.fill_null(values, np.iinfo(np.int64).min).to_numpy(zero_copy_only=False)
        return _mixed(numbers.astype(np.int64).view(np.uint64))
    cells = values.to_pylist()
    return np.fromiter(map(hash, cells), np.int64, len(cells)).view(np.uint64)


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The bits stirred, one to one (the finisher of SplitMix64)."""
    bits = bits + np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


class Key:
    """The keys of the rows seen so far, as hashes of 64 bits.

    Rows of a format without a key may be alike in any of its columns, but not in all of them.
    """

    def __init__(self, form: Format, present: Iterable[Column]) -> None:
        names = [column.name for column in present]
        self._columns = [name for name in form.key or names if name in names]
        self._words = "is the same"
        if form.key:
            self._words = f"has the same {', '.join(f'`{name}`' for name in self._columns)}"
        self._column = self._columns[0] if form.key and self._columns else ""
        self._hashes: list[NDArray[np.uint64]] = []

    def add(self, columns: dict[str, pa.Array]) -> None:
        """Note the keys of a block of rows."""
        if self._columns:
            parts = [_hashes(columns[name]) for name in self._columns]
            mixed = parts[0]
            for part in parts[1:]:
                mixed = _mixed(mixed) ^ part  # the order of the columns counts
            self._hashes.append(mixed)

    def verify(self, faults: Faults) -> None:
        """Note rows whose key another row has before them."""
        if not self._hashes:
            return
        hashes = np.concatenate(self._hashes)
        order = np.argsort(hashes, kind="stable")
        ordered = hashes[order]
        again = np.flatnonzero(ordered[1:] == ordered[:-1])
        for place in again:
            row, other = int(order[place + 1]), int(order[place])
            cause = f"the row {self._words} as row {faults.row_in_file(other) + 1}"
            faults.add(Fault(row, self._column, cause, "keep one of them"), "twice")
