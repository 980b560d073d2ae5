"""Answers of particles, as they ship beside a case whose courses do: see `asked_before`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from foedus.case.find import SHIPPED
from foedus.engine.kept_files import read_kept, sealed
from foedus.frozen import dataclass
from foedus.infer.islands.agreed import verify_agreement
from foedus.infer.islands.at_odds import at_odds
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.shipped.asked_before import (
    Answers,
    AskedBefore,
    drawn_before,
    packed_answers,
    unpacked_answers,
    with_trusting,
)
from foedus.infer.shipped.courses_file import Shipped, shipped_courses
from foedus.infer.shipped.reference_file import digest_of
from foedus.infer.verdict.ruled_out import ruled_out
from foedus.text.diagnostic import NoiseError

FILE = "answers.bin"


def file_of(name: str) -> Path:
    """Where the answers of a shipped case's particles are, if they ship."""
    return SHIPPED / name / FILE


@dataclass(frozen=True, slots=True)
class JudgedAnew:
    """Particles that ship, judged under other prior odds, and what they answer."""

    evidence: Evidence
    again: AskedBefore


def judged_anew(target: RecordTarget, effort: Effort, seed: int) -> JudgedAnew | None:
    """The particles that ship, under the priors of atoms that the target has.

    None where none ship, where it has those of the case's own file, and where the particles would
    not do: it takes more of them then. The target is that of the whole record, with nothing fixed.
    """
    written = target.as_written
    shipped = None if written is None else shipped_courses(written, effort, seed)
    if written is None or shipped is None:
        return None
    answers = shipped_answers(written, shipped.evidence, effort, seed)
    evidence = evidence_at_odds(target, shipped, answers, effort, is_mixed=False)
    if answers is None or evidence is None:
        return None
    thin = drawn_before(shipped.evidence, evidence, effort.again, seed)
    gone = ruled_out(target, evidence, effort.again, seed)
    return JudgedAnew(evidence, AskedBefore(thin, target, evidence.neutral, gone, answers))


def evidence_at_odds(
    target: RecordTarget, shipped: Shipped, answers: Answers | None, effort: Effort, *,
    is_mixed: bool,
) -> Evidence | None:  # fmt: skip
    """Courses that ship, judged under the target's prior odds; None where noise would decide.

    `is_mixed` is that of `refusal.verify_accuracy`. Nor can they be judged without the answers.
    """
    if answers is None:
        return None
    evidence = at_odds(with_trusting(shipped.evidence, answers), target)
    if evidence is None:
        return None
    try:
        verify_agreement(target, evidence, effort, is_mixed)
    except NoiseError:
        return None
    return evidence


def shipped_answers(
    target: RecordTarget, evidence: Evidence, effort: Effort, seed: int
) -> Answers | None:
    """What the particles of this very evidence answered, if that ships."""
    path = file_of(target.model.name)
    stored = read_kept(path, _key(target, evidence, effort, seed))
    return None if stored is None else unpacked_answers(stored)


def as_file(
    target: RecordTarget, evidence: Evidence, answers: Answers, effort: Effort, seed: int
) -> bytes:
    """The content of the file: the answers of the particles of some evidence."""
    return sealed(_key(target, evidence, effort, seed), packed_answers(answers))


def _key(target: RecordTarget, evidence: Evidence, effort: Effort, seed: int) -> str:
    found = hashlib.sha256(evidence.levels.tobytes()).hexdigest()
    return json.dumps([digest_of(target.model, target.record), effort.of_each_run, seed, found])
