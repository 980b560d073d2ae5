"""Requests for military help: granted or not, how soon, for how long, and what became of the asker.

From our own table. Two collections are pooled in it, of which one was searched for refusals: the
share granted is no base rate of its own, and depends on the class (its note says so).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from foedus.history.requests import Request, requests
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
NOTE = (
    "two collections are pooled, one of which was searched for refusals: "
    "refusals leave less trace than operations, and the share depends on the class"
)


def _columns(request: Request) -> dict[str, Value]:
    return {
        "year": request.asked.year,
        "frame": request.frame,
        "threat": request.threat,
        "genuine": request.genuine,
        "decision": request.decision,
        "requester": request.requester,
        "body": request.body,
    }


def _shares(
    happened: Callable[[Request], bool], known: Callable[[Request], date]
) -> Callable[[], list[Unit]]:
    return lambda: [
        Unit(float(happened(each)), 1.0, known(each), _columns(each)) for each in requests()
    ]


def _lengths(
    start: Callable[[Request], date | None], end: Callable[[Request], date | None]
) -> Callable[[], list[Unit]]:
    def units() -> list[Unit]:
        found = []
        for each in requests():
            first, last = start(each), end(each)
            if each.decision != "refused" and first is not None and last is not None:
                days = float(max((last - first).days, 0))
                found.append(Unit(days, 1.0, max(last, each.known), _columns(each)))
        return found

    return units


def _measure(name: str, title: str, kind: str, units: Callable[[], list[Unit]]) -> Measure:
    unit = {"share": "share", "length": "days"}[kind]
    return Measure(name, title, kind, unit, (), ("aid-requests",), COLUMNS, units, NOTE)


REQUESTS = (
    _measure(
        "request-granted", "a request for military help is granted in full", "share",
        _shares(lambda each: each.decision == "granted", lambda each: each.known),
    ),
    _measure(
        "request-helped", "a request for military help is granted, in full or in part", "share",
        _shares(lambda each: each.decision != "refused", lambda each: each.known),
    ),
    _measure(
        "asker-in-office", "whoever asked for military help is in office a year later", "share",
        _shares(lambda each: each.fate == "in_office", lambda each: each.fate_known),
    ),
    _measure(
        "days-to-troops", "days from a request that is granted to the first troops", "length",
        _lengths(lambda each: each.asked, lambda each: each.deployed),
    ),
    _measure(
        "days-deployed", "days from the first troops to the last withdrawal", "length",
        _lengths(lambda each: each.deployed, lambda each: each.withdrawn),
    ),
)  # fmt: skip
