"""What particles answered when they were asked again, kept so that nobody has to run them.

Flips ask what each particle would weigh if something had been otherwise. That takes its noise,
which is large, and the answers, which are not, do not depend on how likely the atoms were held. So
where particles ship without their noise, their answers ship in its place, and other prior odds are
a matter of other weights.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import inf, isnan
from typing import Any

import numpy as np

from foedus.expr.prior import Prior
from foedus.frozen import dataclass
from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.pool import Change, Pool, Reweighted, drawn, pool, reweigh
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.weights import Numbers, log_sum
from foedus.infer.sampler.trusting import OF_TRUSTING, Trusting
from foedus.infer.verdict.flips import LEAST_RERUN, Again
from foedus.infer.verdict.ruled_out import RuledOut
from foedus.infer.verdict.tilted import Rise
from foedus.jump.stages import Stage

ByAtom = tuple[Numbers, ...]
"""A number of each particle, atom by atom (particle,)."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What particles answered: `by_question` those drawn to be asked again, `acts` all of them.

    `gained` is by how much the log evidence of each atom changes with one common prior for what is
    specific to explanations, where that was worked out step by step, and the standard error of that
    (number, atom); nan where it was not.
    `trusting` is how far particles trusted origins on their way, by island.
    """

    by_question: Mapping[str, ByAtom]
    acts: ByAtom
    gained: Numbers
    trusting: tuple[Trusting | None, ...]


def _of_gone(gone: frozenset[str]) -> str:
    return " ".join(("without", *sorted(gone)))


def _of_laws(laws: Mapping[str, Sequence[Prior]]) -> str:
    told = (f"{name} {' '.join(law.show() for law in own)}" for name, own in sorted(laws.items()))
    return " ".join(("under", *told))


def _of_claim(claim: str) -> str:
    return f"truth of {claim}"


class Asked(Again):
    """Particles that are asked again, and whose answers are kept (`answers`)."""

    by_question: dict[str, ByAtom]
    acts: dict[int, Numbers]
    gained: dict[int, Rise]

    def __init__(
        self, thin: Pool, target: RecordTarget, neutral: Mapping[str, float],
        gone: Iterable[RuledOut] = (),
    ) -> None:  # fmt: skip
        super().__init__(thin, target, neutral, gone)
        self.by_question, self.acts, self.gained = {}, {}, {}

    def answers(self, evidence: Evidence) -> Answers:
        """All that was answered."""
        atoms = range(len(evidence.priors))
        everybody = pool(evidence).particles
        return Answers(
            self.by_question,
            tuple(self.acts.get(atom, np.zeros(everybody[atom].size)) for atom in atoms),
            np.array(
                [
                    [one.log, one.error] if (one := self.gained.get(atom)) else [np.nan, np.nan]
                    for atom in atoms
                ]
            ).T,
            tuple(course.trusting for course in evidence.courses),
        )

    def other_weights(self, gone: frozenset[str]) -> Change:
        """What courses weigh more without some items and claims, whomever they trust."""
        return self._kept(_of_gone(gone), super().other_weights(gone))

    def moved_weights(self, laws: Mapping[str, Sequence[Prior]]) -> Change:
        """What courses weigh more whose numbers have moved with their priors."""
        return self._kept(_of_laws(laws), super().moved_weights(laws))

    def _kept(self, question: str, change: Change) -> Change:
        found = tuple(change(atom, few) for atom, few in enumerate(self.thin.particles))
        self.by_question[question] = found
        return lambda atom, _: found[atom].copy()

    def acts_weights(self, acts: frozenset[str]) -> Change:
        """What courses weigh more if it does not count how likely some acts were."""
        inner = super().acts_weights(acts)

        def change(atom: int, particles: Particles) -> Numbers:
            self.acts[atom] = inner(atom, particles)
            return self.acts[atom]

        return change

    def truths(self, stage: Stage) -> list[Mapping[str, Numbers]]:
        """Whether what is claimed up to a stage is so, by atom and claim (particle,)."""
        found = super().truths(stage)
        for claim in found[0]:
            self.by_question[_of_claim(claim)] = tuple(one[claim] for one in found)
        return found

    def by_steps(
        self, laws: Mapping[str, Sequence[Prior]], atoms: Sequence[int], seed: int
    ) -> Mapping[int, Rise]:
        """What some atoms' evidence gains by priors that no weights would reach (`tilted`)."""
        found = super().by_steps(laws, atoms, seed)
        self.gained |= found
        return found


class AskedBefore(Again):
    """Particles without noise, whose answers are known; what was not asked is not known."""

    def __init__(
        self, thin: Pool, target: RecordTarget, neutral: Mapping[str, float],
        gone: Iterable[RuledOut], answers: Answers,
    ) -> None:  # fmt: skip
        self.thin, self.target, self.neutral, self.ruled_out = thin, target, neutral, tuple(gone)
        self.full, self.answers = target.stages[-1], answers

    def without(self, gone: frozenset[str]) -> Reweighted:
        """The evidence without some items and claims."""
        if _of_gone(gone) not in self.answers.by_question:
            return self._nothing()
        return super().without(gone)

    def with_priors(self, laws: Mapping[str, Sequence[Prior]]) -> Reweighted:
        """The evidence with other priors, by name and atom: the scores stay, the values move."""
        if _of_laws(laws) not in self.answers.by_question:
            return self._nothing()
        return reweigh(self.thin, self.moved_weights(laws), least=LEAST_RERUN)

    def _nothing(self) -> Reweighted:
        count = len(self.thin.priors)
        return Reweighted((None,) * count, (inf,) * count)

    def other_weights(self, gone: frozenset[str]) -> Change:
        """What courses weigh more without some items and claims, whomever they trust."""
        return self._told(_of_gone(gone))

    def moved_weights(self, laws: Mapping[str, Sequence[Prior]]) -> Change:
        """What courses weigh more whose numbers have moved with their priors."""
        return self._told(_of_laws(laws))

    def _told(self, question: str) -> Change:
        found = self.answers.by_question[question]
        return lambda atom, _: found[atom].copy()

    def acts_weights(self, acts: frozenset[str]) -> Change:
        """What courses weigh more if it does not count how likely some acts were."""
        return lambda atom, _: self.answers.acts[atom]

    def truths(self, stage: Stage) -> list[Mapping[str, Numbers]]:
        """Whether what is claimed up to a stage is so, by atom and claim (particle,)."""
        known = {
            claim: self.answers.by_question[_of_claim(claim)]
            for claim in stage.claims
            if _of_claim(claim) in self.answers.by_question
        }
        atoms = range(len(self.thin.priors))
        return [{claim: by_atom[atom] for claim, by_atom in known.items()} for atom in atoms]

    def by_steps(
        self, laws: Mapping[str, Sequence[Prior]], atoms: Sequence[int], seed: int
    ) -> Mapping[int, Rise]:
        """What some atoms' evidence gains by priors that no weights would reach (`tilted`)."""
        logs, errors = self.answers.gained.tolist()
        return {atom: Rise(logs[atom], errors[atom]) for atom in atoms if not isnan(logs[atom])}


def drawn_before(own: Evidence, judged: Evidence, size: int, seed: int) -> Pool:
    """The particles that were drawn to be asked again, weighted as those judged anew are.

    `own` is the evidence that they were drawn from, with the same particles.
    """
    before, after = pool(own), pool(judged)
    particles, logs = [], []
    for atom, places in enumerate(drawn(before, size, seed)):
        if places is None:
            particles.append(after.particles[atom])
            logs.append(after.logs[atom])
            continue
        change = after.logs[atom][places] - before.logs[atom][places]
        particles.append(after.particles[atom].take(places))
        logs.append(change - log_sum(change) + after.log_evidence(atom))
    return Pool(after.priors, tuple(particles), tuple(logs))


def packed_answers(answers: Answers) -> bytes:
    """The answers as bytes that hold no code. To a millionth of a nat, as they need no more."""
    sizes = [len(one) for one in next(iter(answers.by_question.values()))]
    rows = [np.concatenate(by_atom) for by_atom in answers.by_question.values()]
    arrays: dict[str, Any] = {
        "questions": np.array(list(answers.by_question), np.str_), "sizes": np.array(sizes),
        "answers": np.stack(rows).astype(np.float32),
        "acts": np.concatenate(answers.acts).astype(np.float32),
        "all": np.array([len(one) for one in answers.acts]), "gained": answers.gained,
        "islands": len(answers.trusting),
    }  # fmt: skip
    for number, trusting in enumerate(answers.trusting):
        if trusting is not None:
            for name in OF_TRUSTING:
                arrays[f"{number} {name}"] = getattr(trusting, name)
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def unpacked_answers(stored: bytes) -> Answers:
    """What was packed."""
    with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
        cuts, of_all = np.cumsum(arrays["sizes"])[:-1], np.cumsum(arrays["all"])[:-1]
        rows = arrays["answers"].astype(np.float64)
        trusting = tuple(
            Trusting(*(arrays[f"{number} {name}"] for name in OF_TRUSTING))
            if f"{number} ways" in arrays
            else None
            for number in range(int(arrays["islands"]))
        )
        return Answers(
            {
                str(name): tuple(np.split(row, cuts))
                for name, row in zip(arrays["questions"].tolist(), rows, strict=True)
            },
            tuple(np.split(arrays["acts"].astype(np.float64), of_all)),
            arrays["gained"], trusting,
        )  # fmt: skip


def are_alike(one: Answers, other: Answers, near: float = 1e-3) -> bool:
    """Whether the same was asked, and answered but for so many nats."""
    if one.by_question.keys() != other.by_question.keys():
        return False
    rows = [
        (np.concatenate(mine), np.concatenate(other.by_question[question]))
        for question, mine in one.by_question.items()
    ]
    rows += [(np.concatenate(one.acts), np.concatenate(other.acts)), (one.gained, other.gained)]
    return all(
        mine.shape == theirs.shape
        and np.allclose(mine, theirs, rtol=1e-5, atol=near, equal_nan=True)
        for mine, theirs in rows
    )


def with_trusting(evidence: Evidence, answers: Answers) -> Evidence:
    """The evidence with how far its particles trusted origins on their way."""
    courses = tuple(
        replace(course, trusting=trusting)
        for course, trusting in zip(evidence.courses, answers.trusting, strict=True)
    )
    return replace(evidence, courses=courses)
