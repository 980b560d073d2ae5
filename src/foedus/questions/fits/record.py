"""The record of a body around one case: what was to be expected of it, what its answer taught, what
the answer itself changed, and what became of the next calls.

"A paper tiger that took a step" can mean two things. That the body acted tells us that it always
was one that acts sooner than we thought: a change of our belief. And having acted it may act more
readily: a change of the body. They are two numbers here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from scipy.special import expit, ndtri

from foedus.expr.prior import Prior
from foedus.frozen import dataclass
from foedus.history.requests import Request
from foedus.questions.fits.bodies import path_of, path_of_body
from foedus.questions.fits.calls import (
    POINTS,
    Call,
    Effect,
    Share,
    Willingness,
    calls_of,
    fit_calls,
)
from foedus.questions.fits.of_case import Asked
from foedus.questions.fits.tree import Array, Path

PIECES = 50


@dataclass(frozen=True, slots=True)
class Later:
    """A later call on the body: what was to be expected of it on its day, and what came."""

    request: Request
    expected: Share


@dataclass(frozen=True, slots=True)
class Other:
    """Another body of the same kind: its calls before the case, and what is to be expected of it.

    `asked` names each call with what became of it.
    """

    body: str
    granted: int
    calls: int
    expected: Share
    asked: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BodyRecord:
    """The record of a body around a case.

    `earlier`: its calls before; `others_say`: what other bodies alone let expect of it; `before`:
    that with its own record; `chance_of_record`: how probable so many refusals in a row were, had
    it been like the others (None unless all were refusals). `learned`: what is believed of its
    chance at that time once its answer is known; `after`: its chance at the next call;
    `after_by_case`: its mean if the answer had changed the body as the case itself believes. They
    are None where the case's own call is not in the table.
    """

    asked: Asked
    earlier: tuple[Request, ...]
    others_say: Share
    before: Share
    chance_of_record: float | None
    learned: Share | None
    after: Share | None
    lifts: Effect
    sinks: Effect
    later: tuple[Later, ...]
    others: tuple[Other, ...]
    after_by_case: float | None = None

    @property
    def belief_moved(self) -> float | None:
        """By how much its answer changed our belief about how willing it was all along."""
        return None if self.learned is None else self.learned.mean - self.before.mean

    @property
    def body_moved(self) -> float | None:
        """By how much the answer itself changed the chance of the next call."""
        if self.after is None or self.learned is None:
            return None
        return self.after.mean - self.learned.mean


def record_of(asked: Asked, table: Sequence[Request]) -> BodyRecord:
    """The record of the body that a case is about. Only what was known by each day is used."""
    genuine = [each for each in table if each.genuine == "yes"]
    own_id = "" if asked.own is None else asked.own.case_id
    path = path_of_body(asked.body)
    mine = [each for each in genuine if path_of(each) == path]
    earlier = [each for each in mine if each.known < asked.before and each.case_id != own_id]
    wins = sum(each.decision == "granted" for each in earlier)
    losses = len(earlier) - wins
    before = _model(table, asked.before, path, without=own_id)
    learned = after = by_case = None
    newest = before
    if asked.own is not None and asked.own.genuine == "yes":
        newest = _model(table, asked.own.known + timedelta(days=1), path)
        granted = asked.own.decision == "granted"
        learned = newest.share(path, wins, losses)
        after = newest.share(path, wins + granted, losses + (not granted))
        by_case = _moved(learned, asked.lifts if granted else asked.sinks, 1 if granted else -1)
    return BodyRecord(
        asked, tuple(earlier), before.share(path, own=False), before.share(path, wins, losses),
        _chance_of_refusals(table, asked.before, path, own_id), learned, after, newest.lifts,
        newest.sinks, _later(asked, mine, table, path), _others(before, table, asked, path),
        by_case,
    )  # fmt: skip


def _moved(share: Share, change: Prior | None, sign: int) -> float | None:
    """The mean of a share, its log odds taken as normal, once an uncertain change is added to them.

    Averaged over the middles of equally probable pieces of both laws.
    """
    if change is None:
        return None
    levels = (np.arange(PIECES) + 0.5) / PIECES
    odds = share.location + share.spread * ndtri(levels)
    changes = np.array([change.quantile(float(level)) for level in levels])
    return float(expit(odds[:, None] + sign * changes[None, :]).mean())


def _model(table: Sequence[Request], before: date, path: Path, without: str = "") -> Willingness:
    usable = [each for each in table if each.known < before and each.case_id != without]
    return fit_calls(calls_of(usable), [path])


def _chance_of_refusals(
    table: Sequence[Request], before: date, path: Path, without: str
) -> float | None:
    """The probability of the body's refusals in a row, from the calls on all others alone."""
    known = [each for each in table if each.known < before and each.case_id != without]
    calls = calls_of(known)
    own = [call for call in calls if call.path == path]
    if not own or any(call.granted for call in own):
        return None
    model = fit_calls([call for call in calls if call.path != path], [path])
    law = model.weights[:, :, None] * model.all[:, model.paths.index(path)]
    return float((law * _refused(own, model)[None]).sum())


def _refused(own: Sequence[Call], model: Willingness) -> Array:
    """The likelihood of refusals (effect, point)."""
    product = np.ones((len(model.shared), len(POINTS)))
    for call in own:
        shift = call.wins * model.shared[:, 0] - call.losses * model.shared[:, 1]
        product *= 1.0 - expit(POINTS[None, :] + shift[:, None])
    return product


def _later(
    asked: Asked, mine: Sequence[Request], table: Sequence[Request], path: Path
) -> tuple[Later, ...]:
    """The calls on the body after the case's own, each forecast as of its day."""
    if asked.own is None:
        return ()
    found = []
    for each in mine:
        if each.asked > asked.own.asked and each.case_id != asked.own.case_id:
            model = _model(table, each.asked, path)
            wins, calls = model.record(path)
            found.append(Later(each, model.share(path, wins, calls - wins)))
    return tuple(found)


def _others(
    model: Willingness, table: Sequence[Request], asked: Asked, path: Path
) -> tuple[Other, ...]:
    """The other bodies that are called on in the same frame, most often called on first."""
    found = []
    for other in model.paths:
        if len(other) != len(path) or other == path or other[0] != path[0]:
            continue
        granted, calls = model.record(other)
        rows = [each for each in table if each.known < asked.before and each.genuine == "yes"]
        names = tuple((each.case_id, each.decision) for each in rows if path_of(each) == other)
        expected = model.share(other, granted, calls - granted)
        found.append(Other(other[-1], granted, calls, expected, names))
    return tuple(sorted(found, key=lambda one: (-one.calls, one.body)))
