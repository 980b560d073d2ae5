"""Simulation-based calibration: the truth is planted, its record told, and weighed.

Where an atom and parameters are drawn from their priors and a record is told of them, the rank of
each true number among draws from the posterior is uniform, and an explanation to which records give
the probability p is the true one in a share p of them [Talts2018]_. That holds of all together:
the simulation, the likelihood of every kind of item, the sampler, the draws. It says nothing of
whether a model is a good one.

References
----------
.. [Talts2018] S. Talts, M. Betancourt, D. Simpson, A. Vehtari, A. Gelman (2018), Validating
   Bayesian inference algorithms with simulation-based calibration, arXiv:1804.06788.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from foedus.engine.prepare import prepare
from foedus.engine.sampling import draw_parameters
from foedus.engine.world import Parameters
from foedus.expr.laws import Fixed
from foedus.frozen import dataclass
from foedus.infer.calibration.recording import Kept, Told, kept, tell, template, why_not
from foedus.infer.islands.islands import Evidence, run_islands
from foedus.infer.islands.standings import standings
from foedus.infer.likelihood.coordinates import coordinates_of
from foedus.infer.likelihood.engine import epochs_of, start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.posterior.latent import Start, cells_of
from foedus.infer.posterior.posterior import Posterior, posterior_of
from foedus.infer.sampler.sampler import Settings
from foedus.jump.model import JumpModel, VariableSpec
from foedus.jump.record import Measurement, Record, Sighting, Window
from foedus.jump.stages import full_stage, stages
from foedus.text.diagnostic import NoAnswerError

DRAWS = 19
"""Draws from the posterior among which the truth has a rank, from 0 to as many."""

SETTINGS = Settings(particles=120, sweeps=2)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Planted:
    """What is true in a world: the atom's number, parameters, and the state when all is known."""

    atom: int
    theta: Parameters
    state: Mapping[str, float]
    told: Told


@dataclass(frozen=True, slots=True)
class Found:
    """What weighing the record of a planted world came to.

    `truths` says of each rival explanation whether it is the true one, `shares` how probable it is
    found; `ranks` are those of uncertain parameters and of the state, by name, 0 to `DRAWS`.
    """

    truths: Mapping[str, bool]
    shares: Mapping[str, float]
    ranks: Mapping[str, int]


def calibrate(
    model: JumpModel,
    record: Record,
    *,
    count: int,
    settings: Settings = SETTINGS,
    seed: int = 1,
    progress: Progress | None = None,
) -> tuple[Found, ...]:
    """So many planted worlds, recorded as the case is, and what weighing each came to.

    The same arguments give the same result. Raises `NoAnswerError` where records like this one
    cannot be simulated.
    """
    reason = why_not(record)
    if reason is not None:
        raise NoAnswerError(f"records like this one cannot be simulated: {reason}")
    plain, keeping = replace(model, monitors=()), kept(record, model.horizon)
    random = np.random.default_rng((seed, count))
    end = full_stage(record, model.horizon).end
    worlds = [_plant(plain, keeping, end, random) for _ in range(count)]
    shape = template(record, keeping, [one.told for one in worlds])
    begin = partial(start, epochs=epochs_of(record, model.horizon))
    found = []
    for number, one in enumerate(worlds):
        target = _target(plain, shape.filled(one.told), begin)
        evidence = run_islands(target, settings, islands=1, seed=seed + number)
        drawn = posterior_of(
            target, evidence, [end], begin, draws=settings.particles, seed=seed + number
        )
        found.append(_found(target, evidence, drawn, one, random))
        if progress is not None:
            progress(number + 1, count)
    return tuple(found)


def _plain_state(model: JumpModel) -> list[VariableSpec]:
    """Numbers and flags without an index."""
    return [spec for spec in model.variables if not spec.groups and not spec.labels]


def _plant(model: JumpModel, keeping: Kept, end: float, random: np.random.Generator) -> Planted:
    """A world from the prior, and its record."""
    priors = np.array([atom.prior for atom in model.atoms])
    atom = int(random.choice(len(priors), p=priors))
    theta = draw_parameters(model, model.atoms[atom], int(random.integers(2**62)), 0)
    hidden = [
        Sighting(spec.name, "value", (Window(end, end),), end, expression=next(cells_of(spec)),
                 measured=Measurement(0.0))
        for spec in _plain_state(model)
    ]  # fmt: skip
    watched = replace(keeping, looks=(*keeping.looks, *hidden))
    told = tell(watched, prepare(model), theta, model.atoms[atom], random)
    seen = len(keeping.looks)
    state = dict(zip((one.id for one in hidden), told.seen[seen:], strict=True))
    return Planted(atom, theta, state, replace(told, seen=told.seen[:seen]))


def _target(model: JumpModel, record: Record, begin: Start) -> RecordTarget:
    known = (*stages(record, horizon=model.horizon), full_stage(record, model.horizon))
    system = coordinates_of(model, record)
    return RecordTarget(model, record, system, known, begin(model, record))


def _found(
    target: RecordTarget,
    evidence: Evidence,
    drawn: Posterior,
    planted: Planted,
    random: np.random.Generator,
) -> Found:
    rivals = [one for one in standings(target.model, evidence) if one.is_rival]
    ranks = {}
    for name, values in drawn.parameters.items():
        laws = [law[name] for law in target.coordinate_system.laws]
        truth = planted.theta.get(name)
        if isinstance(truth, float) and not all(isinstance(law, Fixed) for law in laws):
            ranks[name] = _rank(truth, values[0, :DRAWS], random)
    for name, truth in planted.state.items():
        ranks[name] = _rank(truth, drawn.states[name][0, :DRAWS, 0], random)
    return Found(
        {one.name: planted.atom in one.atoms for one in rivals},
        {one.name: one.posterior for one in rivals},
        ranks,
    )


def _rank(truth: float, draws: Iterable[float], random: np.random.Generator) -> int:
    """How many draws lie below the truth; of those that equal it some, at random."""
    values = np.array(list(draws))
    equal = int(np.sum(values == truth))
    return int(np.sum(values < truth)) + int(random.integers(equal + 1))


def surprise(found: Sequence[Found], explanation: str) -> float:
    """How many standard errors too often an explanation is true, for how probable it was found."""
    shares = np.array([one.shares[explanation] for one in found])
    truths = np.array([float(one.truths[explanation]) for one in found])
    return float(np.sum(truths - shares) / np.sqrt(np.sum(shares * (1.0 - shares))))


def histogram(found: Sequence[Found], name: str, bins: int) -> list[int]:
    """How many of the ranks of a number fall into each of some equal bins."""
    ranks = [one.ranks[name] for one in found]
    return [int(one) for one in np.histogram(ranks, bins=bins, range=(-0.5, DRAWS + 0.5))[0]]
