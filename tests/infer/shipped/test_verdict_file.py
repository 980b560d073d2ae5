"""Verdicts that ship with their cases: the same when read, and only for what they were made for."""

import json
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest

from foedus.case.case import Case
from foedus.infer.islands.effort import Effort
from foedus.infer.shipped import verdict_file
from foedus.infer.shipped.verdict_file import as_file, file_of, shipped_verdict
from foedus.infer.verdict.verdict import Kept, Verdict
from foedus.jump.lower_record import lower_record
from foedus.study import build, load, weigh
from tests.infer.strikes import COMPLETE, HEAD, THREE
from tests.loading import case_of

TEXT = HEAD + "evidence:\n" + THREE + COMPLETE
LITTLE = Effort(particles=20, sweeps=1, islands=2, again=10)
KEPT = Kept("2026-11-27", "0.1.0")


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verdict:
    """A verdict that is kept as one that ships, with an infinity in it."""
    monkeypatch.setattr(verdict_file, "SHIPPED", tmp_path)
    case = case_of(TEXT)
    verdict = weigh(case)
    first = replace(verdict.standings[0], log_evidence=-inf)
    verdict = replace(verdict, seed=1, standings=(first, *verdict.standings[1:]))
    entry = as_file(case, build(case), lower_record(case), LITTLE, verdict, KEPT)
    file_of(case.name).parent.mkdir()
    file_of(case.name).write_text(json.dumps(entry, allow_nan=False))
    return verdict


def read(case: Case, effort: Effort = LITTLE, seed: int = 1) -> Verdict | None:
    return shipped_verdict(case, build(case), lower_record(case), effort, seed)


def test_it_is_what_was_kept_and_says_when(found: Verdict) -> None:
    assert read(case_of(TEXT)) == replace(found, kept=KEPT)


def test_its_place_among_records_is_the_one_that_ships(
    found: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, shares = case_of(TEXT), {"by-itself": 0.5, "by-plot": 0.25}
    placed = replace(found, basis=replace(found.basis, percentiles=shares))
    with_it, without = (
        as_file(case, build(case), lower_record(case), LITTLE, one, KEPT) for one in (placed, found)
    )
    assert with_it == without
    monkeypatch.setattr(verdict_file, "shipped_percentiles", lambda model, record: shares)
    assert read(case) == replace(placed, kept=KEPT)


def test_it_is_for_one_seed_and_one_effort(found: Verdict) -> None:
    assert found.seed == 1
    assert read(case_of(TEXT), seed=2) is None
    assert read(case_of(TEXT), replace(LITTLE, particles=21)) is None


def test_it_is_for_as_many_runs_as_it_has_or_fewer(found: Verdict) -> None:
    assert read(case_of(TEXT), replace(LITTLE, islands=3)) is None
    assert read(case_of(TEXT), replace(LITTLE, islands=1)) == replace(found, kept=KEPT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("2000-01-10, lag", "2000-01-09, lag", id="record"),
        pytest.param(
            "per day, grade: judged", "per day, grade: reported, cites: [daily]", id="grade"
        ),
        pytest.param("2000-01, origin: paper", "2000-01, origin: radio", id="source"),
    ],
)
def test_a_case_that_has_changed_has_none(found: Verdict, old: str, new: str) -> None:
    assert found.case == "strikes"
    changed = TEXT.replace(old, new, 1)
    assert changed != TEXT
    assert read(case_of(changed)) is None


def test_other_words_change_nothing(found: Verdict) -> None:
    changed = TEXT.replace("doc: a strike", "doc: people who strike", 1)
    assert changed != TEXT
    assert read(case_of(changed)) == replace(found, kept=KEPT)


def test_without_a_file_there_is_none() -> None:
    assert read(case_of(TEXT)) is None


def test_what_ships_with_the_flagship_is_for_the_flagship_as_it_is() -> None:
    case = load("kazakhstan-2022")
    shipped = shipped_verdict(case, build(case), lower_record(case), Effort(), 1)
    assert shipped is not None, "the case has changed: run `python tools/keep_verdicts.py`"
    assert shipped.kept is not None
    assert shipped.basis.percentiles is None or set(shipped.basis.percentiles) == {
        one.name for one in shipped.standings if one.is_rival
    }
