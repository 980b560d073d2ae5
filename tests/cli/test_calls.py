"""`foedus history fit`, `foedus history calls`, `foedus score library`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from foedus.history.requests import requests
from foedus.questions.fits.fit import NOT_LEARNED, Basis
from foedus.questions.fits.library import answered, expected_of, library_scores
from foedus.report.outside_view.body_record import body_record_of, part_lines
from foedus.report.outside_view.fits import show_reason
from foedus.report.outside_view.library import show_library
from foedus.report.show.statements import answers_to
from foedus.reproduce.library import score_library
from foedus.study import load
from tests.cli.program import call

Capsys = pytest.CaptureFixture[str]


def test_a_fit_can_be_printed_kept_and_used(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "learned.yaml"
    shown = call(capsys, "history", "fit", "armenia-2022", "--to", str(path))
    assert shown.code == 0
    assert "for the CSTO, as known before 1 August 2022" in " ".join(shown.out.split())
    assert "Not learned, so that the mechanism's own priors stay:" in shown.out
    used = call(capsys, "show", "armenia-2022", "--assumptions", "--priors", str(path))
    assert used.code == 0
    assert "learned from Requests of governments" in used.out
    record = call(capsys, "history", "fit", "--body", "csto", "--before", "2022-08-01", "--json")
    assert record.json["levels"][-1]["calls"] == 5
    assert {one["name"] for one in record.json["learned"]} >= {"willing", "answer-time"}
    again = call(capsys, "history", "fit", "armenia-2022", "--to", str(path))
    assert again.code == 5


def test_a_fit_speaks_finnish(capsys: Capsys) -> None:
    english, finnish = (
        " ".join(call(capsys, "history", "fit", "--body", "csto", "--lang", one).out.split())
        for one in ("en", "fi")
    )
    assert "asked of Russia" in english
    assert "Seuraavaan pyyntöön (ODKB) suostutaan todennäköisyydellä" in finnish
    assert re.search(r"- willing: \d+ \(\d+–\d+\) %; logit-normaalijakauma\(0,", finnish)
    reasons: list[str | Basis] = [*NOT_LEARNED.values(), Basis("again"), Basis("cases", 1)]
    for reason in reasons:
        assert show_reason(reason, "fi") not in ("", show_reason(reason))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["fit"], "give a case or --body"),
        (["fit", "crowd"], "does not use the mechanism `collective-aid`"),
        (["fit", "--body", "hanseatic-league"], "no body is called `hanseatic-league`"),
        (["calls", "crowd"], "does not use the mechanism `collective-aid`"),
    ],
)
def test_wrong_usage(capsys: Capsys, arguments: list[str], words: str) -> None:
    result = call(capsys, "history", *arguments)
    assert (result.code, result.out) == (2, "")
    assert words in " ".join(result.err.split())


def test_the_record_of_an_alliance(capsys: Capsys) -> None:
    record = call(capsys, "history", "calls", "kazakhstan-2022", "--json").json
    assert [one["id"] for one in record["later"]] == ["ARM-2022"]
    assert record["after"]["mean"] == pytest.approx(
        record["chance"]["mean"] + record["belief_moved"] + record["body_moved"]
    )
    shown = call(capsys, "history", "calls", "kazakhstan-2022", "--part", "next")
    assert "(ARM-2022): refused; asked 13 September 2022" in " ".join(shown.out.split())
    assert "paper tiger" not in shown.out
    finnish = call(capsys, "history", "calls", "kazakhstan-2022", "--lang", "fi")
    assert "(ARM-2022): torjuttu; pyydetty 13. syyskuuta 2022" in " ".join(finnish.out.split())


def test_a_statement_is_answered_from_the_calls() -> None:
    case = load("kazakhstan-2022")
    record = body_record_of(case)
    assert record is not None
    given = {one.id: list(answers_to(one, case, {}, "en")) for one in case.statements}
    for name, parts in (("S7", ("others",)), ("S8", ("before",)), ("S10", ("step", "next"))):
        lines = [line for part in parts for line in part_lines(record, part)]
        assert lines
        assert [line for line in given[name] if line in lines] == lines
        assert given[name][-1].startswith("from calls before and after: `foedus history calls")
    assert any("the Warsaw Pact: 1 of 1" in line for line in given["S7"])
    assert any("NATO: 1 of 1" in line for line in given["S7"])


@pytest.mark.full  # every day the page does it
def test_the_library_is_scored_on_its_own_calls() -> None:
    found = score_library(draws=20)
    names = [one.expected.case for one in found.cases]
    assert {"kyrgyzstan-2010", "bahrain-2011", "kazakhstan-2022", "armenia-2022"} <= set(names)
    days = [one.expected.own.asked for one in found.cases]
    assert days == sorted(days)
    for one in found.cases:
        assert one.came == (one.expected.own.decision == "granted")
        assert 0.0 < one.expected.outside < 1.0
    assert [one.name for one in found.scored][:2] == ["outside view", "inside view"]


def test_scores_are_those_of_the_forecasts() -> None:
    expected = expected_of(load("bahrain-2011"), requests())
    assert expected is not None
    library = library_scores([answered(expected, 0.25, 0.0)])
    (outside, inside, *_) = library.scored
    shown = " ".join(show_library(library, 80, "fi").split())
    assert "Näissä tapauksissa katse" in shown
    # It had praised the view that erred less, where knowing nothing would have erred still less.
    assert "Kumpaakin parempia ovat: " in shown
    assert "Neither does better than: a coin." in " ".join(show_library(library, 80).split())
    assert "BHR-2011 suostuttu" in shown
    assert not {"the", "case", "view", "granted"} & set(shown.split())
    assert inside.brier == pytest.approx(0.75**2)
    assert outside.brier == pytest.approx((1.0 - expected.outside) ** 2)
