"""What is published is made anew, and what is no longer so is named."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import date
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

from foedus import outside, study
from foedus.history import learned
from foedus.infer.islands.effort import Effort
from foedus.infer.sampler.sampler import Settings
from foedus.infer.shipped import answers_file, courses_file, verdict_file
from foedus.questions.frozen import digest_of
from foedus.reproduce import (
    calibration,
    exact_agreement,
    forecasts,
    numbers,
    references,
    seeds,
    verdicts,
)  # fmt: skip
from foedus.reproduce.pages import find_checkout, make_pages, make_what_if_calibration
from foedus.reproduce.part import Made, Part, Workplace, as_words, differences
from foedus.reproduce.run import PARTS, parts_named, reproduce
from foedus.text.diagnostic import NoiseError
from tests.architecture.project import ROOT
from tests.cli.program import call
from tests.infer.strikes import COMPLETE, HEAD, THREE
from tests.loading import case_of

Capsys = pytest.CaptureFixture[str]


def test_differences_are_named_by_their_place() -> None:
    old = {"a": {"b": [1.0, 2.0]}, "c": "x", "d": 1}
    assert differences(old, old) == []
    assert differences(old, {"a": {"b": [1.0, 2.5]}, "c": "y"}) == [
        ("a.b.2", 2.0, 2.5), ("c", "x", "y"), ("d", 1, None)
    ]  # fmt: skip
    assert differences({"a": 1.0}, {"a": 1.0 + 1e-12}) == []
    assert differences([1.0], [1.0, 2.0]) == [("", [1.0], [1.0, 2.0])]
    many = [(str(n), n, n + 1) for n in range(20)]
    assert as_words(many, 3) == ("0: 0, now 1", "1: 1, now 2", "2: 2, now 3", "and 17 more")


def test_a_shipped_law_that_is_no_longer_so_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = json.loads(learned.LAWS.read_text(encoding="utf-8"))
    monkeypatch.setattr(
        "foedus.questions.fits.shipped.learned_laws", lambda table, progress: shipped
    )
    place = Workplace(None, tmp_path)
    assert numbers.make_laws(place).changed == ()
    other = json.loads(json.dumps(shipped))
    other["bodies"]["csto"][3][0] += 0.2
    path = tmp_path / "learned.json"
    path.write_text(json.dumps(other))
    monkeypatch.setattr(numbers, "LAWS", path)
    (changed,) = numbers.make_laws(place).changed
    assert changed.startswith("bodies.csto.4.1: ")


def test_a_frozen_forecast_that_is_no_longer_so_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kyrgyzstan-2010" / "frozen.json"
    path.parent.mkdir()
    quick = Effort(particles=60)
    record = outside.freeze("kyrgyzstan-2010", path, as_of="2010-06-12", draws=50, effort=quick)
    monkeypatch.setattr(forecasts, "SHIPPED", tmp_path)
    made = forecasts.make_forecasts(Workplace(None, tmp_path))
    assert made.changed == ()
    assert made.record == {"kyrgyzstan-2010": record}
    first = record["questions"][0]
    for errors, is_named in ((3.0, False), (9.0, True)):
        moved = {**first, "value": first["value"] + errors * first["error"]}
        other = {**record, "questions": [moved, *record["questions"][1:]]}
        path.write_text(json.dumps({**other, "digest": digest_of(other)}))
        changed = forecasts.make_forecasts(Workplace(None, tmp_path)).changed
        assert [line.partition(":")[0] for line in changed] == (
            [f"kyrgyzstan-2010.{first['name']}"] if is_named else []
        )
    other = {**record, "questions": record["questions"][1:]}
    path.write_text(json.dumps({**other, "digest": digest_of(other)}))
    (line,) = forecasts.make_forecasts(Workplace(None, tmp_path)).changed
    assert line.startswith(f"kyrgyzstan-2010.{first['name']}: nothing, now ")


def test_without_the_data_of_others_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path))
    made = numbers.make_classes(Workplace(None, tmp_path))
    assert "archigos" in made.skipped
    assert "foedus history import" in made.skipped


CONFTEST = """\
def pytest_addoption(parser):
    parser.addoption("--update", action="store_true")
"""
PAGE_TEST = """\
from pathlib import Path
from typing import NoReturn
def test_page(pytestconfig):
    assert pytestconfig.getoption("--update")
    Path("README.md").write_text("one\\n{}\\nthree\\n")
"""


def checkout(folder: Path, shown: str) -> Path:
    """A small checkout whose page would show something today."""
    for name in ("src/foedus/diagnostics", "tests/docs", "tests/diagnostics", "docs"):
        (folder / name).mkdir(parents=True)
    (folder / "README.md").write_text("one\ntwo\nthree\n")
    (folder / "tests" / "conftest.py").write_text(CONFTEST)
    (folder / "tests" / "docs" / "test_page.py").write_text(PAGE_TEST.format(shown))
    return folder


def test_pages_are_carried_out_in_a_copy(tmp_path: Path) -> None:
    same, other = checkout(tmp_path / "a", "two"), checkout(tmp_path / "b", "2")
    assert make_pages(Workplace(same, tmp_path / "out")).changed == ()
    made = make_pages(Workplace(other, tmp_path / "out"))
    assert made.changed == ("README.md: -two", "README.md: +2")
    assert (tmp_path / "out" / "pages" / "README.md").read_text() == "one\n2\nthree\n"
    assert (other / "README.md").read_text() == "one\ntwo\nthree\n"


def test_pages_that_cannot_be_carried_out_are_no_success(tmp_path: Path) -> None:
    broken = checkout(tmp_path / "a", "two")
    (broken / "tests" / "docs" / "test_page.py").write_text("def test_page():\n    assert 0\n")
    made = make_pages(Workplace(broken, tmp_path / "out"))
    assert "could not be carried out" in made.failed
    assert "run it in a checkout" in make_pages(Workplace(None, tmp_path)).skipped


def test_planted_worlds_are_drawn_in_a_copy(tmp_path: Path) -> None:
    """What the tool would put onto its page is told, and the page stays."""
    place = checkout(tmp_path / "a", "two")
    (place / "docs" / "what-if.md").write_text("356 of 400\n")
    (place / "tools").mkdir()
    tool = place / "tools" / "draw_what_if_calibration.py"
    tool.write_text(
        "from pathlib import Path\nPath('docs/what-if.md').write_text('355 of 400\\n')\n"
    )
    made = make_what_if_calibration(Workplace(place, tmp_path / "out"))
    assert made.changed == ("docs/what-if.md: -356 of 400", "docs/what-if.md: +355 of 400")
    assert (place / "docs" / "what-if.md").read_text() == "356 of 400\n"


@pytest.mark.parametrize("courses", [pytest.param(40, marks=pytest.mark.full), 150])
def test_what_ifs_are_recorded_or_refused(
    courses: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty courses are too few to say anything of another world, which is told as such."""
    few = partial(study.counterfactual, courses=courses, effort=Effort(particles=125, islands=2))
    monkeypatch.setattr(study, "counterfactual", few)
    monkeypatch.setattr(numbers, "shipped_cases", lambda: ("belarus-2020", "crisis"))
    record = numbers.make_what_ifs(Workplace(None, tmp_path)).record
    assert list(record) == ["belarus-2020"]
    found = record["belarus-2020"]
    assert isinstance(found, dict)
    if courses == 40:
        assert "needs 100" in found["refused"]
        return
    names = [one["what_if"] for one in found["what-ifs"]]
    assert names == list(study.load("belarus-2020").what_ifs)
    assert all(one["questions"] and "seconds" not in one for one in found["what-ifs"])


def test_a_checkout_is_found_from_inside_it() -> None:
    assert find_checkout(ROOT / "docs" / "tutorial") == ROOT
    assert find_checkout(Path("/")) is None


def test_results_are_dated_and_held_against_the_last_ones(tmp_path: Path) -> None:
    earlier = tmp_path / "2020-01-01"
    earlier.mkdir()
    (earlier / "x.json").write_text(json.dumps({"record": {"score": 0.5}}))
    part = Part("x", "a score", False, lambda place: Made({"score": 0.25}, ("gone",)))
    (done,) = reproduce([part], tmp_path, None, lambda name: nullcontext(None))
    assert (done.since, done.moved) == ("2020-01-01", ("score: 0.5, now 0.25",))
    (today,) = (path for path in tmp_path.iterdir() if path != earlier)
    record = json.loads((today / "x.json").read_text())
    assert record["changed"] == ["gone"]
    assert record["record"] == {"score": 0.25}
    assert record["date"] == today.name


def test_slow_parts_are_made_only_if_asked_for() -> None:
    slow = {part.name for part in PARTS if part.is_slow}
    assert slow == {
        "calibration", "exact-agreement", "pages", "references", "forecasts", "verdicts", "seeds",
        "what-ifs", "what-if-calibration",
    }  # fmt: skip
    assert slow.isdisjoint(part.name for part in parts_named((), with_slow=False))
    assert parts_named((), with_slow=True) == PARTS
    assert [part.name for part in parts_named(("pages",), with_slow=False)] == ["pages"]


def test_the_command(capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOEDUS_DATA", str(tmp_path / "data"))
    listed = call(capsys, "reproduce", "--list")
    assert all(part.name in listed.out for part in PARTS)
    wrong = call(capsys, "reproduce", "clases")
    assert (wrong.code, wrong.out) == (2, "")
    assert "write `classes`" in wrong.err
    made = call(capsys, "reproduce", "classes", "--to", str(tmp_path / "out"))
    assert made.code == 0
    assert made.out.startswith("classes: not made; without ")
    record = call(capsys, "reproduce", "classes", "--to", str(tmp_path / "out"), "--json").json
    assert [one["part"] for one in record["parts"]] == ["classes"]
    assert "pages" in record["not_made"]


def test_planted_worlds_are_told_and_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "WORLDS", {"strikes": 3})
    made = calibration.make_calibration(Workplace(None, tmp_path))
    assert made.files == ("planted-strikes.svg", "planted-strikes.png")
    told = made.record["strikes"]
    assert isinstance(told, dict)
    assert told["worlds"] == 3
    assert set(told["ranks"]) == {"speed", "boost", "strikes"}
    assert all(sum(bins) == 3 for bins in told["ranks"].values())


def test_a_sampled_likelihood_that_is_no_longer_so_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    off = {"exact": 1.0, "bias": 0.01, "error": 0.02, "scatter": 0.2}
    made = {"runs": 100, "unguided": {}, "likelihood": {"by-plot": off}}
    path = tmp_path / "exact_agreement.json"
    path.write_text(json.dumps({"dates": {"made": "2020-01-01", **made}}))
    monkeypatch.setattr(exact_agreement, "FILE", path)
    monkeypatch.setattr(exact_agreement, "RECORDS", {"dates": "dated events"})
    monkeypatch.setattr(exact_agreement, "entry_of", lambda name, progress: made)
    place = Workplace(None, tmp_path)
    assert exact_agreement.make_exact_agreement(place).changed == ()
    made["likelihood"] = {"by-plot": {**off, "bias": -0.12}}
    found = exact_agreement.make_exact_agreement(place).changed
    assert found[0] == "dates.likelihood.by-plot.bias: 0.01, now -0.12"
    assert found[1].startswith("dates: the likelihood of by-plot is 0.880 of the exact one")


def test_how_a_record_compares_is_kept_with_its_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    path = tmp_path / "exact_agreement.json"
    path.write_text(json.dumps({"claims": {"runs": 1}}))
    monkeypatch.setattr(exact_agreement, "FILE", path)
    monkeypatch.setattr(exact_agreement, "SETTINGS", Settings(particles=20, sweeps=1))
    entry = exact_agreement.entry_of("dates", 2, lambda *now: told.append(now))
    assert told == [(1, 2), (2, 2)]
    assert set(entry) == {
        "runs", "particles", "unguided", "likelihood", "log_evidence", "posterior"
    }  # fmt: skip
    monkeypatch.setattr(exact_agreement, "entry_of", lambda name: entry)
    exact_agreement.keep("dates")
    kept = json.loads(path.read_text())
    assert list(kept) == ["dates", "claims"]
    assert kept["dates"]["made"] == date.today().isoformat()
    assert kept["dates"]["runs"] == 2


def test_a_reference_that_is_no_longer_so_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = {"x": {"digest": "d", "explanations": {"plot": {"share": 0.62}}}}
    path = tmp_path / "references.json"
    path.write_text(json.dumps(shipped))
    monkeypatch.setattr(references, "FILE", path)
    monkeypatch.setattr(references, "referable", lambda: iter(shipped))
    monkeypatch.setattr(references, "entry_of", lambda name, progress: shipped[name])
    assert references.make_references(Workplace(None, tmp_path)).changed == ()
    other = json.loads(json.dumps(shipped))
    other["x"]["explanations"]["plot"]["share"] = 0.5
    monkeypatch.setattr(references, "entry_of", lambda name, progress: other[name])
    (changed,) = references.make_references(Workplace(None, tmp_path)).changed
    assert changed == "x.explanations.plot.share: 0.62, now 0.5"


def test_a_verdict_that_is_no_longer_so_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = case_of(HEAD + "evidence:\n" + THREE + COMPLETE)
    for module in (verdict_file, courses_file, answers_file):
        monkeypatch.setattr(module, "SHIPPED", tmp_path)
    monkeypatch.setattr(verdicts, "SHIPPED", Effort(particles=40, sweeps=1, islands=2))
    monkeypatch.setattr(numbers, "shipped_cases", lambda: ("strikes",))
    monkeypatch.setattr(study, "load", lambda name: case)
    place = Workplace(None, tmp_path)
    assert verdicts.make_verdicts(place).changed == ()  # none ships
    shipped = verdict_file.file_of("strikes")
    shipped.parent.mkdir()
    verdicts.beside(case).write()
    entry = json.loads(shipped.read_text())
    shipped.write_text(json.dumps({**entry, "made": "2020-01-01"}))
    assert verdicts.make_verdicts(place).changed == ()
    entry["verdict"]["turning"]["leader"] = "by-magic"
    shipped.write_text(json.dumps(entry))
    (changed,) = verdicts.make_verdicts(place).changed
    assert changed == "strikes.verdict.turning.leader: by-magic, now by-itself"
    verdicts.beside(case).write()
    answers_file.file_of("strikes").unlink()
    assert verdicts.make_verdicts(place).changed == ("strikes answers: as kept, now others",)
    courses = courses_file.file_of("strikes")
    courses.write_bytes(courses.read_bytes()[:-1])
    assert verdicts.make_verdicts(place).changed == ("strikes courses: as kept, now others",)


def test_what_other_seeds_come_to_is_kept_for_one_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: dict[int, dict[str, object]] = {
        seed: {"runs": seed, "rhat": 1.0 + seed / 100.0} for seed in seeds.SEEDS
    }
    path = tmp_path / "seeds.json"
    path.write_text(
        json.dumps({"case": seeds.CASE, "digest": "of an edit ago", "seeds": {"9": {}}})
    )
    monkeypatch.setattr(seeds, "FILE", path)
    monkeypatch.setattr(seeds, "entry_of", lambda seed: {**found[seed]})
    seeds.keep(4)  # what was weighed on another record goes
    for seed in reversed(seeds.SEEDS):
        seeds.keep(seed)
    kept = json.loads(path.read_text())
    assert kept["digest"] == seeds.record_digest()
    assert list(kept["seeds"]) == [str(seed) for seed in seeds.SEEDS]
    assert kept["seeds"]["3"] == {"made": date.today().isoformat(), **found[3]}
    told: list[tuple[int, int]] = []
    place = Workplace(None, tmp_path, lambda *now: told.append(now))
    assert seeds.make_seeds(place).changed == ()
    assert told[-1] == (len(seeds.SEEDS), len(seeds.SEEDS))
    found[5] = {"no_verdict": "noise would decide"}
    assert seeds.make_seeds(place).changed == (
        "5.runs: 5, now nothing", "5.rhat: 1.05, now nothing",
        "5.no_verdict: nothing, now noise would decide",
    )  # fmt: skip


def test_a_seed_without_a_verdict_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise NoiseError("noise would decide", "apart")

    monkeypatch.setattr(study, "weigh", refuse)
    assert seeds.entry_of(6) == {"no_verdict": "noise would decide"}
