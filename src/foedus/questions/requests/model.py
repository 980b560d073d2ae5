"""Forecasts of requests for help from those that came before, and from nothing later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from foedus.frozen import dataclass
from foedus.questions.requests.delays import LEVELS, Delay
from foedus.questions.requests.features import COVARIATES, Asked, features
from foedus.questions.requests.learning import Lesson, learn
from foedus.questions.requests.precedents import Mask, Precedents, Row

Array = NDArray[np.float64]

LESSONS = 256
"""So many are kept at a time; a table of requests teaches about as many, one for each day on which
something became known."""
FEW = 10
"""With fewer earlier requests than this it is said that the prior speaks."""
UNSEEN = (5, 15)
"""So many refusals that left no trace are added, to see what they would change."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A probability, and the interval (95 %) within which the model's own uncertainty leaves it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader should know about the basis of a forecast: a name, which has its words in
    `foedus.report`, and what they tell."""

    name: str
    told: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is forecast of a request.

    The three probabilities sum to one. `delay`: days from the request to the first troops, given
    that it is granted. `unseen`: the three probabilities had there been so many refusals more.
    `learned_from`: rows whose decision was known. `notes`: what narrows its basis.
    """

    asked: Asked
    granted: Estimate
    partial: Estimate
    refused: Estimate
    delay: Delay
    in_office: Estimate
    unseen: dict[int, tuple[float, float, float]]
    learned_from: int
    notes: tuple[Note, ...]

    @property
    def days_median(self) -> float:
        """The median of the days to the first troops."""
        return float(self.delay.quantiles(np.array([0.5], np.float64))[0])

    @property
    def days(self) -> Array:
        """Equally likely days to the first troops."""
        return self.delay.quantiles(LEVELS)


def forecast(asked: Asked, rows: Sequence[Row], unseen: Sequence[int] = UNSEEN) -> Forecast:
    """The forecast for a request from what was known of the rows before its day.

    Where the day is not known, before the first that it may be; without any, all rows are used. The
    notes say so. A row of the same case is left out.
    """
    return next(forecasts([asked], rows, unseen))


def forecasts(
    asked: Iterable[Asked], rows: Sequence[Row], unseen: Sequence[int] = UNSEEN
) -> Iterator[Forecast]:
    """The forecast for each request, as `forecast` gives it.

    For many requests this is the quicker: what the same rows teach is learned once.
    """
    precedents = Precedents(rows)

    @lru_cache(maxsize=LESSONS)
    def lesson(known: bytes) -> Lesson:
        mask = np.frombuffer(known, np.bool_).reshape(3, -1)
        return learn(precedents.rows_of(mask), unseen)

    for one in asked:
        known = precedents.known(one.case_id, one.asked)
        yield _forecast(one, lesson(known.tobytes()), _of_date(one, precedents, known))


def _forecast(asked: Asked, lesson: Lesson, notes: Sequence[Note]) -> Forecast:
    """The forecast for a request from what rows teach."""
    own = features(asked)
    draws, *with_unseen = lesson.decision.predicted(asked, own)
    fate = lesson.fate.predicted(asked, own)[0, 1:]
    refused, partial, granted, in_office = _estimates(np.concatenate([draws, fate]))
    shares = [each.mean(axis=1)[::-1].tolist() for each in with_unseen]
    return Forecast(
        asked, granted, partial, refused, lesson.delay(own), in_office,
        {count: tuple(each) for count, each in zip(lesson.unseen, shares, strict=True)},
        lesson.rows, (*notes, *_notes(asked, own, lesson)),
    )  # fmt: skip


def _estimates(draws: Array) -> list[Estimate]:
    """Of each row of draws (row, draw): its mean and interval."""
    low, high = np.quantile(draws, [0.025, 0.975], axis=1)
    return [Estimate(*map(float, each)) for each in zip(draws.mean(axis=1), low, high, strict=True)]


def _of_date(asked: Asked, precedents: Precedents, known: Mask) -> list[Note]:
    """What the date of a request, not being known to the day, takes from its forecast."""
    if asked.asked is None:
        return [Note("no-date")]
    if asked.latest is None:
        return []
    later = precedents.known(asked.case_id, asked.latest)
    left_out = int(later[0].sum() - known[0].sum())
    span = ("first", asked.asked.isoformat()), ("last", asked.latest.isoformat())
    name = "date" + ("-left-out" if left_out else "") + ("-tenure" if asked.spreads else "")
    return [] if name == "date" else [Note(name, (*span, ("count", left_out)))]


def _notes(asked: Asked, own: Mapping[str, float], lesson: Lesson) -> list[Note]:
    """What a reader should know about the basis of a forecast."""
    notes = []
    for what, name in (("asker", asked.requester), ("body", asked.body)):
        if not name:
            notes.append(Note(f"no-{what}"))
    if lesson.rows < FEW:
        notes.append(Note("few", (("count", lesson.rows),)))
    for name in own:
        kind, _, word = name.partition(":")
        if word and name not in lesson.seen:
            notes.append(Note(f"no-{kind}", (("word", word),)))
    lacking = [name for name in COVARIATES if name not in asked.covariates]
    return [*notes, Note("lacking", (("names", " ".join(lacking)),))] if lacking else notes
