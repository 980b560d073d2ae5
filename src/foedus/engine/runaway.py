"""When a run is ended because the model runs away, and how that is told.

A run may make so many events. Where a model has very many clocks, they may change a hundred times
as often: an event that changes thousands of them costs thousands of times as much as one that
changes a few, and by its events alone such a run would go on for minutes or hours. A clock changes
when its hazard does, and when a waiting time begins or is broken off.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from foedus.engine.failure import EvaluationError
from foedus.jump.model import JumpModel
from foedus.text.source import Span

LIMIT = 10_000_000
"""Events in one run; more are taken for a model that runs away."""

CHANGES_PER_EVENT = 100
"""How often clocks may change, for each event that a run may make."""

MANY = 512
"""With fewer instances than this, changes of clocks are not counted: so many events take less than
a minute. Models that run in the lanes of vectors, where counting would cost something, have fewer
(`sparse` comes before them)."""

Count = tuple[str, float, Span | None]
"""How often a kind has happened, and its place in the case."""


def counts_clock_changes(model: JumpModel) -> bool:
    """Whether it is counted how often clocks change."""
    return sum(math.prod(one.size for one in kind.groups) for kind in model.kinds) >= MANY


def has_run_away(fired: int, clock_changes: int, limit: int, is_counted: bool) -> bool:
    """Whether a run has made more events than `limit`, or changed clocks too often."""
    return fired > limit or (is_counted and clock_changes > CHANGES_PER_EVENT * limit)


def runaway(limit: int, fired: int, counts: Sequence[Count]) -> EvaluationError:
    """The fault of a run that is ended after so many events."""
    name, times, span = max(counts, key=lambda one: one[1])
    subject, most = "the model runs away", f"`{name}` most often"
    if fired > limit:
        return EvaluationError(f"more than {limit:,} events in one run, {most}", span, subject)
    message = f"clocks changed more than {CHANGES_PER_EVENT * limit:,} times in one run"
    if times == 0.0:  # by what comes without events: ticks, the time
        return EvaluationError(message, None, subject)
    return EvaluationError(f"{message}, at {fired:,} events, {most}", span, subject)
