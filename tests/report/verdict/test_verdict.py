"""Verdicts in words, in both languages; tables and JSON."""

import csv
import io
import json
from dataclasses import replace
from math import exp, inf, log, nan
from pathlib import Path
from typing import Any

import pytest

from foedus.case.case import Case
from foedus.infer.islands.standings import Standing
from foedus.infer.verdict.flips import Flip
from foedus.infer.verdict.no_verdict import NoVerdict
from foedus.infer.verdict.verdict import (
    Accuracy,
    Basis,
    Belief,
    Gain,
    Marginal,
    Turning,
    Verdict,
    Weight,
)
from foedus.infer.verdict.verdict_json import as_record
from foedus.report.comparison.difference import show_difference
from foedus.report.comparison.record_changes import is_kept_otherwise, show_record_changes
from foedus.report.exports.verdict_table import as_csv, as_markdown, verdict_rows, write_table
from foedus.report.figures.verdict import draw_posteriors
from foedus.report.verdict.common_words import common_sentences
from foedus.report.verdict.turning_words import open_sentences, turning_sentences
from foedus.report.verdict.verdict import show_verdict
from foedus.report.verdict.verdict_words import confidence_sentence, verdict_sentences
from foedus.report.verdict.verdicts import show_by_name, show_change, show_verdicts
from tests.infer.strikes import COMPLETE, HEAD, THREE
from tests.loading import case_of

CLUES = """\
clues:
  orders: {label: was there an order?, state: "strikes > 1", by: 2000-01-09}
"""
TEXT = HEAD + "evidence:\n" + THREE + COMPLETE + CLUES
CASE = case_of(TEXT)

FIRST = Standing("by-itself", (0,), True, 0.5, -5.0, 0.04, 0.95, 0.93, 0.97, 0.2)
SECOND = Standing("by-plot", (1,), True, 0.5, -8.0, 0.06, 0.05, 0.03, 0.07, 0.2)
TURNED = Flip("parameter", "boost", "lowest-fifth", -1.0, "by-plot")
VERDICT = Verdict(
    case="strikes",
    method="particle",
    as_of=None,
    seed=1,
    seconds=1.0,
    basis=Basis(3.0, 1.0, ("boost", "speed"), {"by-itself": 0.4, "by-plot": 0.002}),
    standings=(FIRST, SECOND),
    weights=(
        Weight("silence:2", "silence", 2.0, {"by-itself": -0.3, "by-plot": -0.4}),
        Weight("one", "item", 2.0, {"by-itself": -1.0, "by-plot": -4.0}),
        Weight("two", "item", 5.0, {"by-itself": -2.5, "by-plot": -2.0}),
    ),
    turning=Turning(
        "by-itself", "by-plot", 0.05, 3.5,
        (Flip("item", "one", "left-out", 0.2, "by-itself"), TURNED,
         Flip("spread", "boost", "doubled", None, None)),
    ),
    marginals=(Marginal("boost", (1.0, 3.0, 5.0), (1.0, 2.0, 3.0), 1.01, 4.0),),
    clues=(Gain("orders", log(2.0), {"by-itself": 0.1, "by-plot": 0.8}),),
    accuracy=Accuracy(250, 4, 900.0, 40.0, 0.7, 0.06, 0.04, 1.02),
)  # fmt: skip


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_verdict_says_first_what_it_rests_on() -> None:
    text = flat(show_verdict(CASE, VERDICT))
    assert (
        "The record speaks for “by itself” over “by plot”, with 13 decibels (a factor of 20)."
        in text
    )
    assert "67 % of that weight disappears. So the verdict rests on assumptions." in text
    assert "“by plot” does not explain the record: only 0.2 %" in text
    assert "Likelihood: “by itself” very likely to almost certain (80–99 %)." in text
    assert "1 of the 2 changed assumptions or omissions that could be worked out turns it" in text
    assert text.index("rests on assumptions") < text.index("The explanations")


def test_those_that_account_for_the_record_are_told_together() -> None:
    told = {"by-itself": 0.4, "by-plot": 0.25}
    text = " ".join(
        verdict_sentences(
            CASE, replace(VERDICT, basis=replace(VERDICT.basis, percentiles=told)), "en"
        )
    )
    assert "“by itself” 40 %, “by plot” 25 %." in text
    assert text.count("for the record as a whole") == 1
    alone = " ".join(verdict_sentences(CASE, VERDICT, "en"))
    assert "“by itself” accounts for the record as a whole: 40 %" in alone


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.009, "“by plot” does not explain the record"),
        (0.011, "“by plot” 1 %."),
        (0.989, "“by plot” 99 %."),
        (0.991, "“by plot” fits the record better than those that it would itself produce"),
    ],
)
def test_the_central_98_in_100_account_for_the_record(share: float, words: str) -> None:
    told = {"by-itself": 0.4, "by-plot": share}
    basis = replace(VERDICT.basis, percentiles=told)
    assert words in " ".join(verdict_sentences(CASE, replace(VERDICT, basis=basis), "en"))


def test_weights_are_decibels_against_the_average() -> None:
    text = flat(show_verdict(CASE, VERDICT))
    assert "one: a strike +2.8 −10" in text
    assert "1 piece that moves no explanation by more than 1 dB is not shown" in text
    assert "What speaks most for “by itself” against “by plot”: - a strike – one (+13 dB)" in text
    assert "What speaks most against it: - a strike – two (−2.2 dB)" in text


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "- nothing more happened of what the record would hold – up to 2 Jan 2000 (+22 dB)"),
        ("fi", "- muuta ei tapahtunut siitä, mikä aineistossa näkyisi – 2.1.2000 asti (+22 dB)"),
    ],
)
def test_a_silence_that_speaks_most_is_named_first(language: str, line: str) -> None:
    """It stood in the table alone, and the items that were named came to the opposite."""
    silence = Weight("silence:2", "silence", 2.0, {"by-itself": -1.0, "by-plot": -6.0})
    shown = show_verdict(CASE, replace(VERDICT, weights=(silence, *VERDICT.weights[1:])), language)
    text = " ".join(shown.split())
    assert text.index(line) < text.index("– one (+13 dB)")


def test_what_turns_it_is_said() -> None:
    text = flat(show_verdict(CASE, VERDICT))
    assert "stand equal if “by plot” was 20 times likelier beforehand" in text
    assert "had each of the 2 pieces of the record that favour “by itself” been 3.5 times" in text
    assert "`boost` in the lowest fifth of its range: then “by plot” leads, by 4.3 decibels" in text
    unknown = "as too few of the simulated courses count: spread of `boost` doubled."
    assert f"1 change could not be worked out, {unknown}" in text
    assert "was there an order? expected to tell 1 bit;" in text


def test_of_a_clue_that_tells_next_to_nothing_no_more_is_said() -> None:
    """A clue had been expected to tell 0.00000000000011 bits, with 100 % written out for each."""
    idle = replace(VERDICT.clues[0], nats=1e-13, chances={"by-itself": 1.0, "by-plot": 1.0})
    text = flat(show_verdict(CASE, replace(VERDICT, clues=(idle,))))
    assert "expected to tell below 0.001 bits; it holds with probability 100 % under each" in text
    text = flat(show_verdict(CASE, replace(VERDICT, clues=(idle,)), "fi"))
    assert "odotettu tieto alle 0,001 bittiä; " in text


def test_changes_that_are_not_known_are_named() -> None:
    """What was not known was a number, and behind it were the pieces that weighed most."""
    unknown = [
        Flip("item", "one", "left-out", None, None),
        *(Flip("source", name, "left-out", None, None) for name in "abcdef"),
    ]
    of = replace(VERDICT, turning=replace(VERDICT.turning, changes=(*unknown, TURNED)))
    (line,) = open_sentences(CASE, of, "en")
    assert line.startswith("7 changes could not be worked out, as too few of the simulated courses")
    assert "without “a strike” (one); without what rests on the source a alone;" in line
    assert line.endswith("source d alone; and 2 more.")
    (line,) = open_sentences(CASE, of, "fi")
    assert "ilman havaintoa ”" in line
    assert line.endswith("lähteen d varassa; ja 2 muuta.")


def test_changes_that_turn_it_stand_by_how_far_they_do() -> None:
    third = Flip("item", "two", "left-out", 0.3, "both")
    slight = Flip("spread", "boost", "doubled", -0.01, "by-plot")
    turning = replace(VERDICT.turning, changes=(third, slight, TURNED))
    lines = list(turning_sentences(CASE, replace(VERDICT, turning=turning), "en"))
    assert lines[2].startswith("`boost` in the lowest fifth of its range: then “by plot” leads, by")
    assert lines[3] == "spread of `boost` doubled: then “by plot” leads, by 0.0 decibels."
    # What is known of a third one is that it leads, and not by how much.
    assert lines[4] == "without “a strike” (two): then “both” leads."
    short = list(turning_sentences(CASE, replace(VERDICT, turning=turning), "en", 1))
    assert short[2:] == [lines[2], "2 more changes turn it."]


def test_a_lead_of_which_only_the_least_is_known_is_told_so() -> None:
    bounded = Flip("parameter", "boost", "lowest-fifth", None, "by-itself", 0.5)
    more = replace(bounded, change="highest-fifth", at_least=1.0)
    turning = replace(VERDICT.turning, changes=(bounded, more))
    lines = list(open_sentences(CASE, replace(VERDICT, turning=turning), "en"))
    assert lines[-1].startswith("2 changes leave “by itself” in front, by 2.2 decibels at")
    assert not any("could not be worked out" in one for one in lines)
    assert as_record(CASE, replace(VERDICT, turning=turning))["flips"]["changes"][1] == {  # type: ignore[index]
        "kind": "parameter", "name": "boost", "change": "highest-fifth",
        "log_odds": None, "leader": "by-itself", "at_least": 1.0,
    }  # fmt: skip


KEPT = replace(VERDICT.turning, changes=(Flip("item", "one", "left-out", 0.2, "by-itself"),))
OF_ITSELF = replace(VERDICT.basis, with_common_priors=2.0)


@pytest.mark.parametrize(("after", "confidence"), [(1.6, "moderate"), (1.4, "low"), (-1.0, "low")])
def test_a_lead_that_rests_on_assumptions_gives_no_confidence(
    after: float, confidence: str
) -> None:
    basis = replace(VERDICT.basis, with_common_priors=after)
    text = confidence_sentence(CASE, replace(VERDICT, turning=KEPT, basis=basis), "en")
    assert f"Confidence in this: {confidence} (" in text
    assert ("most of its weight comes from assumptions" in text) is (confidence == "low")


def test_a_lead_that_little_bias_would_take_gives_no_confidence() -> None:
    found = replace(VERDICT, turning=KEPT, basis=OF_ITSELF)
    firm = confidence_sentence(CASE, found, "en")
    frail = confidence_sentence(
        CASE, replace(found, turning=replace(KEPT, reporting_bias=1.11)), "en"
    )
    assert "Confidence in this: moderate (" in firm
    assert "bias" not in firm
    assert "Confidence in this: low (" in frail
    assert "turn it; but a bias of 1.11 in the reporting of all that favours it would;" in frail


def test_an_even_stand_is_not_told_as_a_factor_of_one() -> None:
    even = replace(
        VERDICT, basis=replace(VERDICT.basis, log_odds=0.01),
        turning=replace(VERDICT.turning, prior_odds=0.99, reporting_bias=1.001),
    )  # fmt: skip
    text = flat(show_verdict(CASE, even))
    assert "stands before “by plot” by 0.0 decibels, which is too little to go by." in text
    assert "stand equal" not in text
    assert "likelier to be reported" not in text


def test_an_origin_that_the_record_was_weighed_without_is_named_at_once() -> None:
    doubted = replace(VERDICT, origins=(Belief("press", 0.95, 0.005), Belief("court", 0.4, 0.1)))
    sentences = list(verdict_sentences(CASE, doubted, "en"))
    assert sentences[1].startswith(
        "The record is weighed as if press were wrong: reliable with 95 % before, with 0.5 % after."
    )
    assert not any("court" in one for one in sentences)


def test_the_same_in_finnish() -> None:
    text = flat(show_verdict(CASE, VERDICT, "fi"))
    assert "Tulos nojaa siis oletuksiin." in text
    assert "Todennäköisyys selitykselle ”by itself”" in text


def test_what_does_not_decide_is_said_so() -> None:
    even = replace(VERDICT, basis=replace(VERDICT.basis, log_odds=0.5))
    assert "The record does not decide:" in flat(show_verdict(CASE, even))
    noisy = replace(VERDICT, accuracy=replace(VERDICT.accuracy, odds_error=2.0))
    text = flat(show_verdict(CASE, noisy))
    assert "may come from the sampling alone (its standard error is 8.7 decibels" in text
    assert "too little to go by" not in text
    spread = Flip("spread", "boost", "doubled", -0.5, "by-plot")
    turned = replace(VERDICT, turning=replace(VERDICT.turning, changes=(spread,)))
    assert "Not settled by the record" in flat(show_verdict(CASE, turned))
    # What is too little to go by anyway is not held up by the spread of a prior.
    both = replace(turned, basis=even.basis)
    assert "Not settled by the record" not in flat(show_verdict(CASE, both))


def test_what_is_impossible_is_said_so() -> None:
    never = replace(SECOND, log_evidence=-inf, posterior=0.0, low=0.0, high=0.0)
    sure = replace(
        VERDICT, standings=(replace(FIRST, posterior=1.0, low=1.0, high=1.0), never),
        basis=Basis(inf, inf, (), None),
        weights=(Weight("one", "item", 2.0, {"by-itself": -1.0, "by-plot": -inf}),),
        turning=Turning("by-itself", "by-plot", 0.0, None, ()),
        marginals=(replace(VERDICT.marginals[0], moves=nan),),
    )  # fmt: skip
    exact = replace(
        sure, method="exact", accuracy=Accuracy(41, 1, None, None, None, 2e-4, 2e-4)
    )  # fmt: skip
    text = flat(show_verdict(CASE, exact))
    assert "Only “by itself” can have produced this record at all." in text
    assert "impossible" in text
    text = flat(show_verdict(CASE, sure))
    assert "Only under “by itself” did any run agree with this record." in text
    assert "not met with" in text
    assert "impossible" not in text
    assert "“by plot” breaks off at “2 Jan 2000 one: a strike”: under it that cannot be" in text
    assert "`boost`: –" not in text
    json.dumps(as_record(CASE, sure), allow_nan=False)


def test_what_hardly_any_run_could_meet_is_not_ruled_out_with_confidence() -> None:
    case = replace(CASE, parameters={})  # nothing is judged or assumed
    turning = replace(VERDICT.turning, changes=())
    basis = replace(VERDICT.basis, log_odds=inf, with_common_priors=inf)

    def told(size: float) -> str:
        accuracy = replace(VERDICT.accuracy, smallest_size=size, odds_error=0.0)
        return flat(
            show_verdict(case, replace(VERDICT, basis=basis, turning=turning, accuracy=accuracy))
        )

    many, few = told(40.0), told(1.2)
    assert "Confidence in this: moderate" in many
    assert "Confidence in this: low" in few
    assert "where the record was hardest to meet, no more than 1.2 simulated courses counted" in few
    assert "standard error of the log odds" not in few


def test_what_was_worked_out_has_no_errors_of_chance() -> None:
    exact = replace(
        VERDICT, method="exact", accuracy=Accuracy(41, 1, None, None, None, 2e-4, 2e-4)
    )  # fmt: skip
    for language, chance in (("en", "Monte Carlo"), ("en", "standard error"), ("fi", "Monte")):
        assert chance in flat(show_verdict(CASE, VERDICT, language))
        assert chance not in flat(show_verdict(CASE, exact, language))
    assert "each log evidence is computed to within 0.001" in flat(show_verdict(CASE, exact))
    figures = [draw_posteriors(CASE, one).spec for one in (VERDICT, exact)]
    assert ["Monte Carlo" in json.dumps(one) for one in figures] == [True, False]


def test_more_explanations_than_letters_have_names_of_two() -> None:
    rivals = tuple(replace(SECOND, name=f"r{number}", posterior=0.0) for number in range(27))
    weight = Weight("one", "item", 2.0, {"by-itself": -1.0, **{r.name: -4.0 for r in rivals}})
    many = replace(
        VERDICT, standings=(FIRST, *rivals), weights=(weight,),
        turning=replace(VERDICT.turning, rival="r0"),
    )  # fmt: skip
    text = show_verdict(CASE, many, width=400)
    assert "  AB r26" in text
    (row,) = (line for line in text.splitlines() if "one: a strike" in line and "+11" in line)
    assert row.count("−2.3") == 27


def test_the_table_has_every_piece_and_the_total(tmp_path: Path) -> None:
    rows = verdict_rows(CASE, VERDICT, "en")
    assert [row[0] for row in rows] == ["id", "silence:2", "one", "two", "total"]
    assert rows[2][-1].startswith("20 times as likely under “by itself” as under “by plot”")
    assert list(csv.reader(io.StringIO(as_csv(rows)))) == rows
    assert as_markdown(rows).splitlines()[1] == "| --- | --- | --- | ---: | ---: | --- |"
    write_table(CASE, VERDICT, tmp_path / "verdict.md")
    basis, _, table = (tmp_path / "verdict.md").read_text().partition("\n\n")
    assert table.startswith("| id |")
    assert basis.splitlines()[0] == "- " + next(iter(verdict_sentences(CASE, VERDICT, "en")))
    assert "Confidence in this" in basis.splitlines()[-1]


def test_a_table_for_programs_has_numbers_that_they_read(tmp_path: Path) -> None:
    """Signs and decimals as in any language they would be refused: a minus is no hyphen."""
    ruled_out = Weight("three", "item", 8.0, {"by-itself": -1.0, "by-plot": -inf})
    after = Weight("four", "item", 9.0, {"by-itself": -1.0, "by-plot": nan})
    verdict = replace(VERDICT, weights=(*VERDICT.weights, ruled_out, after))
    write_table(CASE, verdict, tmp_path / "verdict.csv", "fi")
    rows = list(csv.reader((tmp_path / "verdict.csv").read_text().splitlines()))[1:]
    told = [row for row in rows if row[0] == "mihin nojaa"]
    assert rows[: len(told)] == told
    assert told[0][2:5] == [next(iter(verdict_sentences(CASE, verdict, "fi"))), "", ""]
    rows = rows[len(told) :]
    assert [row[3:5] for row in rows] == [
        ["0.21", "-0.22"], ["2.80", "-10.23"], ["-1.22", "0.95"], ["3.01", "-inf"], ["0.00", ""],
        ["2.80", "-10.23"],
    ]  # fmt: skip
    assert [float(row[3]) for row in rows]


def test_the_total_is_not_given_anything() -> None:
    *_, last, total = verdict_rows(CASE, VERDICT, "en")
    assert last[-1].endswith("given what was known before")
    assert total[-1] == "20 times as likely under “by itself” as under “by plot”"


def test_overwhelming_evidence_can_be_told() -> None:
    """A factor of e to the 200 is beyond what decimals take, and what anybody takes in."""
    certain = replace(
        VERDICT,
        basis=replace(VERDICT.basis, log_odds=200.0),
        turning=replace(VERDICT.turning, prior_odds=exp(-200.0), reporting_bias=exp(100.0)),
        weights=(Weight("one", "item", 2.0, {"by-itself": -1.0, "by-plot": -201.0}),),
    )
    text = flat(show_verdict(CASE, certain))
    assert "869 decibels (a factor of 10⁸⁷)" in text
    assert "if “by plot” was 10⁸⁷ times likelier" in text
    assert "been 10⁴³ times likelier to be reported" in text
    assert verdict_rows(CASE, certain, "en")[1][-1].startswith("10⁸⁷ times as likely")


def test_where_no_piece_moves_anything_there_is_no_table() -> None:
    small = Weight("one", "item", 2.0, {"by-itself": -1.0, "by-plot": -1.1})
    lines = show_verdict(CASE, replace(VERDICT, weights=(small,))).splitlines()
    assert "1 piece that moves no explanation by more than 1 dB" in " ".join(lines)
    assert not any(line.split() == ["A", "B"] for line in lines)


def test_a_letter_stays_with_its_number() -> None:
    lines = show_verdict(CASE, VERDICT, width=24).splitlines()
    assert not any(line.strip().endswith((" A", " B", ", posterior")) for line in lines)


def test_json_keeps_the_contract() -> None:
    record = as_record(CASE, VERDICT)
    assert {"case", "method", "explanations", "items", "flips", "ess"} <= record.keys()
    first = record["explanations"][0]  # type: ignore[index]
    assert list(first) == ["name", "prior", "log_evidence", "error", "posterior", "low", "high"]
    item = record["items"][1]  # type: ignore[index]
    assert item["id"] == "one"
    assert item["log_weight"] == {"by-itself": -1.0, "by-plot": -4.0}


def test_verdicts_stand_side_by_side() -> None:
    other = replace(VERDICT, turning=replace(VERDICT.turning, leader="by-plot", rival="by-itself"))
    text = show_verdicts(CASE, [("mine", VERDICT), ("yours", other)])
    assert text.startswith("The analysts disagree")
    assert "mine: “by itself” leads “by plot”" in flat(text)


@pytest.mark.parametrize(
    ("after", "share", "said"),
    [
        (1.0, 0.5, ["67 % of that weight disappears. So the verdict rests on assumptions."]),
        (2.0, 0.5, []),
        (None, 0.5, []),
        (2.0, 0.002, ["“by plot” does not explain the record"]),
        (-1.0, 0.999, ["the order is reversed", "“by plot” fits the record better than"]),
    ],
)
def test_side_by_side_is_said_what_speaks_against_relying_on_one(
    after: float | None, share: float, said: list[str]
) -> None:
    shares = {"by-itself": 0.4, "by-plot": share}
    basis = replace(VERDICT.basis, with_common_priors=after, percentiles=shares)
    lines = list(show_by_name(CASE, "mine", replace(VERDICT, basis=basis), width=400))
    assert len(lines) == 3 + len(said)
    assert all(part in line for part, line in zip(said, lines[1:], strict=False))


def test_an_edit_shows_in_single_pieces() -> None:
    moved = Weight("one", "item", 2.0, {"by-itself": -1.0, "by-plot": -1.5})
    new = replace(
        VERDICT, weights=(moved, Weight("four", "item", 9.0, {"by-itself": -1.0, "by-plot": -1.0}))
    )
    intro, *lines = list(show_change([CASE, CASE], VERDICT, new, width=200))
    assert intro == (
        "- Evidence that weighs otherwise, for (+) or against (−) “by itself” compared with "
        "“by plot”:"
    )
    assert lines[0].startswith("  - a strike – two is gone; it weighed ")
    assert lines[1].endswith(" – four is new: 0.0 dB")
    assert lines[2] == "  - a strike – one: +13 dB before, +2.2 dB now"


def test_all_silences_are_one_piece() -> None:
    """Day by day they cannot be compared: an edit of a record moves the days."""
    silences = tuple(
        Weight(f"silence:{day}", "silence", day, {"by-itself": -log(2.0), "by-plot": -log(10.0)})
        for day in (1.0, 3.0)
    )
    new = replace(VERDICT, weights=(*silences, *VERDICT.weights[1:]))
    _, line = show_change([CASE, CASE], VERDICT, new, width=200)
    assert line == (
        "  - nothing more happened of what the record would hold: +0.4 dB before, +14 dB now"
    )
    assert list(show_change([CASE, CASE], VERDICT, VERDICT)) == []


@pytest.mark.parametrize(
    ("language", "gone", "changed"),
    [
        ("en", "is gone (case.yaml, line LINE): `complete` 2000-01-01/2000-01-10, `lag` 0 days",
         "`lag` 0 days before, 2 days now; `because` gives another reason, which weighs nothing"),
        ("fi", "on poissa (case.yaml, rivi LINE): `complete` 2000-01-01/2000-01-10, `lag` 0 päivää",
         "`lag` ennen 0 päivää, nyt 2 päivää; `because` on toinen perustelu"),
    ],
)  # fmt: skip
def test_an_edit_of_how_the_record_is_kept_is_named(language: str, gone: str, changed: str) -> None:
    from foedus import study

    silent = case_of(HEAD + COMPLETE)
    line = 1 + silent.source.text.splitlines().index(COMPLETE.splitlines()[1])
    without = case_of(HEAD)
    later = case_of(HEAD + COMPLETE.replace("lag: 0 days", "lag: 2 days").replace("every", "no"))
    answers = study.simulate(without, draws=10)

    def difference(old: Case, new: Case) -> str:
        both = [answers, answers]
        return flat(show_difference([old, new], ("a", "b"), both, [VERDICT] * 2, language, 200))

    shown = difference(silent, without)
    assert f"`record: strike` {gone.replace('LINE', str(line))}" in shown
    assert "+0.4 dB" in shown or "+0,4 dB" in shown  # what silence weighs, though it did not move
    assert gone.partition("(")[0] not in difference(without, silent)
    assert changed in difference(silent, later)
    assert "`record:" not in difference(silent, silent)


def test_what_is_meant_alike_is_no_edit_of_the_record() -> None:
    """January is January, however it is written; a reason weighs nothing."""
    old = COMPLETE.replace("2000-01-01/2000-01-10", "2000-01")
    new = COMPLETE.replace("2000-01-01/2000-01-10", "2000-01-01/2000-01-31").replace("see", "saw")
    cases = [case_of(HEAD + record) for record in (old, new)]
    (line,) = show_record_changes(cases, width=400)
    assert line.endswith("`because` gives another reason, which weighs nothing")
    assert not is_kept_otherwise(*cases)


def test_a_record_by_reports_is_shown_with_its_parameter() -> None:
    share = '  heard: {prior: "beta(3, 1)", grade: judged, because: a test}\n'
    head = HEAD.replace("  boost:", f"{share}  boost:")
    new = "record:\n  strike: {reported: heard, delay: 45 days, because: a paper looks on}\n"
    cases = [case_of(head + record) for record in (COMPLETE, new)]
    (text,) = show_record_changes(cases, width=400)
    assert (
        "`complete` 2000-01-01/2000-01-10 before, not given now; "
        "`reported` not given before, `heard` now; `lag` 0 days before, not given now; "
        "`delay` not given before, 45 days now"
    ) in text


def test_pieces_are_not_compared_for_an_explanation_that_was_not_there() -> None:
    """Its weights before would be taken for none at all."""
    other = replace(SECOND, name="by-cabal")
    weights = (Weight("one", "item", 2.0, {"by-itself": -1.0, "by-cabal": -4.0}),)
    new = replace(
        VERDICT, standings=(FIRST, other), weights=weights,
        turning=replace(VERDICT.turning, rival="by-cabal"),
    )  # fmt: skip
    (line,) = show_change([CASE, CASE], VERDICT, new, width=200)
    assert line.endswith("“by cabal” was not there before.")


def test_a_difference_says_why_there_is_no_verdict() -> None:
    """An edit that leaves one explanation, or makes noise decide, must not pass over it."""
    from foedus import study

    answers = study.simulate(CASE, draws=20)
    absent = NoVerdict("refused", "the case has one explanation only: put a rival beside it")
    text = show_difference([CASE, CASE], ("a", "b"), [answers, answers], [VERDICT, absent])
    assert "a: “by itself” leads “by plot”" in flat(text)
    assert "b: Which explanation the record supports cannot be said: the case has one" in flat(text)
    both = show_difference([CASE, CASE], ("a", "b"), [answers, answers], [absent, absent])
    assert both.count("put a rival beside it") == 2


@pytest.mark.parametrize("language", ["en", "fi"])
def test_a_difference_without_a_verdict_has_answers_only(language: str) -> None:
    from foedus import study

    answers = study.simulate(CASE, draws=20)
    text = show_difference([CASE, CASE], ("a", "b"), [answers, answers], [None, None], language)
    assert len(text.splitlines()) == 3


@pytest.mark.parametrize(
    ("shared", "apart", "said"),
    [
        ((), (), "No judged or assumed number belongs to some explanations only"),
        ((), ("boost",), "so how much of the weight it makes up is not known: `boost`."),
        (
            ("boost",),
            ("speed", "length"),
            "so how much of the weight they make up is not known: `speed`; `length`.",
        ),
    ],
)
def test_what_has_no_prior_to_share_is_said_first(
    shared: tuple[str, ...], apart: tuple[str, ...], said: str
) -> None:
    basis = replace(VERDICT.basis, shared=shared, apart=apart)
    text = flat(show_verdict(CASE, replace(VERDICT, basis=basis)))
    assert said in text[: text.index("Likelihood:")]
    assert ("nothing of the weight comes" in text) is not bool(shared or apart)
    assert ("one common prior for each unit" in text) is bool(shared)


def test_many_numbers_of_unknown_weight_are_counted_on_a_screen_and_named_on_the_page() -> None:
    basis = replace(VERDICT.basis, shared=(), apart=("boost", "speed", "boost", "speed", "length"))
    screen, *_ = common_sentences(CASE, replace(VERDICT, basis=basis), "en")
    assert screen.startswith("5 judged or assumed numbers")
    assert screen.endswith(": `boost`; `speed`; `boost`; and 2 more.")
    page, *_ = common_sentences(CASE, replace(VERDICT, basis=basis), "en", is_whole=True)
    assert "`length`" in page
    assert "more" not in page


@pytest.mark.parametrize(
    ("language", "end"),
    [
        ("en", "not known: `fighters` (how many attackers came from abroad, if any did)."),
        ("fi", "siitä: `fighters` (kuinka monta hyökkääjää ulkomailta tuli, jos heitä tuli)."),
    ],
)
def test_a_number_of_unknown_weight_is_named_in_words_on_a_screen_too(
    language: str, end: str
) -> None:
    from foedus import study

    basis = replace(VERDICT.basis, shared=(), apart=("fighters",))
    case = study.load("kazakhstan-2022")
    screen, *_ = common_sentences(case, replace(VERDICT, basis=basis), language)
    assert screen.endswith(end)


@pytest.mark.parametrize(
    ("after", "error", "said"),
    [
        (1.0, 0.6, "67 % of that weight disappears (± 20 points, one standard error)."),
        (1.0, 0.01, "67 % of that weight disappears. "),
        (1.0, inf, "67 % of that weight disappears. "),
        (
            -1.0,
            0.6,
            "is reversed: 4.3 decibels, a factor of 2.7, the other way (± 2.6 decibels, one",
        ),
        (4.0, 0.6, "the weight does not shrink (17 decibels, a factor of 55, ± 2.6 decibels, one"),
    ],
)
def test_how_well_it_is_known_what_common_priors_change(
    after: float, error: float, said: str
) -> None:
    basis = replace(VERDICT.basis, with_common_priors=after, common_error=error)
    sentence, *_ = common_sentences(CASE, replace(VERDICT, basis=basis), "en")
    assert said in sentence.replace(" (a factor of 2.7)", ", a factor of 2.7,").replace(
        " (a factor of 55)", ", a factor of 55"
    )


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        (0, "R-hat of the leader's courses over the runs 1.02."),
        (1, "runs 1.02. 1 of the runs lost all its particles on the way, and counts as nothing."),
        (2, "runs 1.02. 2 of the runs lost all their particles on the way, and count as nothing."),
    ],
)
def test_runs_that_lost_all_their_particles_are_counted(lost: int, said: str) -> None:
    accuracy = replace(VERDICT.accuracy, lost=lost)
    text = flat(show_verdict(CASE, replace(VERDICT, accuracy=accuracy)))
    assert said in text
    assert ("of the runs lost" in text) is bool(lost)


def test_a_program_finds_how_well_it_is_known() -> None:
    basis = replace(VERDICT.basis, common_error=0.6)
    found: Any = as_record(CASE, replace(VERDICT, basis=basis))["basis"]
    assert found["share_lost_with_common_priors"] == pytest.approx(2.0 / 3.0)
    assert found["share_lost_error"] == pytest.approx(0.2)
    unknown: Any = as_record(CASE, VERDICT)["basis"]
    assert unknown["share_lost_error"] is None


def test_how_priors_are_shared_is_said_of_the_numbers_at_hand(towns_of_two: Case) -> None:
    """Of a number with a prior of its own in each explanation no unit is shared."""
    own = {one.spec.name for belief in towns_of_two.atoms for one in belief.own}
    alone = next(iter(own))
    other = next(name for name in towns_of_two.parameters if name not in own)

    def told(*shared: str, language: str = "en") -> str:
        basis = replace(VERDICT.basis, shared=shared, apart=())
        return next(iter(common_sentences(towns_of_two, replace(VERDICT, basis=basis), language)))

    assert "gets a prior that is the same under every explanation" in told(alone)
    assert "one common prior for each unit, or priors that are" in told(alone, other)
    assert "get one common prior for each unit, " in told(other, other)
    assert "saa priorin, joka on sama kaikissa selityksissä" in told(alone, language="fi")


@pytest.fixture(scope="module")
def towns_of_two() -> Case:
    from foedus import study

    return study.load("niger-2023")


def test_an_exact_verdict_is_not_told_in_courses() -> None:
    """No courses are simulated for it."""
    basis = replace(VERDICT.basis, shared=("boost",), with_common_priors=None)
    exact, sampled = (
        replace(VERDICT, basis=basis, method="exact"),
        replace(VERDICT, basis=basis, method="particle"),
    )
    for told, is_said in ((exact, False), (sampled, True)):
        said = " ".join(common_sentences(CASE, told, "en"))
        assert "could not be worked out" in said
        assert ("simulated courses" in said) is is_said


@pytest.mark.parametrize(
    ("language", "intro"),
    [("en", "Those that moved by more than three"), ("fi", "Nämä muuttuivat yli kolmen")],
)
def test_answers_that_an_edit_moved_are_no_disagreement(language: str, intro: str) -> None:
    from foedus import study

    answers = study.simulate(CASE, draws=100)
    found = [
        replace(one, estimate=replace(one.estimate, value=value, error=0.001))
        for one in answers.questions[:1] for value in (0.2, 0.6)
    ]  # fmt: skip
    both = [replace(answers, questions=(one,)) for one in found]
    text = flat(show_difference([CASE, CASE], ("a", "b"), both, [None, None], language))
    assert intro in text
    assert "≠" not in text
