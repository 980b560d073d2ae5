"""Forecasts of requests frozen to a record, and what the table says came of each.

The record is that of `foedus.questions.frozen`, with one question for each thing that is forecast
of a request, and beside the forecast what the base rate of earlier requests says of the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from foedus.history.requests import OUTSIDE, TABLE, Request
from foedus.history.requests_at_hand import NAME
from foedus.history.store import files_of, provenance
from foedus.questions.frozen import Came, Reading, digest_of
from foedus.questions.requests.covariates import NEEDS
from foedus.questions.requests.learning import CHOICES
from foedus.questions.requests.model import Forecast
from foedus.questions.requests.precedents import Precedents, Row
from foedus.questions.requests.scoring import rates
from foedus.text.diagnostic import SettingsError

IN_OFFICE, DAYS = "in office", "days"
BASE_RATE = "base rate"
LEVELS = np.linspace(0.05, 0.95, 19)


def freeze_requests(
    made: Sequence[Forecast], rows: Sequence[Row], path: Path, when: str, version: str
) -> dict[str, Any]:
    """The record of forecasts that were learned from `rows`, of the requests in the file `path`,
    made at a time (ISO 8601) by a version of Foedus.

    Raises `SettingsError` for two requests of one name, of which could not be told later what came,
    `OSError`.
    """
    names = [one.asked.case_id for one in made]
    doubles = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if doubles:
        raise SettingsError(f"two requests are called `{doubles[0]}`: give each a name of its own")
    precedents = Precedents(rows)
    record = {
        "foedus": version,
        "case": path.stem,
        "case_digest": hashlib.sha256(path.read_bytes()).hexdigest(),
        "requests": path.name,
        "as_of": None,
        "made": when,
        "known": _data_at_hand(),
        "questions": [question for one in made for question in _questions(one)],
        "said": [asdict(reading) for one in made for reading in _base_rate(one, precedents)],
    }
    return {**record, "digest": digest_of(record)}


def _data_at_hand() -> list[str]:
    """The data that forecasts rest on, each with the digest of its file."""
    there = {name: provenance(files_of(name)[0]).digest for name in NEEDS if files_of(name)}
    own = files_of(NAME)
    tables = (
        [provenance(own[0]).digest]
        if own
        else [hashlib.sha256(table.read_bytes()).hexdigest() for table in (TABLE, OUTSIDE)]
    )
    return [*(f"{NAME} {digest}" for digest in tables), *(f"{n} {d}" for n, d in there.items())]


def _name(case: str, what: str) -> str:
    return f"{case}: {what}"


def _questions(one: Forecast) -> Iterator[dict[str, Any]]:
    case = one.asked.case_id
    estimates = (one.refused, one.partial, one.granted, one.in_office)
    for what, estimate in zip((*CHOICES, IN_OFFICE), estimates, strict=True):
        yield {
            "name": _name(case, what), "kind": "probability", "value": estimate.value,
            "low": estimate.low, "high": estimate.high, "quantiles": None,
        }  # fmt: skip
    days = one.delay.quantiles(LEVELS).tolist()
    quantiles = {f"{level:.2f}": at for level, at in zip(LEVELS, days, strict=True)}
    yield {
        "name": _name(case, DAYS), "kind": "days", "value": one.days_median,
        "low": None, "high": None, "quantiles": quantiles,
    }  # fmt: skip


def _base_rate(one: Forecast, precedents: Precedents) -> Iterator[Reading]:
    """What the shares among all earlier requests say of one."""
    case = one.asked.case_id
    known = precedents.rows_of(precedents.known(case, one.asked.asked))
    decision, in_office = rates(known)
    words = f"{len(known.decided)} requests decided before it"
    for what, share in zip((*CHOICES, IN_OFFICE), (*decision, in_office), strict=True):
        yield Reading(BASE_RATE, _name(case, what), share, str(one.asked.asked or ""), words)


def came_of(table: Sequence[Request]) -> list[Came]:
    """What came of each request of a table, as answers to the questions of a frozen forecast."""
    found = []
    for request in table:
        case, cites = request.case_id, "aid-requests"
        ends = {what: float(what == request.decision) for what in CHOICES}
        if request.fate:
            ends[IN_OFFICE] = float(request.fate == "in_office")
        days = request.days_to_troops
        if days is not None:
            ends[DAYS] = days
        found += [Came(_name(case, what), value, cites) for what, value in ends.items()]
    return found
