"""Conditioned runs for many particles at once: how inference asks an engine.

A particle is a set of parameters and the noise of one run. What comes back is a function of the
particle, the atom and the stage and nothing else, so that a particle can be run again under another
stage, with an item dropped, or with the noise of one kind renewed.
"""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from foedus.engine import clocks, compiler
from foedus.engine.conditioned.run import (
    Conditioned,
    ConditionedRun,
    condition_on,
    run_conditioned,
)
from foedus.engine.layout import places
from foedus.engine.reference import LIMIT
from foedus.engine.world import Parameters
from foedus.frozen import dataclass
from foedus.jump.model import Atom, JumpModel
from foedus.jump.record import Record
from foedus.jump.stages import Stage
from foedus.text.diagnostic import InternalError

if TYPE_CHECKING:  # llvmlite is loaded only where code is compiled
    from foedus.engine.native.record.program import ConditionedProgram, RawRuns


MOST_TABLES = 256
"""Stages that are remembered."""


@dataclass(frozen=True, slots=True)
class ParticleRuns:
    """What the runs of particles came to.

    - `weights`: float64 (particle, account), log weights, nats: of each sighting of the record, in
      order, then of the silence of each coverage. A run that contradicts the record has minus
      infinity where it did, and 0 elsewhere.
    - `died_of`: int64 (particle,), the account that it contradicts, or -1.
    - `claims`: float64 (particle, claim), 1 or 0 for what is true or not, or the number claimed
      about; nan for claims that the stage does not know, and for retractions.
    - `values`, `waited`: float64 (particle, question), `given`: bool (particle, question), the
      answers as `reference.RunResult` has them; nan for what lies beyond the end of the run.
    - `events`: int64 (particle,), events fired; 0 for a run that contradicts the record.
    """

    weights: NDArray[np.float64]
    died_of: NDArray[np.int64]
    claims: NDArray[np.float64]
    values: NDArray[np.float64]
    waited: NDArray[np.float64]
    given: NDArray[np.bool_]
    events: NDArray[np.int64]

    @property
    def log_weights(self) -> NDArray[np.float64]:
        """(particle,) the log of the probability that each run stands for, nats."""
        total: NDArray[np.float64] = self.weights.sum(axis=1)
        return total


@dataclass(frozen=True, eq=False)
class Runner:
    """Runs the particles of one model and record.

    `columns` names the parameter cells: (name, row among its indices). `accounts` names the log
    weights: ids of sightings, then the names of what coverages are about.
    """

    conditioned: Conditioned
    program: ConditionedProgram | None
    columns: tuple[tuple[str, int], ...]
    accounts: tuple[str, ...]
    tables: dict[tuple[str, Stage], dict[str, NDArray[Any]]] = field(default_factory=dict)
    """What stages come to for compiled code, by atom; some of those that were run."""

    @property
    def rows(self) -> int:
        """Pairs of words the noise of a particle has: see `Conditioned.rows`."""
        return self.conditioned.rows

    def run(
        self,
        parameters: NDArray[np.float64],
        atom: Atom | NDArray[np.int64],
        noise: NDArray[np.uint64],
        stage: Stage,
        *,
        switches: NDArray[np.bool_] | None = None,
        horizon: float | None = None,
        threads: int = 1,
        limit: int = LIMIT,
    ) -> ParticleRuns:
        """A run for each particle, under what one stage knows.

        `atom` is that of all particles, or int64 (particle,), which of the model's each is of.
        `parameters`: float64 (particle, cell), days and per day, cells as in `columns`; `noise`:
        uint64 (particle, row, 2) (`draw_noise`); `switches`: bool (particle, sighting), False drops
        an item for that particle. Runs end with the stage, or at `horizon` (days). Raises
        `ModelError` where a run has no meaning.
        """
        count, cells = len(parameters), len(self.columns)
        parameters = np.ascontiguousarray(parameters, np.float64)
        noise = np.ascontiguousarray(noise, np.uint64)
        items = len(self.conditioned.items)
        kept = np.ones((count, items), np.uint8)
        if switches is not None:
            kept = np.ascontiguousarray(switches, np.uint8)
        expected = (count, cells), (count, self.rows, 2), (count, items)
        if (parameters.shape, noise.shape, kept.shape) != expected:
            found = f"{parameters.shape}, {noise.shape}, {kept.shape}"
            raise ValueError(f"the shapes of a block must be {expected}, not {found}")
        end = stage.end if horizon is None else max(horizon, stage.end)
        if self.program is None or not count:
            return self._by_reference(parameters, atom, noise, stage, kept, end, limit)
        from foedus.engine.native.record.program import components_of, run_particles

        if isinstance(atom, Atom):
            components = np.repeat(components_of(self.conditioned, [atom]), count, axis=0)
            first = atom
        else:
            components = components_of(self.conditioned, self._atoms)[atom]
            first = self._atoms[atom[0]]
        raw, wrong = run_particles(
            self.program, self._tables_of(first, stage), components, parameters, noise, kept,
            end, limit, threads,
        )  # fmt: skip
        if wrong >= 0:
            chosen = slice(wrong, wrong + 1)
            one = atom if isinstance(atom, Atom) else atom[chosen]
            self._by_reference(
                parameters[chosen], one, noise[chosen], stage, kept[chosen], end, limit
            )
            raise InternalError(f"run {wrong} failed in compiled code but not in the reference")
        if not isinstance(atom, Atom):
            self._read(raw.claims, atom)
        return _of_raw(raw)

    @property
    def _atoms(self) -> tuple[Atom, ...]:
        return self.conditioned.prepared.model.atoms

    def _tables_of(self, atom: Atom, stage: Stage) -> dict[str, NDArray[Any]]:
        from foedus.engine.native.record.program import stage_tables

        found = self.tables.get((atom.name, stage))
        if found is None:
            if len(self.tables) >= MOST_TABLES:
                self.tables.clear()
            found = self.tables[atom.name, stage] = stage_tables(self.conditioned, atom, stage)
        return found

    def _read(self, claims: NDArray[np.float64], atoms: NDArray[np.int64]) -> None:
        """Let what readings come to be that of each particle's own atom (particle, claim)."""
        columns, holds = self._readings
        claims[:, columns] = np.where(np.isnan(claims[:, columns]), np.nan, holds[atoms])

    @cached_property
    def _readings(self) -> tuple[list[int], NDArray[np.float64]]:
        """Which claims are readings, and what they come to (atom, reading)."""
        said = [one.assertion for one in self.conditioned.claims]
        columns = [column for column, one in enumerate(said) if one.kind == "reading"]
        holds = [[one.name in said[column].atoms for column in columns] for one in self._atoms]
        return columns, np.array(holds, np.float64).reshape(len(self._atoms), len(columns))

    def _by_reference(
        self,
        parameters: NDArray[np.float64],
        atom: Atom | NDArray[np.int64],
        noise: NDArray[np.uint64],
        stage: Stage,
        kept: NDArray[np.uint8],
        end: float,
        limit: int,
    ) -> ParticleRuns:
        count = len(parameters)
        atoms = [atom] * count if isinstance(atom, Atom) else [self._atoms[one] for one in atom]
        runs = [
            run_conditioned(
                self.conditioned, self.theta(row), own,
                tuple((int(first), int(second)) for first, second in words), stage,
                horizon=end, switches=switches.tolist(), limit=limit,
            )
            for row, own, words, switches in zip(parameters, atoms, noise, kept, strict=True)
        ]  # fmt: skip
        return _of_runs(runs, self.conditioned)

    def theta(self, row: NDArray[np.float64]) -> Parameters:
        """One particle's parameters by name, as the reference engine takes them."""
        found: Parameters = {}
        values = iter(row.tolist())
        for spec in self.conditioned.prepared.model.parameters:
            own = [next(values) for _ in places(spec.groups)]
            found[spec.name] = own if spec.groups else own[0]
        return found


def _of_raw(raw: RawRuns) -> ParticleRuns:
    return ParticleRuns(
        raw.weights, raw.died_of, raw.claims, raw.values, raw.waited, raw.given.astype(bool),
        raw.events,
    )  # fmt: skip


def _of_runs(runs: list[ConditionedRun], conditioned: Conditioned) -> ParticleRuns:
    count, monitors = len(runs), len(conditioned.prepared.model.monitors)
    return ParticleRuns(
        np.array([one.weights for one in runs]).reshape(count, conditioned.accounts),
        np.array([-1 if one.died_of is None else one.died_of for one in runs], np.int64),
        np.array([one.claims for one in runs]).reshape(count, len(conditioned.claims)),
        np.array([one.values for one in runs]).reshape(count, monitors),
        np.array([one.waited for one in runs]).reshape(count, monitors),
        np.array([one.is_given for one in runs], bool).reshape(count, monitors),
        np.array([one.events for one in runs], np.int64),
    )


def runner(
    model: JumpModel, record: Record, engine: str | None = None, epochs: tuple[float, ...] = ()
) -> Runner:
    """What runs the particles of a model and its record; made once, for all atoms and stages.

    `engine` is `native` or `reference`; None takes compiled code where llvmlite is there and the
    record is about nothing that only the reference knows. `epochs` are those of `condition_on`.
    """
    conditioned = condition_on(model, record, epochs)
    program = None
    if engine != "reference" and compiler.is_there():
        from foedus.engine.native.record.program import build_conditioned, can_compile

        if can_compile(conditioned):
            program = build_conditioned(conditioned)
    if engine == "native" and program is None:
        raise ValueError("the record is about what compiled code does not know")
    columns = tuple(
        (spec.name, row) for spec in model.parameters for row, _ in enumerate(places(spec.groups))
    )
    accounts = (
        *(one.id for one in record.sightings),
        *(one.target.name for one in record.coverages),
    )
    return Runner(conditioned, program, columns, accounts)


def draw_noise(runner: Runner, seed: int, first: int, count: int) -> NDArray[np.uint64]:
    """The noise of particles `first` to `first + count`: uint64 (particle, row, 2).

    A particle's rows of one epoch are alike, and those of the first are those of a plain run of
    that seed and number; those of members are 0. To renew the noise of one kind, put in its row
    the words of another seed (`clocks.run_keys`).
    """
    conditioned = runner.conditioned
    kinds, items = len(conditioned.prepared.model.kinds), len(conditioned.items)
    words = [
        run_words((seed + epoch * clocks.GOLDEN) & clocks.MASK, first, count)
        for epoch in range(len(conditioned.epochs) + 1)
    ]
    nothing = [np.zeros_like(words[0])] * (conditioned.rows - conditioned.first_member_row)
    rows = [one for one in words for _ in range(kinds)] + [words[0]] * items + nothing
    return np.ascontiguousarray(np.stack(rows, axis=1)) if rows else np.zeros((count, 0, 2), "u8")


def run_words(seed: int, first: int, count: int) -> NDArray[np.uint64]:
    """`clocks.run_keys` of runs `first` to `first + count`: uint64 (run, 2)."""
    runs = np.arange(count, dtype=np.uint64) + np.uint64(first)
    world = np.uint64(clocks.world_word(seed))
    one = _mixed(world + np.uint64(clocks.GOLDEN) * runs)
    return np.stack([one, _mixed(_mixed(one ^ np.uint64(clocks.SECOND_WORD)) + world)], axis=1)


def _mixed(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The mixing of `clocks`, for many words at once."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(clocks.FIRST_MULTIPLIER)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(clocks.SECOND_MULTIPLIER)
    return z ^ (z >> np.uint64(31))
