"""On which parameters a what-if hangs, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import hypot, inf

from foedus.case.case import Case
from foedus.questions.channels import Channel
from foedus.questions.other_worlds import OtherWorld
from foedus.questions.what_if import Change
from foedus.report.answers.prior import show_unit
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_figure
from foedus.report.phrases.answer_text import measure_of
from foedus.report.phrases.basis import in_own_unit
from foedus.report.phrases.differences import show_difference
from foedus.report.phrases.names import named_number

MOST = 2
"""So many channels are named under a question: those that move its answer most."""

FAR_APART = 3.0
"""Two differences so many standard errors apart count as unlike: there are many channels."""

MANY_ALIKE = 15.0
"""So many draws that are all alike leave at most one in five that would not be (at 95 %)."""


def show_channels(
    case: Case, found: Change | OtherWorld, question: str, number: int, language: str
) -> Iterator[str]:
    """What the decision changes at the 10th and 90th percentile of the channels that matter."""
    measure = measure_of(case.questions[question])
    moving = [one for one in found.channels if _gap(one, number) > FAR_APART]
    moving.sort(key=lambda one: -_gap(one, number))
    for one in moving[:MOST]:
        low, high = (
            show_value(case, found, one.parameter, end, language)
            for end in (one.at_low, one.at_high)
        )
        first, second = (
            show_difference(side, measure, language) for side in (one.low[number], one.high[number])
        )
        yield say(
            language, "what-if.channel", name=named_number(case, one.parameter, language),
            low=low, high=high, first=first, second=second,
        )  # fmt: skip


def show_value(
    case: Case, found: Change | OtherWorld, name: str, value: float, language: str
) -> str:
    """A value of a parameter of the case, or of a mechanism put in another's place."""
    drawn = found.drawn or {}
    parameter = drawn[name] if name in drawn else case.parameters[name]
    number = show_figure(in_own_unit(parameter, value), language)
    return f"{number} {show_unit(parameter, language, number)}".rstrip()


def show_channel_basis(channels: Sequence[Channel], language: str) -> str:
    """How many channels there are, and how they were looked at."""
    if not channels:
        return say(language, "what-if.channels-none")
    return say(language, "what-if.channels", count=len(channels))


def _gap(channel: Channel, number: int) -> float:
    """How many standard errors the differences in the answer to a question are apart.

    Infinitely many if they have no error, as all draws of either side are alike and many.
    """
    low, high = channel.low[number], channel.high[number]
    if low.value is None or high.value is None or low.error is None or high.error is None:
        return 0.0
    apart, error = abs(high.value - low.value), hypot(low.error, high.error)
    if error > 0.0:
        return apart / error
    return inf if apart > 0.0 and channel.draws[number] >= MANY_ALIKE else 0.0
