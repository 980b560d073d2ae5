"""Which what-if the whole job holds, given what, and where it holds none."""

from pathlib import Path

import pytest

from foedus.case.case import Case
from foedus.infer.islands import effort
from foedus.infer.islands.effort import Effort
from foedus.questions.other_worlds import OtherWorld
from foedus.questions.what_if import Change
from foedus.report.phrases.names import question_name
from foedus.report.what_if.what_if_in_run import rows_of, what_if_in_short
from foedus.study import Study, counterfactual, run, what_if
from tests.loading import case_of, warned_case
from tests.questions.test_other_worlds import TEXT

MUCH = Effort(particles=150)
NO_RECORD = TEXT[: TEXT.index("record:")] + TEXT[TEXT.index("questions:") :]


def whole(case: Case, folder: Path, **named: object) -> Study:
    return run(case, folder, draws=20, effort=MUCH, **named)  # type: ignore[arg-type]


def test_it_is_the_first_given_the_record(tmp_path: Path) -> None:
    case = warned_case(TEXT)
    found = whole(case, tmp_path)
    (alone,) = counterfactual(case, "no-blast", effort=MUCH)
    assert isinstance(found.what_if, OtherWorld)
    assert found.what_if.questions == alone.questions
    page = found.files[0].read_text()
    assert page.count('<section id="what-if"') == 1
    assert page.count('id="figure-pairs-no-blast"') == 1
    assert tmp_path / "pairs-no-blast.png" in found.files
    told = " ".join(what_if_in_short(case, found.what_if))
    assert "Given the record" in told
    assert "foedus whatif case.yaml no-blast" in told


def test_without_a_record_it_is_from_the_start(tmp_path: Path) -> None:
    case = case_of(NO_RECORD)
    found = whole(case, tmp_path)
    assert isinstance(found.what_if, Change)
    assert found.what_if.questions == what_if(case, "no-blast", draws=20).questions
    assert "before any evidence" in " ".join(what_if_in_short(case, found.what_if))


def test_rows_begin_with_the_main_answer_and_end_with_what_the_decision_settles(
    tmp_path: Path,
) -> None:
    case = warned_case(
        TEXT.replace("questions:", "questions:\n  gone: {probability: blown, at: 2000-01-20}", 1)
    )
    found = whole(case, tmp_path).what_if
    assert found is not None
    names = [row.question for row in rows_of(case, found, "en")]
    assert names[0] == "gone"
    assert "mended" not in names[1:]  # nothing clear changes there
    settled = [
        question_name(case, one.name, "en")
        for one in found.questions
        if one.counterfactual.error == 0.0
    ]
    assert names[1:] == sorted(names[1:], key=lambda name: name in settled)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT[: TEXT.index("what-if:")], id="no decision"),
        pytest.param(TEXT[: TEXT.index("questions:")] + TEXT[TEXT.index("what-if:") :], id="none"),
    ],
)
def test_a_case_that_asks_or_changes_nothing_has_none(tmp_path: Path, text: str) -> None:
    found = whole(warned_case(text), tmp_path)
    assert found.what_if is None
    assert '<section id="what-if"' not in found.files[0].read_text()


def test_courses_that_would_take_minutes_are_not_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effort, "MANY", 0)
    monkeypatch.setenv("FOEDUS_CACHE", str(tmp_path / "kept"))
    assert whole(warned_case(TEXT), tmp_path, is_weighed=False).what_if is None


def test_too_few_courses_are_no_fault_of_the_whole_job(tmp_path: Path) -> None:
    found = run(warned_case(TEXT), tmp_path, draws=20, effort=Effort(particles=20))
    assert found.what_if is None
    assert found.verdict is not None
