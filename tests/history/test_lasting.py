"""How long leaders last: on invented leaders, and the same totals as the rates on real ones."""

from pathlib import Path

import pytest

from foedus.history import spells
from foedus.history.class_error import ClassError
from foedus.history.importing import import_file
from foedus.history.lasting import survival
from foedus.history.measures.registry import MEASURES
from foedus.history.units import tally
from tests.cli.program import call
from tests.history.places import real_file

HEAD = "obsid,gwcode,leadid,leader,yrborn,gender,startdate,enddate,entry,exit,exitcode\n"


@pytest.fixture
def leaders(tmp_path: Path) -> None:
    """Forty leaders: most of one state last a year, of the other four; half go irregularly."""
    rows = []
    for number in range(40):
        state, years = (705, 1) if number % 2 else (2, 4)
        years = 5 - years if number % 10 < 2 else years  # one in five as the other state's
        way = "Irregular" if number % 4 < 2 else "Regular"
        if number == 38:
            way = "Still in Office"
        end = f"{2000 + years}-{number % 12 + 1:02}-28"
        rows.append(
            f"L-{number},{state},x,x,{1940 + number},M,2000-01-01,{end},Regular,{way},Regular\n"
        )
    path = tmp_path / "leaders.csv"
    path.write_text(HEAD + "".join(rows))
    assert import_file("archigos", path).provenance is not None


@pytest.mark.usefixtures("leaders")
def test_groups_ways_out_and_covariates() -> None:
    answer = survival(by="post-soviet", end="irregular", covariates=["post-soviet", "age"])
    no, yes = answer.groups
    assert (no.name, no.spells, no.ends) == ("post-soviet = no", 20, 19.0)
    assert (yes.name, yes.spells, yes.ends) == ("post-soviet = yes", 20, 20.0)
    assert no.curve.at(2.5) == pytest.approx(0.8)
    assert yes.curve.at(2.5) == pytest.approx(0.2)
    assert answer.log_rank is not None
    assert answer.log_rank > 3.841
    assert answer.hazards.cuts == (2.0,)  # nobody left in half a year, or after more than five
    assert sum(yes.incidence.at(cause, 9.0) for cause in yes.incidence.causes) == pytest.approx(1.0)


@pytest.mark.usefixtures("leaders")
def test_an_effect_of_being_in_a_group() -> None:
    answer = survival(covariates=["post-soviet"])
    assert answer.hazards.names == ("post-soviet",)
    assert answer.hazards.effects[0] > 0.5
    assert answer.log_rank is None


@pytest.mark.usefixtures("leaders")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"by": "regim"}, "no column"),
        ({"by": "age", "wheres": ["year > 2100"]}, "fewer than"),
        ({"covariates": ["age", "region"]}, "the covariate `region` is a word"),
        ({"wheres": ["region = asia"]}, "no `region` is `asia`"),
        ({"wheres": ["post-soviet = perhaps"]}, "no `post-soviet` can be `perhaps`"),
        ({"covariates": ["state", "post-soviet"]}, "cannot be told apart"),
        ({"end": "foreign"}, "ended so"),
    ],
)
def test_what_cannot_be_asked(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(ClassError, match=words):
        survival(**arguments)  # type: ignore[arg-type]


@pytest.mark.usefixtures("leaders")
def test_years_are_decades_and_small_groups_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (group,) = survival(by="year").groups
    assert (group.name, group.spells) == ("year = 2000s", 40)
    path = tmp_path / "more.csv"
    late = "M-1,705,x,x,1950,M,2011-01-01,2012-01-01,Regular,Regular,Regular\n"
    path.write_text((tmp_path / "leaders.csv").read_text() + late)
    assert import_file("archigos", path).provenance is not None
    assert survival(by="year").small == ("year = 2010s",)
    shown = " ".join(call(capsys, "history", "hazard", "--by", "year").out.split())
    assert "Left out of the comparison, with fewer than 5 ends each: 2010s." in shown
    assert call(capsys, "history", "hazard", "--json").json["small"] == []


def imported(path: Path, *spells: tuple[str, str, str]) -> None:
    """Leaders of Kazakhstan, born in 1950: when they came, when they left, and how."""
    rows = (
        f"L-{n},705,x,x,1950,M,{start},{end},Regular,{way},Regular\n"
        for n, (start, end, way) in enumerate(spells)
    )
    path.write_text(HEAD + "".join(rows))
    assert import_file("archigos", path).provenance is not None


def test_a_spell_is_what_the_data_say_of_its_first_and_last_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {(705, 2000): 0.55, (705, 2001): 0.5}
    monkeypatch.setattr(spells, "missing", lambda needs: [n for n in needs if n != "vdem"])
    monkeypatch.setattr(spells, "polyarchy", lambda: known)
    imported(
        tmp_path / "leaders.csv", ("2000-01-01", "2000-12-31", "Irregular"),
        ("2001-01-01", "2001-01-01", "Suicide"), ("2002-01-01", "2015-12-31", "Still in Office"),
    )  # fmt: skip
    first, second, third = spells.leader_spells()
    # The last day counts: all of a leap year, and a single day.
    assert first.at_risk == pytest.approx(366 / 365.25)
    assert second.at_risk == pytest.approx(1 / 365.25)
    assert [one.happened for one in (first, second, third)] == [1.0, 1.0, 0.0]
    assert [one.columns["end"] for one in (first, second)] == ["irregular", "death or illness"]
    assert [one.columns["age"] for one in (first, third)] == [50, 52]
    # More than one half is a democracy; what is not known is none and no other.
    assert [one.columns["democracy"] for one in (first, second, third)] == [True, False, None]
    assert [one.columns["polyarchy"] for one in (first, second, third)] == [0.55, 0.5, None]


def test_five_ends_are_enough_to_be_compared(tmp_path: Path) -> None:
    def year(first: int) -> list[tuple[str, str, str]]:
        return [(f"{first + n}-01-01", f"{first + n}-02-01", "Regular") for n in range(5)]

    imported(tmp_path / "leaders.csv", *year(1990), *year(2000)[:4], *year(1980))
    found = survival(by="year")
    assert [one.name for one in found.groups] == ["year = 1980s", "year = 1990s"]
    assert found.small == ("year = 2000s",)
    assert found.log_rank == pytest.approx(0.0)  # they lasted alike


@pytest.mark.usefixtures("leaders")
def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    shown = call(capsys, "history", "hazard", "--by", "post-soviet", "--end", "irregular")
    assert shown.code == 0
    assert "log-rank" in shown.out
    assert "hazard of the end (irregular)" in shown.out
    record = call(capsys, "history", "hazard", "--covariate", "age", "--json").json
    assert record["hazard"]["effects"][0]["name"] == "age"
    assert record["groups"][0]["ended"]["irregular"]["10.0"] > 0.4
    wrong = call(capsys, "history", "hazard", "--end", "irregularly")
    assert (wrong.code, wrong.out) == (2, "")
    assert "there are `regular`" in wrong.err


def test_without_data_it_says_what_to_import(capsys: pytest.CaptureFixture[str]) -> None:
    result = call(capsys, "history", "hazard")
    assert (result.code, result.out) == (2, "")
    assert "foedus history import archigos FILE" in result.err


def test_the_totals_are_those_of_the_rates() -> None:
    import_file("archigos", real_file("archigos"))
    (everyone,) = survival().groups
    found = tally(MEASURES["any-exit"].units())
    assert everyone.ends == found.happened
    assert everyone.years == pytest.approx(found.at_risk)
