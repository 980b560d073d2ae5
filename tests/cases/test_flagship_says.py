"""What is said of the flagship, against the verdict and the courses that ship with it."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from statistics import mean

import pytest

from foedus.case.case import Case
from foedus.engine.reference import Watch
from foedus.infer.islands.effort import Effort
from foedus.infer.shipped.reference_file import FILE
from foedus.infer.shipped.verdict_file import shipped_verdict
from foedus.infer.verdict.decibels import (
    against_average,
    between,
    decibels,
    spread_between,
    spreads_against_average,
)
from foedus.infer.verdict.decibels import is_clear as is_clear_piece
from foedus.infer.verdict.verdict import Verdict
from foedus.jump.lower_record import lower_record
from foedus.questions.settling import settle_files
from foedus.report.figures.course import unseen_expressions
from foedus.report.outside_view.body_record import body_record_of
from foedus.report.outside_view.postmortem import mean_scores, uncertain
from foedus.report.phrases.differences import is_clear
from foedus.report.phrases.names import expression_name
from foedus.report.verdict.verdict_words import confidence_sentence
from foedus.reproduce.seeds import FILE as SEEDS
from foedus.reproduce.seeds import record_digest
from foedus.study import build, counterfactual, load
from tests.architecture.project import ROOT
from tests.cases.courses import FOLDER

LEADER = "protest-and-clan-move"
ADDRESS = re.compile(r"\w\.\w")


@dataclass(frozen=True)
class Shipped:
    """The case, its verdict, and what its README says, in one line."""

    case: Case
    verdict: Verdict
    said: str


@pytest.fixture(scope="module")
def shipped() -> Shipped:
    case = load("kazakhstan-2022")
    verdict = shipped_verdict(case, build(case), lower_record(case), Effort(), 1)
    assert verdict is not None
    said = " ".join((FOLDER / "README.md").read_text(encoding="utf-8").split())
    return Shipped(case, verdict, said)


def test_who_leads(shipped: Shipped) -> None:
    leader = next(one for one in shipped.verdict.standings if one.name == LEADER)
    assert shipped.verdict.turning.leader == LEADER
    assert shipped.verdict.decides
    assert f"protest and clans come to {100.0 * leader.posterior:.1f}" in shipped.said
    low, high = round(100.0 * leader.low), round(100.0 * leader.high)
    assert f"sampling alone leaves {low} to {high} % open" in shipped.said


WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight")


def test_what_other_runs_say(shipped: Shipped) -> None:
    """Of the seeds that were tried; the page on verdicts has all that they came to."""
    kept = json.loads(SEEDS.read_text(encoding="utf-8"))
    found = [one["standings"][LEADER] for one in kept["seeds"].values() if "standings" in one]
    tried, came = len(kept["seeds"]), len(found)
    least, most = (100.0 * end(one["posterior"] for one in found) for end in (min, max))
    widest = max(found, key=lambda one: one["high"] - one["low"])
    low, high = (round(100.0 * widest[end]) for end in ("low", "high"))
    rivals = {
        max((name for name in one["standings"] if name != LEADER),
            key=lambda name: one["standings"][name]["posterior"])
        for one in kept["seeds"].values() if "standings" in one
    }  # fmt: skip
    assert came == tried
    assert f"All {WORDS[tried]} other seeds come to {least:.1f} to {most:.1f} %" in shipped.said
    assert f"the widest with {low} to {high} % open" in shipped.said
    assert "attackers from abroad or the clans alone" in shipped.said
    assert rivals == {"foreign-terrorists", "clan-struggle"}
    assert ("tried on an earlier record" in shipped.said) == (kept["digest"] != record_digest())
    front = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"(so do all {WORDS[tried]} other seeds" in front


def test_pieces_add_up_to_the_evidence(shipped: Shipped) -> None:
    for one in shipped.verdict.standings:
        total = sum(weight.log_weight[one.name] for weight in shipped.verdict.weights)
        assert total == pytest.approx(one.log_evidence, abs=1e-6), one.name


def test_what_was_tried_to_turn_it(shipped: Shipped) -> None:
    turning = shipped.verdict.turning
    tried, unknown = len(turning.changes), len(turning.changes) - len(turning.decided)
    assert not turning.turned
    assert f"({tried} changes were tried; for {unknown} of them" in shipped.said
    bounded = sum(one.at_least is not None for one in turning.changes)
    assert f"for {bounded} more it is only known that the lead stays" in shipped.said
    assert "Nothing that was tried turns it" in shipped.said


def test_what_would_turn_it(shipped: Shipped) -> None:
    turning, basis = shipped.verdict.turning, shipped.verdict.basis
    assert "for the eleven judged numbers that only some explanations have" in shipped.said
    assert len(basis.shared) == 11
    assert "what comes from four more, which no other number can stand for" in shipped.said
    assert len(basis.apart) == 4
    assert "13 per cent of the weight go, give or take 6;" in shipped.said
    assert basis.lost is not None
    assert (round(100.0 * basis.lost), round(100.0 * (basis.lost_error or 0.0))) == (13, 6)
    assert turning.rival == "foreign-terrorists"
    assert "attackers from abroad to be more than two hundred times likelier" in shipped.said
    assert 200.0 < 1.0 / turning.prior_odds < 250.0
    assert "a fifth likelier to be made" in shipped.said
    assert turning.reporting_bias == pytest.approx(1.2, abs=0.03)
    assert "is held with low confidence" in shipped.said
    assert "Confidence in this: low" in confidence_sentence(shipped.case, shipped.verdict, "en")


def test_each_explanation_accounts_for_the_record(shipped: Shipped) -> None:
    shares = shipped.verdict.basis.percentiles
    assert shares is not None
    least, most = round(100.0 * min(shares.values())), round(100.0 * max(shares.values()))
    assert f"{least} to {most} in 100 are less probable" in shipped.said
    known = json.loads(FILE.read_text(encoding="utf-8"))[shipped.case.name]
    assert "for one such record in six no course was found at all" in shipped.said
    unreached = mean(one["unreached"] for one in known["explanations"].values())
    assert round(1.0 / unreached) == 6


def test_five_pieces_speak_against_the_leader(shipped: Shipped) -> None:
    standings = shipped.verdict.standings
    pieces = [one for one in shipped.verdict.weights if one.arrival != "silence"]
    against = [
        one.id for one in pieces
        if (moved := against_average(one, standings)[LEADER]) < -decibels(0.05)
        and is_clear_piece(one, moved, spreads_against_average(one, standings)[LEADER])
    ]  # fmt: skip
    assert len(against) >= 5, against
    told = {
        "D16": "that the security service left its posts",
        "K12": "that the president took the chair of the Security Council",
        "K16": "and asked the alliance for troops",
        "K38b": "that Belarus took its contingent home when it did",
        "C-terrorist-threat": "that he spoke of a terrorist threat",
        "C-airport": "and of an airport taken for trained men",
        "C-no-conflict": "that Nazarbayev knew of no conflict in the elite",
    }
    assert told.keys() <= set(against)
    for piece in told.values():
        assert piece in shipped.said
    assert "known to half a decibel or better" in shipped.said
    errors = [spreads_against_average(one, standings)[LEADER].error for one in pieces
              if one.id in told]  # fmt: skip
    assert max(errors) < 0.5


def test_how_many_pieces_sampling_could_not_make(shipped: Shipped) -> None:
    standings, clear = shipped.verdict.standings, 0
    for one in shipped.verdict.weights:
        spreads = spreads_against_average(one, standings)
        moved = against_average(one, standings).items()
        clear += any(is_clear_piece(one, value, spreads[name]) for name, value in moved)
    count = len(shipped.verdict.weights)
    assert f"of {count} pieces, silences among them, {clear} move some explanation" in shipped.said


def test_why_neither_half_can_be_left_out(shipped: Shipped) -> None:
    """The pieces that are named clearly tell the leader from what lacks that half."""

    def clear(rival: str) -> set[str]:
        return {
            one.id for one in shipped.verdict.weights
            if (lead := between(one, LEADER, rival)) > 1.0
            and is_clear_piece(one, lead, spread_between(one, LEADER, rival))
        }  # fmt: skip

    assert {"C-no-organiser", "C-leaderless", "C-attackers-dead"} <= clear("clan-struggle")
    assert "reporters, and later officials, who saw no single organiser" in shipped.said
    night = next(one for one in shipped.verdict.weights if one.id == "K07b")
    assert spread_between(night, LEADER, "clan-struggle").runs == 16 - 5
    assert "in which five of sixteen runs lose the clans alone" in shipped.said
    assert {"C-verdict", "C-prepared", "C-clan-1", "C-clan-2", "K25"} <= clear(
        "spontaneous-protest"
    )
    assert "courts and inquiries said of the service" in shipped.said
    assert "for the order to shoot" in shipped.said


@pytest.mark.parametrize(
    ("taken_back", "claim", "clear"),
    [
        pytest.param("C-20000-withdrawn", "C-20000", 1.0, id="D44"),
        pytest.param("C-no-terrorists", "C-foreigners-1", 1.0, id="D54"),
        pytest.param("C-musician-freed", "C-foreigners-1", 0.0, id="D56"),
    ],
)
def test_what_is_taken_back_weighs_more_than_what_was_claimed(
    shipped: Shipped, taken_back: str, claim: str, clear: float
) -> None:
    """Against the story that they were about.

    By more than the noise of a decibel, but for D56: there sampling alone could undo it.
    """
    weights = {
        one.id: between(one, LEADER, "foreign-terrorists") for one in shipped.verdict.weights
    }
    assert weights[taken_back] > abs(weights[claim]) + clear


def test_no_president_s_claim_weighs_more_than_two_decibels(shipped: Shipped) -> None:
    claims = [one for one in shipped.case.claims if one.by == "tokayev"]
    own = {one.id for one in claims if "withdrawn" not in one.id}
    turning = shipped.verdict.turning
    weights = [one for one in shipped.verdict.weights if one.id in own]
    assert len(weights) >= 5
    assert all(abs(between(one, turning.leader, turning.rival)) < 2.0 for one in weights)
    assert "A president's word weighs little" in shipped.said


def test_every_parameter_says_what_it_is(shipped: Shipped) -> None:
    """Those too that a mechanism describes and the case has another belief about."""
    parameters = shipped.case.parameters
    assert parameters["aid.ambition"].grounds.grade == "judged"
    assert [name for name, one in parameters.items() if not one.doc] == []


def test_what_it_counts(shipped: Shipped) -> None:
    grades = [one.grounds.grade for one in shipped.case.parameters.values()]
    assert round(sum(one in ("judged", "assumed") for one in grades), -1) == 130
    assert "A hundred and thirty of its numbers are judged or assumed" in shipped.said
    refused = shipped.case.what_ifs["no-deployment"].precedents
    assert refused is not None
    assert f"Of {refused.tally.at_risk:.0f} leaders who asked and were refused" in shipped.said
    assert f"before, {refused.tally.happened:.0f} were in office a year later" in shipped.said
    with (FOLDER / "facts.csv").open(encoding="utf-8") as file:
        facts = list(csv.DictReader(file))
    without = [row["id"] for row in facts if not ADDRESS.search(row["source"])]
    assert len(without) == 4, without
    assert f"{len(facts)} dated facts, all but four with addresses" in shipped.said


def test_the_step_is_the_author_s_and_turns_nothing(shipped: Shipped) -> None:
    record = body_record_of(shipped.case)
    assert record is not None
    assert record.learned is not None
    assert record.after_by_case is not None
    assert record.body_moved is not None
    up, down = record.after_by_case - record.learned.mean, -record.body_moved
    assert f"{100.0 * up:.0f} points up by the case, {100.0 * down:.0f} down" in shipped.said
    tried = [one for one in shipped.verdict.turning.changes if one.name == "aid.success-lifts"]
    assert {one.change for one in tried} == {"lowest-fifth", "highest-fifth"}
    assert {one.leader for one in tried} == {LEADER}


def test_what_the_troops_changed(shipped: Shipped) -> None:
    (found,) = counterfactual(shipped.case, "no-deployment", workers=None)
    assert found.made is not None, "the case has changed: run `python tools/keep_verdicts.py`"
    assert len(shipped.case.what_ifs) == 14
    assert "all fourteen what-ifs together" in shipped.said
    asked = {one.name: one for one in found.questions}
    for name in ("the-dead", "masimov-arrested", "chair-taken"):
        assert not is_clear(asked[name].difference)
    assert "Deaths, the arrest, the chair: no clear change" in shipped.said
    assert asked["the-dead"].factual.value == pytest.approx(250.0, abs=0.5)
    assert "the 250 deaths of the courses with troops" in shipped.said
    stays, heard, lost = (
        asked[name] for name in ("tokayev-stays", "next-call-heard", "days-of-disorder")
    )
    assert stays.factual.value == 1.0
    assert stays.counterfactual.value == pytest.approx(0.974, abs=0.0005)
    assert stays.difference.error == pytest.approx(0.007, abs=0.0005)
    assert "in all but 2.6 in a hundred without them (give or take 0.7)" in shipped.said
    assert stays.difference.low == pytest.approx(-0.23, abs=0.005)
    assert stays.difference.high == pytest.approx(-0.01, abs=0.005)
    assert "the parameters that the record leaves, in all but one to 23" in shipped.said
    assert lost.factual.value == pytest.approx(17.0, abs=0.5)
    assert lost.difference.value == pytest.approx(27 / 24, abs=0.5 / 24)
    assert lost.difference.error == pytest.approx(8 / 24, abs=0.5 / 24)
    assert "for 27 hours more without them (give or take 8)" in shipped.said
    assert heard.factual.value == pytest.approx(0.74, abs=0.005)
    assert heard.counterfactual.value == pytest.approx(0.60, abs=0.005)
    assert heard.difference.error == pytest.approx(0.03, abs=0.005)
    assert (
        "in 74 % of the courses with them and in 60 % of those without (13 points" in shipped.said
    )


def test_what_nobody_could_see(shipped: Shipped) -> None:
    days = (0.0, 3.0, 5.0, 8.0, 20.0, 394.0)
    unseen = unseen_expressions(shipped.case)
    (found,) = counterfactual(
        shipped.case, "no-deployment", workers=None, watch=Watch(unseen, days)
    )
    names = [expression_name(shipped.case, one) for one in unseen]
    fans = {name: fan.mean for name, fan in zip(names, found.factual_fans, strict=True)}
    moved = fans["a move against the leader has been made"]
    assert "In 80 of a hundred courses that agree" in shipped.said
    assert "has been made by the ninth of January" in shipped.said
    assert round(100.0 * moved[3]) == 80
    assert "nearly always by the end of the fifth, in 26 before the fourth" in shipped.said
    assert moved[2] > 0.95 * moved[3]
    assert moved[1] == pytest.approx(0.26, abs=0.005)
    assert "in none have attackers come from abroad" in shipped.said
    assert fans["attackers from abroad have come"][-1] < 0.005
    assert "out of the country on the ninth in 11 of a hundred" in shipped.said
    assert fans["where the person in question is: abroad"][3] == pytest.approx(0.11, abs=0.005)
    loyal = fans["the leader's loyalty to the leading member"]
    assert "rises with the troops from 0.37 to 0.57" in shipped.said
    assert (loyal[0], loyal[3]) == pytest.approx((0.37, 0.565), abs=0.005)
    assert "has lost more than half of that a year later" in shipped.said
    assert (loyal[3] - loyal[5]) / (loyal[3] - loyal[0]) > 0.5
    credible = fans["the alliance's credibility"]
    assert "rises with its success from 0.56 to 0.68" in shipped.said
    assert (credible[0], credible[4]) == pytest.approx((0.56, 0.68), abs=0.005)


def test_on_what_the_what_ifs_rest(shipped: Shipped) -> None:
    (found,) = counterfactual(shipped.case, "no-deployment", workers=None)
    assert found.first == 117
    assert found.counted == found.distinct == 200
    assert "Of the 800 particles of the verdict only 117 end as" in shipped.said
    assert "From these, 200 were found that do" in shipped.said


def test_how_its_forecast_did(shipped: Shipped) -> None:
    (settled,) = settle_files([shipped.case.name])
    chances = [one for one in settled.questions if one.brier is not None]
    unsure = uncertain(chances)
    assert (len(chances), len(unsure)) == (15, 9)
    assert "Of fifteen questions of yes or no six had been answered by then" in shipped.said
    assert f"the nine others come to a Brier score of {mean_scores(unsure)[0]:.2f}" in shipped.said
    forecast = {one.question: 100.0 * (one.forecast or 0.0) for one in chances}
    assert f"**Right that Tokayev would stay**: {forecast['tokayev-stays']:.0f} %" in shipped.said
    assert forecast["out-by-19-january"] == pytest.approx(1.0, abs=0.5)
    assert "out by the nineteenth it gave one chance in a hundred" in shipped.said
    assert f"more often than against it ({forecast['sides-with-russia']:.0f} %)" in shipped.said
    assert f"the next caller would be heard ({forecast['next-call-heard']:.0f} %)" in shipped.said
    (seen,) = (one for one in chances if one.question == "nazarbayev-reappears")
    assert f"{100.0 * (seen.forecast or 0.0):.0f} %; he did on the eighteenth" in shipped.said
