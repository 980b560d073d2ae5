"""Can those who tell of things be as the case says: candid, reliable, heard of?"""

from __future__ import annotations

from collections.abc import Iterable

from foedus.case.bounds import Reach
from foedus.case.case import Case, Parameter
from foedus.expr.prior import Prior
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Span
from foedus.units import parse_unit

PLAIN = ("none", "share")
"""Units of what is no rate and no length of time."""


def candour_is_positive(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """No candour that is 0 or may be negative: the errors of figures spread by its reciprocal."""
    for speaker in case.speakers.values():
        least, most = speaker.candour.spec.prior.support
        span = speaker.candour.spec.span
        if (least >= 0.0 and most > 0.0) or span is None:
            continue
        told = "is not above 0" if most <= 0.0 else "may be negative"
        diagnostics.error(
            Code.BAD_NUMBER,
            span,
            f"the candour of `{speaker.actor}` {told}",
            help="give one above 0, such as `80% between 0.2 and 2`; of whom the case says "
            "nothing under `speakers`, what is said weighs nothing",
        )


def speakers_take_no_time(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """No candour or interest in a unit of time, which would only rescale it."""
    for speaker in case.speakers.values():
        _verify_plain(f"the candour of `{speaker.actor}`", speaker.candour, diagnostics)
        for name, one in speaker.interest:
            what = f"the interest of `{speaker.actor}` in `{name}`"
            _verify_plain(what, one, diagnostics)


def _verify_plain(what: str, one: Parameter, diagnostics: Diagnostics) -> bool:
    """Whether a number is written in no unit of time; if it is, that is reported."""
    if not parse_unit(one.unit).time_power:
        return True
    if one.spec.span is not None:
        diagnostics.error(
            Code.UNIT_MISMATCH,
            one.spec.span,
            f"{what} is measured in `{one.unit}`",
            help="it is a plain number: leave `unit:` out",
        )
    return False


def chances_are_shares(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """Every reliability, and every chance of being reported, lies within 0..1, and the former is
    not 0: of what nobody trusts it cannot be told how likely it was to be said."""
    for origin in case.origins.values():
        if origin.reliability is not None:
            spec = origin.reliability.spec
            what = f"the reliability of `{origin.name}`"
            if not _verify_plain(what, origin.reliability, diagnostics):
                continue
            _verify_share(what, [spec.prior], spec.span, diagnostics)
            if spec.span is not None and spec.prior.support == (0.0, 0.0):
                diagnostics.error(
                    Code.BAD_NUMBER,
                    spec.span,
                    f"{what} is 0",
                    help="what it reports would have no probability at all: give a small share, "
                    "such as `0.01`",
                )
    for record in case.records.values():
        name, span = record.reported, record.span
        if name is None or span is None:
            continue
        parameter, what = case.parameters[name], f"the chance `{name}` of being reported"
        own = [
            one.prior for belief in case.atoms for one in belief.atom.parameters if one.name == name
        ]
        if parameter.unit not in PLAIN:
            diagnostics.error(
                Code.UNIT_MISMATCH,
                span,
                f"{what} is measured in `{parameter.unit}`",
                help="name a parameter with `unit: share`",
            )
        else:
            _verify_share(what, [parameter.spec.prior, *own], span, diagnostics)


def _verify_share(
    what: str, priors: Iterable[Prior], span: Span | None, diagnostics: Diagnostics
) -> None:
    if span is None or all(one.support[0] >= 0.0 and one.support[1] <= 1.0 for one in priors):
        return
    diagnostics.error(
        Code.BAD_NUMBER,
        span,
        f"{what} may lie outside 0..1",
        help="write `unit: share` beside it, and a prior of shares, such as `beta(3, 1)`",
    )
