"""A case's record as the target of the sampler: its stages, its claims, and whom to believe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from foedus.frozen import dataclass
from foedus.infer.likelihood.claims import Speaking, speakings
from foedus.infer.likelihood.coordinates import Coordinates, hangs_on
from foedus.infer.likelihood.course_free import Reading, blocks_of, read_all
from foedus.infer.likelihood.findings import Findings, Ran
from foedus.infer.likelihood.telling import Telling, telling
from foedus.infer.likelihood.transforms import Numbers
from foedus.infer.particles.particles import Keys, Particles
from foedus.infer.particles.population import Population
from foedus.infer.particles.target import Block, Noise, Step, Trust
from foedus.infer.particles.weights import Places
from foedus.infer.sampler.crew import Crew
from foedus.jump.model import JumpModel
from foedus.jump.record import Coverage, Record
from foedus.jump.stages import Stage, without


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream of noise: an event kind's or a member's from `start` on (days), or an item's.

    `epoch` numbers the stretches of time; -1 is that of an item.
    """

    name: str
    epoch: int
    start: float


class Conditioned(Protocol):
    """Runs of a model under a record, on some engine."""

    @property
    def streams(self) -> Sequence[Stream]:
        """The streams of noise."""

    def run(
        self, atom: int | Places, numbers: Numbers, keys: Keys, stage: Stage,
        trusted: NDArray[np.bool_], horizon: float | None = None,
    ) -> Findings:  # fmt: skip
        """One run for each row of `numbers` (particle, cell of the model) and `keys`.

        `atom` is that of all, or that of each (particle,). Items that are not `trusted` (particle,
        item) are not known to that run. Up to the end of the stage, or up to `horizon` (days) if
        that is later.
        """

    def on_threads(self, threads: int) -> Conditioned:
        """The same runs, on so many threads where the engine can."""

    def with_crew(self, crew: Crew) -> Conditioned:
        """The same runs, on the processors of a crew where the engine can."""


@dataclass(frozen=True)
class RecordTarget:
    """The record of a case, stage by stage. `dropped` items and claims are never known."""

    model: JumpModel
    record: Record
    coordinate_system: Coordinates
    stages: tuple[Stage, ...]
    engine: Conditioned
    dropped: frozenset[str] = field(default_factory=frozenset)
    _blocks: dict[int, tuple[Block, ...]] = field(default_factory=dict, compare=False, repr=False)
    _used: dict[int, NDArray[np.bool_]] = field(default_factory=dict, compare=False, repr=False)
    _made: dict[frozenset[str], Places] = field(default_factory=dict, compare=False, repr=False)
    _tellings: dict[frozenset[str], Telling] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def atoms(self) -> Sequence[float]:
        """The prior of each atom."""
        return [atom.prior for atom in self.model.atoms]

    @property
    def as_written(self) -> RecordTarget | None:
        """The same with the priors of atoms that the case's own file has; None if it has them."""
        written = self.model.as_written
        return None if written is None else replace(self, model=written)

    @property
    def groups(self) -> Sequence[int]:
        """Atoms of one rival explanation belong together; one of none stands for itself."""
        found = list(range(len(self.model.atoms)))
        names = [atom.name for atom in self.model.atoms]
        for one in self.model.explanations:
            if one.is_rival and one.atoms:
                places = [names.index(name) for name in one.atoms]
                for place in places:
                    found[place] = places[0]
        return found

    @property
    def coordinates(self) -> int:
        """How many uncertain numbers there are, origins' reliabilities among them."""
        return self.coordinate_system.count

    @cached_property
    def noise(self) -> Noise:
        """The streams of noise, by epoch and kind."""
        streams = self.engine.streams
        numbers = {name: n for n, name in enumerate(dict.fromkeys(one.name for one in streams))}
        return Noise(
            np.array([stream.epoch for stream in streams], np.int64),
            np.array([numbers[stream.name] for stream in streams], np.int64),
        )

    def used(self, known: int) -> NDArray[np.bool_]:
        """Streams of items that are known, and of kinds from before the end of the stage."""
        if known not in self._used:
            self._used[known] = self._streams_before(self.stages[known])
        return self._used[known]

    def _streams_before(self, stage: Stage) -> NDArray[np.bool_]:
        return np.array(
            [
                stream.start < stage.end if stream.epoch >= 0 else stream.name in stage.items
                for stream in self.engine.streams
            ]
        )

    def blocks(self, known: int) -> tuple[Block, ...]:
        """Scores that change no course when that many steps are known."""
        if known not in self._blocks:
            stage = without(self.stages[self._ahead[known]], self.dropped)
            self._blocks[known] = blocks_of(
                self.model, self.record, self.coordinate_system, stage, self._reading
            )
        return self._blocks[known]

    @cached_property
    def _reading(self) -> Reading:
        return read_all(self.model, self.record)

    @cached_property
    def steps(self) -> Sequence[Step]:
        """What becomes known at each stage after the first."""
        origins = {one.id: hangs_on(one) for one in self.record.sightings}
        found = []
        for before, stage in zip(self.stages, self.stages[1:], strict=False):
            origin = origins.get(stage.subject or "")
            trust = None if origin is None else self.coordinate_system.trusts.get(origin)
            freed, revives = self._freed(before, stage), self._may_revive(before, stage)
            found.append(Step(step_name(stage), trust, freed, revives))
        return found

    @cached_property
    def speaking(self) -> Mapping[str, Speaking]:
        """Each claim with the parameters of its speaker."""
        return speakings(self.record)

    @cached_property
    def _ahead(self) -> Sequence[int]:
        """For each number of known steps, how many are known after the claims that come next.

        Claims change no course, so one run serves all that come one after the other.
        """
        last = len(self.stages) - 1
        ahead = [last]
        for known in reversed(range(last)):
            is_claim = self.stages[known + 1].arrival == "claim"
            ahead.append(ahead[-1] if is_claim else known)
        return ahead[::-1]

    def look_at(self, population: Population, known: int) -> None:
        """Run all particles of a population; what comes of it is remembered with each atom's.

        One call for all atoms: how few particles one of them has does not matter then.
        """
        if known == 0:
            return
        stage = self.stages[self._ahead[known]]
        missing = [
            (places, few, self._asked(atom, stage))
            for atom in np.unique(population.atoms).tolist()
            for places, few in [population.of(atom)]
            if few.memory.get("asked") != self._asked(atom, stage)
        ]
        if not missing:
            return
        numbers, particles, atoms = (
            self._numbers_of(population), population.particles, population.atoms
        )  # fmt: skip
        found = sum(places.size for places, _, _ in missing)
        if found < population.size:
            which = np.concatenate([places for places, _, _ in missing])
            numbers, particles, atoms = numbers[which], particles.take(which), atoms[which]
            ends = np.cumsum([0, *(places.size for places, _, _ in missing)])
            missing = [
                (np.arange(first, last), few, asked)
                for first, last, (_, few, asked) in zip(ends, ends[1:], missing, strict=False)
            ]
        ran = self._run(atoms, particles, stage, None, numbers)
        for places, few, asked in missing:
            self._remember(few, asked, ran.take(places))

    def _asked(self, atom: int, stage: Stage) -> tuple[object, ...]:
        """What was asked of particles when something is remembered of them."""
        return atom, stage, self.dropped, id(self.coordinate_system)

    def _remember(self, particles: Particles, asked: tuple[object, ...], ran: Ran) -> None:
        """Remember what was found; what its id stands for is held, so that no other gets it."""
        particles.memory.update(asked=asked, found=ran, held=self.coordinate_system)

    def _numbers_of(self, population: Population) -> Numbers:
        """What the scores of particles are worth (particle, cell)."""
        worth, system, scores = (
            population.worth,
            self.coordinate_system,
            population.particles.scores,
        )
        if not system.is_common:
            return population.each(lambda atom, few: system.values(atom, few.scores))
        if worth.numbers is None:
            if worth.before is None:
                worth.numbers = system.values(0, scores)
            else:
                worth.numbers = system.moved(scores, *worth.before)
                worth.before = None
        return worth.numbers

    def log_weights(self, atom: int, particles: Particles, known: int) -> Numbers:
        """The log weight of the stage with that many steps known (particle,)."""
        if known == 0:
            return np.zeros(particles.size)
        return self.weigh(atom, particles, self.stages[known], self.stages[self._ahead[known]])

    def weigh(
        self, atom: int, particles: Particles, stage: Stage, course: Stage | None = None
    ) -> Numbers:
        """The log weight of a stage, what a particle does not trust left out (particle,).

        `course` is the stage that is run: the same, or one with more claims.
        """
        ran = self._found(atom, particles, course or stage)
        told = ran.told[:, self._columns(stage)].sum(axis=1)
        total = ran.findings.total
        return np.where(total == -np.inf, -np.inf, total + told)

    def log_parts(self, atom: int, particles: Particles, known: int) -> Numbers:
        """The log weight in parts: items, silences, claims, in file order (particle, account)."""
        ran = self._found(atom, particles, self.stages[self._ahead[known]])
        told, made = np.zeros_like(ran.told), self._columns(self.stages[known])
        told[:, made] = ran.told[:, made]
        return np.concatenate([ran.findings.logs, told], axis=1)

    def marks(self, atom: int, particles: Particles, known: int) -> Numbers:
        """How many events there were, and what claims would say of them (particle, mark)."""
        found = self._found(atom, particles, self.stages[self._ahead[known]]).findings
        return np.concatenate([found.events.astype(np.float64)[:, None], found.spoken], axis=1)

    def merge(
        self, kept: Population, pair: tuple[Population, Population], taken: NDArray[np.bool_],
        known: int,
    ) -> None:  # fmt: skip
        """Remember of `kept` what is known of the first, and of the second where taken."""
        numbers, stage = self._numbers_of(kept), self.stages[self._ahead[known]]
        for atom in np.unique(kept.atoms).tolist():
            places, few = kept.of(atom)
            asked = self._asked(atom, stage)
            old, new = (population.of(atom)[1].memory for population in pair)
            if old.get("asked") == new.get("asked") == asked:
                ran = old["found"].merged(new["found"], taken[places], numbers[places])
                self._remember(few, asked, ran)

    def parts(self, atom: int, particles: Particles, stage: Stage) -> dict[str, Numbers]:
        """What each item, silence and claim adds to the log weight, by account (particle,)."""
        ran = self._found(atom, particles, stage)
        names, made = ran.findings.claims, self._columns(stage)
        logs = dict(zip(ran.findings.accounts, ran.findings.logs.T, strict=True))
        return {**logs, **{names[place]: ran.told[:, place] for place in made.tolist()}}

    def truths(self, atom: int, particles: Particles, stage: Stage) -> Mapping[str, Numbers]:
        """What each claim of a stage speaks of, as it is in each particle, by id (particle,)."""
        return self._found(atom, particles, stage).findings.truths

    def runs(self, atom: int, particles: Particles, stage: Stage, horizon: float) -> Findings:
        """Runs up to a horizon."""
        return self._run(atom, particles, stage, horizon).findings

    def _found(self, atom: int, particles: Particles, stage: Stage) -> Ran:
        """What runs of particles found.

        What was found last is kept with the particles, since one step is often looked at twice.
        """
        asked = self._asked(atom, stage)
        if particles.memory.get("asked") != asked:
            self._remember(particles, asked, self._run(atom, particles, stage, None))
        found: Ran = particles.memory["found"]
        return found

    def _run(
        self, atom: int | Places, particles: Particles, stage: Stage, horizon: float | None,
        numbers: Numbers | None = None,
    ) -> Ran:  # fmt: skip
        if numbers is None:
            assert isinstance(atom, int)
            numbers = self.coordinate_system.values(atom, particles.scores)
        of_model = numbers[:, : self.coordinate_system.of_model]
        kept, trusted = without(stage, self.dropped), self.trusted(particles)
        found = self.engine.run(atom, of_model, particles.keys, kept, trusted, horizon)
        return Ran(numbers, found, self._told(numbers, kept, found))

    def trusted(self, particles: Particles) -> NDArray[np.bool_]:
        """Which items each particle believes (particle, item)."""
        trusted = np.ones((particles.size, len(self.record.sightings)), np.bool_)
        for number, trust in self._hanging:
            trusted[:, number] = ~trust.is_withheld(particles)
        return trusted

    @cached_property
    def _hanging(self) -> Sequence[tuple[int, Trust]]:
        """The items that hang on an origin, by number, and the origin."""
        trusts = self.coordinate_system.trusts
        origins = [hangs_on(one) or "" for one in self.record.sightings]
        return [(n, trusts[origin]) for n, origin in enumerate(origins) if origin in trusts]

    def _told(self, numbers: Numbers, stage: Stage, found: Findings) -> Numbers:
        """What each claim weighs that a stage knows, 0 for the others (particle, claim)."""
        made = stage.claims - self.dropped
        if made not in self._tellings:
            self._tellings[made] = telling(
                self.record.assertions, self.speaking, made, self._speakers
            )
        # A run that the record rules out ends before all that was claimed can be seen in it.
        spoken = np.nan_to_num(found.spoken)
        return self._tellings[made].weigh(spoken, numbers, self._speakers)

    @cached_property
    def _speakers(self) -> Mapping[str, int]:
        """Where the numbers that only the record has stand, by name."""
        system = self.coordinate_system
        return {system.cells[cell].name: cell for cell in range(system.of_model, len(system.cells))}

    def _columns(self, stage: Stage) -> Places:
        """Which claims a stage knows, by number (claim,)."""
        known = stage.claims - self.dropped
        if known not in self._made:
            numbers = [n for n, one in enumerate(self.record.assertions) if one.id in known]
            self._made[known] = np.array(numbers, np.int64)
        return self._made[known]

    def _may_revive(self, before: Stage, stage: Stage) -> bool:
        """Whether courses that were ruled out may not be any more: where events are held anew."""
        told = {one.id for one in self.record.sightings if one.target is not None}
        return stage.subject in told or before.silent_until != stage.silent_until

    def _freed(self, before: Stage, stage: Stage) -> tuple[int, ...]:
        """The streams of the kinds that the step takes a firing or a stretch of silence from."""
        kinds = set()
        for one in self.record.sightings:
            if one.id == stage.subject and one.target is not None:
                kinds.add(one.target.kind)
        grown = zip(before.silent_until, stage.silent_until, self.record.coverages, strict=True)
        kinds |= {
            coverage.target.kind for old, new, coverage in grown
            if new > old and coverage.reported is None
        }  # fmt: skip
        return tuple(
            number for number, stream in enumerate(self.engine.streams) if stream.name in kinds
        )


def step_name(stage: Stage) -> str:
    """What a step is called: the id of its item or claim, or `silence` with the day's end."""
    return stage.subject if stage.subject is not None else f"silence:{stage.as_of:g}"


def silence_account(coverage: Coverage) -> str:
    """What the account of a coverage's silence is called."""
    return f"silence of {coverage.target.name}"
