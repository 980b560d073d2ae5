"""Courses that agree with a record, run once more in a world where a mechanism is replaced.

Each is run as it was, under the model that it agrees with, and its history is carried over to the
model of the other world (`conditioned.passage`, which says what the two have in common). Compiled
code makes the same runs bit for bit, where it knows both models.
"""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from foedus.engine.conditioned.counterfactual import run_other_world
from foedus.engine.conditioned.passage import Passage, passage
from foedus.engine.conditioned.run import run_conditioned
from foedus.engine.failure import failing_by
from foedus.engine.reference import LIMIT, RunResult
from foedus.engine.start import named_parameters
from foedus.engine.worlds import WorldRunner, WorldRuns, join_runs, runs_of_results
from foedus.frozen import dataclass
from foedus.jump.model import Atom
from foedus.jump.stages import Stage
from foedus.text.diagnostic import InternalError


@dataclass(frozen=True, slots=True, eq=False)
class ReplacedRunner:
    """Runs courses of the model of `first` in the world of `other`, with its one decision."""

    first: WorldRunner
    other: WorldRunner
    passage: Passage

    def run(
        self,
        parameters: NDArray[np.float64],
        other_parameters: NDArray[np.float64],
        atom: Atom,
        noise: NDArray[np.uint64],
        own_words: NDArray[np.uint64],
        stage: Stage,
        *,
        switches: NDArray[np.bool_],
        horizon: float,
        limit: int = LIMIT,
    ) -> WorldRuns:
        """The other world of each course, the only one of the result.

        `other_parameters` (course, cell) are those of the other model, `own_words` (course, epoch,
        2) for the kinds that only it has (`passage.own_words`); all else is as in
        `WorldRunner.run`, and so are the faults.
        """
        values = np.ascontiguousarray(parameters, np.float64)
        words, known = np.ascontiguousarray(noise, np.uint64), switches.astype(np.uint8)
        carried = np.ascontiguousarray(other_parameters, np.float64)
        renewed = self.passage.noise(words, own_words)
        found = []
        for place in range(len(values)):
            one = slice(place, place + 1)
            course = _Course(values[one], words[one], carried[one], renewed[one], known[one])
            is_fast = self.first.program is not None and self.other.program is not None
            make = self._compiled if is_fast else self._by_reference
            found.append(make(course, atom, stage, horizon, limit))
        return join_runs(found)

    def _compiled(
        self, course: _Course, atom: Atom, stage: Stage, horizon: float, limit: int
    ) -> WorldRuns:
        from foedus.engine.native.record.carried import carried
        from foedus.engine.native.record.worlds_program import keep_history, run_from

        assert self.first.program is not None
        assert self.other.program is not None
        kept = keep_history(
            self.first.program, atom, stage, course.values, course.words, course.switches,
            horizon=horizon, limit=limit,
        )  # fmt: skip
        if kept is not None:
            raw, wrong = run_from(
                self.other.program, carried(self.passage, kept), atom, stage, course.carried,
                course.renewed, course.switches, horizon=horizon, limit=limit,
            )  # fmt: skip
            if wrong < 0:
                return self.other.runs_of_raw(raw)
        self._by_reference(course, atom, stage, horizon, limit)
        raise InternalError("a course failed in compiled code, not in the reference")

    def _by_reference(
        self, course: _Course, atom: Atom, stage: Stage, horizon: float, limit: int
    ) -> WorldRuns:
        ways, models = self.passage, (self.first.conditioned, self.other.conditioned)
        before, after = (
            named_parameters(one.prepared.model, array("d", values[0]))
            for one, values in zip(models, (course.values, course.carried), strict=True)
        )
        first = run_conditioned(
            models[0], before, atom, _keys(course.words), stage, horizon=horizon,
            switches=course.switches[0].tolist(), limit=limit, keep=True,
        )  # fmt: skip
        if first.history is None:
            raise InternalError("a course does not agree with the record")
        (decision,) = self.other.decisions
        with failing_by(0):
            found: RunResult = run_other_world(
                models[1], ways.history(first.history), after, atom, _keys(course.renewed),
                decision, horizon=horizon, limit=limit, watch=self.other.watch,
            )  # fmt: skip
        return runs_of_results([(found,)], [len(decision)])


@dataclass(frozen=True, slots=True)
class _Course:
    """One course: what it is in each of the two models."""

    values: NDArray[np.float64]
    words: NDArray[np.uint64]
    carried: NDArray[np.float64]
    renewed: NDArray[np.uint64]
    switches: NDArray[np.uint8]


def _keys(words: NDArray[np.uint64]) -> tuple[tuple[int, int], ...]:
    return tuple((int(one), int(other)) for one, other in words[0])


def replaced_runner(first: WorldRunner, other: WorldRunner) -> ReplacedRunner:
    """What runs courses in a world where a mechanism is replaced; made once for all courses.

    `first` is for the model that the courses agree with the record of, `other` for that of the
    other world, with one decision.
    """
    return ReplacedRunner(first, other, passage(first.conditioned, other.conditioned))
