"""What a record leaves open, as equally likely draws: atoms, numbers, courses, and each item's say.

Every island is a run of its own, and gives as many draws as it had particles: its particles are
drawn again by their weights (systematic resampling, in random order), so that a draw may stand
there more than once. Islands count alike: how probable each finds the record plays no part, just
as in the verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from foedus.frozen import dataclass
from foedus.infer.islands.islands import Evidence
from foedus.infer.likelihood.coordinates import Coordinates
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.particles import joined
from foedus.infer.particles.population import Population
from foedus.infer.particles.weights import Numbers, Places, effective_size, log_sum, resample
from foedus.infer.posterior.latent import Start, course_of
from foedus.infer.posterior.marginals import agreement
from foedus.infer.sampler.sampler import Course


@dataclass(frozen=True, slots=True)
class Posterior:
    """Draws from what a record leaves open.

    - `atoms` (chain, draw): the number of each draw's atom.
    - `parameters`, by name: (chain, draw, *index), in days and per day.
    - `trusted`, by origin: (chain, draw), whether the draw believes it.
    - `states`, by name: (chain, draw, time, *index), at `times` (days from the start of the clock);
      labels are numbered as in the variable's own list.
    - `logs` (chain, draw, account): what each item, silence and claim of `accounts` adds to the log
      weight of the draw (nats); 0 for an item whose origin the draw does not believe.
    - `targets` (chain, draw): log of prior density x weight, over atoms and scores of numbers.
    - `particles` (chain, draw): which particle of its island each draw is.
    - `sizes` (chain,): the effective number of particles before they were drawn again; `totals`
      (chain,): the log evidence that the island found, all atoms together.
    - `rhat`, by parameter, (*index): the weighted particles of all islands, see `agreement`.
    """

    atoms: Places
    parameters: Mapping[str, Numbers]
    trusted: Mapping[str, NDArray[np.bool_]]
    states: Mapping[str, Numbers]
    times: tuple[float, ...]
    accounts: tuple[str, ...]
    logs: Numbers
    targets: Numbers
    particles: Places
    sizes: Numbers
    totals: Numbers
    rhat: Mapping[str, Numbers]


@dataclass(frozen=True, slots=True)
class _Island:
    """The draws of one island."""

    population: Population
    targets: Numbers
    places: Places
    size: float


def posterior_of(
    target: RecordTarget,
    evidence: Evidence,
    times: Sequence[float],
    start: Start,
    *,
    draws: int,
    seed: int,
) -> Posterior:
    """So many draws from each island, and the state of each at some times (days, ascending).

    Times after the end of the record are forecasts. The same arguments give the same draws. Use it
    on a verdict that was not refused; `start` is that of `weigh`.
    """
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, draws, 1))))
    levels = evidence.levels[:, :, -1]
    alive = np.flatnonzero(levels.max(axis=1) > -np.inf)
    islands = [
        _island(evidence.courses[number], evidence.priors, levels[number], draws, random)
        for number in alive
    ]
    everything = Population(
        joined([one.population.particles for one in islands]),
        np.concatenate([one.population.atoms for one in islands]),
    )
    shape = (len(islands), draws)
    states = course_of(target, everything, times, start)
    accounts, logs = _accounts(target, everything)
    totals = evidence.totals
    return Posterior(
        atoms=everything.atoms.reshape(shape),
        parameters=_parameters(target, everything, shape),
        trusted={
            origin: ~trust.is_withheld(everything.particles).reshape(shape)
            for origin, trust in target.coordinate_system.trusts.items()
        },
        states={name: values.reshape(*shape, *values.shape[1:]) for name, values in states.items()},
        times=tuple(times),
        accounts=accounts,
        logs=logs.reshape(*shape, len(accounts)),
        targets=np.stack([one.targets for one in islands]),
        particles=np.stack([one.places for one in islands]),
        sizes=np.array([one.size for one in islands]),
        totals=np.full(len(islands), np.nan) if totals is None else totals[alive, -1],
        rhat=_rhat(target.coordinate_system, evidence),
    )


def _island(
    course: Course, priors: Numbers, levels: Numbers, draws: int, random: np.random.Generator
) -> _Island:
    """Equally likely draws from the particles of one island, of all atoms."""
    with np.errstate(divide="ignore"):
        before = np.log(priors)
    clouds = [cloud for cloud in course.clouds if levels[cloud.atom] > -np.inf]
    logs = np.concatenate(
        [
            before[cloud.atom] + levels[cloud.atom] + cloud.logs - log_sum(cloud.logs)
            for cloud in clouds
        ]
    )
    particles = joined([cloud.particles for cloud in clouds])
    atoms = np.concatenate([np.full(cloud.particles.size, cloud.atom) for cloud in clouds])
    density = -0.5 * (particles.scores**2).sum(axis=1) + before[atoms]
    places = random.permutation(resample(logs, random, draws))
    return _Island(
        Population(particles.take(places), atoms[places]),
        (np.concatenate([cloud.level for cloud in clouds]) + density)[places],
        places,
        effective_size(logs),
    )


def _accounts(target: RecordTarget, drawn: Population) -> tuple[tuple[str, ...], Numbers]:
    """Items, silences and claims, and what each adds to the log weight (particle, account)."""
    names: tuple[str, ...] = ()
    rows = []
    for atom in np.unique(drawn.atoms).tolist():
        places, particles = drawn.of(atom)
        found = target.parts(atom, particles, target.stages[-1])
        names = tuple(found)
        rows.append((places, np.stack(list(found.values()), axis=1)))
    logs = np.empty((drawn.size, len(names)))
    for places, values in rows:
        logs[places] = values
    return names, logs


def _parameters(
    target: RecordTarget, drawn: Population, shape: tuple[int, int]
) -> dict[str, Numbers]:
    """The uncertain numbers by name, (chain, draw, *index)."""
    system = target.coordinate_system
    values = drawn.each(lambda atom, few: system.values(atom, few.scores))
    sizes = {spec.name: [group.size for group in spec.groups] for spec in target.model.parameters}
    return {
        name: values[:, cells].reshape(*shape, *sizes.get(name, []))
        for name, cells in _open(system).items()
    }


def _rhat(system: Coordinates, evidence: Evidence) -> dict[str, Numbers]:
    """R-hat over islands of each uncertain number, by name, cell by cell."""
    found = {}
    for name, cells in _open(system).items():
        coordinates = [system.cells[cell].coordinate for cell in cells]
        found[name] = np.array([
            np.nan if coordinate is None else agreement(evidence, coordinate)
            for coordinate in coordinates
        ])  # fmt: skip
    return found


def _open(system: Coordinates) -> dict[str, list[int]]:
    """The cells of each parameter that has an uncertain one."""
    found: dict[str, list[int]] = {}
    for number, cell in enumerate(system.cells):
        found.setdefault(cell.name, []).append(number)
    return {
        name: cells for name, cells in found.items()
        if any(system.cells[cell].coordinate is not None for cell in cells)
    }  # fmt: skip
