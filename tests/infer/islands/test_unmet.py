"""Where no run agrees with a record, the message says at which piece, where, and what to do."""

from dataclasses import replace
from pathlib import Path

import pytest

from foedus.infer.islands.effort import Effort
from foedus.infer.islands.unmet import nothing_agrees
from foedus.infer.likelihood.engine import start
from foedus.infer.verdict.no_verdict import NoVerdict
from foedus.infer.weigh import weigh
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.report.phrases.no_verdict import no_verdict_sentence
from foedus.text.diagnostic import NoAnswerError
from tests.cli.program import call
from tests.infer.strikes import COMPLETE, HEAD, THREE
from tests.loading import case_of, warned_case

AT_MOST_TWO = HEAD.replace("    by: union\n", "    by: union\n    when: strikes < 2\n")
BELL = HEAD.replace("events:", "  rung: {type: flag, starts: false}\nevents:").replace(
    "questions:", "  bell: {at: 2000-01-03, then: {rung: true}, doc: a bell}\nquestions:"
)
SILENT = COMPLETE + "  bell: {complete: 2000-01-01/2000-01-10, lag: 0 days}\n"
CAUSES = (
    "unmet",
    "unmet-silence",
    "unmet-end",
    "impossible",
    "impossible-silence",
    "impossible-end",
)


def refusal(head: str, record: str = COMPLETE, as_of: float | None = None) -> NoAnswerError:
    case = warned_case(f"{head}evidence:\n{THREE}{record}")
    effort = Effort(particles=20, islands=2)
    with pytest.raises(NoAnswerError) as refused:
        weigh(case, lower(case), lower_record(case), start, effort=effort, as_of=as_of)
    return refused.value


def test_an_item_is_shown_with_what_its_event_waits_for() -> None:
    fault = refusal(AT_MOST_TWO)
    assert "from `three` on no run agrees" in str(fault)
    item, guard = fault.places
    assert item.span.source.text[item.span.start :].startswith("strike, at: 2000-01-08")
    assert (guard.span.text, guard.text) == ("strikes < 2", "it happens only where this holds")
    assert "foedus simulate case.yaml --as-of DATE --course 1" in (fault.cure or "")


def test_a_silence_is_named_by_what_follows_it() -> None:
    fault = refusal(BELL, SILENT)
    assert "before `two` becomes known no run agrees" in str(fault)
    assert "silence:" not in str(fault)
    assert fault.places == ()
    assert "complete in a shorter span" in (fault.cure or "")


def test_a_silence_at_the_end_is_named_as_that() -> None:
    fault = refusal(BELL, SILENT, as_of=4.0)
    assert "no run agrees with the record to its end" in str(fault)


@pytest.mark.parametrize("cause", CAUSES)
def test_reports_say_it_in_both_languages(cause: str) -> None:
    case = case_of(f"{HEAD}evidence:\n{THREE}{COMPLETE}")
    step = "silence:3" if cause.endswith(("silence", "end")) else "two"
    later = () if cause.endswith("end") else ("three",)
    fault = nothing_agrees(
        step, later, lower(case), lower_record(case), is_exact=cause.startswith("impossible")
    )
    assert fault.cause == cause
    absent = NoVerdict("refused", str(fault), fault.cause, fault.values)
    assert str(fault) in no_verdict_sentence(case, absent, "en")
    finnish = no_verdict_sentence(case, absent, "fi")
    assert "selityksen vallitessa" in finnish
    assert ("`three`" in finnish) == cause.endswith("silence")


def test_the_command_shows_the_places(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(f"{AT_MOST_TWO}evidence:\n{THREE}{COMPLETE}")
    result = call(capsys, "weigh", str(path), "--particles", "20")
    assert (result.code, result.out) == (3, "")
    assert f"  --> {path}:" in result.err
    assert "when: strikes < 2" in result.err
    assert "help: read a course that agrees with all that was known before" in result.err


def test_where_an_item_stands_is_no_part_of_it() -> None:
    case = case_of(f"{HEAD}evidence:\n{THREE}{COMPLETE}")
    first = lower_record(case).sightings[0]
    assert first.span is not None
    assert replace(first, span=None) == first
