"""`foedus whatif`: one decision, all decisions, the figure, and wrong calls."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from foedus.case.find import SHIPPED
from tests.cli.pair import GIVEN, PAIR
from tests.cli.program import call
from tests.questions.test_replaced_world import town

Capsys = pytest.CaptureFixture[str]
CASE, NAME = "russia-handover", "hands-over-and-keeps-a-post"
QUICK = ("--draws", "200")
FEW = ("--particles", "60", "--courses", "120", "--workers", "1")


def test_without_a_name_it_lists_what_there_is(capsys: Capsys) -> None:
    result = call(capsys, "whatif", CASE)
    assert result.code == 0
    assert [line.split()[0] for line in result.out.splitlines()] == [
        NAME, "hands-over-and-retires", "stays",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fi"])
def test_one_decision(capsys: Capsys, language: str) -> None:
    result = call(capsys, "whatif", CASE, NAME, *QUICK, "--lang", language)
    assert (result.code, result.err) == (0, "")
    assert "→" in result.out
    assert "±" in result.out
    assert all(len(line) <= 80 for line in result.out.splitlines())


def test_what_could_not_be_made_is_said_first(capsys: Capsys) -> None:
    lines = call(capsys, "whatif", CASE, NAME, *QUICK).out.splitlines()
    assert lines[2].startswith("This is far from data: the case holds no record")
    assert lines[4].startswith("The decision could not be made in")


def test_a_decision_that_nothing_can_come_of_says_what_it_lacks(
    capsys: Capsys, tmp_path: Path
) -> None:
    path = tmp_path / "war.yaml"
    path.write_text(
        "foedus: 1\ncase: war\ntitle: War\nclock: {start: 2000-01-01, end: 2000-12-31}\n"
        "parameters: {pace: {value: 1, unit: per year, grade: assumed, because: an example}}\n"
        "state: {quarrels: {type: count, starts: 0}, war: {type: flag, starts: false}}\n"
        "events:\n"
        "  quarrel: {rate: pace, then: {quarrels: quarrels + 1}}\n"
        "  attack: {when: quarrels > 0, rate: pace, then: {war: true}}\n"
        "questions: {attacked: {probability: war, at: 2000-12-31}}\n"
        "what-if: {at-once: {force: attack, at: 2000-01-01}}\n"
    )
    told = call(capsys, "whatif", str(path), "at-once", *QUICK).out
    assert "The decision could not be made in 100 % of the runs" in told
    assert "“attack” can happen only where `quarrels > 0`." in told
    assert "attacked" not in told


def test_record(capsys: Capsys) -> None:
    one = call(capsys, "whatif", CASE, NAME, *QUICK, "--json").json
    two = call(capsys, "whatif", CASE, NAME, *QUICK, "--json", "--workers", "2").json
    assert {**one, "seconds": 0} == {**two, "seconds": 0}
    assert one["what_if"] == NAME
    assert one["warnings"]
    for question in one["questions"]:
        assert {
            "name", "factual", "counterfactual", "difference", "low", "high", "error", "necessity",
        } <= set(question)  # fmt: skip
        assert question["necessity"] is None, "nothing that happened is conditioned on"


def test_a_replaced_mechanism_is_another_world(capsys: Capsys) -> None:
    found = call(capsys, "whatif", CASE, "hands-over-and-retires", *QUICK, "--json").json
    by_name = {one["name"]: one for one in found["questions"]}
    assert by_name["in-control-in-2031"]["difference"] < -0.5


def test_a_replaced_mechanism_acts_through_what_the_two_do_not_share(capsys: Capsys) -> None:
    """Besides that through which the decision acts that is made in its world."""
    asked = "whatif", CASE, "hands-over-and-retires", *QUICK
    found = call(capsys, *asked, "--json").json
    channels = {one["parameter"] for one in found["channels"]}
    assert channels >= {"patron.powerless", "patron.postless", "handing-over"}
    assert found["drawn"] == ["patron.powerless"]
    shown = " ".join(call(capsys, *asked).out.split())
    assert "How likely the other mechanism is has no number" in shown
    assert "weigh the case with either" not in shown, "there is no record to weigh"


def test_a_replaced_mechanism_need_not_fit_other_decisions(capsys: Capsys, tmp_path: Path) -> None:
    """What another what-if sets, and what the case believes of it, only the one in use has."""
    shutil.copytree(SHIPPED / CASE, tmp_path / CASE)
    case = tmp_path / CASE / "case.yaml"
    more = "  weak-successor: {set: {patron.growing: 0.5}}\n"
    text = case.read_text(encoding="utf-8") + more
    belief = "{growing: {value: 1, grade: assumed, because: an example}}"
    text = text.replace("    as: patron\n", f"    as: patron\n    set: {belief}\n")
    case.write_text(text, encoding="utf-8")
    for name in ("weak-successor", "hands-over-and-retires"):
        assert call(capsys, "whatif", str(case), name, *QUICK).code == 0, name


def test_all_decisions(capsys: Capsys) -> None:
    result = call(capsys, "whatif", CASE, "--all", *QUICK)
    assert result.code == 0
    assert "C He never hands over" in result.out
    found = call(capsys, "whatif", CASE, "--all", *QUICK, "--json").json
    assert len(found["what_ifs"]) == 3


def test_figure(capsys: Capsys, tmp_path: Path) -> None:
    out = tmp_path / "figures"
    result = call(capsys, "whatif", CASE, NAME, *QUICK, "--out", str(out))
    assert result.code == 0
    assert sorted(path.name for path in out.iterdir()) == [f"pairs-{NAME}.png", f"pairs-{NAME}.svg"]


def test_given_the_record(capsys: Capsys, tmp_path: Path) -> None:
    asked = ("whatif", "kyrgyzstan-2010", "granted-as-in-2022", *FEW)
    result = call(capsys, *asked, "--out", str(tmp_path))
    assert (result.code, result.err) == (0, "")
    assert "Given the record: the same history" in result.out
    assert all(len(line) <= 80 for line in result.out.splitlines() if str(tmp_path) not in line)
    assert sorted(path.name for path in tmp_path.glob("*.png")) == [
        "other-world-granted-as-in-2022.png", "pairs-granted-as-in-2022.png",
    ]  # fmt: skip
    found = call(capsys, *asked, "--json").json
    assert found["level"] == "counterfactual"
    troops = next(one for one in found["questions"] if one["name"] == "troops")
    assert troops["factual"] == 0.0 < troops["counterfactual"]


def test_all_decisions_given_the_record(capsys: Capsys) -> None:
    result = call(capsys, "whatif", "kyrgyzstan-2010", "--all", *FEW)
    assert (result.code, result.err) == (0, "")
    assert "Given the record: the same history" in result.out
    assert "B She does not ask" in " ".join(result.out.split())


def test_a_forecast_with_a_policy(capsys: Capsys) -> None:
    asked = ("whatif", "kyrgyzstan-2010", "never-asked", "--as-of", "2010-06-11")
    result = call(capsys, *asked, *FEW, "--lang", "fi")
    assert result.code == 0
    assert "Ennuste ja toimintalinja" in result.out
    wrong = call(capsys, *asked, "--from-start")
    assert wrong.code == 2
    found = call(capsys, *asked, *FEW, "--json").json
    assert found["as_of_date"] == "2010-06-12T00:00:00+06:00"  # the end of the day that was asked


def test_from_a_date_on_it_lists_what_can_still_be_decided(capsys: Capsys) -> None:
    listed = call(capsys, "whatif", CASE, "--as-of", "2027-01-01")
    assert listed.code == 0
    assert [line.split()[0] for line in listed.out.splitlines()] == ["stays"]
    assert "`hands-over-and-keeps-a-post` is decided before that date" in listed.err
    wrong = call(capsys, "whatif", CASE, "--as-of", "someday")
    assert wrong.code == 2
    assert "`someday` is not a date" in wrong.err


def test_a_mechanism_may_be_replaced_from_a_date_on(capsys: Capsys, tmp_path: Path) -> None:
    """Where it can go on from what is so on that day; else it is left out, and why is said."""
    case = str(town(tmp_path))
    for asked in ((), ("--all", *FEW)):
        result = call(capsys, "whatif", case, *asked, "--as-of", "2000-01-05")
        assert result.code == 0
        assert "storm" in result.out
        assert "moat" not in result.out
        assert "left out: `moat` replaces a mechanism by one that means something else" in " ".join(
            result.err.split()
        )
    found = call(capsys, "whatif", case, "storm", "--as-of", "2000-01-05", *FEW, "--json").json
    assert (found["level"], found["drawn"]) == ("forecast", ["army.haste"])


@pytest.mark.parametrize("name", [(), ("never-asked",), ("--all",)])
def test_nothing_is_decided_after_the_clock(capsys: Capsys, name: tuple[str, ...]) -> None:
    result = call(capsys, "whatif", "kyrgyzstan-2010", *name, "--as-of", "2030")
    assert result.code == 2
    assert "the clock of the case ends by `2030`" in result.err


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ((CASE, NAME, "--all"), "leave out one"),
        ((CASE, "--all", "--out", "."), "makes no figure"),
        ((CASE, NAME, "--engine", "exact"), "`exact` makes no runs"),
        (("kyrgyzstan-2010", "never-asked", "--engine", "native"), "chooses its engine itself"),
    ],
)
def test_what_does_not_go_together(capsys: Capsys, asked: tuple[str, ...], fault: str) -> None:
    result = call(capsys, "whatif", *asked)
    assert (result.code, result.out) == (2, "")
    assert fault in result.err


def test_a_case_without_decisions(capsys: Capsys) -> None:
    for asked in ((), ("--all",)):
        result = call(capsys, "whatif", "crowd", *asked)
        assert (result.code, result.out) == (0, "")
        assert "add `what-if:`" in result.err


def test_a_case_without_questions_tells_how_far_a_decision_is(
    capsys: Capsys, tmp_path: Path
) -> None:
    (tmp_path / "pair.yaml").write_text(PAIR, encoding="utf-8")
    result = call(capsys, "whatif", str(tmp_path / "pair.yaml"), "both-stay", *QUICK)
    assert result.code == 0
    assert "the case asks nothing" in result.err
    for name in ("Ada", "Bo"):
        said = f"- What is forbidden (goes: {name}) happens by itself in"
        assert said in " ".join(result.out.split())


def test_what_is_set_without_an_index_is_set_for_all(capsys: Capsys, tmp_path: Path) -> None:
    more = "  all-gone: {set: {gone: true}, at: 2000-01-05}\n"
    asked = 'questions: {how-many: {mean: "count(gone[f] for f in friend)", at: 2000-01-05}}\n'
    (tmp_path / "pair.yaml").write_text(PAIR.rstrip() + "\n" + more + asked, encoding="utf-8")
    result = call(capsys, "whatif", str(tmp_path / "pair.yaml"), "all-gone", *QUICK, "--json")
    assert result.json["questions"][0]["counterfactual"] == 2.0


def test_a_record_is_given_even_without_rival_explanations(capsys: Capsys, tmp_path: Path) -> None:
    (tmp_path / "pair.yaml").write_text(PAIR + GIVEN, encoding="utf-8")
    result = call(capsys, "whatif", str(tmp_path / "pair.yaml"), "bo-stays-late", *FEW)
    assert result.code == 0
    assert "Given the record" in result.out
    assert "What is forbidden happens in none of the runs" in result.out


def test_a_wrong_name(capsys: Capsys) -> None:
    result = call(capsys, "whatif", CASE, "stay")
    assert result.code == 2
    assert "write `stays`" in result.err


def test_precedents_stand_beside_the_answer(capsys: Capsys) -> None:
    result = call(capsys, "whatif", CASE, NAME, *QUICK)
    words = "from before (the successor was the leader's choice): in 7 of them"
    assert f"The history holds 23 precedents {words}" in " ".join(result.out.split())
    found = call(capsys, "whatif", CASE, NAME, *QUICK, "--json").json["precedents"]
    assert (found["class"], found["n"]) == ("handover-control-kept", 23)
    none = call(capsys, "whatif", CASE, "stays", *QUICK)
    assert "No class of precedents is named" in none.out
    assert call(capsys, "whatif", CASE, "stays", *QUICK, "--json").json["precedents"] is None
