"""Files that a user names: there as a whole, or as they were before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL
from pathlib import Path

_unfinished = set[Path]()
"""What this process is writing to."""


def verify_replaceable(path: Path) -> None:
    """Raise `OSError` where something is that is no file: a file would take a device's place."""
    if path.exists() and not path.is_file():
        raise OSError(EINVAL, "it is no ordinary file", str(path))


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path to write to; what is written there takes the place of `path` at the end.

    It lies beside the file itself, where `path` is a link, and is removed if anything goes wrong
    (an interrupt, a full disk). Raises `OSError` that names `path`.
    """
    verify_replaceable(path)
    target = path.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    _unfinished.add(part)
    try:
        yield part
        with open(part, "rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as fault:
        why = os.strerror(fault.errno) if fault.errno else str(fault)
        raise OSError(fault.errno, why, str(path)) from fault
    finally:
        part.unlink(missing_ok=True)
        _unfinished.discard(part)


def remove_unfinished() -> None:
    """Remove what is being written, where the process ends without clearing up."""
    for part in tuple(_unfinished):
        with suppress(OSError):
            part.unlink(missing_ok=True)
