"""Analysts who differ about the flagship's prior odds have their verdicts at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from math import log
from pathlib import Path
from typing import Any

import pytest

from foedus.asking import weighing_in_run, what_if_in_run
from foedus.infer.islands import agreed, remembered
from foedus.infer.shipped.reference_file import shipped_percentiles
from foedus.infer.verdict.verdict import Verdict
from foedus.jump.lower_record import lower_record
from foedus.study import build, load, weigh
from tests.cases.courses import FOLDER

CASE = "kazakhstan-2022"
GROUNDS = "grade: judged, because: a test"


def verdict_under(odds: Mapping[str, float], folder: Path) -> Verdict:
    """The verdict with other priors of some atoms."""
    file = folder / "priors.yaml"
    told = "".join(f"  {name}: {{prior: {prior}, {GROUNDS}}}\n" for name, prior in odds.items())
    file.write_text("atoms:\n" + told, encoding="utf-8")
    return weigh(load(CASE, priors=file))


@pytest.fixture
def no_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs an island fails."""

    def fail(*_: Any, **__: Any) -> None:
        pytest.fail("particles were sampled")

    monkeypatch.setattr(remembered, "run_islands", fail)


@pytest.mark.usefixtures("no_runs")
@pytest.mark.parametrize(
    "odds",
    [
        {"protest-only": 0.45, "clan-only": 0.05},
        {"protest-only": 0.05, "clan-only": 0.45},
        {"protest-only": 0.10, "protest-and-clan": 0.40},
    ],
)
def test_posterior_odds_move_as_the_prior_odds_do(odds: dict[str, float], tmp_path: Path) -> None:
    before = {one.name: one for one in weigh(CASE).standings if one.is_rival}
    verdict = verdict_under(odds, tmp_path)
    after = {one.name: one for one in verdict.standings if one.is_rival}
    assert verdict.is_judged_anew
    for one, other in combinations(before, 2):
        moved = log(after[one].posterior / after[other].posterior) - log(
            before[one].posterior / before[other].posterior
        )
        prior = log(after[one].prior / after[other].prior) - log(
            before[one].prior / before[other].prior
        )
        assert moved == pytest.approx(prior, abs=0.15)  # what distrust changes


@pytest.mark.usefixtures("no_runs")
def test_its_readme_says_what_two_groups_come_to(tmp_path: Path) -> None:
    said = " ".join((FOLDER / "README.md").read_text(encoding="utf-8").split())
    found = []
    for odds in (
        {"protest-only": 0.45, "clan-only": 0.05},
        {"protest-only": 0.05, "clan-only": 0.45},
    ):
        verdict = verdict_under(odds, tmp_path)
        assert verdict.turning.leader == "protest-and-clan-move"
        leader = next(one for one in verdict.standings if one.name == verdict.turning.leader)
        found.append(f"{100.0 * leader.posterior:.1f} %")
    assert f"comes to {found[0]} for the two together" in said
    assert f"whoever held the opposite to {found[1]}" in said


@pytest.mark.usefixtures("no_runs")
def test_everything_asked_of_the_flagship_is_answered(tmp_path: Path) -> None:
    kept = weigh(CASE)
    verdict = verdict_under({"protest-only": 0.45, "clan-only": 0.05}, tmp_path)
    known = {(one.kind, one.name, one.change): one for one in kept.turning.changes}
    answered = {(one.kind, one.name, one.change): one for one in verdict.turning.changes}
    assert known.keys() == answered.keys()
    lost = [key for key, one in known.items() if one.leader and not answered[key].leader]
    assert len(lost) < 0.1 * len(known)
    assert verdict.basis.with_common_priors is not None
    assert verdict.basis.percentiles == kept.basis.percentiles
    assert {one.clue for one in verdict.clues} == {one.clue for one in kept.clues}


def test_what_accounts_for_the_record_is_told_where_its_ways_compare_as_before() -> None:
    model, record = build(load(CASE)), lower_record(load(CASE))
    own = shipped_percentiles(model, record)
    assert own is not None
    odds = {"foreign-only": 0.1, "all-three": 0.0, "protest-only": 0.1, "clan-only": 0.4}
    atoms = tuple(
        replace(atom, written=atom.prior, prior=odds.get(atom.name, atom.prior))
        for atom in model.atoms
    )
    found = shipped_percentiles(replace(model, atoms=atoms), record)
    assert found == {name: share for name, share in own.items() if name != "foreign-terrorists"}


@pytest.mark.usefixtures("no_runs")
def test_what_is_certain_beforehand_stays_certain(tmp_path: Path) -> None:
    names = [one.atom.name for one in load(CASE).atoms]
    odds = {name: float(name == "protest-and-clan") for name in names}
    posterior = {one.name: one.posterior for one in verdict_under(odds, tmp_path).standings}
    assert posterior["protest-and-clan-move"] == 1.0
    assert posterior["spontaneous-protest"] == posterior["foreign-terrorists"] == 0.0


@pytest.mark.usefixtures("no_runs")
def test_a_file_that_says_what_the_case_says_has_the_verdict_that_ships(tmp_path: Path) -> None:
    own = {one.atom.name: one.atom.prior for one in load(CASE).atoms}
    assert verdict_under(own, tmp_path) == weigh(CASE)


@pytest.mark.usefixtures("no_runs")
@pytest.mark.parametrize(
    ("odds", "is_at_hand"),
    [
        ({"protest-only": 0.45, "clan-only": 0.05}, True),
        ({"protest-only": 0.05, "all-three": 0.25}, False),
    ],
)
def test_the_whole_job_waits_for_no_what_if(
    odds: dict[str, float], is_at_hand: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without noise for all three at once, who then have a part in answers, courses take minutes.
    monkeypatch.setattr(agreed, "are_kept", lambda *_, **__: False)
    verdict = verdict_under(odds, tmp_path)
    case = load(CASE, priors=tmp_path / "priors.yaml")
    assert weighing_in_run._is_soon_had(case, build(case), lower_record(case), None, 1, None)
    assert what_if_in_run._is_soon_had(case, verdict, None, 1, None) is is_at_hand
