"""The evidence of a record worked out instead of sampled, where a case is small.

The particles are the nodes of a grid over the normal scores of at most two uncertain numbers (the
trapezoidal rule, see `foedus.exact.quadrature`), once for each way in which origins may be trusted;
their weights are prior times exact probability of the record. So they can be asked everything that
sampled particles are asked, and nothing is left to chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import inf

import numpy as np
from scipy.interpolate import CubicSpline

from foedus.exact.parameters import read_in
from foedus.exact.refusal import NotExactError, Refusal
from foedus.expr.laws import Fixed, Flag
from foedus.expr.prior import Prior
from foedus.frozen import dataclass
from foedus.infer.exact.exact_target import LIMIT, ExactTarget, exact
from foedus.infer.exact.lattice import WIDEST, Lattice, whole
from foedus.infer.islands.islands import Evidence
from foedus.infer.islands.pool import Pool, Reweighted, pool
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.target import Trust
from foedus.infer.particles.weights import Numbers, log_sum, shares
from foedus.infer.sampler.sampler import Cloud, Course
from foedus.infer.verdict.flips import Again
from foedus.jump.stages import without

MOST_NUMBERS = 2
MOST_TOGETHER = 3
"""Uncertain numbers of all atoms together; of each atom there are at most two."""

MOST_ORIGINS = 4
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

MOST_AROUND = 10_000
"""The same where only what the record leaves is gone over, once all of it would be too much."""

NARROWEST = 1.0 / 80.0
"""How narrow, in scores, what the record leaves may be without being overlooked there."""

SHALLOW = 20.0
"""Nats below the highest node beyond which next to nothing of the evidence is left."""

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
    lattice: Lattice
    evidence: Evidence
    error: float
    names: frozenset[str]
    fine: Pool


class WorkedOutAgain(Again):
    """The nodes of the grid asked again, as if something had been otherwise: from prior masses, so
    that what the record rules out can come back."""

    target: ExactTarget
    is_chanceless = True

    def __init__(self, exact: Exactly) -> None:
        evidence = exact.evidence
        self.thin, self.target, self.lattice = pool(evidence), exact.target, exact.lattice
        self.full = exact.target.stages[-1]
        self.neutral = dict(
            zip(evidence.steps, map(float, evidence.courses[0].neutral), strict=True)
        )

    def without(self, gone: frozenset[str]) -> Reweighted:
        """The evidence without some items and claims."""
        return self._evidence(self.target, gone, self.lattice)

    def with_priors(self, laws: Mapping[str, Sequence[Prior]]) -> Reweighted:
        """The evidence with other priors, by name and atom: the scores stay, the values move.

        Where not all of the grid was gone over, what the record leaves is looked for again.
        """
        system = self.target.coordinate_system
        changed = tuple(
            {**own, **{name: of[atom] for name, of in laws.items()}}
            for atom, own in enumerate(system.laws)
        )
        moved = replace(self.target, coordinate_system=replace(system, laws=changed))
        lattice = self.lattice
        if not lattice.is_whole:
            lattice = _refined(moved, lattice.coordinates)[0]
        return self._evidence(moved, frozenset(), lattice)

    def _evidence(self, target: ExactTarget, gone: frozenset[str], lattice: Lattice) -> Reweighted:
        stage, particles = without(self.full, gone), lattice.nodes(target)
        masses = lattice.prior_masses(target, particles)
        logs = []
        for atom in range(len(target.atoms)):
            total = masses + target.weigh(atom, particles, stage)
            for step in self.target.steps:
                if step.name not in gone and step.trust is not None:
                    withheld = step.trust.is_withheld(particles)
                    total += np.where(withheld, self.neutral[step.name], 0.0)
            logs.append(log_sum(total))
        return Reweighted(tuple(logs), (0.0,) * len(logs))


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
    lattice, evidence, gap = _refined(target, tuple(open_))
    if gap > TOO_COARSE:
        what = f"the record knows {' and '.join(open_.values())} too well for a grid of this size"
        raise NotExactError(what, "give priors that are nearer to what is known, or use particles")
    found = replace(pool(evidence), is_exact=True)
    fine = _between(found, next(iter(open_))) if len(open_) == 1 else found
    return Exactly(target, lattice, evidence, gap + _slip(target, evidence), _names(target), fine)


def _slip(target: ExactTarget, evidence: Evidence) -> float:
    """The largest bound on the error of an atom's log evidence: that of each node by its weight.

    Nodes at which next to nothing of the record is left have large bounds, and no say.
    """
    bounds = [0.0]
    for cloud, level in zip(evidence.courses[0].clouds, evidence.levels[0, :, -1], strict=True):
        if level > -inf:
            slips = target.slips(cloud.atom, cloud.particles, target.stages[-1])
            bounds.append(float(shares(cloud.logs) @ slips))
    return max(bounds)


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


def _refined(target: ExactTarget, coordinates: tuple[int, ...]) -> tuple[Lattice, Evidence, float]:
    """A grid that is fine enough, the evidence on it, and what halving its step last changed."""
    lattice = whole(coordinates, 1.0)
    evidence, heights = _on_grid(target, lattice)
    if not coordinates:
        return lattice, evidence, 0.0
    most, gap = MOST_NODES if len(coordinates) < MOST_TOGETHER else MOST_CUBE, inf
    while gap >= AGREE:
        following = 2 ** len(coordinates) * len(evidence.courses[0].clouds[0].logs)
        if lattice.is_whole and (gap == inf or following <= most):
            finer = lattice.halved()
        elif gap <= TOO_COARSE:
            break
        else:
            finer = lattice.around(heights > -_depth(lattice.step))
            if len(finer.points) > MOST_AROUND:
                break
        lattice, before = finer, evidence.levels[0, :, -1]
        evidence, heights = _on_grid(target, lattice)
        gap = _gap(evidence.levels[0, :, -1], before)
    return lattice, evidence, gap


def _depth(step: float) -> float:
    """How many nats below the highest node one may lie and yet be next to something that counts: a
    ridge of the narrowest width that passes through the middle between four nodes.
    """
    return max(SHALLOW, 0.25 * (step / NARROWEST) ** 2)


def _gap(after: Numbers, before: Numbers) -> float:
    same = after == before
    with np.errstate(invalid="ignore"):
        return float(np.where(same, 0.0, np.abs(after - before)).max(initial=0.0))


def _on_grid(target: ExactTarget, lattice: Lattice) -> tuple[Evidence, Numbers]:
    """The evidence of all stages, and how far each point lies below the highest (point,), in nats,
    in the atom and at the stage where that is least."""
    particles = lattice.nodes(target)
    logs = lattice.prior_masses(target, particles)
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
    heights = np.full(len(lattice.points), -inf)
    for number, one in enumerate(target.steps):
        if one.trust is not None:
            neutral[number] = _prediction(
                target, weighed, logs + told, number, one.trust, particles
            )
            withheld = one.trust.is_withheld(particles)
            told = told + np.where(withheld, neutral[number], 0.0)
        for atom in atoms:
            masses = logs + told + weighed[atom][number + 1]
            levels[atom, number + 1] = log_sum(masses)
            if masses.max() > -inf:
                heights = np.maximum(heights, lattice.by_point(masses - masses.max()))
    clouds = tuple(
        Cloud(atom, particles, weighed[atom][-1] + told, logs + told + weighed[atom][-1])
        for atom in atoms
    )
    names = tuple(one.name for one in target.steps)
    course = Course(levels, neutral, clouds)
    return Evidence(names, np.array(target.atoms), levels[None], (course,)), heights


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
