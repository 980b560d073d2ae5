"""Priors taken from a reference class of past cases.

A class is counted as it was known before the clock starts, without the case itself: nothing that
came later can reach a prior.
"""

from __future__ import annotations

from datetime import date

from foedus.case.draft import Draft
from foedus.case.node import Mapping, Node
from foedus.dates.civil import civil_date
from foedus.dates.instant import DAY, MINUTE
from foedus.expr.belief import LawError
from foedus.expr.prior import LogitNormal, Prior, jeffreys_rate, jeffreys_share
from foedus.history import learned
from foedus.history.class_error import ClassError
from foedus.history.classes import Counted, class_names, count_class
from foedus.history.learned import LearnedShare, learned_share
from foedus.text.codes import Code
from foedus.text.suggest import closest
from foedus.units import Unit, parse_unit


def class_prior(node: Mapping, unit: Unit, draft: Draft) -> Prior | None:
    """The law that a class's counts give by Jeffreys's prior, or that was learned, in internal
    units."""
    try:
        counted = _counted(node, draft)
        wanted = "per year" if _counts_a_rate(counted) else "share"
        if unit.name != wanted:
            draft.diagnostics.error(
                Code.BAD_PRIOR,
                node.span,
                f"the class `{counted.name}` is a {_kind(counted)}, not `{unit.name}`",
                help=f"write `unit: {wanted}`",
            )
            return None
        if isinstance(counted, LearnedShare):
            return LogitNormal(counted.median, counted.spread)
        k, n = counted.tally.happened, counted.tally.at_risk
        if counted.kind == "share":
            return jeffreys_share(k, n)
        return jeffreys_rate(k, n).scaled(parse_unit("per year").factor)
    except ClassError as fault:
        draft.diagnostics.error(Code.NEEDS_HISTORY, node.span, fault.message, help=fault.help)
    except LawError as fault:
        draft.diagnostics.error(Code.BAD_PRIOR, node.span, fault.message, help=fault.help)
    return None


def read_outside(node: Node | None, draft: Draft) -> Counted | LearnedShare | None:
    """A class of past cases that stands beside a question or a what-if; None, noted, if it cannot.

    Only classes that count a share can.
    """
    if not isinstance(node, Mapping):
        return None
    try:
        counted = _counted(node, draft)
    except ClassError as fault:
        draft.diagnostics.error(Code.NEEDS_HISTORY, node.span, fault.message, help=fault.help)
        return None
    if _counts_a_rate(counted):
        draft.diagnostics.error(
            Code.NEEDS_HISTORY,
            node.span,
            f"the class `{counted.name}` counts a rate, and a share is needed here",
            help="name a class that counts a share: `foedus history rate` lists them",
        )
        return None
    return counted


def read_precedents(node: Node | None, draft: Draft) -> Counted | None:
    """A class of past cases in which it was decided so, counted; None, noted, if it cannot be."""
    found = read_outside(node, draft)
    if not isinstance(found, LearnedShare):
        return found
    assert isinstance(node, Mapping)
    draft.diagnostics.error(
        Code.NEEDS_HISTORY,
        node.span,
        f"the class `{found.name}` was learned and not counted, and precedents are counted",
        help="name a class that counts a share: `foedus history rate` lists them",
    )
    return None


def class_words(node: Node | None, draft: Draft) -> str:
    """What was counted, in the words in which a prior could be written, and of which class.

    Empty for all that is no class.
    """
    if not isinstance(node, Mapping):
        return ""
    try:
        counted = _counted(node, draft)
    except ClassError:
        return ""
    where = f" where {counted.where}" if counted.where else ""
    before = _clock_start(draft)
    day = "" if before is None else f", known before {before.isoformat()}"
    if isinstance(counted, LearnedShare):
        law = f"logit-normal({counted.median:g}, {counted.spread:g})"
        record = f"{counted.granted} of {counted.calls} calls, {counted.used} on all"
        return f"{law} ({counted.name}{where}: {record}{day})"
    k, n = counted.tally.happened, counted.tally.at_risk
    numbers = f"{k:.0f} of {n:.0f}" if counted.kind == "share" else f"{k:.0f} in {n:.1f} years"
    undated = f"; left out for vague dates: {counted.undated}" if counted.undated else ""
    return f"{numbers} ({counted.name}{where}{day}{undated})"


def _counted(node: Mapping, draft: Draft) -> Counted | LearnedShare:
    name, where, before = node.text("from"), node.text("where"), _clock_start(draft)
    if name == learned.NAME:
        return learned_share(where, before, draft.case_name)
    near = closest(name, (*class_names(), learned.NAME))
    if name not in class_names() and near == learned.NAME:
        raise ClassError(f"history has no class `{name}`", f"write `{near}`")
    return count_class(name, where, before, draft.case_name)


def _counts_a_rate(counted: Counted | LearnedShare) -> bool:
    return isinstance(counted, Counted) and counted.kind == "rate"


def _kind(counted: Counted | LearnedShare) -> str:
    return "rate" if _counts_a_rate(counted) else "share"


def _clock_start(draft: Draft) -> date | None:
    """The day on which the clock starts; the first day there is for a clock before our era."""
    if draft.clock is None:
        return None
    local = draft.clock.start.microseconds + draft.clock.zone.minutes * MINUTE
    year, month, day = civil_date(local // DAY)
    return date.min if year < 1 else date(year, month, day)
