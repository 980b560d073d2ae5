"""Does an explanation account for a record at all? How probable it is, among records of its own.

That one explanation beats another says nothing of whether either is any good. So each tells records
of its own, kept as the case's record is (`recording`), and the log probability of the case's record
under it is set among those of its own: a posterior says which explanation is better, this says
whether it is good enough. It is the prior predictive check of Box [Box1980]_, with the probability
of the record as what is checked.

Both sides are worked out by the same short run of the sampler, so that its noise plays no part in
how often a record is less probable than it should be; for the case's record several are taken, and
the shares averaged. Origins are believed, and the order of items within overlapping dates is left
open, on both sides. What a model cannot tell (`recording.untold`: claims, what events were measured
to have drawn, that nothing was heard) is left out on both sides, too.

References
----------
.. [Box1980] G. E. P. Box (1980), Sampling and Bayes' inference in scientific modelling and
   robustness, J. R. Stat. Soc. A 143, 383-430.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import inf
from statistics import stdev

import numpy as np

from foedus.engine.prepare import prepare
from foedus.engine.sampling import draw_parameters
from foedus.frozen import dataclass
from foedus.infer.calibration.recording import (
    Kept,
    Template,
    Told,
    as_told,
    kept,
    tell,
    tellable,
    template,
)
from foedus.infer.likelihood.coordinates import coordinates_of
from foedus.infer.likelihood.engine import epochs_of, start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.weights import Numbers, log_sum
from foedus.infer.sampler.sampler import Settings, sample
from foedus.jump.model import Atom, JumpModel
from foedus.jump.record import Record
from foedus.jump.stages import full_stage, stages
from foedus.text.diagnostic import NoAnswerError

RECORDS = 99
"""Records told by each explanation; the least of them stands for one in a hundred."""

AGAIN = 8
"""Runs of the sampler on the case's own record."""

SHORT = Settings(particles=60, sweeps=1, settling=0)
"""How hard to work on one record."""

TRIES = (1, 4)
"""With how many times as many particles a record is tried, until one of them comes to it."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a record stands among those that an explanation would itself produce.

    `share` of these are less probable under it than the record is. `found` is the mean log
    probability of the record over `runs`, what each run of the sampler made of it; `own` are the
    log probabilities of its own records, ascending (nats); -inf where no particle came to it.
    """

    explanation: str
    share: float
    found: float
    runs: tuple[float, ...]
    own: tuple[float, ...]

    @property
    def scatter(self) -> float | None:
        """The standard deviation of the runs that came to the record (nats); None for fewer than 2.

        Where it is large the share is rough: the same record would be found elsewhere another time.
        """
        come = [one for one in self.runs if one > -inf]
        return stdev(come) if len(come) > 1 else None

    @property
    def missed(self) -> int:
        """How many runs did not come to the record at all."""
        return self.runs.count(-inf)

    @property
    def unreached(self) -> float:
        """The share of its own records that no particle came to; they count as least probable."""
        return self.own.count(-inf) / len(self.own)

    @property
    def share_at_worst(self) -> float:
        """`share`, were all that no particle came to in truth more probable than the record."""
        come = np.array([one if one > -inf else inf for one in self.own])
        return _share(np.array(self.runs), come)


def references(
    model: JumpModel,
    record: Record,
    *,
    count: int = RECORDS,
    settings: Settings = SHORT,
    seed: int = 1,
    workers: int = 1,
    progress: Progress | None = None,
) -> tuple[Reference, ...]:
    """The reference of each rival explanation, in file order; minutes for a small case.

    The same arguments give the same result, however many `workers` share the runs. Raises
    `NoAnswerError` where nothing is left of the record without what a model cannot tell.
    """
    record = tellable(record)
    if not any(not one.is_outcome for one in record.sightings):
        raise NoAnswerError("there is no reference: nothing in the record can be told by a model")
    plain, keeping = replace(model, monitors=()), kept(record, model.horizon)
    readings = _readings(model)
    random = np.random.default_rng((seed, count))
    told = {name: _own(plain, keeping, atoms, count, random) for name, atoms in readings.items()}
    every = [as_told(record), *(one for own in told.values() for one in own)]
    shape = template(record, keeping, every)
    epochs = epochs_of(record, model.horizon)
    tasks = []
    for name, atoms in readings.items():
        judge = _Judge(replace(plain, atoms=atoms, explanations=()), shape, epochs, settings)
        both = [every[0]] * AGAIN + told[name]
        tasks += [_Task(judge, one, number) for number, one in enumerate(both, seed)]
    levels = np.array(list(_carried_out(tasks, workers, progress))).reshape(len(readings), -1)
    return tuple(_placed(name, row) for name, row in zip(readings, levels, strict=True))


def _placed(explanation: str, levels: Numbers) -> Reference:
    """The reference of an explanation from what its runs found, the case's own record first."""
    runs, own = levels[:AGAIN], np.sort(levels[AGAIN:])
    mean = log_sum(runs) - float(np.log(AGAIN))
    return Reference(
        explanation, _share(runs, own), mean, tuple(runs.tolist()), tuple(own.tolist())
    )


def _share(runs: Numbers, own: Numbers) -> float:
    """Which share of the `own` records lie below what was found, averaged over the runs."""
    below, level = own[None, :] < runs[:, None], own[None, :] == runs[:, None]
    return float(below.mean() + 0.5 * level.mean())


@dataclass(frozen=True, slots=True)
class _Judge:
    """Works out how probable records of one shape are under some atoms of a model."""

    model: JumpModel
    shape: Template
    epochs: tuple[float, ...]
    settings: Settings

    def log_probability(self, told: Told, seed: int) -> float:
        """log p(record | atoms), by one run of the sampler."""
        record = self.shape.filled(told)
        horizon = self.model.horizon
        known = stages(record, horizon=horizon)
        last = full_stage(record, horizon)
        if last.silent_until != known[-1].silent_until:
            known = (*known, last)
        target = RecordTarget(
            self.model, record, coordinates_of(self.model, record), known,
            start(self.model, record, epochs=self.epochs),
        )  # fmt: skip
        found = -inf
        for times in TRIES:
            settings = replace(self.settings, particles=times * self.settings.particles)
            levels = sample(target, settings, seed).levels[:, -1]
            found = log_sum(levels + np.log(target.atoms))
            if found > -inf:
                break
        return found


@dataclass(frozen=True, slots=True)
class _Task:
    """One record to be judged, with the seed of the run."""

    judge: _Judge
    told: Told
    seed: int

    def found(self) -> float:
        """log p(record | atoms)."""
        return self.judge.log_probability(self.told, self.seed)


def _carried_out(
    tasks: Sequence[_Task], workers: int, progress: Progress | None
) -> Iterator[float]:
    """What each task finds, in their order; `progress` hears how many are done."""
    pool = ThreadPoolExecutor(workers)
    try:
        for done, level in enumerate(pool.map(_Task.found, tasks), 1):
            if progress is not None:
                progress(done, len(tasks))
            yield level
    finally:  # where it is interrupted, nothing more begins
        pool.shutdown(wait=True, cancel_futures=True)


def _own(
    model: JumpModel, keeping: Kept, atoms: Sequence[Atom], count: int, random: np.random.Generator
) -> list[Told]:
    """Records that an explanation tells, parameters and atoms from their priors."""
    prepared = prepare(model)
    chances = np.array([atom.prior for atom in atoms])
    found = []
    for _ in range(count):
        atom = atoms[int(random.choice(len(atoms), p=chances))]
        theta = draw_parameters(model, atom, int(random.integers(2**62)), 0)
        found.append(tell(keeping, prepared, theta, atom, random))
    return found


def _readings(model: JumpModel) -> dict[str, tuple[Atom, ...]]:
    """The atoms of each rival explanation, their priors summing to one."""
    by_name = {atom.name: atom for atom in model.atoms}
    rivals = {one.name: one.atoms for one in model.explanations if one.is_rival}
    found = {}
    for name, names in (rivals or {name: (name,) for name in by_name}).items():
        whole = sum(by_name[one].prior for one in names)
        found[name] = tuple(
            replace(by_name[one], prior=by_name[one].prior / whole) for one in names
        )
    return found
