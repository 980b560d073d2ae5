"""What can be wrong with a case whose names all mean something: one check a file, in a tuple."""

from __future__ import annotations

from collections.abc import Callable

from foedus.case.case import Case
from foedus.case.checks.change import something_changes
from foedus.case.checks.cycles import immediates_settle
from foedus.case.checks.possible import events_are_possible
from foedus.case.checks.questions import questions_can_be_answered
from foedus.case.checks.record import record_is_stated
from foedus.case.checks.what_ifs import what_ifs_touch_something
from foedus.text.diagnostic import Diagnostics

Check = Callable[[Case, Diagnostics], None]

CHECKS: tuple[Check, ...] = (
    events_are_possible,
    something_changes,
    immediates_settle,
    record_is_stated,
    questions_can_be_answered,
    what_ifs_touch_something,
)
