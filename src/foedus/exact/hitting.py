"""Whether and when a chain first gets somewhere, however long it takes, by linear equations.

For a model without dates. With `D` the states that are not in the target and can get to it, the
probabilities `h` of getting there solve `(leaving - moves) h = moves into the target` on `D`
[Norris1997]_ (theorem 3.3.1), and are 0 in all other states outside the target; the expected times
solve the same equations with 1 on the right where getting there is certain, and are infinite
elsewhere.

References
----------
.. [Norris1997] J. R. Norris (1997), Markov Chains, Cambridge University Press [theorems 3.3.1,
   3.3.3].
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, diags_array
from scipy.sparse.csgraph import breadth_first_order
from scipy.sparse.linalg import splu

from foedus.exact.course import leaving
from foedus.exact.refusal import NotExactError
from foedus.exact.space import Numbers, Places, Space, Truths
from foedus.frozen import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Hitting:
    """From each state (state,): the probability of ever getting to the target, the expected days.

    Days are infinite where it may never get there. `error` bounds the errors of the probabilities,
    `error_of_days` those of finite expected times.
    """

    probability: Numbers
    days: Numbers
    error: float
    error_of_days: float


def hitting(space: Space, target: Truths) -> Hitting:
    """Getting to the states where `target` (state,) holds.

    Raises `NotExactError` for a model with dates, or whose states have no end.
    """
    if space.stops:
        raise NotExactError("something is dated, so that the time matters", "ask `by` a date")
    if not space.is_whole:
        raise NotExactError("the states have no end", "give counts a `max:`")
    moves = space.matrix(space.rates).T.tocsr()  # from, to
    out = leaving(space, space.rates)
    can = _can_reach(moves, target) & ~target
    probability = target.astype(np.float64)
    inside = np.flatnonzero(can)
    error = 0.0
    if inside.size:
        into = np.asarray(moves[inside][:, np.flatnonzero(target)].sum(axis=1)).ravel()
        found, error = _solve(moves, out, inside, into)
        probability[inside] = np.clip(found, 0.0, 1.0)
    days = np.where(target, 0.0, np.inf)
    sure = np.flatnonzero(can & ~_may_miss(moves, target, ~target & ~can))
    error_of_days = 0.0
    if sure.size:
        days[sure], error_of_days = _solve(moves, out, sure, np.ones(sure.size))
    return Hitting(probability, days, error, error_of_days)


def _can_reach(moves: csr_array, target: Truths) -> Truths:
    """The states from which some path leads into the target (those of the target included)."""
    size = target.size
    into = np.flatnonzero(target)
    # One more state leads to all of the target against the direction of the moves.
    backwards = moves.T.tocoo()
    rows = np.concatenate([backwards.row, np.full(into.size, size)])
    columns = np.concatenate([backwards.col, into])
    graph = csr_array((np.ones(rows.size), (rows, columns)), shape=(size + 1, size + 1))
    found = np.zeros(size + 1, dtype=np.bool_)
    found[breadth_first_order(graph, size, return_predecessors=False)] = True
    return found[:size]


def _may_miss(moves: csr_array, target: Truths, lost: Truths) -> Truths:
    """The states from which a path outside the target leads to where it cannot be reached from."""
    outside = diags_array((~target).astype(np.float64))
    return _can_reach((outside @ moves).tocsr(), lost)


def _solve(moves: csr_array, out: Numbers, inside: Places, right: Numbers) -> tuple[Numbers, float]:
    """The solution of `(leaving - moves) x = right` on some states, and a bound on its error.

    The matrix has an inverse without negative entries; applied to ones it gives the expected times
    `t` of leaving, and an error is at most the largest residual times the largest of them.
    """
    matrix = diags_array(out[inside]) - moves[inside][:, inside]
    factors = splu(matrix.tocsc())
    found: Numbers = factors.solve(right)
    found = found + factors.solve(right - matrix @ found)
    longest = float(np.abs(factors.solve(np.ones(inside.size))).max())
    residual = float(np.abs(right - matrix @ found).max())
    rounding = 4.0 * np.finfo(float).eps * float(np.abs(found).max(initial=0.0) * out[inside].max())
    return found, (residual + rounding) * longest * 2.0
