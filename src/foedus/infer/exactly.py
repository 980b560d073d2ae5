"""The evidence of a record worked out instead of sampled, where a case is small.

The particles are the nodes of a grid over the normal scores of at most two uncertain numbers (the
trapezoidal rule, see `foedus.exact.quadrature`), once for each way in which origins may be trusted;
their weights are prior times exact probability of the record. So they can be asked everything that
sampled particles are asked, and nothing is left to chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import inf

import numpy as np
from scipy import special
from scipy.interpolate import CubicSpline

from foedus.exact.parameters import read_in
from foedus.exact.refusal import NotExactError, Refusal
from foedus.expr.laws import Fixed, Flag
from foedus.expr.prior import Prior
from foedus.infer.exact_target import LIMIT, ExactTarget, exact
from foedus.infer.flips import Again
from foedus.infer.islands import Evidence
from foedus.infer.particles import Particles
from foedus.infer.pool import Pool, Reweighted, pool
from foedus.infer.record_target import RecordTarget
from foedus.infer.sampler import Cloud, Course
from foedus.infer.target import Trust
from foedus.infer.weights import Numbers, log_sum
from foedus.jump.stages import without

MOST_NUMBERS = 2
MOST_TOGETHER = 3
"""Uncertain numbers of all atoms together; of each atom there are at most two."""

MOST_ORIGINS = 4
WIDEST = 5.0
"""How far from the middle the grid reaches; the mass beyond is 4e-6 for two numbers."""

AGREE = 1e-3
"""The step is halved until the log evidence of every atom moves by less than this (nats)."""

USUAL_STEP = 0.25
"""The step of the grid that is mostly enough, by which work is estimated."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Up to how much a record is worked out: states of the model, uncertain numbers of an atom, and
    work. That is states times stages times nodes, some 40 of these for each uncertain number.
    """

    states: int = LIMIT
    numbers: int = MOST_NUMBERS
    work: float = inf


ANY = Bounds()
QUICK = Bounds(states=2_000, numbers=1, work=50_000.0)
"""Where no method is named; it takes some ten seconds."""

MOST_NODES = 700
MOST_CUBE = 8_000
"""The same for three numbers, most of whose nodes are worth the same in each atom."""

TOO_COARSE = 0.05
"""If halving the step last changed a log evidence by more than this, the grid is too coarse."""

FINER = 16
"""How many times more nodes there are where log weights are read between them."""


@dataclass(frozen=True, slots=True)
class Exactly:
    """A record worked out: what the sampler would give, the target behind it, the error bound.

    `names` are the parameters that the record can tell anything of; `fine` has more nodes than were
    worked out, where there is one uncertain number, with weights read between them.
    """

    target: ExactTarget
    evidence: Evidence
    error: float
    names: frozenset[str]
    fine: Pool


class WorkedOutAgain(Again):
    """The nodes of the grid asked again, as if something had been otherwise: from prior masses, so
    that what the record rules out can come back."""

    def __init__(self, exact: Exactly) -> None:
        evidence = exact.evidence
        self.thin, self.target = pool(evidence), exact.target
        self.full = exact.target.stages[-1]
        self.neutral = dict(
            zip(evidence.steps, map(float, evidence.courses[0].neutral), strict=True)
        )

    def without(self, gone: frozenset[str]) -> Reweighted:
        """The evidence without some items and claims."""
        return self._evidence(self.target, gone)

    def with_priors(self, laws: Mapping[str, Sequence[Prior]]) -> Reweighted:
        """The evidence with other priors, by name and atom: the scores stay, the values move."""
        system = self.target.coordinate_system
        changed = tuple(
            {**own, **{name: of[atom] for name, of in laws.items()}}
            for atom, own in enumerate(system.laws)
        )
        moved = replace(self.target, coordinate_system=replace(system, laws=changed))
        return self._evidence(moved, frozenset())

    def _evidence(self, target: RecordTarget, gone: frozenset[str]) -> Reweighted:
        stage = without(self.full, gone)
        logs = []
        for atom, particles in enumerate(self.thin.particles):
            total = prior_masses(self.target, particles) + target.weigh(atom, particles, stage)
            for step in self.target.steps:
                if step.name not in gone and step.trust is not None:
                    withheld = step.trust.is_withheld(particles)
                    total += np.where(withheld, self.neutral[step.name], 0.0)
            logs.append(log_sum(total))
        return Reweighted(tuple(logs))


def exactly(target: RecordTarget, bounds: Bounds = ANY) -> Exactly | Refusal:
    """The evidence of all stages of a record, or why it cannot be worked out within the bounds."""
    try:
        return _worked_out(exact(target, bounds.states), bounds)
    except NotExactError as refused:
        return refused.refusal


def is_within(target: RecordTarget, bounds: Bounds) -> bool:
    """Whether `exactly` would set about it: soon said."""
    try:
        _uncertain(exact(target, bounds.states), bounds)
    except NotExactError:
        return False
    return True


def _uncertain(target: ExactTarget, bounds: Bounds) -> dict[int, str]:
    """The uncertain numbers to run over, by coordinate; refused where it would be too much."""
    names, system = _names(target), target.coordinate_system
    open_ = {
        cell.coordinate: cell.name
        for cell in system.cells
        if cell.coordinate is not None
        and cell.name in names
        and any(not isinstance(law[cell.name], Fixed) for law in system.laws)
    }
    flags = [n for n in open_.values() if any(isinstance(law[n], Flag) for law in system.laws)]
    if flags:
        what = f"`{flags[0]}` is 0 or 1, which no grid can run over"
        raise NotExactError(what, "make it two atoms, or use particles")
    _verify_few(target, open_, bounds.numbers)
    if len(system.trusts) > MOST_ORIGINS:
        what = f"items hang on {len(system.trusts)} origins, not {MOST_ORIGINS} or fewer"
        raise NotExactError(what, "say why items are `established`, or use particles")
    _verify_quick(target, tuple(open_), bounds.work)
    return open_


def _worked_out(target: ExactTarget, bounds: Bounds) -> Exactly:
    open_ = _uncertain(target, bounds)
    evidence, gap = _refined(target, tuple(open_))
    if gap > TOO_COARSE:
        what = f"the record knows {' and '.join(open_.values())} too well for a grid of this size"
        raise NotExactError(what, "give priors that are nearer to what is known, or use particles")
    found = replace(pool(evidence), is_exact=True)
    fine = _between(found, next(iter(open_))) if len(open_) == 1 else found
    return Exactly(target, evidence, gap + target.largest_slip, _names(target), fine)


def _between(found: Pool, coordinate: int) -> Pool:
    """More nodes of one number, for each way of trusting: log weights by a cubic spline."""
    particles, logs = [], []
    for old, weights in zip(found.particles, found.logs, strict=True):
        others = np.delete(old.scores, coordinate, axis=1)
        rows, values = [], []
        for way in np.unique(others, axis=0):
            here = np.flatnonzero((others == way).all(axis=1) & (weights > -np.inf))
            scores = old.scores[here, coordinate]
            if here.size < 4 or not np.allclose(np.diff(scores), scores[1] - scores[0]):
                rows.append(old.scores[here])  # a gap: some values are ruled out
                values.append(weights[here])
                continue
            points = np.linspace(scores[0], scores[-1], FINER * (here.size - 1) + 1)
            more = np.repeat(old.scores[here[:1]], points.size, axis=0)
            more[:, coordinate] = points
            rows.append(more)
            values.append(CubicSpline(scores, weights[here])(points) - np.log(FINER))
        scores, level = np.concatenate(rows), np.concatenate(values)
        keys = np.zeros((len(scores), *old.keys.shape[1:]), dtype=np.uint64)
        particles.append(Particles(scores, keys, np.arange(len(scores), dtype=np.int64)))
        logs.append(level - log_sum(level) + log_sum(weights) if level.size else level)
    return replace(found, particles=tuple(particles), logs=tuple(logs))


def _verify_few(target: ExactTarget, open_: dict[int, str], most: int) -> None:
    """Refuse more uncertain numbers than a grid can run over, in any atom or in all together."""
    here = [
        [cell.name for cell, counts in zip(target.coordinate_system.cells, own, strict=True)
         if counts and cell.coordinate in open_]
        for own in target.matters
    ]  # fmt: skip
    worst = max(here, key=len, default=[])
    if len(worst) <= most and len(open_) <= MOST_TOGETHER:
        return
    names, most = (worst, most) if len(worst) > most else (list(open_.values()), MOST_TOGETHER)
    shown = ", ".join(f"`{name}`" for name in names[:4]) + (", ..." if len(names) > 4 else "")
    what = f"{len(names)} numbers are uncertain ({shown}), not {most} or fewer"
    raise NotExactError(what, "fix the others with `--set NAME=VALUE`, or use particles")


def _verify_quick(target: ExactTarget, coordinates: tuple[int, ...], most: float) -> None:
    """Refuse what would take more work than wanted, going by the middle of what is uncertain."""
    if most == inf:
        return
    axis = 2.0 * WIDEST / USUAL_STEP + 1.0
    nodes = axis ** len(coordinates) * 2.0 ** len(target.coordinate_system.trusts)
    middle = Particles(
        np.zeros((1, target.coordinates)), np.zeros((1, target.noise.count, 2), np.uint64),
        np.zeros(1, np.int64),
    )  # fmt: skip
    work = 0.0
    for atom in range(len(target.atoms)):
        (numbers,) = target.coordinate_system.values(atom, middle.scores)
        work += nodes * len(target.stages) * target.states_needed(atom, numbers)
        if work > most:
            what = f"it would take {work:,.0f} states to be gone through, not {most:,.0f} or fewer"
            raise NotExactError(what, "ask for it with `--method exact`, or use particles")


def _names(target: ExactTarget) -> frozenset[str]:
    """The parameters that matter in some atom: to its events, to reports, to claims."""
    found = {name for atom in target.model.atoms for name in read_in(target.model, atom)}
    found |= {one.reported for one in target.record.coverages if one.reported is not None}
    if target.tables is not None:
        found |= target.tables.parameters
    for claim in target.stages[-1].claims:
        speaking = target.speaking[claim]
        if speaking.claim.repeats is None:
            found |= {n for n in (speaking.candour, speaking.interest) if n is not None}
    return frozenset(found)


def _refined(target: ExactTarget, coordinates: tuple[int, ...]) -> tuple[Evidence, float]:
    """The evidence on a grid that is fine enough, and what halving its step last changed."""
    step = 1.0
    evidence = _on_grid(target, coordinates, step)
    if not coordinates:
        return evidence, 0.0
    while True:
        step /= 2.0
        finer = _on_grid(target, coordinates, step)
        gap = _gap(finer.levels[0, :, -1], evidence.levels[0, :, -1])
        nodes = len(finer.courses[0].clouds[0].logs) * 2 ** len(coordinates)
        if gap < AGREE or nodes > (MOST_NODES if len(coordinates) < MOST_TOGETHER else MOST_CUBE):
            return finer, gap
        evidence = finer


def _gap(after: Numbers, before: Numbers) -> float:
    same = after == before
    with np.errstate(invalid="ignore"):
        return float(np.where(same, 0.0, np.abs(after - before)).max(initial=0.0))


def _on_grid(target: ExactTarget, coordinates: tuple[int, ...], step: float) -> Evidence:
    particles, logs = _nodes(target, coordinates, step)
    atoms = range(len(target.model.atoms))
    weighed = [
        np.stack(
            [target.log_weights(atom, particles, known) for known in range(len(target.stages))]
        )
        for atom in atoms
    ]
    neutral = np.zeros(len(target.steps))
    told = np.zeros(particles.size)
    levels = np.zeros((len(weighed), len(target.stages)))
    for number, one in enumerate(target.steps):
        if one.trust is not None:
            neutral[number] = _prediction(
                target, weighed, logs + told, number, one.trust, particles
            )
            withheld = one.trust.is_withheld(particles)
            told = told + np.where(withheld, neutral[number], 0.0)
        for atom in atoms:
            levels[atom, number + 1] = log_sum(logs + told + weighed[atom][number + 1])
    clouds = tuple(
        Cloud(atom, particles, weighed[atom][-1] + told, logs + told + weighed[atom][-1])
        for atom in atoms
    )
    names = tuple(one.name for one in target.steps)
    course = Course(levels, neutral, clouds)
    return Evidence(names, np.array(target.atoms), levels[None], (course,))


def _prediction(
    target: ExactTarget,
    weighed: Iterable[Numbers],
    logs: Numbers,
    number: int,
    trust: Trust,
    particles: Particles,
) -> float:
    """log of how probable those who trust a step held it, averaged with the atoms' priors."""
    trusting = ~trust.is_withheld(particles)
    terms = []
    for prior, own in zip(target.atoms, weighed, strict=True):
        before = log_sum(logs[trusting] + own[number][trusting])
        if prior > 0.0 and before > -np.inf:
            after = log_sum(logs[trusting] + own[number + 1][trusting])
            terms.append(np.log(prior) + after - before)
    return log_sum(np.array(terms)) if terms else -np.inf


def _nodes(
    target: ExactTarget, coordinates: tuple[int, ...], step: float
) -> tuple[Particles, Numbers]:
    """The nodes of the grid, and the logs of their prior masses, which sum to one."""
    reach = round(WIDEST / step)
    axis = step * np.arange(-reach, reach + 1)
    trusts = list(target.coordinate_system.trusts.values())
    rows = []
    for way in product((False, True), repeat=len(trusts)):
        for node in product(axis, repeat=len(coordinates)):
            if np.dot(node, node) > WIDEST**2:
                continue
            row = np.zeros(target.coordinates)
            row[list(coordinates)] = node
            for one, is_trusted in zip(trusts, way, strict=True):
                row[one.coordinate] = one.limit + (1.0 if is_trusted else -1.0)
            rows.append(row)
    size = len(rows)
    keys = np.zeros((size, target.noise.count, 2), dtype=np.uint64)
    particles = Particles(np.array(rows).reshape(size, -1), keys, np.arange(size, dtype=np.int64))
    return particles, prior_masses(target, particles)


def prior_masses(target: RecordTarget, particles: Particles) -> Numbers:
    """The logs of the prior masses of nodes (particle,); they sum to one."""
    trusts = target.coordinate_system.trusts.values()
    told = [one.coordinate for one in trusts]
    free = np.delete(particles.scores, told, axis=1)
    logs: Numbers = -0.5 * (free * free).sum(axis=1)
    for one in trusts:
        withheld = one.is_withheld(particles)
        logs += special.log_ndtr(np.where(withheld, one.limit, -one.limit))
    return logs - log_sum(logs)
