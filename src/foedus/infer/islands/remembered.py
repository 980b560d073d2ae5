"""Runs through a record that took long are kept, so that what else is asked of them is soon had.

`weigh`, `whatif`, `sensitivity` and forecasts all start from the same particles. They are kept in
the user's cache folder under a hash of everything that they depend on: the model, the record and
what is known of it, priors, settings, seed, and the code itself. The latest are kept, and none that
was quickly made.
"""

from __future__ import annotations

import enum
import hashlib
import io
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from foedus.engine.kept_files import cache_folder, drop_beyond, keep, read_kept
from foedus.infer.islands.islands import Evidence, run_islands
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.particles import Particles
from foedus.infer.sampler.crew import Crew
from foedus.infer.sampler.sampler import Cloud, Course, Settings
from foedus.infer.sampler.trusting import OF_TRUSTING, Trusting

WORTH_KEEPING = 3.0
"""CPU seconds below which runs are not kept."""

MOST_KEPT = 400_000_000
"""Bytes that are kept; the runs of a large case take some 80 MB, those of a small one 2 or 3."""

CODE = ("case", "engine", "expr", "infer", "jump")
"""Packages on whose code runs depend."""

OF_CLOUD = ("scores", "keys", "ancestors", "level", "logs", "smallest")


def remembered_islands(
    target: RecordTarget,
    settings: Settings,
    *,
    islands: int = 4,
    first: int = 0,
    seed: int = 1,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Evidence:
    """What `run_islands` gives, from an earlier call with the same arguments if it was kept."""
    kept = kept_islands(target, settings, islands=islands, first=first, seed=seed)
    if kept is not None:
        return kept
    begun, crew = time.process_time(), Crew(workers)
    evidence = run_islands(
        replace(target, engine=target.engine.with_crew(crew)),
        settings,
        islands=islands,
        first=first,
        seed=seed,
        workers=workers,
        progress=progress,
        crew=crew,
    )
    if time.process_time() - begun > WORTH_KEEPING:
        key = key_of(target, settings, range(first, first + islands), seed)
        path = _path_of(key)
        keep(path, key, packed(evidence))
        drop_beyond(path.parent, "*.npz", MOST_KEPT)
    return evidence


def kept_islands(
    target: RecordTarget, settings: Settings, *, islands: int = 4, first: int = 0, seed: int = 1
) -> Evidence | None:
    """What `remembered_islands` gives if it was kept; None, without a run, if it was not."""
    key = key_of(target, settings, range(first, first + islands), seed)
    stored = read_kept(_path_of(key), key)
    return None if stored is None else unpacked(stored)


def _path_of(key: str) -> Path:
    return cache_folder("runs") / f"{key}.npz"


def key_of(target: RecordTarget, settings: Settings, islands: range, seed: int) -> str:
    """A hash of everything that runs through a record depend on; questions are looked at only."""
    system, hashed = target.coordinate_system, hashlib.sha256()
    model = replace(target.model, monitors=())
    versions = np.__version__, scipy.__version__, _code()
    everything = (
        model, target.record, target.stages, target.dropped, system.cells, system.laws,
        system.trusts, target.engine.streams, settings, tuple(islands), seed, versions,
    )  # fmt: skip
    for part in _parts(everything):
        hashed.update(part)
    return hashed.hexdigest()


def _parts(value: Any) -> Iterator[bytes]:
    """A value as bytes, the same in every process; what does not count in comparisons left out."""
    if isinstance(value, enum.Enum):
        yield f"{type(value).__qualname__}.{value.name};".encode()
    elif value is None or isinstance(value, bool | int | float | str):
        yield f"{type(value).__name__} {value!r};".encode()
    elif isinstance(value, np.ndarray):
        yield f"array {value.dtype.str} {value.shape} ".encode() + value.tobytes()
    elif isinstance(value, frozenset | set):
        yield b"set"
        yield from sorted(hashlib.sha256(b"".join(_parts(one))).digest() for one in value)
    else:
        inside = _inside(value)
        yield f"{type(value).__qualname__} {len(inside)}(".encode()
        for one in inside:
            yield from _parts(one)


def _inside(value: Any) -> list[Any]:
    if is_dataclass(value):
        return [getattr(value, one.name) for one in fields(value) if one.compare]
    if isinstance(value, Mapping):
        return [(name, value[name]) for name in sorted(value)]
    if isinstance(value, tuple | list):
        return list(value)
    raise TypeError(f"cannot hash a {type(value).__qualname__}")


def _code() -> str:
    """A hash of the code that runs depend on."""
    hashed, root = hashlib.sha256(), Path(__file__).parents[2]
    for path in sorted(path for name in CODE for path in (root / name).rglob("*.py")):
        hashed.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return hashed.hexdigest()


def packed(evidence: Evidence) -> bytes:
    """What was found, as bytes that hold no code."""
    arrays: dict[str, Any] = {
        "steps": np.array(evidence.steps, np.str_), "priors": evidence.priors,
        "levels": evidence.levels, "courses": len(evidence.courses),
    }  # fmt: skip
    if evidence.totals is not None:
        arrays["totals"] = evidence.totals
    for number, course in enumerate(evidence.courses):
        arrays[f"{number} levels"], arrays[f"{number} neutral"] = course.levels, course.neutral
        if course.trusting is not None:
            for one in OF_TRUSTING:
                arrays[f"{number} {one}"] = getattr(course.trusting, one)
        for cloud in course.clouds:
            particles = cloud.particles
            found = (
                particles.scores, particles.keys, particles.ancestors, cloud.level, cloud.logs,
                np.array([cloud.smallest_size, cloud.smallest_overlap]),
            )  # fmt: skip
            for name, array in zip(OF_CLOUD, found, strict=True):
                arrays[f"{number} {cloud.atom} {name}"] = array
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def unpacked(stored: bytes) -> Evidence:
    """What was packed."""
    with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
        atoms = arrays["priors"].size

        def cloud(number: int, atom: int) -> Cloud:
            scores, keys, ancestors, level, logs, smallest = (
                arrays[f"{number} {atom} {name}"] for name in OF_CLOUD
            )
            particles = Particles(scores, keys, ancestors)
            return Cloud(atom, particles, level, logs, *smallest.tolist())

        def trusting(number: int) -> Trusting | None:
            if f"{number} ways" not in arrays:
                return None
            return Trusting(*(arrays[f"{number} {one}"] for one in OF_TRUSTING))

        courses = tuple(
            Course(
                arrays[f"{number} levels"], arrays[f"{number} neutral"],
                tuple(cloud(number, atom) for atom in range(atoms)), trusting(number),
            )
            for number in range(int(arrays["courses"]))
        )  # fmt: skip
        totals = arrays.get("totals", None)
        steps = tuple(arrays["steps"].tolist())
        return Evidence(steps, arrays["priors"], arrays["levels"], courses, totals)
