"""Codes of states, in each system, in their years."""

import pytest

from foedus.history.importing import import_file
from foedus.history.states import codes_in_use, named, states, translated
from foedus.history.store import data
from tests.history.places import real_file


@pytest.mark.parametrize(
    ("code", "system", "target", "year", "found"),
    [
        (255, "cow", "gw", 2000, "260"),
        (260, "gw", "cow", 2000, "255"),
        (260, "gw", "cow", 1970, "260"),
        (255, "cow", "gw", 1930, "255"),
        (678, "gw", "cow", 1995, "679"),
        (678, "gw", "cow", 1980, "678"),
        (340, "gw", "cow", 2010, "345"),
        (345, "cow", "gw", 1990, "345"),
        ("KAZ", "iso3", "cow", 2022, "705"),
        (705, "gw", "iso3", 2022, "KAZ"),
        (705, "gw", "cow", 1980, None),
        (705, "gw", "cow", 1990, None),
        (705, "gw", "cow", 1991, "705"),
        (315, "cow", "gw", 1992, "315"),
        (315, "cow", "gw", 1993, None),
        (57, "cow", "gw", 1990, None),
    ],
)
def test_translations(code: int | str, system: str, target: str, year: int, found: str) -> None:
    assert translated(code, system, target, year) == found


def test_names() -> None:
    assert named(315, "cow", 1968) == "Czechoslovakia"
    assert named(315, "cow", 1995) is None


def test_no_code_stands_for_two_states_in_one_year() -> None:
    for system in ("cow", "gw", "iso3"):
        seen: dict[tuple[str, int], str] = {}
        for state in states():
            code = state.code(system)
            for year in range(state.start, min(state.end, 2026) + 1):
                other = seen.setdefault((code, year), state.name)
                # a year of change belongs to both
                assert not code or other == state.name or year in (1918, 1990, 2006), (code, year)


@pytest.mark.parametrize(
    ("name", "code", "years"),
    [
        ("gw-states", "gwcode", ("startdate", "enddate")),
        ("cow-states", "ccode", ("styear", "endyear")),
    ],
)
def test_the_table_holds_both_lists(name: str, code: str, years: tuple[str, str]) -> None:
    import_file(name, real_file(name))
    system = name.partition("-")[0]
    for row in data(name).to_pylist():
        start, end = (getattr(row[column], "year", row[column]) for column in years)
        spans = codes_in_use(system)[str(row[code])]
        assert any(low <= start for low, _ in spans), row
        assert any(end <= high for _, high in spans), row
