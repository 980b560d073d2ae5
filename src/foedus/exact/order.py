"""The likelihood of the order in which an event came at its instances, when nothing else is known.

Each next instance is the first of a race: its probability is its hazard over the sum of all hazards
of the event in the state that the events before have left [Butts2008]_ (equation 4). Nothing is
said of how long it took.

References
----------
.. [Butts2008] C. T. Butts (2008), A relational event framework for social action, Sociological
   Methodology 38, 155-200.
"""

from __future__ import annotations

from math import log

import numpy as np

from foedus.engine.prepare import Prepared
from foedus.engine.timing import Instance
from foedus.engine.world import Parameters
from foedus.exact.filtering import LogProbability
from foedus.exact.finite import finite
from foedus.exact.moves import Moves, Outcomes, State
from foedus.exact.refusal import NotExactError
from foedus.exact.uniformisation import ROUNDING
from foedus.jump.model import Atom, Rate
from foedus.jump.record import OrderTable


def order_log_likelihood(
    prepared: Prepared, theta: Parameters, atom: Atom, table: OrderTable
) -> LogProbability:
    """The log probability of a table's sequences at given parameters in an atom.

    `prepared` is the part of the model that the event depends on (`reduced.influencing`). Raises
    `NotExactError` where something else moves what the event depends on, or where it leaves
    anything to chance.
    """
    for kind in prepared.model.kinds:
        if kind.name != table.event:
            what = f"`{kind.name}` moves what `{table.event}` depends on, at an unknown place"
            raise NotExactError(what, "let the event alone move what it reads", kind.span)
        if not isinstance(kind.timing, Rate):
            raise NotExactError(f"`{kind.name}` has no rate", "give it a `rate:`", kind.span)
    moves = Moves(prepared, theta, atom, finite(prepared.model, ()))
    instances = {one.labels: one for one in prepared.by_kind[table.event]}
    value, rows = 0.0, 0
    for sequence in table.sequences:
        value += _sequence(moves, [instances[labels] for labels in sequence])
        rows += len(sequence)
    return LogProbability(value, ROUNDING * rows * (len(instances) + 8) if value > -np.inf else 0.0)


def _sequence(moves: Moves, instances: list[Instance]) -> float:
    state = _only(moves.start(()), moves.prepared.by_kind[instances[0].kind.name][0])
    hazards = np.zeros(len(moves.prepared.instances))
    moves.enter(state)
    for one in moves.timed:
        hazards[one.number] = moves.hazard(one, state)
    value = 0.0
    for one in instances:
        own = float(hazards[one.number])
        if own == 0.0:
            return -np.inf
        value += log(own) - log(float(hazards.sum()))
        before, state = state, _only(moves.ring(state, one), one)
        moves.enter(state)
        for number in _touched(moves, before, state):
            hazards[number] = moves.hazard(moves.prepared.instances[number], state)
    return value


def _only(outcomes: Outcomes, one: Instance) -> State:
    if len(outcomes) > 1:
        what = f"what `{one.kind.name}` does is left to chance, so that the order says too little"
        raise NotExactError(what, "leave out draws and choices", one.kind.span)
    ((state, _),) = outcomes
    return state


def _touched(moves: Moves, before: State, after: State) -> set[int]:
    """The instances that read something that has changed."""
    readers = moves.prepared.dependencies.state
    found: set[int] = set()
    for cell in range(moves.cells):
        if before[cell] != after[cell]:
            found.update(readers.everywhere[cell])
            found.update(readers.single.get(cell, ()))
    if before[moves.cells :] != after[moves.cells :]:  # counters
        found.update(one.number for one in moves.timed)
    return found
