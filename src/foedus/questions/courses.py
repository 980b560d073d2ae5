"""Courses that agree with a record, as the what-ifs take them.

A particle of the verdict is a course with its parameters and its noise. Its parameters are kept and
its course is drawn anew, again and again (by moves that keep the law given the record), so that
what comes from the parameters and what from the course can be told apart (`chained`).
"""

from __future__ import annotations

from array import array
from dataclasses import replace
from itertools import chain, islice
from math import ceil

import numpy as np
from numpy.typing import NDArray

from foedus.engine.start import named_parameters
from foedus.engine.world import Parameters
from foedus.frozen import dataclass
from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.pool import pool, thinned
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.particles import Particles, distinct, numbered
from foedus.infer.particles.weights import Places
from foedus.infer.posterior.ended import FEWEST
from foedus.infer.posterior.renewal import renewed
from foedus.jump.model import Atom
from foedus.questions.estimates import Numbers, Truths
from foedus.text.diagnostic import NoAnswerError

COURSES = 11
"""So many courses of each particle, if not more are asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A particle as an engine takes it: parameters, atom, noise, and which items it trusts.

    `noise`: uint64 (row, 2); `trusted`: bool (item,).
    """

    theta: Parameters
    atom: int
    noise: NDArray[np.uint64]
    trusted: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Courses:
    """Courses in a nested design: for each atom of `atoms`, `outer` parameters, `inner` courses.

    Those of the same parameters are a chain, each made from the one before it. `rows` are in that
    order, flat; the priors of `atoms` are what the record leaves them, and sum to one. `numbers`
    says which particles are the same, (atom, outer), and `distinct` how many differ. `is_spread`
    says whether anything but chance is uncertain.
    """

    atoms: tuple[Atom, ...]
    rows: tuple[Course, ...]
    outer: int
    inner: int
    numbers: Places
    is_spread: bool = True

    @property
    def apart(self) -> int:
        """Courses of a chain that have half of it between them are taken to have forgotten each
        other."""
        return (self.inner + 1) // 2

    @property
    def distinct(self) -> int:
        """How many particles differ."""
        return self.differing(np.ones(self.numbers.shape, np.bool_))

    def differing(self, chosen: Truths) -> int:
        """How many of those chosen (atom, outer) differ."""
        pairs = zip(self.numbers, chosen, strict=True)
        return sum(len(np.unique(row[own])) for row, own in pairs)

    def effective(self, chosen: Truths) -> float:
        """As many independent courses as those chosen (atom, outer, inner) can count for at most.

        Those of one particle are one, and the more unequal what particles weigh, the fewer they
        count for [Kish1965]_. That particles may have come from one another is not seen here.

        References
        ----------
        .. [Kish1965] L. Kish (1965), Survey Sampling, Wiley, section 11.7.
        """
        masses = self.weights[:, None] * chosen.sum(axis=2)
        every = np.concatenate([
            np.bincount(np.unique(row, return_inverse=True)[1], weights=mass)
            for row, mass in zip(self.numbers, masses, strict=True)
        ])  # fmt: skip
        return float(every.sum() ** 2 / np.sum(every**2)) if every.any() else 0.0

    @property
    def shape(self) -> tuple[int, int, int]:
        """(atom, outer, inner)."""
        return len(self.atoms), self.outer, self.inner

    @property
    def weights(self) -> Numbers:
        """What the record leaves each kept atom, summing to one (atom,)."""
        return np.array([atom.prior for atom in self.atoms])

    @property
    def thetas(self) -> tuple[tuple[Parameters, ...], ...]:
        """The parameters, (atom, outer)."""
        step, found = self.inner, [row.theta for row in self.rows]
        size = self.outer * step
        return tuple(
            tuple(found[at * size : (at + 1) * size : step]) for at in range(len(self.atoms))
        )


def draw_courses(target: RecordTarget, evidence: Evidence, *, courses: int, seed: int) -> Courses:
    """`courses` that agree with the record, an equal number in each atom, each drawn anew.

    Each stands in a chain of `COURSES`, or of more where there are fewer particles than courses are
    asked for.

    Raises `NoAnswerError` where too few particles differ.
    """
    found = pool(evidence)
    shares = np.array([float(share.sum()) for share in found.shares()])
    atoms = list(found.counting)
    wanted = max(2, courses // max(1, len(atoms)))
    # Once all particles are taken, further courses of them are drawn: taken again, they would count
    # as if they were independent.
    each = min(wanted, max((found.particles[atom].size for atom in atoms), default=wanted))
    inner = max(COURSES, ceil(2 * wanted / each))
    few = thinned(found, each, seed)
    clouds = [
        few.particles[atom].take(np.arange(each) % few.particles[atom].size) for atom in atoms
    ]
    verify_enough(sum(map(distinct, clouds)), "agree with the record")
    rows = [
        course
        for atom, cloud in zip(atoms, clouds, strict=True)
        for copies in zip(*_copies(target, evidence, atom, cloud, inner, seed), strict=True)
        for course in copies
    ]
    total = float(shares[atoms].sum())
    kept = tuple(
        replace(target.model.atoms[atom], prior=float(shares[atom]) / total) for atom in atoms
    )
    numbers = np.stack(list(map(numbered, clouds)))
    return Courses(kept, tuple(rows), each, inner, numbers, target.coordinates > 0)


def verify_enough(particles: int, what: str) -> None:
    """Raise `NoAnswerError` where so many particles that differ are too few."""
    if particles < FEWEST:
        raise NoAnswerError(
            f"only {particles} particles that differ {what}: a what-if needs {FEWEST}; raise "
            "`--particles` or `--courses`, or ask `--from-start`"
        )


def _copies(
    target: RecordTarget, evidence: Evidence, atom: int, cloud: Particles, inner: int, seed: int
) -> list[list[Course]]:
    """`inner` lists of courses with the same parameters, each made from the one before it."""
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, atom))))
    anew = renewed(target, evidence, atom, cloud, random)
    return [_courses(target, atom, one) for one in chain([cloud], islice(anew, inner - 1))]


def _courses(target: RecordTarget, atom: int, cloud: Particles) -> list[Course]:
    system = target.coordinate_system
    numbers = system.values(atom, cloud.scores)[:, : system.of_model]
    trusted = target.trusted(cloud)
    return [
        Course(
            named_parameters(target.model, array("d", numbers[place])),
            atom,
            cloud.keys[place],
            trusted[place],
        )
        for place in range(cloud.size)
    ]


def parameters_of_scores(target: RecordTarget, atom: int, scores: Numbers) -> Parameters:
    """The parameters of the model at the scores of a particle (coordinate,)."""
    system = target.coordinate_system
    numbers = system.values(atom, scores[None, :])[0, : system.of_model]
    return named_parameters(target.model, array("d", numbers))
