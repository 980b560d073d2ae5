"""The user's store of imported data: one Parquet file for each, which carries its own provenance.

The store is a folder in the user's data directory. A data set is there as a whole or not at all,
since its file is renamed into place; there is no catalogue beside the files that could disagree
with them.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from foedus.frozen import dataclass
from foedus.history.formats import Format, format_names, read_format

PROVENANCE = b"foedus"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an imported data set comes from: the file's name, its digest (SHA-256), the day."""

    format: str
    version: str
    file: str
    digest: str
    imported: str
    rows: int = 0


class MissingDataError(Exception):
    """Data are asked for that have not been imported."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        listed = ", ".join(f"`{name}`" for name in self.names)
        super().__init__(
            f"{listed} {'has' if len(self.names) == 1 else 'have'} not been imported: "
            f"`foedus history import {self.names[0]} FILE`"
        )


def store_folder() -> Path:
    """Where imported data are: `FOEDUS_DATA`, or `foedus` in the user's data directory.

    That directory is `XDG_DATA_HOME`, or `~/.local/share`; on Windows `LOCALAPPDATA`. A user
    without a home, as in a container, has none: nothing is found there, nor can it be put there.
    """
    if chosen := os.environ.get("FOEDUS_DATA"):
        return Path(chosen) / "history"
    variable = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_DATA_HOME"
    base = os.environ.get(variable) or os.path.expanduser("~/.local/share")
    return Path(os.devnull if base.startswith("~") else base) / "foedus" / "history"


def file_name(form: Format, digest: str) -> str:
    """What the file of a data set is called in the store."""
    return f"{form.name}.{digest[:16]}.parquet" if form.holds_many else f"{form.name}.parquet"


def files_of(name: str) -> tuple[Path, ...]:
    """The files of a data set in the store, none if it has not been imported."""
    pattern = f"{name}.*.parquet" if read_format(name).holds_many else f"{name}.parquet"
    return tuple(sorted(store_folder().glob(pattern)))


def provenance(path: Path) -> Provenance:
    """Where a file of the store comes from."""
    schema = pyarrow.parquet.read_metadata(path)
    written = json.loads(schema.metadata[PROVENANCE])
    return Provenance(**{**written, "rows": schema.num_rows})


def imported() -> tuple[Provenance, ...]:
    """Everything in the store, by name."""
    return tuple(provenance(path) for name in format_names() for path in files_of(name))


def schema_metadata(where_from: Provenance) -> dict[bytes, bytes]:
    """The provenance as a Parquet file carries it."""
    return {PROVENANCE: json.dumps(asdict(where_from)).encode()}


def data(name: str, columns: Sequence[str] | None = None) -> pa.Table:
    """An imported data set, or some of its columns. Raises `MissingDataError`."""
    files = files_of(name)
    if not files:
        raise MissingDataError([name])
    tables = [pyarrow.parquet.read_table(path, columns=columns) for path in files]
    return pa.concat_tables(tables)


def missing(names: Sequence[str]) -> tuple[str, ...]:
    """Those of the named data sets that have not been imported."""
    return tuple(name for name in names if not files_of(name))
