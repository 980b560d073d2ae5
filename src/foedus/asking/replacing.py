"""The case of a what-if that puts another mechanism in the place of one, and whether it may."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.asking.opening import build, load
from foedus.case.case import Case, WhatIf
from foedus.text.diagnostic import SettingsError

if TYPE_CHECKING:
    from foedus.questions.replacement import Replacement


def why_not_decided(
    case: Case,
    source: str | Path,
    what_if: WhatIf,
    day: float,
    settings: Mapping[str, float] | None,
    priors: str | Path | None,
) -> str | None:
    """Why a what-if of a case, read from `source`, cannot be decided from a day on; None if it can.

    `day` is in days from the start of the clock.
    """
    from foedus.questions.policy import why_not
    from foedus.questions.replacement import why_not_from_a_day

    reason = why_not(what_if, day)
    if reason is not None or not what_if.replaces:
        return reason
    other = load(source, settings, dict(what_if.replaces), priors)
    return why_not_from_a_day(what_if.name, build(case), build(other))


def replacement(
    case: Case | str | Path,
    replaced: Mapping[str, str],
    fixed: Mapping[str, float],
    settings: Mapping[str, float] | None,
    priors: str | Path | None,
) -> Replacement:
    """The world of a what-if that replaces mechanisms; `fixed` are parameters in days.

    Raises `SettingsError` for a case that was read already.
    """
    from foedus.jump.lower_record import lower_record
    from foedus.questions.replacement import Replacement

    if isinstance(case, Case):
        raise SettingsError("a mechanism is replaced as the case is read: give the case by name")
    other = load(case, settings, replaced, priors)
    return Replacement(build(other), lower_record(other), other.parameters, fixed)
