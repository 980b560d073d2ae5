"""The record of a case as an exact target: log probabilities in the place of runs.

Where a particle's run gives one draw of the weight, the filter over all states gives its mean, so
that a particle here is nothing but values of the uncertain numbers. All else of a verdict (flips,
clues, parameters) asks it what it asks of runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from math import exp

import numpy as np
from numpy.typing import NDArray

from foedus.engine.prepare import Prepared, prepare
from foedus.engine.world import Parameters
from foedus.exact.evidence import RecordStates, record_states
from foedus.exact.filtering import LogProbability
from foedus.exact.parameters import read_in
from foedus.exact.refusal import NotExactError
from foedus.exact.space import Numbers
from foedus.exact.tables import Tables
from foedus.infer.likelihood.claims import is_truth, log_weight
from foedus.infer.likelihood.record_target import RecordTarget, step_name
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.weights import Places
from foedus.jump.record import Assertion
from foedus.jump.stages import Stage, nothing_known, without

TABLES = "tables"
"""What the step is called at which tables of many units come in."""

LIMIT = 20_000
"""States of a model, beyond which runs are the quicker way."""


@dataclass(frozen=True)
class ExactTarget(RecordTarget):
    """A record whose stages have exact probabilities at given numbers.

    `known` has all that was worked out, `spaces` the states of each atom.
    """

    limit: int = LIMIT
    known: dict[object, LogProbability] = field(default_factory=dict)
    spaces: dict[int, RecordStates] = field(default_factory=dict)

    @cached_property
    def prepared(self) -> Prepared:
        """The model made ready."""
        return prepare(self.model)

    @cached_property
    def matters(self) -> tuple[NDArray[np.bool_], ...]:
        """By atom, which numbers can make a difference in it (cell,)."""
        model, record = self.model, self.record
        always = {one.reported for one in record.coverages}
        always |= {spec.name for spec in record.parameters}
        always |= self.tables.parameters if self.tables is not None else set()
        cells = self.coordinate_system.cells
        read = [always | read_in(model, atom) for atom in model.atoms]
        return tuple(np.array([cell.name in names for cell in cells]) for names in read)

    @cached_property
    def tables(self) -> Tables | None:
        """The tables of many units, if there are any."""
        return Tables(self.model, self.record, self.limit) if self.record.tables else None

    def weigh(
        self, atom: int, particles: Particles, stage: Stage, course: Stage | None = None
    ) -> Numbers:
        """The log probability of a stage, what a particle does not trust left out (particle,).

        There are no courses, so that `course` makes no difference.
        """
        logs = np.empty(particles.size)
        numbers = self.coordinate_system.values(atom, particles.scores)
        for places, kept in self._by_trust(particles, without(stage, self.dropped)):
            for place in places:
                logs[place] = self._at(atom, numbers[place], kept).value
        return logs

    def slips(self, atom: int, particles: Particles, stage: Stage) -> Numbers:
        """Bounds on the errors of `weigh` (particle,), at most one."""
        slips = np.empty(particles.size)
        numbers = self.coordinate_system.values(atom, particles.scores)
        for places, kept in self._by_trust(particles, without(stage, self.dropped)):
            for place in places:
                slips[place] = min(1.0, self._at(atom, numbers[place], kept).error)
        return slips

    def parts(self, atom: int, particles: Particles, stage: Stage) -> dict[str, Numbers]:
        """What each step adds to the log probability given those before it (particle,).

        Of stages other than the last the sum alone is told.
        """
        if stage != self.stages[-1]:
            return {"all": self.weigh(atom, particles, stage)}
        parts: dict[str, Numbers] = {}
        before = np.zeros(particles.size)
        for number in range(1, len(self.stages)):
            now = self.weigh(atom, particles, self.stages[number])
            with np.errstate(invalid="ignore"):
                gained = np.where(now == -np.inf, -np.inf, now - before)
            parts[step_name(self.stages[number])] = gained
            before = np.where(now == -np.inf, 0.0, now)
        return parts

    def truths(self, atom: int, particles: Particles, stage: Stage) -> dict[str, Numbers]:
        """How likely what each claim of a stage speaks of is, given the record (particle,)."""
        numbers = self.coordinate_system.values(atom, particles.scores)
        said = without(stage, [one.id for one in self.record.assertions])
        found = {one: np.zeros(particles.size) for one in stage.claims}
        for places, kept in self._by_trust(particles, without(said, self.dropped)):
            for place in places:
                for claim in stage.claims:
                    found[claim][place] = self._chance(atom, numbers[place], kept, claim)
        return found

    def _by_trust(self, particles: Particles, stage: Stage) -> Iterator[tuple[Places, Stage]]:
        """Particles that believe the same items, with the stage as they see it."""
        trusted = self.trusted(particles)
        ids = [one.id for one in self.record.sightings]
        for row in np.unique(trusted, axis=0):
            gone = [name for name, is_believed in zip(ids, row, strict=True) if not is_believed]
            yield np.flatnonzero((trusted == row).all(axis=1)), without(stage, gone)

    def _chance(self, atom: int, numbers: Numbers, stage: Stage, claim: str) -> float:
        """The probability of what a claim speaks of, given the items of a stage."""
        one = next(one for one in self.record.assertions if one.id == claim)
        end = max(stage.end, min(one.end, self.model.horizon))
        asked = _until(stage, end, claim)
        theta = self._theta(numbers)
        whole = self._at(atom, numbers, _until(stage, end, None))
        if whole.value == -np.inf:
            return 0.0

        def holds(_: Assertion, __: Parameters, truth: Numbers) -> Numbers:
            return np.where(np.nan_to_num(truth) != 0.0, 0.0, -np.inf)

        both = self._states(atom).probability(self.record, asked, theta, holds)
        return min(1.0, exp(both.value - whole.value))

    def _at(self, atom: int, numbers: Numbers, stage: Stage) -> LogProbability:
        is_start = stage == nothing_known(self.record)
        own = numbers[self.matters[atom]].tobytes()
        key = (atom, own, stage.items, stage.claims, stage.silent_until, stage.end)
        if is_start:
            return LogProbability(0.0, 0.0)
        found = self.known.get(key)
        if found is None:
            theta = self._theta(numbers)
            states = self._states(atom)
            found = states.probability(self.record, stage, theta, self._weigh_claim)
            found = self._with_tables(atom, own, theta, found)
            self.known[key] = found
        return found

    def states_needed(self, atom: int, numbers: Numbers) -> int:
        """How many states it takes at some numbers (cell,) once the whole record is known."""
        states, theta = self._states(atom), self._theta(numbers)
        return states.in_enough(self.record, self.stages[-1], theta, self._weigh_claim)[0].size

    def _with_tables(
        self, atom: int, numbers: bytes, theta: Parameters, found: LogProbability
    ) -> LogProbability:
        """The same with what tables of many units say, which is known before all else."""
        if self.tables is None:
            return found
        key = (atom, numbers, "tables")
        if key not in self.known:
            self.known[key] = self.tables.log_likelihood(theta, self.model.atoms[atom])
        told = self.known[key]
        return LogProbability(found.value + told.value, found.error + told.error)

    def _states(self, atom: int) -> RecordStates:
        if atom not in self.spaces:
            end = max([stage.end for stage in self.stages] + [
                min(one.end, self.model.horizon) for one in self.record.assertions
            ])  # fmt: skip
            self.spaces[atom] = record_states(
                self.prepared, self.record, self.model.atoms[atom], end,
                self.record.assertions, self.limit,
            )  # fmt: skip
        return self.spaces[atom]

    def _theta(self, numbers: Numbers) -> Parameters:
        """All numbers by name; those of an indexed parameter as a list."""
        found: dict[str, list[float]] = {}
        for cell, number in zip(self.coordinate_system.cells, numbers, strict=True):
            found.setdefault(cell.name, []).append(float(number))
        indexed = {spec.name for spec in self.model.parameters if spec.groups}
        return {name: one if name in indexed else one[0] for name, one in found.items()}

    def _weigh_claim(self, claim: Assertion, theta: Parameters, truth: Numbers) -> Numbers:
        """The log probability of a claim being made, in each state (state,)."""
        speaking = self.speaking[claim.id]
        if speaking.candour is None or claim.repeats is not None:
            return np.zeros_like(truth)
        said = claim if claim.retracts is None else self._claim(claim.retracts)
        if claim.retracts is not None and said.kind != "reading":
            what = f"the claim `{claim.id}` takes back what was said of an earlier day"
            raise NotExactError(what, "use particles")
        if claim.supersedes is not None and not is_truth(claim.expression):
            what = f"the claim `{claim.id}` replaces a figure of an earlier day"
            raise NotExactError(what, "use particles")
        names = [name for name in (speaking.candour, speaking.interest) if name is not None]
        numbers: Mapping[str, Numbers] = {name: np.full_like(truth, theta[name]) for name in names}
        claims = {one.id: one for one in self.record.assertions}
        return log_weight(speaking, {claim.id: truth, said.id: truth}, numbers, claims)

    def _claim(self, name: str) -> Assertion:
        return next(one for one in self.record.assertions if one.id == name)


def _until(stage: Stage, end: float, claim: str | None) -> Stage:
    """A stage that is looked at until a later time, with one claim made, or none."""
    return replace(stage, end=end, claims=frozenset(() if claim is None else (claim,)))


def exact(target: RecordTarget, limit: int = LIMIT) -> ExactTarget:
    """The same record with exact probabilities; its tables of many units come in first."""
    own = {one.name: getattr(target, one.name) for one in fields(RecordTarget)}
    if target.record.tables:
        first, *later = target.stages
        told = replace(first, arrival="silence", subject=TABLES)
        own["stages"] = (first, told, *later)
    return ExactTarget(**own, limit=limit)
