"""Is candour what makes true things likelier to be said?"""

from __future__ import annotations

from foedus.case.bounds import Reach
from foedus.case.case import Case
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics


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
