"""Published base rates come out of the data again, and the counts that ship are those of the data.

`base_rates.csv` was computed apart from this code. It joined V-Dem and REIGN to leaders by number,
with 255 for Germany and 345 for Serbia: Yemen after 1990 finds no regime there, nor West Germany
an index. The tables here join by state, and are given that other join where they are compared.
"""

import csv
import json
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from foedus.history.classes import COUNTS
from foedus.history.conditions import parse_condition
from foedus.history.derive import derived
from foedus.history.importing import import_file
from foedus.history.intervals import poisson_exact, wilson
from foedus.history.measures import leaders
from foedus.history.measures.registry import MEASURES
from foedus.history.rates import quantile
from foedus.history.units import Unit, tally
from tests.architecture.project import ROOT
from tests.history.places import REAL, real_file, shared_data

Class = tuple[str, str]
RENUMBERED = {260: 255, 340: 345}


def in_regimes(state: int, year: int) -> int:
    return state if state == 260 and year < 1990 else RENUMBERED.get(state, state)


def in_polyarchy(state: int, year: int) -> int:
    return RENUMBERED.get(state, state)


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Sequence[Unit]]:
    """The units of each measure, from the real data."""
    real_file("archigos")
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("real")
    patch.setenv("FOEDUS_DATA", str(folder))
    for name in REAL:
        assert import_file(name, real_file(name)).provenance is not None
    patch.undo()

    @cache
    def found(name: str) -> Sequence[Unit]:
        with pytest.MonkeyPatch.context() as inside:
            inside.setenv("FOEDUS_DATA", str(folder))
            if name in ("irregular-exit", "forced-exit"):
                exits = leaders.IRREGULAR if name == "irregular-exit" else leaders.FORCED
                return leaders.units_of(lambda piece: piece.exit in exits, in_regimes, in_polyarchy)
            return MEASURES[name].units()

    return found


def years(text: str) -> str:
    return f"year = {text.replace('-', '..')}"


def class_of(quantity: str) -> Class:
    """The measure and the condition that a row of the file is about."""
    words, _, rest = quantity.rpartition(", ")
    for recognised in (_commitments, _disputes, _coups, _exits, _conflicts):
        found = recognised(quantity, words, rest)
        if found is not None:
            return found
    raise AssertionError(f"no measure for: {quantity}")


def _commitments(quantity: str, words: str, rest: str) -> Class | None:
    if quantity.startswith("alliance honoured,"):
        sort = {"all 1816-1944": "", "active": "active = yes", "neutrality": "active = no"}
        key = next(key for key in sort if key in quantity)
        return "commitment-honoured-to-1944", sort[key]
    if not rest.endswith(("1816-2003", "1816-1944", "1945-2003")) or "MID" in quantity:
        return None
    parts = [] if "1816-2003" in rest else [f"period = {rest}"]
    for obligation in ("defense", "offense", "neutral", "nonagg"):
        if f"{obligation} pacts" in words:
            parts.append(f"{obligation} = yes")
    if "multilateral" in words or "bilateral" in words:
        parts.append(f"multilateral = {'yes' if 'multilateral' in words else 'no'}")
    return ("ally-honours" if "lenient" in words else "commitment-honoured"), " and ".join(parts)


def _disputes(quantity: str, words: str, rest: str) -> Class | None:
    if not quantity.startswith(("MID target", "  .. per ally-opportunity")):
        return None
    measure = "ally-joins" if quantity.startswith("MID") else "each-ally-joins"
    span, _, narrower = rest.partition(" & ")
    extra = {"use": "hostility >= 4", "fatal": "fatal = yes", "war": "hostility = 5", "": ""}
    parts = [years(span), extra[narrower.split(" ")[0]]]
    return measure, " and ".join(part for part in parts if part)


def _coups(quantity: str, words: str, rest: str) -> Class | None:
    if quantity.startswith("coup attempt succeeds (excl."):
        return "coup-succeeds-cline", years(rest)
    if quantity.startswith("coup attempt succeeds"):
        return "coup-succeeds", years(rest)
    if quantity.startswith("coup success, plotters"):
        return "coup-succeeds-colpus", f"outside-support = {'yes' if '=1' in quantity else 'no'}"
    if quantity.startswith("coup attempts per state-year"):
        return "coup-attempts", years(quantity.split(" ")[-1])
    return None


EXITS = {
    "irregular leader exit (domestic)": "irregular-exit",
    "irregular or foreign-imposed exit": "forced-exit",
    "exit by popular protest": "protest-exit",
    "exit by military removal/coup (no foreign support)": "military-exit",
    "any exit": "any-exit",
}
BANDS = {
    "[0,0.2)": "polyarchy < 0.2",
    "[0.2,0.4)": "polyarchy >= 0.2 and polyarchy < 0.4",
    "[0.4,0.6)": "polyarchy >= 0.4 and polyarchy < 0.6",
    "[0.6,1)": "polyarchy >= 0.6",
}


def _exits(quantity: str, words: str, rest: str) -> Class | None:
    if words in EXITS:
        return EXITS[words], years(rest)
    if "calendar years since entry" in words:
        span = words.rpartition(" ")[2]
        return "irregular-exit", f"years-in-office = {span.replace('-', '..')} and {years(rest)}"
    if "(REIGN)" in words:
        regime = words.removeprefix("irregular exit, ").partition(" regimes")[0]
        return "irregular-exit", f"regime = {regime} and {years(rest)}"
    if "polyarchy" in words:
        return "irregular-exit", f"{BANDS[words.rpartition(' ')[2]]} and {years(rest)}"
    if "states 1992-2015" in quantity:
        part = "post-soviet" if "post-Soviet" in quantity else "central-asia"
        return "irregular-exit", f"{part} = yes and {years('1992-2015')}"
    return None


CONFLICTS = {
    "no intrastate conflict": "conflict = no",
    "intrastate conflict, no foreign troops for government": (
        "conflict = yes and foreign-troops = no"
    ),
    "intrastate conflict, foreign troops for government": "foreign-troops = yes",
    "conflict over government, no foreign troops": "over-government = yes and foreign-troops = no",
    "conflict over government, foreign troops": "over-government = yes and foreign-troops = yes",
    "civil war level, no foreign troops": "war = yes and foreign-troops = no",
    "civil war level, foreign troops": "war = yes and foreign-troops = yes",
}  # fmt: skip


def _conflicts(quantity: str, words: str, rest: str) -> Class | None:
    if "spell lasts a single calendar year" in quantity:
        return "support-within-a-year", ""
    if quantity.startswith("leader "):
        leaves = "leaves within" in quantity
        measure = "leader-leaves-in-conflict" if leaves else "leader-forced-out-in-conflict"
        return measure, f"foreign-troops = {'no' if 'without foreign' in quantity else 'yes'}"
    kind, _, state = words.partition(", ")
    if state not in CONFLICTS:
        return None
    measure = "irregular-exit" if kind == "irregular exit" else "forced-exit"
    return measure, f"{CONFLICTS[state]} and {years(rest)}"


def published() -> list[dict[str, str]]:
    folder = shared_data()
    if folder is None:
        return []
    with (folder / "base_rates.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


ROWS = published()
COUNTED = [row for row in ROWS if "quantile" not in row["quantity"]]


def counted(units: Callable[[str], Sequence[Unit]], measure: str, where: str) -> list[Unit]:
    every = units(measure)
    holds = parse_condition(where, MEASURES[measure].columns) if where else lambda unit: True
    return [unit for unit in every if holds(unit)]


def test_the_file_of_base_rates_is_here() -> None:
    real_file("archigos")
    assert len(ROWS) > 150


@pytest.mark.parametrize("row", COUNTED, ids=lambda row: f"{row['quantity'][:60]}".strip())
def test_a_published_rate(row: dict[str, str], units: Callable[[str], Sequence[Unit]]) -> None:
    measure, where = class_of(row["quantity"])
    if "Colpus" in row["source"] and measure == "coup-succeeds":
        measure = "coup-succeeds-colpus"
    found = tally(counted(units, measure, where))
    assert found.happened == int(row["k"])
    assert found.at_risk == pytest.approx(float(row["n"]), abs=0.051)
    if row["lo95"]:
        is_rate = MEASURES[measure].kind == "rate"
        low, high = (poisson_exact if is_rate else wilson)(found.happened, found.at_risk)
        # of exposures the file holds one decimal, of its bounds four or five
        assert (low, high) == pytest.approx((float(row["lo95"]), float(row["hi95"])), abs=6e-5)


@pytest.mark.parametrize("q", [0.25, 0.5, 0.75, 0.9])
def test_published_lengths(q: float, units: Callable[[str], Sequence[Unit]]) -> None:
    row = next(row for row in ROWS if row["quantity"].endswith(f"quantile {q}")) if ROWS else {}
    lengths = sorted(unit.happened for unit in units("support-years"))
    assert len(lengths) == float(row["n"])
    assert quantile(lengths, q) == pytest.approx(float(row["estimate"]))


def test_the_counts_that_ship_are_those_of_the_data(
    units: Callable[[str], Sequence[Unit]], tmp_path: Path
) -> None:
    for name in REAL:
        import_file(name, real_file(name))
    tool = import_module("tools.derive_classes") if (ROOT / "tools").is_dir() else None
    assert tool is not None
    assert COUNTS.read_text(encoding="utf-8") == tool.written(derived())
    assert json.loads(COUNTS.read_text(encoding="utf-8"))["digests"]
