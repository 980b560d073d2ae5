"""Courses that agree with a record, each run as it was and once more for each decision changed.

A course is a set of parameters and the noise of one run, as for `particles`. All its worlds are on
the same chance: see `conditioned.counterfactual`, which is the definition. Compiled code makes the
same runs bit for bit, some hundred times as fast.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foedus.engine import compiler
from foedus.engine.conditioned.counterfactual import run_other_world
from foedus.engine.conditioned.prepared import Conditioned
from foedus.engine.conditioned.run import ConditionedRun, run_conditioned
from foedus.engine.failure import failing_by
from foedus.engine.reference import LIMIT, RunResult, Watch
from foedus.engine.start import named_parameters
from foedus.frozen import dataclass
from foedus.jump.model import Atom, Intervention
from foedus.jump.stages import Stage
from foedus.text.diagnostic import InternalError

if TYPE_CHECKING:  # llvmlite is loaded only where code is compiled
    from foedus.engine.native.record.worlds_program import RawWorlds, WorldsProgram

Decision = tuple[Intervention, ...]

Course = tuple[ConditionedRun | RunResult, ...]
"""The runs of a course, world by world."""


@dataclass(frozen=True, slots=True)
class WorldRuns:
    """What the worlds of some courses came to; the first world is as it was.

    - `values`, `waited`: float64 (course, world, question), `given`: bool (course, world,
      question), the answers as `reference.RunResult` has them.
    - `vacuous`: for each decision, bool (course, intervention): which had no effect.
    - `samples`: float64 (course, world, time, expression), what was watched.
    - `events`: int64 (course, world), events fired.
    """

    values: NDArray[np.float64]
    waited: NDArray[np.float64]
    given: NDArray[np.bool_]
    vacuous: tuple[NDArray[np.bool_], ...]
    samples: NDArray[np.float64]
    events: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class WorldRunner:
    """Runs the worlds of courses: of one model and record, with some decisions."""

    conditioned: Conditioned
    decisions: tuple[Decision, ...]
    watch: Watch | None
    program: WorldsProgram | None

    def run(
        self,
        parameters: NDArray[np.float64],
        atom: Atom,
        noise: NDArray[np.uint64],
        stage: Stage,
        *,
        switches: NDArray[np.bool_],
        horizon: float,
        since: float | None = None,
        limit: int = LIMIT,
    ) -> WorldRuns:
        """Every world of each course, under one atom and what one stage knows.

        `parameters`: float64 (course, cell), days and per day; `noise`: uint64 (course, row, 2);
        `switches`: bool (course, sighting), as in `particles.Runner.run`. All runs end at `horizon`
        (days). At `since` (days) conditions of interventions are looked at even if nothing happens.
        Raises `ModelError` where a run has no meaning.
        """
        parameters = np.ascontiguousarray(parameters, np.float64)
        noise = np.ascontiguousarray(noise, np.uint64)
        known = np.ascontiguousarray(switches, np.uint8)
        if self.program is None:
            return self._by_reference(
                parameters, atom, noise, stage, known, horizon, since, limit
            )  # fmt: skip
        from foedus.engine.native.record.worlds_program import run_worlds

        raw, wrong = run_worlds(
            self.program, atom, stage, parameters, noise, known,
            since=since, horizon=horizon, limit=limit,
        )  # fmt: skip
        if wrong >= 0:
            course = wrong // (len(self.decisions) + 1)
            one = slice(course, course + 1)
            self._by_reference(
                parameters[one], atom, noise[one], stage, known[one], horizon, since, limit
            )
            raise InternalError(f"course {course} failed in compiled code, not in the reference")
        return self.runs_of_raw(raw)

    def runs_of_raw(self, raw: RawWorlds) -> WorldRuns:
        """What compiled code made; its last worlds are those of the decisions."""
        ends = np.cumsum([0, *map(len, self.decisions)])
        first = raw.vacuous.shape[1] - len(self.decisions)
        vacuous = tuple(
            raw.vacuous[:, first + place, ends[place] : ends[place + 1]].astype(np.bool_)
            for place in range(len(self.decisions))
        )
        return WorldRuns(
            raw.values, raw.waited, raw.given.astype(np.bool_), vacuous, raw.samples, raw.events
        )  # fmt: skip

    def _by_reference(
        self,
        parameters: NDArray[np.float64],
        atom: Atom,
        noise: NDArray[np.uint64],
        stage: Stage,
        known: NDArray[np.uint8],
        horizon: float,
        since: float | None,
        limit: int,
    ) -> WorldRuns:
        conditioned, watch = self.conditioned, self.watch
        model = conditioned.prepared.model
        found: list[Course] = []
        for row, words, trusted in zip(parameters, noise, known, strict=True):
            theta = named_parameters(model, array("d", row))
            keys = tuple((int(one), int(other)) for one, other in words)
            first = run_conditioned(
                conditioned, theta, atom, keys, stage, horizon=horizon,
                switches=trusted.tolist(), limit=limit, keep=True, watch=watch,
            )  # fmt: skip
            if first.history is None:
                raise InternalError("a course does not agree with the record")
            others: list[RunResult] = []
            for place, decision in enumerate(self.decisions):
                with failing_by(place):
                    other = run_other_world(
                        conditioned, first.history, theta, atom, keys, decision, since=since,
                        horizon=horizon, limit=limit, watch=watch,
                    )  # fmt: skip
                others.append(other)
            found.append((first, *others))
        return runs_of_results(found, [len(decision) for decision in self.decisions])


def runs_of_results(found: Sequence[Course], interventions: Sequence[int]) -> WorldRuns:
    """Runs of the reference engine, course by course; the last worlds are those of decisions with
    so many interventions."""
    count, first = len(found), len(found[0]) - len(interventions)
    return WorldRuns(
        np.array([[one.values for one in course] for course in found]),
        np.array([[one.waited for one in course] for course in found]),
        np.array([[one.is_given for one in course] for course in found], np.bool_),
        tuple(
            np.array([_vacuous(course[world]) for course in found], np.bool_).reshape(count, size)
            for world, size in enumerate(interventions, first)
        ),
        np.array([[one.samples for one in course] for course in found]),
        np.array([[one.events for one in course] for course in found]),
    )


def join_runs(parts: Sequence[WorldRuns]) -> WorldRuns:
    """The runs of courses one after the other; there must be some."""
    return WorldRuns(
        np.concatenate([one.values for one in parts]),
        np.concatenate([one.waited for one in parts]),
        np.concatenate([one.given for one in parts]),
        tuple(map(np.concatenate, zip(*(one.vacuous for one in parts), strict=True))),
        np.concatenate([one.samples for one in parts]),
        np.concatenate([one.events for one in parts]),
    )


def _vacuous(one: ConditionedRun | RunResult) -> tuple[bool, ...]:
    return one.vacuous if isinstance(one, RunResult) else ()


def world_runner(
    conditioned: Conditioned, decisions: Sequence[Decision], watch: Watch | None = None,
    engine: str | None = None,
) -> WorldRunner:  # fmt: skip
    """What runs the worlds of courses; made once, for all atoms and stages.

    `watch` is sampled in every world. `engine` is `native` or `reference`; None takes compiled code
    where it knows the record (`is_compiled`).
    """
    program = None
    if engine != "reference" and is_compiled(conditioned):
        from foedus.engine.native.record.worlds_program import build_worlds

        program = build_worlds(conditioned, decisions, watch)
    if engine == "native" and program is None:
        raise ValueError("the record is about what compiled code does not know")
    return WorldRunner(conditioned, tuple(decisions), watch, program)


def is_compiled(conditioned: Conditioned) -> bool:
    """Whether there is compiled code for the worlds of a record."""
    if not compiler.is_there():
        return False
    from foedus.engine.native.record.program import can_compile

    return can_compile(conditioned)
