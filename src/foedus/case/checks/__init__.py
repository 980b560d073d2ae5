"""What can be wrong with a case whose names all mean something: one check a file, in a tuple.

`events_are_possible` comes first: it tells the others what can be at all.
"""

from __future__ import annotations

from collections.abc import Callable

from foedus.case.bounds import Reach, reach
from foedus.case.case import Case
from foedus.case.checks.atoms import atoms_explain_the_evidence
from foedus.case.checks.change import something_changes
from foedus.case.checks.cycles import immediates_settle
from foedus.case.checks.evidence import evidence_is_possible
from foedus.case.checks.finite import rates_are_finite, rates_are_not_negative
from foedus.case.checks.inside import state_stays_inside
from foedus.case.checks.possible import events_are_possible
from foedus.case.checks.questions import questions_can_be_answered
from foedus.case.checks.record import record_is_stated, record_leaves_a_way
from foedus.case.checks.set_values import what_ifs_set_what_can_be
from foedus.case.checks.telling import (
    candour_is_positive,
    chances_are_shares,
    speakers_take_no_time,
)
from foedus.case.checks.what_ifs import what_ifs_touch_something
from foedus.text.diagnostic import Diagnostics

Check = Callable[[Case, Reach, Diagnostics], None]

CHECKS: tuple[Check, ...] = (
    rates_are_finite,
    state_stays_inside,
    something_changes,
    immediates_settle,
    record_is_stated,
    record_leaves_a_way,
    evidence_is_possible,
    atoms_explain_the_evidence,
    candour_is_positive,
    speakers_take_no_time,
    chances_are_shares,
    questions_can_be_answered,
    what_ifs_touch_something,
    what_ifs_set_what_can_be,
)

RUN: tuple[Check, ...] = (
    rates_are_finite,
    rates_are_not_negative,
    state_stays_inside,
    what_ifs_set_what_can_be,
)
"""Those that find what a run must fail of."""


def examine_runs(case: Case, diagnostics: Diagnostics) -> None:
    """Note what every run must fail of, and nothing else."""
    found = reach(case)
    for check in RUN:
        check(case, found, diagnostics)


def examine(case: Case, diagnostics: Diagnostics) -> None:
    """Note every fault that can be proved without running the case."""
    found = events_are_possible(case, diagnostics)
    for check in CHECKS:
        check(case, found, diagnostics)
