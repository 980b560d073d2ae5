"""Files that a case names: beside it or in folders below, and nowhere else."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from foedus.case.draft import Draft
from foedus.case.node import Scalar
from foedus.case.reader import read_bytes
from foedus.text.codes import Code

LARGEST_CSV = 10_000_000
"""Bytes; what is larger is no table of constants."""


def find_beside(name: Scalar, text: str, draft: Draft) -> Path | None:
    """Where a file that a case names is; None with the fault noted if that is not beside the case.

    The file need not exist. A link leads no further than a path does.
    """
    if draft.folder is None:
        return None
    try:
        folder = draft.folder.resolve()
        target = (folder / text).resolve()
    except (OSError, RuntimeError, ValueError) as fault:  # a circle of links, a NUL
        _unreadable(name, text, str(fault), draft)
        return None
    if Path(text).is_absolute() or not target.is_relative_to(folder):
        draft.diagnostics.error(
            Code.PATH_OUTSIDE_CASE,
            name.span,
            f"`{text}` is outside the case's folder",
            help="copy the file beside the case and give its name",
        )
        return None
    return target


def read_rows(name: Scalar, draft: Draft) -> list[dict[str, str]] | None:
    """The rows of a CSV file beside the case, by column; None with the fault noted."""
    if draft.folder is None:
        draft.diagnostics.error(
            Code.FILE_UNREADABLE,
            name.span,
            f"`{name.text}` cannot be read: the case has no folder",
            help="give the path of the case file, or write the numbers into the case",
        )
        return None
    target = find_beside(name, name.text, draft)
    if target is None:
        return None
    try:
        data = read_bytes(target, LARGEST_CSV)
        if len(data) > LARGEST_CSV:
            raise OSError(None, f"it is larger than {LARGEST_CSV:,} bytes")
        lines = csv.reader(io.StringIO(data.decode("utf-8-sig")), strict=True)
        table = [row for row in lines if row]
    except UnicodeDecodeError:
        _unreadable(name, name.text, "it is not UTF-8 text", draft)
    except (OSError, ValueError, csv.Error) as fault:
        _unreadable(name, name.text, getattr(fault, "strerror", None) or str(fault), draft)
    else:
        return _rows(name, table, draft)
    return None


def _rows(name: Scalar, table: list[list[str]], draft: Draft) -> list[dict[str, str]] | None:
    header, *rows = table or [[]]
    if not rows:
        draft.diagnostics.error(
            Code.BAD_TABLE,
            name.span,
            f"`{name.text}` has no rows",
            help="give a header line with the names of the columns, and rows below it",
        )
        return None
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            draft.diagnostics.error(
                Code.BAD_TABLE,
                name.span,
                f"row {number} of `{name.text}` has {len(row)} cells, its header {len(header)}",
                help="give each row one cell for each column",
            )
            return None
    return [dict(zip(header, row, strict=True)) for row in rows]


def _unreadable(name: Scalar, text: str, reason: str, draft: Draft) -> None:
    draft.diagnostics.error(
        Code.FILE_UNREADABLE,
        name.span,
        f"`{text}` cannot be read: {reason[:1].lower()}{reason[1:]}",
        help="give a UTF-8 CSV file with a header line, beside the case",
    )
