"""From a model at given parameters to its states, and to answers.

A model whose states have no end (a count without `max`) is cut off where almost no course gets by
the end of the clock; what that can change is part of every error bound.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from foedus.engine.layout import labels_at, places
from foedus.engine.prepare import Prepared
from foedus.engine.world import Parameters
from foedus.exact.again import States
from foedus.exact.asked import Found, answer_all
from foedus.exact.course import chain, follow, start_law
from foedus.exact.finite import SIMULATE, finite
from foedus.exact.moves import Moves
from foedus.exact.refusal import NotExactError
from foedus.exact.rewards import watched_by
from foedus.exact.space import Space, explore
from foedus.jump.model import Atom

LIMIT = 200_000
"""States looked at, if nothing else is said."""

FIRST = 300
"""States looked at before it is asked whether the rest matters."""

NEGLIGIBLE = 1e-12
"""Mass of courses that may leave the states looked at before more are."""

TOO_MUCH = 1e-7
"""With as many states as allowed: more mass than this outside, and there is no answer."""


def states_for_questions(prepared: Prepared, atom: Atom, limit: int = LIMIT) -> States:
    """The states that the model's questions need in an atom, at any parameters."""
    monitors = prepared.model.monitors
    made = finite(prepared.model, monitors)
    until = max((one.closes for one in prepared.monitors), default=0.0)

    def build(theta: Parameters) -> Space:
        moves = Moves(prepared, theta, atom, made, watched_by(monitors))
        return states_of(moves, until, limit)

    return States(prepared.model, build, lambda space: is_enough(space, until))


def is_enough(space: Space, until: float) -> bool:
    """Whether hardly any course gets out of the states of a space by a time."""
    return space.is_whole or _outside(space, until) <= NEGLIGIBLE


def solve(prepared: Prepared, theta: Parameters, atom: Atom, *, limit: int = LIMIT) -> list[Found]:
    """The answers to the model's questions at given parameters (in days and per day) in an atom.

    Raises `NotExactError`, with the reason, for a model or a question that has no exact answer, or
    one with more than `limit` states that matter.
    """
    return answer_all(states_for_questions(prepared, atom, limit).at(theta), prepared.monitors)


def states_of(moves: Moves, until: float, limit: int = LIMIT) -> Space:
    """The states that matter up to a time. Raises `NotExactError` if they are more than `limit`."""
    size, in_turn = min(FIRST, limit), False
    while True:
        space = explore(moves, size, until, in_turn=in_turn)
        if space.is_whole:
            return space
        outside = _outside(space, until)
        if outside <= NEGLIGIBLE or (size == limit and outside <= TOO_MUCH):
            return space
        if not in_turn and space.dates_lead_outside:
            in_turn = True
        elif size < limit:
            size, in_turn = min(10 * size, limit), False
        else:
            raise too_many(space, outside)


def _outside(space: Space, until: float) -> float:
    law, missing = start_law(space)
    for moment in follow(chain(space), law, 0.0, [until]):
        missing = max(0.0, 1.0 - float(moment.law.sum()) - moment.error)
    return missing


def too_many(space: Space, outside: float | None = None) -> NotExactError:
    """The refusal, naming the cells of the state with the most values."""
    many = sorted(zip(_spread(space), _names(space), strict=True), reverse=True)[:2]
    named = " and ".join(f"`{name}` takes {count:,} values" for count, name in many if count > 1)
    what = f"more than {space.size:,} states matter ({named})"
    if outside is not None:
        what += f": {100.0 * outside:.3g} % of the courses leave the first of them"
    cure = f"give counts a smaller `max:` or shares fewer `steps:`; or {SIMULATE}"
    return NotExactError(what, cure)


def _spread(space: Space) -> Iterable[int]:
    columns = np.array(space.states, dtype=np.float64).T
    return [int(np.unique(column).size) for column in columns]


def _names(space: Space) -> list[str]:
    """What each place of a state is called in the case."""
    moves = space.moves
    model, layout = moves.prepared.model, moves.prepared.names.layout
    names = []
    for spec in model.variables:
        for place in places(spec.groups):
            labels = labels_at(spec.groups, place)
            names.append(f"{spec.name}[{', '.join(labels)}]" if labels else spec.name)
    for cell, _ in moves.finite.counters:
        kind = next(name for name, block in layout.counters.items() if cell in block.cells)
        names.append(f"firings({kind})")
    names.extend(moves.prepared.instances[number].title for number in moves.stages)
    return names
