"""Priors from reference classes: nothing that came after the clock began, and never the case."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from foedus.case.case import Case
from foedus.history import classes, requests
from foedus.history.class_error import ClassError
from foedus.history.classes import class_names, count_class
from foedus.history.units import Tally
from foedus.text.render import as_text
from foedus.text.source import Source
from tests.cli.program import call
from tests.loading import case_of, try_case

CASE = """\
foedus: 1
case: {name}
title: A case
clock: {{start: {start}, end: 2022-12-31}}
sources: {{table: {{kind: coding, title: A table}}}}
parameters:
  granted: {{prior: {{from: {of}}}, unit: {unit}, grade: measured, cites: table}}
state: {{done: {{type: flag, starts: false}}}}
events:
  helps: {{when: not done, rate: granted * pace, then: {{done: true}}}}
"""


def case(
    of: str, unit: str = "share", name: str = "kazakhstan-2022", start: str = "2022-01-01"
) -> Case:
    text = CASE.format(of=of, unit=unit, name=name, start=start)
    pace = "  pace: {value: 1, unit: per day, grade: assumed, because: a test}\n"
    if unit != "share":
        text, pace = text.replace("granted * pace", "granted"), ""
    question = "questions:\n  q: {probability: done, at: 2022-06-01}\n"
    return case_of(text.replace("state:", f"{pace}state:") + question)


def test_a_share_and_a_rate() -> None:
    share = case("request-granted, where: frame = alliance and genuine = yes").parameters["granted"]
    assert share.spec.prior.mean == pytest.approx(6.5 / 17.0)
    where = "where frame = alliance and genuine = yes"
    assert share.written == f"6 of 16 (request-granted {where}, known before 2022-01-01)"
    hazard = case("irregular-exit-post-soviet", "per year").parameters["granted"]
    assert hazard.spec.prior.mean * 365.25 == pytest.approx(8.5 / 358.9103)
    assert hazard.written.startswith("8 in 358.9 years (irregular-exit-post-soviet")


@pytest.fixture(autouse=True)
def _table_is_read_again() -> Iterator[None]:
    yield
    requests.requests.cache_clear()


def test_later_rows_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = count_class("request-granted", "", date(2010, 1, 1))
    rows = list(csv.DictReader(requests.TABLE.read_text(encoding="utf-8").splitlines()))
    changed = 0
    for row in rows:
        if row["decision_date"] >= "2010-01-01" and row["request_date"]:
            row["decision"] = "granted"
            changed += 1
    assert changed > 20
    path = tmp_path / "changed.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    monkeypatch.setattr(requests, "TABLE", path)
    requests.requests.cache_clear()
    assert count_class("request-granted", "", date(2010, 1, 1)) == before
    assert count_class("request-granted", "", None).tally != Tally(36.0, 84.0, 84)


def test_a_vague_date_counts_from_the_last_day_that_it_may_mean() -> None:
    """Lesotho's call of 1998 was decided in the week of 21 September."""
    within, after = date(1998, 9, 25), date(1998, 9, 28)
    assert count_class("request-granted", "", within).tally == Tally(22.0, 50.0, 50)
    assert count_class("request-granted", "", within).undated == 1
    last = count_class("request-granted", "", date(1998, 9, 27))  # it may have come on that day
    assert (last.tally, last.undated) == (Tally(22.0, 50.0, 50), 1)
    first = count_class("request-granted", "", date(1998, 9, 15))  # and no sooner than that
    assert first.undated == 0
    assert count_class("request-granted", "", after).tally == Tally(23.0, 51.0, 51)
    assert count_class("request-granted", "", after).undated == 0
    narrow = count_class("request-granted", "frame = alliance", within)
    assert narrow.undated == 0
    written = case("request-granted", start="1998-09-25").parameters["granted"].written
    assert "known before 1998-09-25; left out for vague dates: 1)" in written
    in_2009 = count_class("handover-control-kept", "", date(2009, 7, 1))
    assert in_2009.undated == 1  # Obasanjo's control was lost in 2009
    assert count_class("handover-control-kept", "", date(2010, 1, 1)).undated == 0


def test_shipped_counts_stop_before_the_year_of_the_clock() -> None:
    whole = count_class("coup-succeeds-colpus-since-1991", "", None).tally
    assert (whole.happened, whole.at_risk) == (65.0, 138.0)
    in_2010 = count_class("coup-succeeds-colpus-since-1991", "", date(2010, 12, 31)).tally
    assert in_2010 == count_class("coup-succeeds-colpus-since-1991", "", date(2010, 1, 1)).tally
    next_day = count_class("coup-succeeds-colpus-since-1991", "", date(2011, 1, 1)).tally
    assert next_day.at_risk > in_2010.at_risk


def test_the_case_itself_is_left_out_even_if_it_came_before_the_clock() -> None:
    late = date(2022, 6, 1)
    with_it = count_class("request-granted", "", late).tally
    without = count_class("request-granted", "", late, "kazakhstan-2022").tally
    assert with_it.at_risk - without.at_risk == 1.0
    assert with_it.happened - without.happened == 1.0
    # A handover is known by its country and the year in which the office was left.
    every = count_class("handover-control-kept", "", None).tally
    own = count_class("handover-control-kept", "", None, "kazakhstan-2019").tally
    assert (own.at_risk, own.happened) == (every.at_risk - 1.0, every.happened)


@pytest.mark.parametrize(
    ("name", "where", "words"),
    [
        ("request-grantd", "", "write `request-granted`"),
        ("request-granted", "freme = x", "write `frame`"),
        ("request-granted", "frame = x", "there are `alliance`, `bilateral`, `regional`"),
        ("request-granted", "frame != allianc", "write `alliance`"),
        ("request-granted", "frame = alliance|regionl", "write `regional`"),
        ("request-granted", "genuine = yes and year = 2010s", "give a number or a range"),
        ("handover-control-kept", "chosen = 1", "write `yes` or `no`"),
        ("request-granted", "threat = mutiny and year > 2021", "take a wider class"),
        ("irregular-exit", "year > 1", "only counts by year are shipped"),
    ],
)
def test_what_cannot_be_counted(name: str, where: str, words: str) -> None:
    with pytest.raises(ClassError) as fault:
        count_class(name, where, date(2022, 1, 1))
    assert words in f"{fault.value.message}: {fault.value.help}"


def test_every_shipped_class_says_what_it_rests_on() -> None:
    for name in class_names():
        counted = count_class(name, "", None)
        assert counted.cites, name
        assert 0 < counted.tally.happened < counted.tally.at_risk, name
    assert set(classes.OWN) <= set(class_names())


ASKED = """\
foedus: 1
case: asked
title: A case
clock: {start: 2022-01-01, end: 2022-12-31}
parameters:
  pace: {value: 2, unit: per year, grade: assumed, because: a test}
state: {done: {type: flag, starts: false}}
events:
  helps: {when: not done, rate: pace, then: {done: true}}
questions:
  q: {probability: done, at: 2022-06-01, outside: {from: request-granted, where: frame = alliance}}
"""


def test_the_outside_view_stands_beside_the_answer(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "asked.yaml"
    path.write_text(ASKED)
    shown = call(capsys, "simulate", str(path), "--draws", "50")
    words = "a request for military help is granted in full (called on: an alliance)"
    told = f"outside view: 33 % (16–56 %), in 6 of 18 past cases {words}"
    assert told in " ".join(shown.out.split())
    finnish = call(capsys, "simulate", str(path), "--draws", "50", "--lang", "fi")
    words = "sotilaallisen avun pyyntöön suostutaan kokonaan (pyynnön kohde: liitto)"
    assert f"6/18 aiemmassa tapauksessa {words}" in " ".join(finnish.out.split())
    record = call(capsys, "simulate", str(path), "--draws", "50", "--json").json
    assert record["outside"]["q"]["k"] == 6.0
    assert record["outside"]["q"]["n"] == 18.0


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("request-granted, where: frame = alliance", "irregular-exit", "counts a rate"),
        ("request-granted", "request-grantd", "write `request-granted`"),
        ("probability: done", "mean: 'if done then 1 else 0'", "does not go with `mean`"),
    ],
)
def test_what_cannot_stand_beside_an_answer(old: str, new: str, words: str) -> None:
    _, diagnostics = try_case(Source("case.yaml", ASKED.replace(old, new)))
    assert words in as_text(diagnostics.in_order())
