"""The requests that questions to history are put to: those of the user's table, or of ours.

Cases, fits and published scores keep to what ships, so that what a user has imported changes none
of them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from foedus.history.requests import Request, as_requests, requests, requests_of_both
from foedus.history.store import Provenance, data, files_of, provenance

NAME = "aid-requests"


def requests_at_hand() -> tuple[Request, ...]:
    """The requests of the table that was imported; those that ship where none was."""
    own = _own()
    return requests() if own is None else own


def requests_to_learn_from() -> tuple[Request, ...]:
    """The requests that forecasts learn from: of the imported table, or of both that ship."""
    own = _own()
    return requests_of_both() if own is None else own


def _own() -> tuple[Request, ...] | None:
    table = imported_table()
    return None if table is None else _requests_of(files_of(NAME)[0], table.digest)


def imported_table() -> Provenance | None:
    """Where the imported table comes from; None where none was imported."""
    files = files_of(NAME)
    return provenance(files[0]) if files else None


@cache
def _requests_of(path: Path, digest: str) -> tuple[Request, ...]:
    """The requests of a file of the store, which is read anew where its digest is another."""
    rows = data(NAME).to_pylist()
    as_text = (
        {key: "" if cell is None else str(cell) for key, cell in row.items()} for row in rows
    )
    return as_requests(as_text)
