"""Every command does what it says, in text and in JSON, with the exit code it promises."""

import json
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from foedus.cli.main import COMMANDS, foedus
from foedus.infer.islands import effort
from foedus.text.codes import Code
from tests.cli.program import SMALL, Result, call, run, small
from tests.infer.strikes import COMPLETE, HEAD, THREE

__all__ = ["small"]

Capsys = pytest.CaptureFixture[str]
BROKEN = SMALL.replace("rate: ", "rat: ").replace("storm:", "strom:")


@pytest.fixture
def broken(tmp_path: Path) -> str:
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN, encoding="utf-8")
    return str(path)


def test_every_command_has_help() -> None:
    listing = CliRunner().invoke(foedus, ["--help"]).output
    for name, words in COMMANDS.items():
        assert name in listing
        assert words.split()[0] in listing
        shown = CliRunner().invoke(foedus, [name, "--help"])
        assert shown.exit_code == 0
        assert f"Usage: foedus {name}" in shown.output
        assert "--json" in shown.output


def test_no_command_is_wrong_usage(capsys: Capsys) -> None:
    result = call(capsys)
    assert (result.code, result.out) == (2, "")
    assert "kazakhstan-2022" in result.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek"], "no command is called `chek`; did you mean `check`?"),
        (["simulate", "x", "--drws", "3"], "--draws"),
        (["simulate", "crowd", "--draws", "0"], "--draws"),
        (["simulate", "crowd", "--seed", "-1"], "--seed"),
        (["simulate", "crowd", "--set", "pace"], "`pace` is not NAME=VALUE"),
        (["simulate", "crowd", "--set", "pace=nan"], "`pace=nan` is not NAME=VALUE"),
        (["simulate", "crowd", "--set", "a=1", "--set", "a=2"], "a name is set twice"),
        (["simulate"], "missing argument"),
        (["run", "crowd", "--lang", "sv"], "'en', 'fi'"),
        (["explain", "unknown-acto"], "write `unknown-actor`"),
        (["sources", "crowd", "--dir", "/nowhere"], "/nowhere"),
    ],
)
def test_wrong_usage(capsys: Capsys, arguments: list[str], words: str) -> None:
    result = call(capsys, *arguments)
    assert (result.code, result.out) == (2, "")
    assert words in result.err


# check --------------------------------------------------------------------------------------------


def test_check_of_a_case_without_errors(capsys: Capsys, small: str) -> None:
    assert call(capsys, "check", small) == Result(0, "", "0 errors\n")
    assert call(capsys, "check", small, "--json").json == {"diagnostics": []}


def test_check_of_a_case_with_errors(capsys: Capsys, broken: str) -> None:
    text = call(capsys, "check", broken)
    assert (text.code, text.out) == (1, "")
    assert f" --> {broken}:" in text.err
    assert text.err.endswith(" errors\n")
    found = call(capsys, "check", broken, "--json")
    assert (found.code, found.err) == (1, "")
    for diagnostic in found.json["diagnostics"]:
        assert set(diagnostic) >= {
            "code", "severity", "message", "file", "line", "column", "help",
        }  # fmt: skip
        assert diagnostic["file"] == broken
        assert diagnostic["code"] in {code.value for code in Code}
    assert call(capsys, "check", broken, "--format", "json").out == found.out
    github = call(capsys, "check", broken, "--format", "github")
    assert github.code == 1
    assert github.out.count("::error file=") == len(found.json["diagnostics"])


def test_check_of_several_cases(capsys: Capsys, small: str, broken: str, tmp_path: Path) -> None:
    assert call(capsys, "check", small, "crowd").code == 0
    assert call(capsys, "check", small, broken).code == 1
    assert call(capsys, "check", str(tmp_path / "no.yaml"), broken).code == 5


def test_a_case_is_a_file_a_folder_or_a_name(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "case.yaml").write_text(SMALL)
    monkeypatch.chdir(tmp_path)
    for name in ("mine", "mine/case.yaml", "crowd"):
        assert call(capsys, "check", name).code == 0
    unknown = call(capsys, "check", "kazakstan-2022")
    assert unknown.code == 5
    assert "no case is called `kazakstan-2022`" in unknown.err
    assert "write `kazakhstan-2022`" in unknown.err
    assert call(capsys, "check", "no.yaml").code == 5
    assert call(capsys, "check", str(tmp_path)).code == 5


# The other commands -------------------------------------------------------------------------------


def test_a_case_with_errors_stops_every_command(capsys: Capsys, broken: str) -> None:
    for name in ("run", "show", "prior", "sources", "simulate"):
        text = call(capsys, name, broken)
        assert (text.code, text.out) == (1, "")
        assert "error[" in text.err
        found = call(capsys, name, broken, "--json")
        assert (found.code, found.err) == (1, "")
        assert found.json["diagnostics"]


def test_simulate_tells_one_course(capsys: Capsys, small: str) -> None:
    text = call(capsys, "simulate", small, "--course", "3", "--explanation", "rough-sea")
    assert (text.code, text.err) == (0, "")
    assert text.out.startswith("A small case: course 3\n")
    assert "What holds in it, drawn by the priors: A storm (“rough sea”)." in text.out
    found = call(capsys, "simulate", small, "--course", "3", "--json", "--engine", "reference").json
    assert (found["course"], found["draws"], found["seed"]) == (3, 1000, 1)
    assert found["events"][0]["date"].startswith("2022-01-0")
    assert [one["name"] for one in found["questions"]] == ["levels", "any-high"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--checked"], "a course is one run: leave out --checked"),
        (["--draws", "10"], "no course has the number 12: they go from 0 to 9"),
        (["--engine", "exact"], "not `exact`"),
    ],
)
def test_a_course_that_cannot_be_told(
    capsys: Capsys, small: str, more: list[str], words: str
) -> None:
    result = call(capsys, "simulate", small, "--course", "12", *more)
    assert (result.code, result.out) == (2, "")
    assert words in result.err


@pytest.fixture
def strikes(tmp_path: Path) -> str:
    path = tmp_path / "strikes.yaml"
    path.write_text(HEAD + "evidence:\n" + THREE + COMPLETE, encoding="utf-8")
    return str(path)


def test_simulate_tells_one_course_that_agrees_with_the_record(
    capsys: Capsys, strikes: str
) -> None:
    asked = ["simulate", strikes, "--as-of", "2000-01-05", "--course", "3", "--particles", "60"]
    text = call(capsys, *asked)
    assert text.code == 0
    assert text.out.startswith("Strikes: course 3, given what was known by 5 January 2000\n")
    assert re.search(r"2 Jan 2000  \d\d:\d\d  ■ a strike \(union; one: daily\)\n", text.out)
    assert "After 5 January 2000: a forecast, one of many\n" in text.out
    finnish = call(capsys, *asked, "--lang", "fi").out
    assert finnish.startswith("Strikes: kulku 3, kun tiedossa on se, mikä tiedettiin 5.")
    found = call(capsys, *asked, "--json").json
    assert (found["course"], found["as_of"]) == (3, "2000-01-06T00:00:00Z")
    assert [one["item"] for one in found["events"] if one["from"] == "record"] == ["one", "two"]
    assert {one["from"] for one in found["events"]} <= {"record", "forecast"}


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (["--as-of", "2000-01-05", "--draws", "10"], 2, "they go from 0 to 9, with more --draws"),
        (["--as-of", "5 January"], 2, "5 January"),
        (["--as-of", "1999-12-01"], 3, "give a later one"),
        (["--as-of", "2000-01-05", "--engine", "native"], 2, "chooses its engine itself"),
    ],
)
def test_a_course_given_the_record_that_cannot_be_told(
    capsys: Capsys, strikes: str, more: list[str], code: int, words: str
) -> None:
    result = call(capsys, "simulate", strikes, "--course", "12", *more)
    assert (result.code, result.out) == (code, "")
    assert words in result.err


def test_simulate_follows_the_contract(capsys: Capsys, small: str) -> None:
    arguments = ["simulate", small, "--draws", "40", "--seed", "7", "--json"]
    result = call(capsys, *arguments)
    assert (result.code, result.err) == (0, "")
    answers = result.json
    assert set(answers) >= {"case", "engine", "draws", "seed", "seconds", "events", "questions"}
    assert (answers["case"], answers["draws"], answers["seed"]) == ("small", 40, 7)
    for question in answers["questions"]:
        assert set(question) >= {
            "name", "kind", "value", "low", "high", "error", "quantiles", "never", "by_explanation",
        }  # fmt: skip
    assert [q["name"] for q in answers["questions"]] == ["levels", "any-high"]
    assert set(answers["questions"][0]["by_explanation"]) == {"calm-sea", "rough-sea"}


def without_seconds(text: str) -> str:
    return re.sub(r'"seconds": [^,]*', '"seconds": 0', text)


def test_the_same_seed_gives_the_same_bytes(small: str) -> None:
    arguments = ["simulate", small, "--draws", "40", "--json"]
    first = run(*arguments)
    assert without_seconds(run(*arguments).out) == without_seconds(first.out)
    assert without_seconds(run(*arguments, "--workers", "1").out) == without_seconds(first.out)
    assert without_seconds(run(*arguments, "--seed", "2").out) != without_seconds(first.out)


def values(capsys: Capsys, *arguments: str) -> dict[str, float]:
    questions = call(capsys, "simulate", *arguments, "--draws", "200", "--json").json["questions"]
    return {question["name"]: question["value"] for question in questions}


def test_settings(capsys: Capsys, small: str) -> None:
    base = values(capsys, small)
    # Three towns at two a week or three times that, for 31 days.
    assert base["levels"] == pytest.approx(3 * 2 * 2 * 31 / 7, rel=0.1)
    assert values(capsys, small, "--set", "pace=2") == base
    assert values(capsys, small, "--set", "pace=1")["levels"] == pytest.approx(26.6, rel=0.1)
    assert values(capsys, small, "--set", "town=6")["levels"] == pytest.approx(106, rel=0.1)
    assert values(capsys, small, "--set", "town=3") == base
    both = values(capsys, small, "--set", "town=6", "--set", "pace=0")
    assert both == {"levels": 0.0, "any-high": 0.0}
    for setting, words in [
        ("pase=2", "write `pace`"),
        ("towns=2", "write `town`"),
        ("town=2.5", "whole number from 1"),
        ("town=0", "whole number from 1"),
    ]:
        result = call(capsys, "simulate", small, "--set", setting)
        assert (result.code, result.out) == (2, "")
        assert words in result.err


def test_explanation(capsys: Capsys, small: str) -> None:
    calm = values(capsys, small, "--explanation", "calm-sea")
    rough = values(capsys, small, "--explanation", "rough-sea")
    assert rough["levels"] == pytest.approx(3 * calm["levels"], rel=0.1)
    wrong = call(capsys, "simulate", small, "--explanation", "calm-see")
    assert wrong.code == 2
    assert "write `calm-sea`" in wrong.err


def test_engines(capsys: Capsys, small: str) -> None:
    arguments = ["simulate", small, "--draws", "20", "--workers", "1", "--json"]
    reference = call(capsys, *arguments, "--engine", "reference").json
    native = call(capsys, *arguments, "--engine", "native").json
    assert (reference.pop("engine"), native.pop("engine")) == ("reference", "native")
    assert reference | {"seconds": 0} == native | {"seconds": 0}
    other = call(capsys, *arguments, "--engine", "exakt")
    assert other.code == 2
    assert "no engine is called `exakt`" in other.err
    assert "no engine is called `exakt`" in other.json["error"]["message"]


def test_the_exact_engine(capsys: Capsys) -> None:
    """It answers without runs, or says in the case's words why not and ends with 3."""
    ruin = str(Path(__file__).parents[1] / "conformance" / "cases" / "gamblers-ruin.yaml")
    found = call(capsys, "simulate", ruin, "--engine", "exact", "--json").json
    assert (found["engine"], found["draws"]) == ("exact", 0)
    assert found["questions"][0]["value"] == pytest.approx(0.04191296854803968, abs=1e-12)
    assert found["questions"][0]["counted"] is None
    refused = call(capsys, "simulate", "crowd", "--engine", "exact")
    assert (refused.code, refused.out) == (3, "")
    assert "no exact answer: " in refused.err
    assert "help: " in refused.err


@pytest.mark.parametrize("language", ["en", "fi"])
def test_run(capsys: Capsys, small: str, tmp_path: Path, language: str) -> None:
    folder = tmp_path / "out"
    arguments = ["run", small, "--draws", "20", "--out", str(folder), "--lang", language]
    text = call(capsys, *arguments)
    assert (text.code, text.err) == (0, "")
    assert "index.html" in text.out
    record = call(capsys, *arguments, "--json").json
    assert record["questions"]
    assert record["files"] == [str(path) for path in map(Path, record["files"]) if path.is_file()]
    assert (folder / "index.html").read_text().startswith("<!")


def test_run_writes_beside_where_it_is_called(
    capsys: Capsys, small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(capsys, "run", small, "--draws", "20").code == 0
    assert (tmp_path / "foedus-out" / "small" / "index.html").is_file()


@pytest.mark.parametrize("language", ["en", "fi"])
def test_prior(capsys: Capsys, small: str, language: str) -> None:
    text = call(capsys, "prior", small, "--draws", "20", "--lang", language)
    assert (text.code, text.err) == (0, "")
    assert "`pace`" in text.out
    record = call(capsys, "prior", small, "--draws", "20", "--json").json
    assert "pace" in [assumption["name"] for assumption in record["assumptions"]]


@pytest.mark.parametrize(
    "section", [None, "timeline", "model", "statements", "sources", "assumptions"]
)
def test_show(capsys: Capsys, section: str | None) -> None:
    options = [] if section is None else [f"--{section}", "--draws", "10"]
    text = call(capsys, "show", "kazakhstan-2022", *options)
    assert text.code == 0
    assert len(text.out) > 1000
    record = call(capsys, "show", "kazakhstan-2022", *options, "--json").json
    assert record["case"] == "kazakhstan-2022"
    assert record[section or "overview"]


def test_show_several_sections(capsys: Capsys, small: str) -> None:
    record = call(capsys, "show", small, "--assumptions", "--model", "--json").json
    assert set(record) == {"case", "model", "assumptions"}


def test_schema(capsys: Capsys) -> None:
    case = json.loads(call(capsys, "schema").out)
    mechanism = call(capsys, "schema", "--mechanism", "--json").json
    assert case["title"] == "Foedus case"
    assert mechanism["title"] == "Foedus mechanism"
    assert call(capsys, "schema", "--priors", "--json").json["title"] == "Foedus priors"


def test_explain(capsys: Capsys) -> None:
    for name in ("unknown-actor", "error[unknown-actor]"):
        page = call(capsys, "explain", name)
        assert page.code == 0
        assert page.out.startswith("# `unknown-actor`")
    listing = call(capsys, "explain")
    assert [line.split()[0] for line in listing.out.splitlines()] == [code.value for code in Code]
    assert all(len(line.split()) > 3 for line in listing.out.splitlines())
    record = call(capsys, "explain", "unknown-actor", "--json").json
    assert record["code"] == "unknown-actor"
    assert record["page"] == call(capsys, "explain", "unknown-actor").out
    assert len(call(capsys, "explain", "--json").json["codes"]) == len(Code)


def test_new(capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = call(capsys, "new", "my-crisis")
    assert (result.code, result.err) == (0, "")
    text = (tmp_path / "my-crisis" / "case.yaml").read_text()
    assert len([line for line in text.splitlines() if line and "#" not in line]) <= 28
    assert yaml.safe_load(text)["case"] == "my-crisis"
    assert call(capsys, "check", "my-crisis") == Result(0, "", "0 errors\n")
    assert call(capsys, "run", "my-crisis", "--draws", "20").code == 0
    for number, line in enumerate(text.splitlines(), 1):
        if "# decide: " in line:
            assert f"case.yaml:{number}: {line.partition('# ')[2]}\n" in result.out


def test_new_says_what_a_shipped_name_means_from_then_on(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "here, `bahrain-2011` is now yours" in call(capsys, "new", "bahrain-2011").out
    assert "note:" not in call(capsys, "new", "elsewhere/bahrain-2011").out


def test_new_leaves_files_alone(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "case.yaml").write_text("foedus: 1\n")
    result = call(capsys, "new", "mine")
    assert (result.code, result.out) == (5, "")
    assert "it exists already" in result.err
    assert (tmp_path / "mine" / "case.yaml").read_text() == "foedus: 1\n"
    for name in ("my crisis", "2022", "true", "a--b", "", ".."):
        assert call(capsys, "new", name).code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine"]
    assert call(capsys, "new", "deep/down/mine", "--json").json["files"] == [
        "deep/down/mine/case.yaml"
    ]


def test_warnings_are_counted(capsys: Capsys, tmp_path: Path) -> None:
    assert call(capsys, "check", "kazakhstan-2022").err == "0 errors\n"
    assert call(capsys, "show", "kazakhstan-2022").err == ""
    path = tmp_path / "case.yaml"
    idle = '  never: {per: town, rate: 0, then: {"level[town]": 0}}\nquestions:'
    path.write_text(SMALL.replace("questions:", idle))
    assert call(capsys, "show", str(path)).err.startswith("warning: 1 warning; `foedus check ")


# weigh, diff --------------------------------------------------------------------------------------


def test_weigh_prints_a_verdict_and_writes_a_table(
    capsys: Capsys, strikes: str, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    result = call(capsys, "weigh", strikes, "--particles", "40", "--table", str(table), "--json")
    assert result.code == 0
    assert [one["name"] for one in result.json["explanations"]] == ["by-itself", "by-plot"]
    assert table.read_text().startswith("id,known,what,")


def test_weigh_refuses_without_an_answer(capsys: Capsys, strikes: str, small: str) -> None:
    early = call(capsys, "weigh", strikes, "--as-of", "1999-12-31")
    assert (early.code, early.out) == (3, "")
    assert "nothing of the record was known by that date" in early.err
    assert call(capsys, "weigh", small).code == 3
    assert call(capsys, "weigh", strikes, "--table", "t.txt").code == 2


def test_run_weighs_what_is_soon_weighed(
    capsys: Capsys, strikes: str, small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOEDUS_CACHE", str(tmp_path / "kept"))
    few = ("--draws", "10", "--particles", "40", "--out", str(tmp_path / "out"))
    record = call(capsys, "run", strikes, *few, "--json").json
    assert [one["name"] for one in record["verdict"]["explanations"]] == ["by-itself", "by-plot"]
    assert "no_verdict" not in record
    assert record["given_the_record"] is None, "no decision is changed, so no course was run"
    monkeypatch.setattr(effort, "MANY", 2)
    record = call(capsys, "run", strikes, *few, "--json").json
    assert record["verdict"] is None
    assert "takes minutes" in record["no_verdict"]
    # A long path may be broken over lines.
    english = "".join(call(capsys, "run", strikes, *few).out.split())
    assert f"`foedusrun{strikes}--weigh`" in english
    finnish = "".join(call(capsys, "run", strikes, *few, "--lang", "fi").out.split())
    assert f"vieminuutteja:senkertoo`foedusweigh{strikes}`" in finnish
    record = call(capsys, "run", small, *few, "--json").json
    assert record["verdict"] is None
    assert "no_verdict" not in record
    asked = call(capsys, "run", small, *few, "--weigh")
    assert (asked.code, asked.out) == (3, "")


def flat(text: str) -> str:
    return " ".join(text.split())


def test_diff_says_what_an_edit_changed(capsys: Capsys, small: str, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(SMALL.replace("value: 2, unit: per week", "value: 9, unit: per week"))
    text = call(capsys, "diff", small, str(other), "--draws", "100", "--answers-only")
    assert text.code == 0
    assert "Answers that changed" in text.out
    same = call(capsys, "diff", small, small, "--draws", "100", "--answers-only", "--json")
    assert same.json["old"]["questions"] == same.json["new"]["questions"]


def test_a_verdict_that_cannot_be_worked_out(capsys: Capsys) -> None:
    refused = call(capsys, "weigh", "kazakhstan-2022", "--method", "exact")
    assert (refused.code, refused.out) == (3, "")
    assert "no exact verdict: " in refused.err
