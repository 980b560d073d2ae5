"""What would turn the verdict: each assumption changed in turn, each piece of the record left out.

Every flip is the verdict again with one thing changed: the log odds of the leading explanation
against the one that comes next, and who then leads. Changed priors and reliabilities only give the
particles other weights (`pool`). What is left out of the record changes the courses too: they are
run again, with the same noise, without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf, log
from typing import Literal

import numpy as np

from foedus.expr.laws import Fixed
from foedus.expr.prior import Prior
from foedus.frozen import dataclass
from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.pool import LEAST_SIZE, Change, Pool, Reweighted, reweigh
from foedus.infer.islands.standings import Standing
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.likelihood.transforms import log_density, values_at
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.weights import Numbers, log_sum, shares
from foedus.infer.verdict.ruled_out import RuledOut
from foedus.infer.verdict.tilted import Rise, gains_by_steps
from foedus.jump.stages import Stage, without

FlipKind = Literal["origin", "item", "source", "spread", "parameter", "acts"]

NEGLIGIBLE = 7.0
"""Nats below the likeliest atom of an explanation at which another one hardly counts."""

LEAST_RERUN = 10.0
"""Effective particles of an atom below which runs made again are not trusted."""


@dataclass(frozen=True, slots=True)
class Flip:
    """The verdict with one thing changed.

    `log_odds` are those of the leader against the runner-up (prior odds included), None where too
    few particles count to say; `leader` is who then leads among the rivals, None where that is not
    known. Where it is, but not by how much, its log odds against each other rival are `at_least`
    so much (`conditions`).
    """

    kind: FlipKind
    name: str
    change: str
    log_odds: float | None
    leader: str | None
    at_least: float | None = None


@dataclass(frozen=True, slots=True)
class Contest:
    """The two explanations that a verdict is about, and all their rivals.

    `evidences` are the logarithms of those of the atoms, as they are with nothing changed.
    """

    leader: Standing
    rival: Standing
    rivals: tuple[Standing, ...]
    evidences: tuple[float, ...]

    @property
    def prior_log_odds(self) -> float:
        """Those of the leader against the runner-up; infinite where that was ruled out before."""
        return inf if self.rival.prior == 0.0 else log(self.leader.prior / self.rival.prior)

    def flip(
        self, kind: FlipKind, name: str, change: str, priors: Numbers,
        logs: Sequence[float | None],
    ) -> Flip:  # fmt: skip
        """The verdict with other evidences of the atoms, None where too few particles count."""
        filled = self._filled(priors, logs)
        joint = {one.name: _joint(one.atoms, priors, filled) for one in self.rivals}
        first, second = joint[self.leader.name], joint[self.rival.name]
        if first is None or second is None:
            return Flip(kind, name, change, None, None)
        known = {name: value for name, value in joint.items() if value is not None}
        return Flip(kind, name, change, _less(first, second), max(known, key=lambda n: known[n]))

    def error(
        self, priors: Numbers, logs: Sequence[float | None], errors: Sequence[float]
    ) -> float:  # fmt: skip
        """The standard error of the log odds of the two if atoms' evidences have these.

        Atoms of which nothing is known, and that hardly count, have none.
        """
        filled = self._filled(priors, logs)
        parts = np.zeros(len(priors))
        for sign, one in ((1.0, self.leader), (-1.0, self.rival)):
            atoms = [atom for atom in one.atoms if priors[atom] > 0.0]
            own = np.array([_plus(float(np.log(priors[a])), filled[a]) for a in atoms], np.float64)
            parts[atoms] += sign * shares(own)
        known = np.array([log is not None for log in logs])
        return float(np.sqrt(np.sum((parts[known] * np.asarray(errors)[known]) ** 2)))

    def least_lead(self, priors: Numbers, lows: Sequence[float], highs: Sequence[float]) -> float:
        """How far the leader is ahead of every rival if its evidence is low and theirs is high."""
        own = _joint(self.leader.atoms, priors, lows)
        others = [_joint(one.atoms, priors, highs) for one in self.rivals if one != self.leader]
        if own is None or own == -inf:
            return -inf
        return own - max(one for one in others if one is not None)

    def _filled(self, priors: Numbers, logs: Sequence[float | None]) -> list[float | None]:
        """Evidences as they were for atoms of which too few particles count, and that hardly count.

        An explanation can be true in several ways, and one of them that explains the record a
        thousand times worse than another does not decide how the explanation stands.
        """
        counting = self.counting(priors)
        return [
            self.evidences[atom] if log is None and atom not in counting else log
            for atom, log in enumerate(logs)
        ]

    def counting(self, priors: Numbers) -> set[int]:
        """The atoms that count for how some explanation stands."""
        with np.errstate(divide="ignore"):
            before = np.log(priors) + np.array(self.evidences)
        return {
            atom
            for one in self.rivals
            for atom in one.atoms
            if before[atom] >= before[list(one.atoms)].max() - NEGLIGIBLE
        }


def contest(standings: Iterable[Standing], evidence: Evidence) -> Contest:
    """The rival that leads and the one that comes next; of those ruled out, by the evidence."""
    rivals = tuple(one for one in standings if one.is_rival)
    first, second = sorted(rivals, key=lambda one: (-one.posterior, -one.log_evidence))[:2]
    atoms = range(len(evidence.priors))
    return Contest(first, second, rivals, tuple(evidence.of([atom]).log for atom in atoms))


def _less(first: float, second: float) -> float:
    return 0.0 if first == second else first - second


def _joint(atoms: Sequence[int], priors: Numbers, logs: Sequence[float | None]) -> float | None:
    terms = [_plus(float(np.log(priors[atom])), logs[atom]) for atom in atoms if priors[atom] > 0.0]
    if None in terms:
        return None
    return log_sum(np.array([term for term in terms if term is not None]))


def _plus(first: float, second: float | None) -> float | None:
    return None if second is None else first + second


# --- by other weights


def spread_flips(
    of: Contest, found: Pool, again: Again, names: Iterable[str], shares: frozenset[str]
) -> list[Flip]:
    """The spread of each prior that is specific to explanations, halved and doubled."""
    return [
        of.flip("spread", name, said, found.priors, under_priors(found, again, {name: laws}).logs)
        for name, said, laws in spreads(again.target, names, shares)
    ]


def spreads(
    target: RecordTarget, names: Iterable[str], shares: frozenset[str]
) -> Iterator[tuple[str, str, list[Prior]]]:
    """The priors of parameters with their spread halved and doubled: name, change, by atom."""
    own = target.coordinate_system.laws
    for name in names:
        for factor, said in ((0.5, "halved"), (2.0, "doubled")):
            yield name, said, [law[name].spread(factor, name in shares) for law in own]


def under_priors(found: Pool, again: Again, laws: Mapping[str, Sequence[Prior]]) -> Reweighted:
    """The evidence of each atom under other priors, by the ratio of densities or by runs.

    A ratio of densities is enough where the new prior is the narrower one; for a wider one the
    particles are run again at the same quantiles of it. Nodes of a grid always are: a wider prior
    reaches where the grid of the other one has no node.
    """
    if again.is_chanceless:
        return again.with_priors(laws)
    by_ratio = reweigh(found, other_priors(again.target, laws))
    if None not in by_ratio.logs:
        return by_ratio
    by_runs = again.with_priors(laws)
    chosen = [
        (by_runs if log is None else by_ratio, atom) for atom, log in enumerate(by_ratio.logs)
    ]
    return Reweighted(
        tuple(way.logs[atom] for way, atom in chosen),
        tuple(way.errors[atom] for way, atom in chosen),
    )


def other_priors(target: RecordTarget, laws: Mapping[str, Sequence[Prior]]) -> Change:
    """The change of weights when some parameters have other priors, by name and atom."""
    system = target.coordinate_system

    def change(atom: int, particles: Particles) -> Numbers:
        total = np.zeros(particles.size)
        for name, new in laws.items():
            old = system.laws[atom][name]
            if isinstance(old, Fixed) or isinstance(new[atom], Fixed):
                continue
            for number in system.cells_of(name):
                place = system.cells[number].coordinate
                if place is not None:
                    values = values_at(old, particles.scores[:, place])
                    total += log_density(new[atom], values) - log_density(old, values)
        return total

    return change


# --- by other records


def dropped_flips(
    of: Contest, kind: FlipKind, groups: Mapping[str, frozenset[str]], again: Again
) -> list[Flip]:
    """The verdict without some items and claims, for each group of them."""
    priors = again.thin.priors
    return [
        of.flip(kind, name, "left-out", priors, again.without(gone).logs)
        for name, gone in groups.items()
    ]


class Again:
    """Few particles run again, with the same noise, as if something had been otherwise.

    What is only looked at (states, values, claims) takes its own part of the weight with it where
    it is left out; where an event had not been known to happen, or not to, the courses are run
    again. `neutral` is what each item was worth to those who do not trust its origin, `gone` are
    the atoms of which the record has left nothing.
    """

    is_chanceless = False
    """Whether what is asked again is as good as what was found first."""

    def __init__(
        self, thin: Pool, target: RecordTarget, neutral: Mapping[str, float],
        gone: Iterable[RuledOut] = (),
    ) -> None:  # fmt: skip
        self.thin, self.target, self.neutral, self.ruled_out = thin, target, neutral, tuple(gone)
        self.full = target.stages[-1]
        self.parts = [target.parts(atom, few, self.full) for atom, few in enumerate(thin.particles)]
        self.told = {one.id for one in target.record.sightings if one.target is not None}

    def without(self, gone: frozenset[str]) -> Reweighted:
        """The evidence without some items and claims."""

        other = self.other_weights(gone)

        def change(atom: int, particles: Particles) -> Numbers:
            total = other(atom, particles)
            for step in self.target.steps:
                if step.name in gone and step.trust is not None:
                    withheld = step.trust.is_withheld(particles)
                    total = total - np.where(withheld, self.neutral[step.name], 0.0)
            return total

        found = reweigh(self.thin, change, least=LEAST_RERUN)
        logs = list(found.logs)
        for one in self.ruled_out:
            left = one.without(gone, self.target, self.full, self.neutral, LEAST_RERUN)
            logs[one.atom] = left
        return replace(found, logs=tuple(logs))

    def with_priors(self, laws: Mapping[str, Sequence[Prior]]) -> Reweighted:
        """The evidence with other priors, by name and atom: the scores stay, the values move."""
        return reweigh(self.thin, self.moved_weights(laws), least=LEAST_RERUN)

    def other_weights(self, gone: frozenset[str]) -> Change:
        """What courses weigh more without some items and claims, whomever they trust."""

        def change(atom: int, particles: Particles) -> Numbers:
            parts = self.parts[atom]
            total = np.zeros(particles.size)
            for one in gone - self.told:
                total -= parts.get(one, 0.0)
            if gone & self.told:
                other = self.target.parts(atom, particles, without(self.full, gone & self.told))
                total += _sum(other) - _sum(parts)
            return total

        return change

    def moved_weights(self, laws: Mapping[str, Sequence[Prior]]) -> Change:
        """What courses weigh more whose numbers have moved with their priors."""
        system = self.target.coordinate_system
        changed = tuple(
            {**own, **{name: of[atom] for name, of in laws.items()}}
            for atom, own in enumerate(system.laws)
        )
        target = replace(self.target, coordinate_system=replace(system, laws=changed))

        def change(atom: int, particles: Particles) -> Numbers:
            return _sum(target.parts(atom, particles, self.full)) - _sum(self.parts[atom])

        return change

    def acts_weights(self, acts: frozenset[str]) -> Change:
        """What courses weigh more if it does not count how likely some acts were."""

        def change(atom: int, particles: Particles) -> Numbers:
            parts = self.target.parts(atom, particles, self.full)
            gone = [logs for account, logs in parts.items() if account in acts]
            total = sum(gone, start=np.zeros(particles.size))
            return -total

        return change

    def truths(self, stage: Stage) -> list[Mapping[str, Numbers]]:
        """Whether what is claimed up to a stage is so, by atom and claim (particle,)."""
        return [
            self.target.truths(atom, few, stage) for atom, few in enumerate(self.thin.particles)
        ]

    def by_steps(
        self, laws: Mapping[str, Sequence[Prior]], atoms: Sequence[int], seed: int
    ) -> Mapping[int, Rise]:
        """What some atoms' evidence gains by priors that no weights would reach (`tilted`)."""
        return gains_by_steps(self, other_priors(self.target, laws), atoms, seed)


def _sum(parts: Mapping[str, Numbers]) -> Numbers:
    total: Numbers = np.sum(list(parts.values()), axis=0)
    return total


def acts_flip(of: Contest, found: Pool, again: Again, acts: frozenset[str]) -> Flip:
    """The verdict if an interested actor would have acted so under every explanation alike.

    The acts happen, and what follows from them counts; how likely they were does not.
    """
    least = 0.0 if found.is_exact else LEAST_SIZE
    logs = reweigh(found, again.acts_weights(acts), least).logs
    return of.flip("acts", ", ".join(sorted(acts)), "alike", found.priors, logs)
