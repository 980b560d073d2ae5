"""How fast the clock of a kind rings, in the state a world is in."""

from __future__ import annotations

from math import inf

from foedus.engine.arithmetic import Evaluate
from foedus.engine.closures import Names, evaluator
from foedus.engine.failure import EvaluationError
from foedus.engine.world import World
from foedus.jump.model import EventKind, Rate, Waiting


def hazard_of(kind: EventKind, names: Names) -> Evaluate:
    """The hazard of a kind's clock; of a waiting time, one over its mean."""
    timing = kind.timing
    if isinstance(timing, Rate):
        return evaluator(timing.hazard, names)
    if isinstance(timing, Waiting):
        mean, law = evaluator(timing.arguments[-1], names), timing.distribution

        def hazard(world: World) -> float:
            value = mean(world)
            if not 0.0 < value < inf:
                what = f"`{law}` needs a positive mean, not {value:g}"  # as a run says it
                raise EvaluationError(what, kind.span)
            return 1.0 / value

        return hazard
    return lambda world: 0.0
