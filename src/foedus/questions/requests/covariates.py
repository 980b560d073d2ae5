"""What data of others add to a request: only what was so before the first day it may have.

What changes over the days on which it may have been made is averaged over them. Where a data set
has not been imported, or does not know the state, the covariate is left out, and the forecast is
averaged over what it might be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np

from foedus.history.bodies import addressee
from foedus.history.measures.leaders import polyarchy
from foedus.history.requests import plain
from foedus.history.states import State, states
from foedus.history.store import data, missing
from foedus.questions.requests.features import Asked

NEEDS = ("archigos", "atop-dyad-years", "vdem")
LEADS = {
    "russia": "RUS", "united-states": "USA", "france": "FRA", "united-kingdom": "GBR",
    "nato": "USA", "arab": "SAU", "west-africa": "NGA", "southern-africa": "ZAF",
    "pacific": "AUS", "india": "IND",
}  # fmt: skip
"""The state whose pact is looked up for each addressee."""
ALIASES = {
    "congo-leopoldville": "dr congo", "congo-brazzaville": "congo", "tanganyika": "tanzania",
    "saint vincent": "saint vincent and the grenadines", "bosnia-herzegovina":
    "bosnia and herzegovina", "the gambia": "gambia", "east timor": "timor-leste",
    "united states of america": "united states", "ivory coast": "cote d'ivoire",
    "soviet union": "russia", "ussr": "russia", "burma": "myanmar",
}  # fmt: skip
POLYARCHY_CENTRE, POLYARCHY_SCALE = 0.4, 0.25
TENURE_CENTRE, TENURE_SCALE = 1.4, 1.0
"""Of log(1 + years): three years in office are nought."""


def state_of(requester: str, day: date) -> State | None:
    """The state that a requester's name says, in the year of the request."""
    name = plain(re.split(r"\s*[(,;]", requester)[0].strip())
    there = _states_by_name().get(ALIASES.get(name, name), ())
    fitting = [state for state in there if state.start <= day.year <= state.end]
    return fitting[-1] if fitting else None


@cache
def _states_by_name() -> dict[str, list[State]]:
    found: dict[str, list[State]] = {}
    for state in states():
        found.setdefault(plain(state.name), []).append(state)
    return found


def covariates() -> Callable[[Asked], Asked]:
    """A function that gives a request its covariates from the data in the store."""
    lacking = set(missing(NEEDS))
    index = {} if "vdem" in lacking else polyarchy()
    leaders = {} if "archigos" in lacking else _tenures()
    pacts = set() if "atop-dyad-years" in lacking else _pacts()
    last = max((year for _, _, year in pacts), default=0)
    codes = {state.iso3: state.cow for state in reversed(states())}

    def found(asked: Asked) -> Asked:
        state = None if asked.asked is None else state_of(asked.requester, asked.asked)
        if asked.asked is None or state is None:
            return asked
        year = asked.asked.year - 1
        values: dict[str, float] = {}
        spreads: dict[str, float] = {}
        if (state.cow, year) in index:
            value = index[state.cow or 0, year]
            values["polyarchy"] = (value - POLYARCHY_CENTRE) / POLYARCHY_SCALE
        since = _in_office_since(leaders.get(state.gw, ()), asked.asked)
        if since is not None:
            values["tenure"], spread = _tenure(since, asked.asked, asked.latest)
            if spread:
                spreads["tenure"] = spread
        lead = LEADS.get(addressee(asked.body))
        if pacts and lead is not None and state.cow is not None and year <= last:
            values["pact"] = float((state.cow, codes[lead], year) in pacts)
        return replace(asked, covariates=values, spreads=spreads)

    return found


Tenure = tuple[date, date]


def _tenures() -> dict[int | None, list[Tenure]]:
    """Who was in office from when to when, by code of Gleditsch and Ward."""
    found: dict[int | None, list[Tenure]] = {}
    for row in data("archigos", ["gwcode", "startdate", "enddate"]).to_pylist():
        found.setdefault(row["gwcode"], []).append((row["startdate"], row["enddate"]))
    return found


def _in_office_since(leaders: Sequence[Tenure], day: date) -> date | None:
    """When whoever was in office the day before had entered; None beyond the data."""
    eve = day - timedelta(days=1)
    found = [start for start, end in leaders if start <= eve <= end]
    return found[-1] if found else None


def _tenure(since: date, first: date, last: date | None) -> tuple[float, float]:
    """The mean and the standard deviation of the covariate over the days from first to last.

    Whoever was in office before the first is taken to be so until the last: that another came is
    not known on the first.
    """
    days = np.arange((first - since).days, ((last or first) - since).days + 1)
    values = (np.log1p(days / 365.25) - TENURE_CENTRE) / TENURE_SCALE
    return float(values.mean()), float(values.std())


def _pacts() -> set[tuple[int, int, int]]:
    """Pairs of states and years with a promise of defence, either way."""
    table = data("atop-dyad-years", ["ccode1", "ccode2", "year", "atop_defense"])
    rows = table.filter(table["atop_defense"]).to_pylist()
    one_way = {(row["ccode1"], row["ccode2"], row["year"]) for row in rows}
    return one_way | {(other, one, year) for one, other, year in one_way}
