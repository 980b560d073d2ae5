"""Writing files that must not take the place of others."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from foedus.questions.whole_file import part_of


def write_new(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """The paths of new files in a folder, each there as a whole or not at all.

    Raises `FileExistsError` if one is there already, before any is written; what was written is
    removed if a later one fails.
    """
    paths = tuple(folder / name for name in files)
    for path in paths:
        if path.exists() or path.is_symlink():
            raise FileExistsError(17, "it exists already, and is left alone", str(path))
    folder.mkdir(parents=True, exist_ok=True)
    done: list[Path] = []
    try:
        for path, content in zip(paths, files.values(), strict=True):
            with part_of(path) as part:
                part.write_bytes(content)
                os.link(part, path)  # unlike a renaming, this never takes another file's place
                done.append(path)
    except BaseException:
        for path in done:
            path.unlink(missing_ok=True)
        raise
    return paths
