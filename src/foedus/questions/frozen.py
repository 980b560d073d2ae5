"""Forecasts frozen to a record that cannot be changed unseen, and scored when the end is known.

A frozen forecast says what was asked, what was answered, what was known by then (the ids of the
items), when it was made, from which text of the case (digest), and carries a digest of all of that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from math import log
from typing import Any

import numpy as np

from foedus.case.case import Case
from foedus.frozen import dataclass
from foedus.questions.answers import Answers, as_record
from foedus.questions.scores import brier, crps_sample, log_score
from foedus.text.diagnostic import SettingsError

LEVELS = (np.arange(200) + 0.5) / 200.0
LEAST = 1e-6
"""A probability of nought or one, which few runs can give, is scored as this far from it."""


class FrozenError(ValueError):
    """A file that is no frozen forecast, or one that was changed: what is wrong, and the cure."""


def freeze(
    case: Case,
    answers: Answers,
    as_of: str | None,
    made: str,
    version: str,
    *,
    draws: int,
    particles: int,
) -> dict[str, Any]:
    """The record of a forecast: answers given what was known by the end of `as_of` (nothing of the
    record, if None), made at the time `made` (ISO 8601) by a version of Foedus.

    With the `draws` and `particles` that were asked for it can be made again; there may have been
    fewer particles to draw from.
    """
    kept = ("name", "kind", "value", "low", "high", "error", "quantiles", "never")
    asked = as_record(answers)["questions"]
    assert isinstance(asked, list)
    record = {
        "foedus": version,
        "case": case.name,
        "case_digest": hashlib.sha256(case.source.text.encode()).hexdigest(),
        "as_of": as_of,
        "made": made,
        "known": [] if as_of is None else known_by(case, as_of),
        "draws": draws,
        "seed": answers.seed,
        "particles": None if as_of is None else particles,
        "questions": [{name: one[name] for name in kept} for one in asked],
    }
    return {**record, "digest": digest_of(record)}


def known_by(case: Case, as_of: str) -> list[str]:
    """The ids of the items of the record that were known by the end of a date."""
    from foedus.dates import parse_date

    day = parse_date(as_of, case.clock.zone).end
    items = [(one.id, one.known) for one in case.evidence]
    items += [(one.id, one.known) for one in case.claims]
    return [name for name, known in items if known.end <= day]


def digest_of(record: Mapping[str, Any]) -> str:
    """The digest (SHA-256) of everything in a record but its digest."""
    rest = {name: value for name, value in record.items() if name != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def read_frozen(text: str | bytes) -> dict[str, Any]:
    """A frozen forecast, its digest verified. Raises `FrozenError`."""
    try:
        record = json.loads(text)
    except ValueError:
        raise FrozenError("this is no frozen forecast: it is no JSON") from None
    needed = {"case", "questions", "made", "digest"}
    if not isinstance(record, dict) or not needed <= set(record):
        raise FrozenError("this is no frozen forecast: `foedus score freeze` makes one")
    if digest_of(record) != record["digest"]:
        raise FrozenError("the forecast was changed after it was frozen: its digest does not fit")
    return record


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a question: 1 or 0 for yes and no, a number, or None for never."""

    question: str
    value: float | None
    cites: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source forecast of a question, as a probability that we read out of its words."""

    source: str
    question: str
    probability: float
    known: str
    words: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A question whose end is known: what was forecast, what came, and the scores.

    Of a probability `brier` and `log`; of a number `crps` in its unit and `rank`, the share of the
    forecast that lay below what came; of a time that may never come neither, if quantiles are
    without a place for it: a part of the forecast lies no one knows how far off. `sources`: those
    that forecast it, with the Brier score and the logarithmic score of each.
    """

    question: str
    kind: str
    forecast: float | None
    came: Came
    brier: float | None = None
    log: float | None = None
    crps: float | None = None
    rank: float | None = None
    sources: tuple[tuple[Reading, float, float], ...] = ()


def settle(
    record: Mapping[str, Any], came: Sequence[Came], readings: Sequence[Reading] = ()
) -> tuple[Settled, ...]:
    """The questions of a frozen forecast of which the end is known, scored, in their order.

    Raises `SettingsError` for an end that a question cannot have.
    """
    ends = {one.question: one for one in came}
    found = []
    for question in record["questions"]:
        end = ends.get(question["name"])
        if end is not None and question["value"] is not None:
            said = [one for one in readings if one.question == question["name"]]
            found.append(_settled(question, end, said))
    return tuple(found)


def _settled(question: Mapping[str, Any], end: Came, said: Sequence[Reading]) -> Settled:
    name, kind, value = question["name"], question["kind"], question["value"]
    if kind == "probability":
        if end.value not in (0.0, 1.0):
            raise SettingsError(f"`{name}` either came or did not: write `yes` or `no`")
        p = min(max(float(value), LEAST), 1.0 - LEAST)
        sources = tuple(
            (one, brier([one.probability], [end.value]), log_score([one.probability], [end.value]))
            for one in said
        )
        return Settled(
            name, kind, float(value), end, brier([p], [end.value]), log_score([p], [end.value]),
            sources=sources,
        )  # fmt: skip
    quantiles = sorted((float(level), at) for level, at in (question["quantiles"] or {}).items())
    if end.value is None or len(quantiles) < 2 or any(at is None for _, at in quantiles):
        return Settled(name, kind, float(value), end)
    levels, places = (np.array(part) for part in zip(*quantiles, strict=True))
    draws = np.interp(LEVELS, levels, places)
    rank = float(np.mean(draws < end.value) + 0.5 * np.mean(draws == end.value))
    crps = crps_sample(draws, end.value)
    return Settled(name, kind, float(value), end, crps=crps, rank=rank)


def coin(settled: Sequence[Settled]) -> tuple[float, float]:
    """The mean scores of a coin on the same questions: what knowing nothing gets."""
    return (0.25, log(2.0)) if any(one.brier is not None for one in settled) else (0.0, 0.0)
