"""The laws that ship: how willing each body is, for every day on which something became known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scipy.special import expit

from foedus.history.bodies import ADDRESSEES, BODIES
from foedus.history.learned import UNKNOWN, table_digest
from foedus.history.requests import Request
from foedus.questions.fits.bodies import path_of_body
from foedus.questions.fits.calls import calls_of, fit_calls

DIGITS = 4


def days_of(requests: Sequence[Request]) -> list[str]:
    """The days on which the end of a call became known, in order."""
    return sorted({each.known.isoformat() for each in requests if each.genuine == "yes"})


def learned_laws(
    requests: Sequence[Request],
    days: Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """The content of `learned.json`: for each body [median, spread, taken up, calls] as known
    before the first of the `days` (all there are, if none are given), then after each."""
    days = days_of(requests) if days is None else days
    bodies = [*BODIES, *(name for name in ADDRESSEES if name not in BODIES), UNKNOWN]
    paths = {name: path_of_body(name) for name in bodies}
    laws: dict[str, list[list[float]]] = {name: [] for name in bodies}
    used = []
    for place in range(len(days) + 1):
        usable = [each for each in requests if place and each.known.isoformat() <= days[place - 1]]
        model = fit_calls(calls_of(usable), list(paths.values()))
        used.append(len(model.calls))
        for name, path in paths.items():
            granted, calls = model.record(path)
            share = model.share(path, granted, calls - granted)
            median = float(expit(share.location))
            laws[name].append([_rounded(median), _rounded(share.spread), granted, calls])
        if progress is not None:
            progress(place + 1, len(days) + 1)
    return {"table": table_digest(), "days": list(days), "used": used, "bodies": laws}


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
