"""Files that are there as a whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from foedus.questions.whole_file import part_of


def write_files(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """The paths of files that were written into a folder, which is made if it is not there.

    All of them are written under other names first and renamed at the end; if that is cut short (a
    full disk, an interruption), what was begun is removed and files of an earlier run stay as they
    were. Raises `OSError` with the name of the file that could not be written.
    """
    made = _make_folders(folder)
    try:
        with ExitStack() as unfinished:
            parts = {name: unfinished.enter_context(part_of(folder / name)) for name in files}
            for name, content in files.items():
                _write(parts[name], folder / name, content)
            for name, part in parts.items():
                os.replace(part, folder / name)
    except BaseException:
        for path in reversed(made):
            if not any(path.iterdir()):
                path.rmdir()
        raise
    return tuple(folder / name for name in files)


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder and those it lies in; the ones that were made, outermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return list(reversed(missing))


def _write(part: Path, path: Path, content: bytes) -> None:
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            # A disk may tell that it is full only now.
            os.fsync(file.fileno())
    except OSError as fault:
        raise OSError(fault.errno, fault.strerror, str(path)) from fault
