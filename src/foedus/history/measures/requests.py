"""Requests for military help: granted or not, how soon, for how long, and what became of the asker.

From our own table, or one that a user has imported in its place. Two collections are pooled in
ours, of which one was searched for refusals: the share granted is no base rate of its own, and
depends on the class (its note says so).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from foedus.history.bodies import OTHER, body_of
from foedus.history.requests import Request, possible_days, requests
from foedus.history.units import Measure, Unit, Value

COLUMNS = {
    "year": "year of the request",
    "frame": "alliance, bilateral or regional",
    "threat": "border, coup, insurgency, invasion, mutiny, protest, secession or terror",
    "genuine": "yes, contested or no (asked by somebody else)",
    "decision": "granted, partial or refused (a mere threat counts as refused)",
    "requester": "who asked",
    "body": "whom they asked",
}
NOTE = "searched"


def _columns(request: Request) -> dict[str, Value]:
    return {
        "year": request.asked.year,
        "frame": request.frame,
        "threat": request.threat,
        "genuine": request.genuine,
        "decision": request.decision,
        "requester": request.requester,
        "body": _body(request),
    }


def _body(request: Request) -> str:
    """Whom they asked, by the name that every screen and case has for it, or as it was written."""
    body = body_of(request.body)
    return request.body if body == OTHER else body


Days = tuple[date, date]
"""The first and the last day on which something may have become known."""


def _decision_known(request: Request) -> Days:
    return request.known_at_first, request.known


def _fate_known(request: Request) -> Days:
    return request.fate_known_at_first, request.fate_known


def _unit(happened: float, known: Days, request: Request) -> Unit:
    first, last = known
    return Unit(happened, 1.0, last, _columns(request), first)


Table = Callable[[], Sequence[Request]]


def request_measures(table: Table) -> tuple[Measure, ...]:
    """The questions to a table of requests, which is read when one is put."""
    return (
        _measure(
            "request-granted", "share",
            _shares(table, lambda each: each.decision == "granted", _decision_known),
        ),
        _measure(
            "request-helped", "share",
            _shares(table, lambda each: each.decision != "refused", _decision_known),
        ),
        _measure(
            "asker-in-office", "share",
            _shares(
                lambda: [each for each in table() if each.fate],
                lambda each: each.fate == "in_office", _fate_known,
            ),
        ),
        _measure(
            "days-to-troops", "length",
            _lengths(table, _to_troops),
        ),
        _measure(
            "days-deployed", "length",
            _lengths(table, _to_withdrawal),
        ),
    )  # fmt: skip


def _shares(
    table: Table, happened: Callable[[Request], bool], known: Callable[[Request], Days]
) -> Callable[[], list[Unit]]:
    return lambda: [_unit(float(happened(each)), known(each), each) for each in table()]


def _to_troops(request: Request) -> tuple[date | None, date | None, str]:
    return request.asked, request.deployed, request.deployed_precision


def _to_withdrawal(request: Request) -> tuple[date | None, date | None, str]:
    return request.deployed, request.withdrawn, request.withdrawn_precision


def _lengths(
    table: Table, span: Callable[[Request], tuple[date | None, date | None, str]]
) -> Callable[[], list[Unit]]:
    """Spans from a day to a later one, as they are written, the later one known to a precision."""

    def units() -> list[Unit]:
        found = []
        for each in table():
            first, last, precision = span(each)
            if each.decision != "refused" and first is not None and last is not None:
                over = possible_days(last, precision)
                known = max(over[0], each.known_at_first), max(over[1], each.known)
                found.append(_unit(float(max((last - first).days, 0)), known, each))
        return found

    return units


def _measure(name: str, kind: str, units: Callable[[], list[Unit]]) -> Measure:
    unit = {"share": "share", "length": "days"}[kind]
    return Measure(name, kind, unit, (), ("aid-requests",), COLUMNS, units, NOTE)


REQUESTS = request_measures(requests)
"""Put to the table that ships."""
