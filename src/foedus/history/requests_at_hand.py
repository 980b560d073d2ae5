"""The table of requests that questions to history are put to: the user's, or the one that ships.

Cases, fits and published scores keep to the table that ships, so that what a user has imported
changes none of them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from foedus.history.requests import Request, as_requests, requests
from foedus.history.store import Provenance, data, files_of, provenance

NAME = "aid-requests"


def requests_at_hand() -> tuple[Request, ...]:
    """The requests of the table that was imported; those that ship where none was."""
    own = imported_table()
    return requests() if own is None else _requests_of(files_of(NAME)[0], own.digest)


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
