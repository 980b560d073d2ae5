"""The flagship's verdict on its whole record. Takes minutes, so only with --full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest

from foedus.case.case import Case
from foedus.infer.islands.islands import Evidence
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.particles.weights import Numbers
from foedus.infer.verdict.verdict import Verdict
from foedus.infer.weigh import weigh
from foedus.jump.lower_record import lower_record
from foedus.study import build, load

pytestmark = pytest.mark.full
CASE = "kazakhstan-2022"


@dataclass(frozen=True)
class Weighed:
    """The verdict, and what each step weighs: explanation -> (island, step), in nats."""

    case: Case
    verdict: Verdict
    steps: tuple[str, ...]
    gains: Mapping[str, Numbers]


@pytest.fixture(scope="module")
def weighed() -> Weighed:
    """The verdict with the particles that are taken by default: a refusal fails here."""
    kept: list[tuple[RecordTarget, Evidence]] = []
    case = load(CASE)
    verdict = weigh(
        case, build(case), lower_record(case), start, workers=2,
        inspect=lambda target, evidence: kept.append((target, evidence)),
    )  # fmt: skip
    ((target, evidence),) = kept
    islands = replace(evidence, levels=np.stack([one.levels for one in evidence.courses]))
    names = [atom.name for atom in target.model.atoms]
    gains = {}
    for one in target.model.explanations:
        if one.is_rival:
            atoms = [names.index(name) for name in one.atoms]
            known = range(evidence.levels.shape[2])
            levels = np.stack([islands.of_islands(atoms, steps) for steps in known], axis=1)
            with np.errstate(invalid="ignore"):  # an atom may die out in one island
                gains[one.name] = np.diff(levels, axis=1)
    return Weighed(case, verdict, evidence.steps, gains)


def test_its_readme_says_who_leads(weighed: Weighed) -> None:
    found = {one.name: one for one in weighed.verdict.standings if one.is_rival}
    leader = max(found.values(), key=lambda one: one.posterior)
    assert leader.name == "protest-and-clan-move"
    assert leader.low > 0.5


def test_items_speak_against_whoever_leads(weighed: Weighed) -> None:
    found = {one.name: one for one in weighed.verdict.standings if one.is_rival}
    leader = max(found, key=lambda name: found[name].posterior)
    against = 0
    for place, step in enumerate(weighed.steps):
        if step.startswith("silence"):
            continue
        weights = {name: gains[:, place] for name, gains in weighed.gains.items()}
        means = {name: one[np.isfinite(one)].mean() for name, one in weights.items()}
        against += means[leader] < float(np.mean(list(means.values()))) - 0.1
    assert against >= 5


def test_the_rivals_are_mechanisms(weighed: Weighed) -> None:
    """No parameter belongs to some explanations only, so all priors are common; and yet at least
    five of the discriminating facts weigh differently by more than 0.1 nats.

    A difference counts where it exceeds that by twice its standard error over islands.
    """
    items = {one.id: one.bears_on for one in weighed.case.evidence}
    items |= {one.id: one.bears_on for one in weighed.case.claims}
    clear = set()
    gains = list(weighed.gains.values())
    for place, step in enumerate(weighed.steps):
        facts = [name for name in items.get(step, ()) if name.startswith("D")]
        for first, one in enumerate(gains):
            for other in gains[first + 1 :]:
                both = np.isfinite(one[:, place]) & np.isfinite(other[:, place])
                if both.sum() < 3:
                    continue
                apart = one[both, place] - other[both, place]
                error = apart.std(ddof=1) / np.sqrt(apart.size)
                if abs(apart.mean()) > 0.1 + 2.0 * error:
                    clear.update(facts)
    assert len(clear) >= 5, sorted(clear)
