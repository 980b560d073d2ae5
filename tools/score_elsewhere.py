"""Score forecasts of requests on what others have coded, of which nothing was ever learned (SDR 9).

    FOEDUS_DATA=... python tools/score_elsewhere.py

needs `archigos`, `atop-members`, `berkemeier-fuhrmann`, `cow-wars-inter` and `ucdp-acd` in the
store. It prints the table of docs/decisions/sdr-0009-what-others-have-coded.md.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from foedus.frozen import dataclass
from foedus.history.requests import requests_of_both
from foedus.history.states import states
from foedus.history.store import data
from foedus.questions.requests.covariates import state_of
from foedus.questions.requests.features import Asked
from foedus.questions.requests.model import forecasts
from foedus.questions.requests.precedents import Known, Precedents, Row, rows_of
from foedus.questions.requests.scoring import CLASSES, rates

Array = NDArray[np.float64]
FIRST_YEAR = 1956
"""The first year of the tables that forecasts learn from."""
RIVALS = ("base rate", "class: threat", "class: frame and threat")


@dataclass(frozen=True, slots=True)
class Seen:
    """What others coded, as the request it would have been, and whether what is forecast came.

    `of`: the war or the state; what has it in common is not unrelated.
    """

    asked: Asked
    came: bool
    of: str


@dataclass(frozen=True, slots=True)
class Beside:
    """Mean logarithmic scores beside what came: of the model, and of rivals how far they lie above
    it, with the standard error between wars or states."""

    rows: int
    groups: int
    came: float
    said: float
    log: float
    behind: dict[str, tuple[float, float]]


def invocations() -> list[Seen]:
    """Pacts with a promise to fight that a war between states invoked, and whether it was honoured.

    From Berkemeier and Fuhrmann, wars from 1956 on with a number of the Correlates of War. Who
    asks: of the members in the war one that was attacked, or else one that was not, by the year it
    came in and its number. Who is asked: the other members of that year.
    """
    members = defaultdict(list)
    for row in data("atop-members").to_pylist():
        members[row["atopid"]].append(row)
    started, parties = _wars()
    found = []
    for row in data("berkemeier-fuhrmann").to_pylist():
        year = started.get(row["cowwarid"] or 0, 0)
        if row["dnaLLM"] or year < FIRST_YEAR or not (row["defense"] or row["offense"]):
            continue
        bound = {m["member"] for m in members[row["atopid"]]
                 if m["yrent"] <= year <= (m["yrexit"] or year)}  # fmt: skip
        fighting = bound & set(parties[row["cowwarid"]])
        if not fighting:
            continue
        asks = min(fighting, key=lambda code: (*parties[row["cowwarid"]][code], code))
        others = ", ".join(_name(code, year) for code in sorted(bound - {asks}))
        asked = _asked(_name(asks, year), others, "alliance", "invasion", date(year, 1, 1))
        found.append(Seen(asked, bool(row["honorLLM"]), str(row["cowwarid"])))
    return found


def _wars() -> tuple[dict[int, int], dict[int, dict[int, tuple[bool, int]]]]:
    """Of each war its first year; and of each party whether it began it, and when it came in."""
    started: dict[int, int] = {}
    parties: dict[int, dict[int, tuple[bool, int]]] = defaultdict(dict)
    for row in sorted(data("cow-wars-inter").to_pylist(), key=lambda row: row["year"]):
        started.setdefault(row["warnum"], row["year"])
        for n in ("1", "2"):
            entered = bool(row[f"initiator{n}"]), row["year"]
            parties[row["warnum"]].setdefault(row[f"ccode{n}"], entered)
    return started, parties


def beside_troops(with_troops: bool) -> list[Seen]:
    """Leaders when a conflict within their state began, and whether they were in office a year on.

    From UCDP/PRIO and Archigos, episodes from 1956 on; with those whose side another state's troops
    took in that year or the next, or with the others, of whom nobody knows whether they asked.
    """
    leaders = defaultdict(list)
    for row in data("archigos").to_pylist():
        leaders[row["gwcode"]].append(row)
    last = max(row["enddate"] for rows in leaders.values() for row in rows)
    episodes = defaultdict(list)
    for row in data("ucdp-acd").to_pylist():
        if row["type_of_conflict"] >= 3 and row["start_date2"]:
            episodes[row["start_date2"], row["gwno_a"], row["conflict_id"]].append(row)
    found: dict[tuple[str, date], Seen] = {}
    for (day, state, _), rows in sorted(episodes.items(), key=lambda one: (one[0][0], str(one[0]))):
        code = int(str(state).split(",")[0])
        eve = day - timedelta(days=1)
        here = [one for one in leaders[code] if one["startdate"] <= eve <= one["enddate"]]
        if day.year < FIRST_YEAR or day + timedelta(days=365) > last or not here:
            continue
        near = [str(row["gwno_a_2nd"]) for row in rows
                if row["gwno_a_2nd"] and row["year"] <= day.year + 1]  # fmt: skip
        if bool(near) != with_troops:
            continue
        end = here[-1]["enddate"]
        stays = end > day + timedelta(days=365)
        helpers = sorted({int(one) for text in near for one in text.split(",")})
        body = ", ".join(_name(one, day.year, "gw") for one in helpers)
        threat = "secession" if rows[0]["incompatibility"] == 1 else "insurgency"
        name = _name(code, day.year, "gw")
        found.setdefault(
            (name, day), Seen(_asked(name, body, "bilateral", threat, day), stays, name)
        )
    return list(found.values())


def _asked(who: str, body: str, frame: str, threat: str, day: date) -> Asked:
    return Asked(f"{who} {day}", who, body, frame, threat, "yes", day)


def _name(code: int, year: int, system: str = "cow") -> str:
    """What the state was called in that year, or its number where the list has none such."""
    there = (one for one in states() if one.code(system) == str(code))
    return next((one.name for one in there if one.start <= year <= one.end), str(code))


def in_tables(seen: Seen) -> bool:
    """Whether the tables have a request of the same state within a year or so."""
    day = seen.asked.asked
    assert day is not None
    mine = state_of(seen.asked.requester, day)
    return any(
        abs(one.asked.year - day.year) <= 1 and state_of(one.requester, one.asked) == mine
        for one in requests_of_both()
    )


def scored(seen: Sequence[Seen], *, is_fate: bool) -> Beside:
    """The model and its rivals on these, each knowing what was decided before their days."""
    rows = rows_of(requests_of_both())
    came = np.array([one.came for one in seen], np.float64)
    made = list(forecasts([one.asked for one in seen], rows, unseen=()))
    said = np.array([(one.in_office if is_fate else one.granted).value for one in made])
    precedents = Precedents(rows)
    known = [precedents.rows_of(precedents.known("", one.asked.asked)) for one in seen]
    of = np.array([one.of for one in seen])
    rivals = {name: _class_said(seen, known, CLASSES[name], is_fate) for name in RIVALS}
    own = _log(said, came)
    behind = {name: _between(_log(its, came) - own, of) for name, its in rivals.items()}
    return Beside(
        len(seen), len(set(of)), float(came.mean()), float(said.mean()), float(own.mean()), behind
    )


def _class_said(
    seen: Sequence[Seen], known: Sequence[Known], key: Callable[[Asked], object], is_fate: bool
) -> Array:
    found = []
    for one, all_known in zip(seen, known, strict=True):
        parts: list[list[Row]] = [
            [row for row in part if key(row.asked) == key(one.asked)]
            for part in (all_known.decided, all_known.lasted, all_known.sent)
        ]
        decision, office = rates(Known(*parts))
        found.append(office if is_fate else decision[2])
    return np.array(found)


def _log(said: Array, came: Array) -> Array:
    return np.asarray(-np.log(np.where(came == 1.0, said, 1.0 - said)))


def _between(values: Array, of: NDArray[np.str_]) -> tuple[float, float]:
    """The mean, and its standard error where what has the same name in `of` hangs together."""
    mean = float(values.mean())
    names = sorted(set(of))
    sums = np.array([(values[of == name] - mean).sum() for name in names])
    return mean, float(np.sqrt((sums**2).sum() * len(names) / (len(names) - 1)) / len(values))


PARTS: dict[str, Callable[[], tuple[list[Seen], bool]]] = {
    "a promise to fight, invoked by a war": lambda: (invocations(), False),
    "leaders whom foreign troops joined": lambda: (beside_troops(with_troops=True), True),
    "leaders without foreign troops": lambda: (beside_troops(with_troops=False), True),
}


def table() -> str:
    """All scores as a table, each part whole and without what is in the tables."""
    head = "| what others coded | rows | came | said | log | " + " | ".join(RIVALS) + " |"
    lines = [head, "| --- " * (5 + len(RIVALS)) + "|"]
    for name, part in PARTS.items():
        seen, is_fate = part()
        elsewhere = [one for one in seen if not in_tables(one)]
        for label, chosen in ((name, seen), ("- of states not in the tables then", elsewhere)):
            found = scored(chosen, is_fate=is_fate)
            behind = [f"{mean:+.2f} ± {error:.2f}" for mean, error in found.behind.values()]
            numbers = [f"{found.came:.0%}", f"{found.said:.0%}", f"{found.log:.3f}", *behind]
            lines.append(f"| {label} | {found.rows} | " + " | ".join(numbers) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
