"""Files that can be made anew at any time: kept under a key, each with a digest of key and content.

An entry that does not fit its digest is not trusted; where there is no place to keep one, it is
made again next time. Files are put in place in one step, so that many processes may share a folder.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from contextlib import suppress
from itertools import accumulate
from pathlib import Path

DIGEST = 32

LEFT_BEHIND = 86_400.0
"""Seconds after which a file that was never finished is not waited for any more."""


def cache_folder(kind: str = "code") -> Path:
    """Where files of a kind are kept: under `FOEDUS_CACHE`, or in the user's cache folder.

    A user without a home, as in a container, has no such folder: nothing can be kept then.
    """
    chosen = os.environ.get("FOEDUS_CACHE")
    if chosen:
        return Path(chosen) if kind == "code" else Path(chosen) / kind
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(os.devnull if base.startswith("~") else base) / "foedus" / kind


def read_kept(path: Path, key: str) -> bytes | None:
    """The content of an entry whose digest fits; None otherwise."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    digest, content = data[:DIGEST], data[DIGEST:]
    return content if _digest(key, content) == digest else None


def sealed(key: str, content: bytes) -> bytes:
    """What a file has for an entry: the content behind its digest."""
    return _digest(key, content) + content


def keep(path: Path, key: str, content: bytes) -> None:
    """Keep an entry; nothing happens where that cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(sealed(key, content))
        Path(name).replace(path)
    except OSError:  # a full disk
        _remove(Path(name))
    except BaseException:  # an interruption
        _remove(Path(name))
        raise


def drop_beyond(folder: Path, pattern: str, most: int) -> None:
    """Remove what fits the pattern but for the latest, up to so many bytes of them together.

    What a crash left unfinished goes, too.
    """
    try:
        found = [(path.stat(), path) for path in folder.glob(pattern)]
        latest = sorted(found, key=lambda one: one[0].st_mtime, reverse=True)
        room = accumulate(told.st_size for told, _ in latest)
        beyond = [path for (_, path), size in zip(latest, room, strict=True) if size > most]
        old = time.time() - LEFT_BEHIND
        left = [path for path in folder.glob("*.tmp") if path.stat().st_mtime < old]
    except OSError:  # somebody else removes them
        return
    for path in (*beyond, *left):
        _remove(path)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _digest(key: str, content: bytes) -> bytes:
    return hashlib.sha256(key.encode() + content).digest()
