"""What data of others add to a request: only what was so before its day.

Where a data set has not been imported, or does not know the state, the covariate is left out, and
the forecast is averaged over what it might be.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

from foedus.history.measures.leaders import polyarchy
from foedus.history.requests import plain
from foedus.history.states import State, states
from foedus.history.store import data, missing
from foedus.questions.requests.features import Asked, addressee

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
    """The state that a requester's name says, in the year before the request if it had begun."""
    name = plain(re.split(r"\s*[(,;]", requester)[0].strip())
    name = ALIASES.get(name, name)
    there = [state for state in states() if plain(state.name) == name]
    fitting = [state for state in there if state.start <= day.year <= state.end]
    return fitting[-1] if fitting else None


def covariates() -> Callable[[Asked], dict[str, float]]:
    """A function that gives the covariates of a request from the data in the store."""
    lacking = set(missing(NEEDS))
    index = {} if "vdem" in lacking else polyarchy()
    leaders = [] if "archigos" in lacking else _tenures()
    pacts = set() if "atop-dyad-years" in lacking else _pacts()
    last = max((year for _, _, year in pacts), default=0)

    def found(asked: Asked) -> dict[str, float]:
        if asked.asked is None:
            return {}
        state = state_of(asked.requester, asked.asked)
        if state is None:
            return {}
        year = asked.asked.year - 1
        values: dict[str, float] = {}
        if (state.cow, year) in index:
            value = index[state.cow or 0, year]
            values["polyarchy"] = (value - POLYARCHY_CENTRE) / POLYARCHY_SCALE
        since = _in_office_since(leaders, state, asked.asked)
        if since is not None:
            years = (asked.asked - since).days / 365.25
            values["tenure"] = (float(np.log1p(years)) - TENURE_CENTRE) / TENURE_SCALE
        lead = LEADS.get(addressee(asked.body))
        if pacts and lead is not None and state.cow is not None and year <= last:
            other = next(one.cow for one in states() if one.iso3 == lead)
            values["pact"] = float((state.cow, other, year) in pacts)
        return values

    return found


Tenure = tuple[int, date, date]


def _tenures() -> list[Tenure]:
    rows = data("archigos", ["gwcode", "startdate", "enddate"]).to_pylist()
    return [(row["gwcode"], row["startdate"], row["enddate"]) for row in rows]


def _in_office_since(leaders: list[Tenure], state: State, day: date) -> date | None:
    """When whoever was in office the day before had entered; None beyond the data."""
    eve = day - timedelta(days=1)
    found = [start for code, start, end in leaders if code == state.gw and start <= eve <= end]
    return found[-1] if found else None


def _pacts() -> set[tuple[int, int, int]]:
    """Pairs of states and years with a promise of defence, either way."""
    table = data("atop-dyad-years", ["ccode1", "ccode2", "year", "atop_defense"])
    rows = table.filter(table["atop_defense"]).to_pylist()
    one_way = {(row["ccode1"], row["ccode2"], row["year"]) for row in rows}
    return one_way | {(other, one, year) for one, other, year in one_way}
