"""Verdicts at the edges: nothing but silence, priors of 0 and 1, a leader that its prior carries,
explanations that the record rules out, origins of which nothing else is uncertain."""

from __future__ import annotations

import json
import re
from math import exp, inf, log

import pytest

from foedus.infer.islands.effort import Effort
from foedus.infer.likelihood.engine import start
from foedus.infer.verdict.verdict import Verdict
from foedus.infer.verdict.verdict_json import as_record
from foedus.infer.weigh import Method, weigh
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.report.verdict.verdict import show_verdict
from foedus.text.diagnostic import NoAnswerError
from tests.infer.strikes import COMPLETE, HEAD, ONLY_PLOT, THREE, item
from tests.loading import case_of

SLOW, FAST, DAYS = 0.2, 0.6, 10.0


def fixed(head: str) -> str:
    """Strikes at a known rate, three times as high if there is a plot."""
    known = head.replace('{prior: "gamma(2, 0.3)"', f"{{value: {SLOW}")
    return known.replace('{prior: "lognormal(3, 1.5)"', "{value: 3")


FIXED = fixed(HEAD)

RARE = FIXED.replace("[], prior: 0.5", "[], prior: 0.01").replace(
    "[plot], prior: 0.5", "[plot], prior: 0.99"
)
NEVER = FIXED.replace("[], prior: 0.5", "[], prior: 0").replace(
    "[plot], prior: 0.5", "[plot], prior: 1"
)
ONE = item("one", "2000-01-02")
METHODS: tuple[Method, ...] = ("exact", "particle")


def verdict(
    head: str, evidence: str = ONE, method: Method = "exact", as_of: float | None = None
) -> Verdict:
    """The verdict; it can always be told, in both languages and to machines."""
    case = case_of(head + ("evidence:\n" + evidence if evidence else "") + COMPLETE)
    effort = Effort(particles=100, again=50)
    found = weigh(
        case, lower(case), lower_record(case), start, effort=effort, method=method, as_of=as_of
    )
    json.dumps(as_record(case, found), allow_nan=False)
    for language in ("en", "fi"):
        assert not re.search(r"\bnan\b", show_verdict(case, found, language))
    return found


def logs(found: Verdict) -> list[float]:
    return [one.log_evidence for one in found.standings]


@pytest.mark.parametrize("method", METHODS)
def test_silence_is_evidence_without_an_item(method: Method) -> None:
    found = verdict(FIXED, "", method)
    assert logs(found) == pytest.approx([-SLOW * DAYS, -FAST * DAYS])
    early = verdict(FIXED, item("one", "2000-01-08"), method, as_of=3.0)
    # Atoms are compared by particles that change them: an error of some hundredths.
    assert logs(early) == pytest.approx([-SLOW * 3.0, -FAST * 3.0], abs=0.15)


@pytest.mark.parametrize("method", METHODS)
def test_what_was_ruled_out_beforehand_stays_so(method: Method) -> None:
    found = verdict(NEVER, ONE, method)
    assert [one.posterior for one in found.standings] == [0.0, 1.0]
    assert logs(found) == pytest.approx([log(SLOW) - SLOW * DAYS, log(FAST) - FAST * DAYS])
    assert found.turning.leader == "by-plot"
    assert found.turning.reporting_bias is None
    assert found.basis.with_common_priors is None


def test_the_record_does_not_decide_for_whom_it_speaks_against() -> None:
    found = verdict(RARE)
    weight = log(FAST / SLOW) - (FAST - SLOW) * DAYS
    assert found.turning.leader == "by-plot"
    assert found.basis.log_odds == pytest.approx(weight)
    assert (found.says, found.decides) == (-1, False)
    case = case_of(RARE + "evidence:\n" + ONE + COMPLETE)
    shown = " ".join(show_verdict(case, found).split())
    assert "“by plot” leads by its prior alone: the record speaks for “by itself” over it" in shown
    assert "The record speaks for “by plot”" not in shown
    assert "“by plot” on edellä pelkän lähtöpainonsa varassa" in " ".join(
        show_verdict(case, found, "fi").replace("”by plot”", "“by plot”").split()
    )


@pytest.mark.parametrize("method", METHODS)
def test_a_piece_that_rules_out_can_be_left_out(method: Method) -> None:
    """Without the strike the record is silence, and stands for the one that it ruled out."""
    seen = "  - {id: idle, state: strikes >= 0, at: 2000-01-06, cites: [wave], established: so}\n"
    found = verdict(fixed(ONLY_PLOT), ONE + seen, method)
    assert logs(found)[0] == -inf
    assert found.turning.reporting_bias == inf
    flips = {one.name: one for one in found.turning.changes if one.kind == "item"}
    assert flips["one"].leader == "by-itself"
    assert flips["one"].log_odds == pytest.approx(-SLOW * (DAYS - 1.0))
    assert (flips["idle"].leader, flips["idle"].log_odds) == ("by-plot", inf)


SPEAKS = """\
speakers:
  boss:
    candour: {value: 2, grade: assumed, because: a test}
    interest: {plot: {value: 1, grade: assumed, because: a test}}
claims:
  - {id: says, by: boss, says: plot, at: 2000-01-08, cites: [wave]}
  - {id: back, by: boss, retracts: says, at: 2000-01-09, cites: [weekly]}
"""


@pytest.mark.parametrize("method", METHODS)
def test_what_is_left_out_takes_its_own_weight_with_it(method: Method) -> None:
    """One alone, and all of a source: the rest of the record weighs what it did."""
    strike = log(SLOW / FAST) + (FAST - SLOW) * DAYS

    def log_chance(odds: float) -> float:
        return -log(1.0 + exp(-odds))

    said = log_chance(1.0 - 1.0) - log_chance(1.0 + 1.0)
    back = log_chance(-1.0 + 1.0) - log_chance(-1.0 - 1.0)
    found = verdict(FIXED + SPEAKS, ONE, method)
    assert found.turning.leader == "by-itself"
    assert found.basis.log_odds == pytest.approx(strike + said + back, abs=1e-9)
    flips = {
        (one.kind, one.name): one.log_odds for one in found.turning.changes
        if one.change == "left-out"
    }  # fmt: skip
    assert flips["item", "says"] == pytest.approx(strike + back, abs=1e-9)
    assert flips["item", "back"] == pytest.approx(strike + said, abs=1e-9)
    assert flips["source", "wave"] == pytest.approx(strike + back, abs=1e-9)
    without_the_day = (FAST - SLOW) * (DAYS - 1.0) + said + back
    assert flips["item", "one"] == pytest.approx(without_the_day, abs=1e-9)


def test_where_two_pieces_rule_out_none_alone_is_told_to_turn_it() -> None:
    found = verdict(fixed(ONLY_PLOT), ONE + item("two", "2000-01-05"), "particle")
    assert not [one.name for one in found.turning.turned if one.kind == "item"]


def test_origins_are_believed_or_not_where_nothing_else_is_uncertain() -> None:
    found = verdict(FIXED, item("one", "2000-01-02", "note: x"))
    flips = {one.change: one.log_odds for one in found.turning.changes if one.kind == "origin"}
    trusted = log(SLOW / FAST) + (FAST - SLOW) * DAYS
    assert flips["reliable"] == pytest.approx(trusted, abs=1e-9)
    assert flips["unreliable"] == pytest.approx((FAST - SLOW) * (DAYS - 1.0), abs=1e-9)


CONTRADICTED = (
    item("here", "2000-01-03", "note: so one says")
    + "  - {id: not-so, absent: strike, between: 2000-01-02/2000-01-05, cites: [wave]}\n"
)
SILENT = (0, 3, 3, 5, 5, 10)
"""Days of silence that are known at each stage: silence, the strike, silence, its denial, silence.
"""


def known_to(trusts: tuple[bool, bool], stage: int, rate: float) -> float:
    """log p(what is known at a stage | rate) to whom trusts the paper and the radio, or not.

    What an item is about is left open until it is known and trusted.
    """
    strike, denial = trusts[0] and stage >= 2, trusts[1] and stage >= 4
    if strike and denial:
        return -inf
    open_days = {1, 2, 3, 4} - ({1, 2, 3, 4} if denial else {2} if strike else set())
    charged = len(set(range(SILENT[stage])) - open_days)
    return (log(rate) if strike else 0.0) - rate * charged


def contradicted() -> list[float]:
    """The log evidence of both rates, summed over whom to trust."""
    rates, sure = (SLOW, FAST), (True, False)
    ways = [(paper, radio) for paper in sure for radio in sure]
    prior = {way: (0.75 if way[0] else 0.25) * 0.5 for way in ways}
    worth = dict.fromkeys(ways, 1.0)

    def sums(stage: int, rate: float, only: int | None = None) -> float:
        return sum(
            prior[way] * worth[way] * exp(known_to(way, stage, rate))
            for way in ways if only is None or way[only]
        )  # fmt: skip

    for stage, whose in ((2, 0), (4, 1)):  # whom one does not trust says what is expected of it
        neutral = sum(sums(stage, r, whose) / sums(stage - 1, r, whose) for r in rates) / 2.0
        for way in ways:
            worth[way] *= 1.0 if way[whose] else neutral
    return [log(sums(5, rate)) for rate in rates]


def test_of_two_origins_that_contradict_each_other_at_most_one_is_believed() -> None:
    head = FIXED
    for origin, old in (("paper", "beta(3, 1)"), ("radio", "beta(1, 1)")):
        share = 0.75 if origin == "paper" else 0.5
        head = head.replace(f'{{prior: "{old}"', f"{{value: {share}, unit: share")
    found = verdict(head, CONTRADICTED)
    assert logs(found) == pytest.approx(contradicted(), abs=1e-9)
    assert sum(one.posterior for one in found.origins) < 1.0
    sampled = verdict(head, CONTRADICTED, "particle")
    assert logs(sampled) == pytest.approx(contradicted(), abs=0.6)  # some four standard errors


def test_one_explanation_has_nothing_to_be_weighed_against() -> None:
    """To add explanations would be no cure: there are some."""
    head = HEAD.replace("[], prior: 0.5", "[], prior: 1")
    lines = [one for one in head.splitlines() if "plotted: {" not in one and "by-plot:" not in one]
    case = case_of("\n".join([*lines, f"evidence:\n{THREE}{COMPLETE}"]))
    with pytest.raises(NoAnswerError, match="one explanation only"):
        weigh(case, lower(case), lower_record(case), start)


def test_all_weight_goes_where_a_prior_of_its_own_was_all_that_an_explanation_had() -> None:
    own = "prior: 80% between 0.1 and 0.4, unit: per day, grade: assumed, because: a test"
    head = HEAD.replace(
        "[plot], prior: 0.5", f"[plot], parameters: {{speed: {{{own}}}}}, prior: 0.5"
    )
    found = verdict(head.replace("speed * (if plot then boost else 1)", "speed"))
    assert found.basis.shared == ("speed",)
    assert abs(found.basis.log_odds) > 0.1
    assert found.basis.with_common_priors == pytest.approx(0.0, abs=1e-9)
