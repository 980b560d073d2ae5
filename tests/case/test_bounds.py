"""What can be reached: the same for each atom, whether or not work is shared between them."""

from __future__ import annotations

import pytest

from foedus import study
from foedus.case.bounds import Ground, reach


@pytest.mark.parametrize("name", ["kazakhstan-2022", "belarus-2020", "crisis"])
def test_shared_work_changes_nothing(name: str) -> None:
    case = study.load(name)
    ground = Ground(case)
    for present in (None, *(belief.atom.components for belief in case.atoms)):
        for assumed in (frozenset[str](), frozenset(list(case.events)[:2])):
            alone = reach(case, assumed, present)
            assert reach(case, assumed, present, ground) == alone


def test_work_is_shared() -> None:
    """The flagship's atoms differ in few events: each costs a fraction of the first."""
    case = study.load("kazakhstan-2022")
    ground = Ground(case)
    reach(case, present=frozenset(), ground=ground)
    first = len(ground.steps)
    found = [
        reach(case, present=belief.atom.components, ground=ground).possible for belief in case.atoms
    ]
    assert len(set(map(frozenset, found))) > 1
    assert len(ground.steps) < first * (1 + len(found) / 2)
