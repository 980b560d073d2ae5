"""Courses that agree with a record, as they ship beside a case whose record takes minutes to weigh.

What-ifs given the record, and what drives the answers given it, start from the particles of the
verdict. Those of a case that comes with Foedus are kept with it, as far as they have a part in such
answers: noise takes nearly all of the room, and that of explanations that the record leaves next to
nothing is left out. Where the case knows how it ended, it is those that end so (`ended`) whose
noise is kept, as many as a file should hold. What is worked out from the file is, bit for bit, what
would be worked out from these.

A particle is numbers, and what they come to is for the engine to say. So each is run again when the
file is read, and must fit the record as well as it did: a file that an engine of another version
does not understand is worth nothing, and is not used.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from foedus.case.find import SHIPPED
from foedus.engine.kept_files import read_kept, sealed
from foedus.frozen import dataclass
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.pool import pool
from foedus.infer.islands.remembered import packed, unpacked
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.bridge import Ahead
from foedus.infer.particles.population import of_one_atom
from foedus.infer.posterior.ended import Ended, ending
from foedus.infer.sampler.sampler import Cloud
from foedus.infer.shipped.reference_file import digest_of
from foedus.infer.verdict.verdict import Kept

FILE = "courses.bin"

NEARLY = 1e-6
"""Nats by which a particle may fit the record otherwise on another machine."""


def file_of(name: str) -> Path:
    """Where the courses of a shipped case are, if they ship."""
    return SHIPPED / name / FILE


@dataclass(frozen=True, slots=True)
class Shipped:
    """What ships: the `evidence`, when it was found, and those that end as the outcomes say.

    Atoms that have no part in answers (`Pool.counting`) have no noise; where some are `ended`, only
    these have. `ended` is None where it is for `ended.ended` as well.
    """

    evidence: Evidence
    ended: Ended | None
    made: Kept


def shipped_courses(target: RecordTarget, effort: Effort, seed: int) -> Shipped | None:
    """What `agreed_islands` found for this very record; None where none ships.

    The target is that of the whole record, with nothing fixed and nothing left out.
    """
    path = file_of(target.model.name)
    if not path.is_file():
        return None
    stored = read_kept(path, _key(target, effort, seed))
    if stored is None:
        return None
    line, _, rest = stored.partition(b"\n")
    head = json.loads(line)
    evidence, ends = unpacked(rest[: head["size"]]), head["ended"]
    few = None
    if ends is not None:
        few = Ended(ending(target), unpacked(rest[head["size"] :]), **ends)
    used = (target, evidence) if few is None else (few.target, few.evidence)
    if not _are_what_they_were(*used):
        return None
    return Shipped(evidence, few, Kept(**head["made"]))


def as_file(target: RecordTarget, found: Shipped, effort: Effort, seed: int) -> bytes:
    """The content of the file: when they were found, and what of them is needed."""
    few = found.ended
    counting = pool(found.evidence).counting if few is None else ()
    first = packed(_with_noise_of(counting, found.evidence))
    ends = None if few is None else {"first": few.first, "share": few.share}
    head = {"made": asdict(found.made), "size": len(first), "ended": ends}
    second = b"" if few is None else packed(few.evidence)
    return sealed(_key(target, effort, seed), json.dumps(head).encode() + b"\n" + first + second)


def _key(target: RecordTarget, effort: Effort, seed: int) -> str:
    return json.dumps([digest_of(target.model, target.record), effort.of_each_run, seed])


def _with_noise_of(atoms: Sequence[int], evidence: Evidence) -> Evidence:
    """Everything but the noise of other atoms."""

    def bare(cloud: Cloud) -> Cloud:
        if cloud.atom in atoms:
            return cloud
        few = replace(cloud.particles, keys=cloud.particles.keys[:, :0])
        return replace(cloud, particles=few)

    courses = [
        replace(course, clouds=tuple(bare(cloud) for cloud in course.clouds))
        for course in evidence.courses
    ]
    return replace(evidence, courses=tuple(courses))


def _are_what_they_were(target: RecordTarget, evidence: Evidence) -> bool:
    """Whether each particle with noise fits the record as well as it did when it was kept."""
    known = len(target.stages) - 1
    for course in evidence.courses:
        here = Ahead(target, known, course.neutral)
        for cloud in course.clouds:
            if cloud.particles.keys.shape[1] == 0:
                continue
            now = here.at(of_one_atom(cloud.particles, cloud.atom), known)
            if not np.allclose(now, cloud.level, rtol=0.0, atol=NEARLY):
                return False
    return True
