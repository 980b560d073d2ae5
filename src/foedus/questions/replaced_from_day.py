"""A mechanism replaced from a day on, given what was known by then.

Courses go on under a model that holds both mechanisms (`jump.both`, which says what goes on and
what begins); the day turns the switch. What they have in common keeps the values and the chance of
the course; what only the new mechanism has comes from its priors and on chance of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from foedus.engine.conditioned.passage import own_words, passage
from foedus.engine.conditioned.prepared import condition_on
from foedus.engine.reference import Watch
from foedus.engine.world import Parameters
from foedus.engine.worlds import Decision
from foedus.infer.likelihood.engine import epochs_of
from foedus.jump.both import Both, both
from foedus.questions.both_worlds import Play, run_worlds
from foedus.questions.courses import Courses
from foedus.questions.design import Executor
from foedus.questions.replaced_world import ReplacedWorld
from foedus.questions.replacement import Replacement
from foedus.questions.runs import Progress, Runs
from foedus.text.diagnostic import InternalError


def run_replaced_from_day(
    play: Play,
    replacement: Replacement,
    decision: Decision,
    courses: Courses,
    *,
    factual: Runs,
    seed: int,
    executor: Executor,
    progress: Progress | None = None,
) -> ReplacedWorld:
    """The courses in a world in which a mechanism is replaced on the day `play.since`.

    `decision` is made in it as well. The courses are run as they were, too, which must give the
    `factual` runs again bit for bit.
    """
    if play.since is None:
        raise InternalError("there is no day on which the mechanism is replaced")
    found = both(play.model, replacement.model)
    thetas = replacement.thetas(play.model, courses.thetas, courses.atoms, seed)
    joined = replace(
        play, model=found.model, decisions=(found.decided(decision, play.since),),
        watch=None if play.watch is None else _watched(play.watch, found),
    )  # fmt: skip
    carried = _carried(play, found, courses, thetas, seed)
    again, changed = run_worlds(joined, carried, executor, progress)
    if not _are_same(again, factual):
        raise InternalError("a mechanism that is not yet in force changes the course of things")
    own = replace(changed, vacuous=changed.vacuous[1:])  # the switch itself is no decision
    return ReplacedWorld(replacement, thetas, own)


def _watched(watch: Watch, found: Both) -> Watch:
    return Watch(tuple(map(found.asked, watch.expressions)), watch.times)


def _carried(
    play: Play, found: Both, courses: Courses, thetas: Sequence[Sequence[Parameters]], seed: int
) -> Courses:
    """The courses as the model that holds both takes them; `thetas` are those of the new one."""
    epochs = epochs_of(play.record, play.model.horizon)
    first, other = (condition_on(model, play.record, epochs) for model in (play.model, found.model))
    inside, each = courses.inner, courses.outer * courses.inner
    runs = [place % each for place in range(len(courses.rows))]
    noise = passage(first, other).noise(
        np.array([row.noise for row in courses.rows]), own_words(seed, runs, len(epochs) + 1)
    )
    rows = tuple(
        replace(
            row, noise=words,
            theta=found.parameters(row.theta, thetas[place // each][place % each // inside]),
        )
        for place, (row, words) in enumerate(zip(courses.rows, noise, strict=True))
    )  # fmt: skip
    return replace(courses, rows=rows)


def _are_same(one: Runs, other: Runs) -> bool:
    """Whether two sets of runs give the same answers, bit for bit."""
    pairs = (one.values, other.values), (one.counts, other.counts), (one.waited, other.waited)
    return all(
        np.array_equal(here, there, equal_nan=here.dtype.kind == "f")
        for ours, theirs in pairs
        for here, there in zip(ours, theirs, strict=True)
    )
