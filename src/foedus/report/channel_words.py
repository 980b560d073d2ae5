"""On which parameters a what-if hangs, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import hypot, inf

from foedus.case.case import Case
from foedus.questions.channels import Channel
from foedus.questions.estimates import Estimate
from foedus.questions.other_worlds import OtherWorld
from foedus.questions.what_if import Change
from foedus.report.answer_text import measure_of
from foedus.report.catalogue import say
from foedus.report.differences import show_difference
from foedus.report.numbers import show_figure

MOST = 2
"""So many channels are named under a question: those that move its answer most."""

FAR_APART = 3.0
"""Two differences so many standard errors apart count as unlike: there are many channels."""


def show_channels(
    case: Case, found: Change | OtherWorld, question: str, number: int, language: str
) -> Iterator[str]:
    """What the decision changes at the 10th and 90th percentile of the channels that matter."""
    measure = measure_of(case.questions[question])
    moving = [one for one in found.channels if _gap(one.low[number], one.high[number]) > FAR_APART]
    moving.sort(key=lambda one: -_gap(one.low[number], one.high[number]))
    for one in moving[:MOST]:
        factor = _unit_of(case, found, one.parameter)
        ends = (show_figure(end / factor, language) for end in (one.at_low, one.at_high))
        first, second = (
            show_difference(side, measure, language) for side in (one.low[number], one.high[number])
        )
        low, high = ends
        yield say(
            language, "what-if.channel", name=one.parameter, low=low, high=high, first=first,
            second=second,
        )  # fmt: skip


def _unit_of(case: Case, found: Change | OtherWorld, parameter: str) -> float:
    """The written unit of a parameter of the case, or of a mechanism put in another's place."""
    drawn = found.drawn if isinstance(found, OtherWorld) else None
    return drawn[parameter] if drawn and parameter in drawn else case.parameters[parameter].factor


def show_channel_basis(channels: Sequence[Channel], language: str) -> str:
    """How many channels there are, and how they were looked at."""
    if not channels:
        return say(language, "what-if.channels-none")
    return say(language, "what-if.channels", count=len(channels))


def _gap(low: Estimate, high: Estimate) -> float:
    """How many standard errors two differences are apart; infinitely many if they have none."""
    if low.value is None or high.value is None or low.error is None or high.error is None:
        return 0.0
    apart, error = abs(high.value - low.value), hypot(low.error, high.error)
    if error == 0.0:
        return inf if apart > 0.0 else 0.0
    return apart / error
