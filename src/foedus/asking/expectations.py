"""Whether the answers of a case come out as its author says they must."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.asking.from_the_start import simulate
from foedus.asking.opening import load
from foedus.case.expectations import Expectation, World, expectations_beside, read_expectations
from foedus.case.find import find_case
from foedus.text.diagnostic import CaseError, Diagnostics

if TYPE_CHECKING:
    from foedus.questions.expected import Tested


def expectations_met(
    name: str | Path,
    *,
    draws: int = 1000,
    seed: int = 1,
    workers: int | None = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Tested:
    """Runs a case and holds its answers to the file of expectations beside it.

    Each world that the file speaks of (a decision changed, parameters fixed) is run by itself,
    before any evidence; a case without a file is only run. An answer fails if it lies outside its
    bounds by more than three Monte Carlo errors. Raises what `simulate` raises, and `CaseError` for
    a file that does not fit the case.
    """
    from foedus.questions.expected import Tested, outcome_of

    case, diagnostics = load(name), Diagnostics()
    path = find_case(str(name), diagnostics)
    expected: tuple[Expectation, ...] = ()
    if path is not None and expectations_beside(path).is_file():
        beside = expectations_beside(path)
        expected = read_expectations(case, beside, str(beside), diagnostics)
        if diagnostics.has_errors:
            raise CaseError(diagnostics.in_order())
    worlds = dict.fromkeys(one.world for one in expected) or {World(None, ()): None}
    answers = {
        world: simulate(
            name, draws=draws, seed=seed, what_if=world.what_if, settings=dict(world.settings),
            workers=workers, progress=progress,
        )
        for world in worlds
    }  # fmt: skip
    return Tested(case, tuple(outcome_of(one, answers[one.world]) for one in expected))
