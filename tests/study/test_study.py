"""The whole job from Python: find, read, load, build, simulate, report."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import foedus
from foedus.case.constants import constants
from foedus.case.find import find_case, shipped_cases
from foedus.infer.islands.effort import Effort
from foedus.study import build, load, parameters_in_days, read, run, simulate, weigh
from foedus.text.codes import Code
from foedus.text.diagnostic import CaseError, Diagnostics, SettingsError
from tests.cli.program import SMALL, small
from tests.infer.strikes import COMPLETE, HEAD, item

__all__ = ["small"]

CHOICE = SMALL.replace(
    "what-if:\n", "what-if:\n  other: {replace: {aid: calm.yaml}}\n  fast: {set: {pace: 20}}\n"
).replace(
    "groups:",
    """actors:
  home: {kind: state}
  patron: {kind: state}
  leader: {kind: person, of: home}
offices: {seat: {of: home, held: [{by: leader, from: 2000}]}}
alliances: {pact: {members: [home, patron], lead: patron, since: 1990}}
uses:
  - {mechanism: wind.yaml, as: aid, with: {sailors: 4}}
groups:""",
)
WIND = """\
mechanism: NAME
title: Wind
needs: {sailors: {kind: group, doc: who blows}}
offers: {events: [blow], state: [knots]}
parameters: {force: {value: FORCE, unit: per day, grade: assumed, because: a test}}
state: {knots: {type: count, starts: 0}}
events: {blow: {per: sailors, rate: force, then: {knots: knots + 1}}}
"""


@pytest.fixture
def windy(tmp_path: Path) -> Path:
    """A case with two mechanisms of its own, one of them in use."""
    for name, force in (("wind", "2"), ("calm", "1")):
        text = WIND.replace("NAME", name).replace("FORCE", force)
        (tmp_path / f"{name}.yaml").write_text(text)
    path = tmp_path / "case.yaml"
    path.write_text(
        CHOICE.replace("questions:", "questions:\n  wind: {mean: aid.knots, at: 2022-01-31}")
    )
    return path


def value(name: str, **more: object) -> float:
    answers = simulate(name, draws=50, seed=1, **more)  # type: ignore[arg-type]
    question = next(q for q in answers.questions if q.name == "wind")
    assert question.estimate.value is not None
    return question.estimate.value


def test_shipped_cases_load() -> None:
    assert "kazakhstan-2022" in shipped_cases()
    for name in shipped_cases():
        case = load(name)
        assert case.name == name
        assert build(case).name == name


def test_find_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    diagnostics = Diagnostics()
    shipped = find_case("crowd", diagnostics)
    assert shipped is not None
    assert shipped.parts[-2:] == ("crowd", "case.yaml")
    # A folder of the same name comes first: what a user wrote is what a user means.
    (tmp_path / "crowd").mkdir()
    (tmp_path / "crowd" / "case.yaml").write_text(SMALL)
    assert find_case("crowd", diagnostics) == Path("crowd/case.yaml")
    assert find_case("missing.yaml", diagnostics) == Path("missing.yaml")
    assert diagnostics.found == []
    assert find_case("crowds", diagnostics) is None
    assert "write `crowd`" in (diagnostics.found[0].help or "")


def test_read_and_load(small: str, tmp_path: Path) -> None:
    case, diagnostics = read(small)
    assert case is not None
    assert diagnostics == ()
    assert load(Path(small)) == case
    broken = tmp_path / "broken.yaml"
    broken.write_text(SMALL.replace("rate:", "rat:"))
    case, diagnostics = read(str(broken))
    assert case is None
    with pytest.raises(CaseError, match=r"broken\.yaml:\d+:\d+: ") as caught:
        load(str(broken))
    assert [d.message for d in caught.value.diagnostics] == [d.message for d in diagnostics]
    with pytest.raises(CaseError) as caught:
        load("nowhere")
    assert [d.code for d in caught.value.diagnostics] == [Code.FILE_UNREADABLE]


def test_the_package_exports_the_same(small: str) -> None:
    case = foedus.load(small)
    answers = foedus.simulate(case, draws=20)
    assert answers.questions == foedus.simulate(small, draws=20).questions
    with pytest.raises(foedus.CaseError):
        foedus.load("nowhere")


def test_constants(windy: Path) -> None:
    case = load(windy)
    assert constants(case) == ("town", "aid.sailors")
    larger = load(windy, {"town": 7, "aid.sailors": 9, "pace": 3})
    assert larger.groups["town"].size == 7
    assert larger.source.text == case.source.text
    assert load(windy, {"town": 3, "aid.sailors": 4}) == case
    for size in (0, -1, 2.5):
        with pytest.raises(SettingsError, match="whole number from 1"):
            load(windy, {"town": size})
    with pytest.raises(CaseError):
        load(windy, {"aid.sailors": 2.5})


def test_parameters_in_days(windy: Path) -> None:
    case = load(windy)
    settings = {"pace": 14.0, "aid.force": 3.0, "town": 3.0}
    assert parameters_in_days(case, settings) == {"pace": 2.0, "aid.force": 3.0}
    with pytest.raises(SettingsError, match="write `pace`"):
        parameters_in_days(case, {"paces": 1.0})
    with pytest.raises(SettingsError, match=r"write `aid\.sailors`"):
        parameters_in_days(case, {"aid.sailor": 1.0})


def test_settings_move_the_answers(windy: Path) -> None:
    # Four sailors, two gusts a day each, for 31 days.
    assert value(str(windy)) == pytest.approx(248, rel=0.05)
    assert value(str(windy), settings={"aid.sailors": 8}) == pytest.approx(496, rel=0.05)
    assert value(str(windy), settings={"aid.force": 1}) == pytest.approx(124, rel=0.05)
    assert value(str(windy), settings={"aid.force": 0}) == 0


def test_what_ifs(windy: Path) -> None:
    assert value(str(windy), what_if="other") == pytest.approx(124, rel=0.05)
    assert value(str(windy), what_if="fast", engine="reference") == value(str(windy))
    with pytest.raises(SettingsError, match="write `other`"):
        value(str(windy), what_if="others")
    with pytest.raises(SettingsError, match="give the case by name"):
        simulate(load(windy), draws=20, what_if="other")
    case, diagnostics = read(str(windy), None, {"aid": "gale.yaml"})
    assert case is None
    assert [d.code for d in diagnostics] == [Code.UNKNOWN_MECHANISM]


def test_wrong_calls(small: str) -> None:
    with pytest.raises(SettingsError, match="no engine is called `exakt`"):
        simulate(small, draws=20, engine="exakt")
    with pytest.raises(SettingsError, match="write `calm-sea`"):
        simulate(small, draws=20, explanation="calm-see")


def test_neither_engine_nor_workers_change_an_answer(small: str) -> None:
    first = simulate(small, draws=40, seed=3)
    for engine in ("native", "reference"):
        for workers in (1, 2):
            other = simulate(small, draws=40, seed=3, engine=engine, workers=workers)
            assert other.questions == first.questions
    assert simulate(small, draws=40, seed=4).questions != first.questions


def test_the_whole_job_ends_in_a_page(small: Path, tmp_path: Path) -> None:
    told: list[str] = []

    @contextmanager
    def progress(words: str) -> Iterator[Callable[[int, int], None] | None]:
        told.append(words)
        yield None

    found = run(str(small), tmp_path / "out", draws=20, progress=progress)
    again = simulate(str(small), draws=20)
    assert [q.estimate.value for q in found.answers.questions] == [
        q.estimate.value for q in again.questions
    ]
    assert found.verdict is None
    assert told == ["simulating", "no-rise"]
    assert found.files[0].name == "index.html"
    assert all(path.parent == tmp_path / "out" and path.is_file() for path in found.files)


def test_whom_to_believe_can_be_set_where_something_is_believed(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    reports = item("one", "2000-01-02", "label: a") + item("two", "2000-01-05", "label: b")
    path.write_text(f"{HEAD}evidence:\n{reports}{COMPLETE}")
    case = load(str(path))
    assert parameters_in_days(case, {"reliability.paper": 0.5}, given_the_record=True) == {
        "reliability.paper": 0.5
    }
    with pytest.raises(SettingsError, match="says whom to believe"):
        parameters_in_days(case, {"reliability.paper": 0.5})
    with pytest.raises(SettingsError, match="is a share"):
        parameters_in_days(case, {"reliability.paper": 1.5}, given_the_record=True)
    with pytest.raises(SettingsError, match=r"write .reliability\.paper."):
        parameters_in_days(case, {"reliability.papre": 0.5})
    with pytest.raises(SettingsError, match="cannot be 0"):
        parameters_in_days(case, {"reliability.paper": 0}, given_the_record=True)
    little = Effort(particles=200, islands=4, again=30)
    distrusted, trusted = (
        weigh(case, effort=little, settings={"reliability.paper": value}, method="particle")
        for value in (0.01, 1.0)
    )
    assert distrusted.weights != trusted.weights
