"""Files that a user names: there as a whole, or as they were before."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL
from glob import escape
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
    try:
        with part_of(target) as part:
            yield part
            with open(part, "rb") as file:
                os.fsync(file.fileno())
            part.replace(target)
    except OSError as fault:
        why = os.strerror(fault.errno) if fault.errno else str(fault)
        raise OSError(fault.errno, why, str(path)) from fault


@contextmanager
def part_of(target: Path) -> Iterator[Path]:
    """A new file beside another, to be written and renamed; what is there at the end is removed.

    So is what programs have left there that were ended by force: they hold a lock on it as long as
    they live.
    """
    remove_left_behind(target)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
    _unfinished.add(part)
    try:
        if sys.platform == "win32":  # what is open cannot be renamed there, nor removed
            os.close(handle)
        else:
            with suppress(OSError):  # there are file systems without locks
                _lock(handle)
        yield part
    finally:
        part.unlink(missing_ok=True)
        _unfinished.discard(part)
        if sys.platform != "win32":
            os.close(handle)


def remove_left_behind(target: Path) -> None:
    """Remove what was to become a file and is written by nobody any more."""
    for part in target.parent.glob(f".{escape(target.name)}.*.part"):
        with suppress(OSError):
            if sys.platform == "win32":
                part.unlink()
                continue
            handle = os.open(part, os.O_RDONLY)
            try:
                _lock(handle)  # fails where it is written
                part.unlink()
            finally:
                os.close(handle)


def _lock(handle: int) -> None:
    """Lock a file against other processes. Raises `OSError` where another has done so."""
    import fcntl  # not on all systems

    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def remove_unfinished() -> None:
    """Remove what is being written, where the process ends without clearing up."""
    for part in tuple(_unfinished):
        with suppress(OSError):
            part.unlink(missing_ok=True)
