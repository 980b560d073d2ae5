"""How much of a verdict comes from numbers that only some explanations have, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from foedus.case.case import Case
from foedus.infer.verdict.verdict import Basis, Verdict
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_count, show_number, show_share
from foedus.report.phrases.names import named_number
from foedus.report.verdict.weight_words import show_decibels, show_weight

RESTS_ON_ASSUMPTIONS = 0.5
"""Where more than this share of the weight disappears with common priors, it rests on them."""

NAMED = 3
"""Numbers of unknown weight that are named on a screen; of more, only how many more there are."""


def common_sentences(
    case: Case, verdict: Verdict, language: str, *, is_whole: bool = False
) -> Iterator[str]:
    """How much of the weight comes from what explanations were given separately.

    Of the numbers of which that is not known a few are named, or if `is_whole` each.
    """
    basis = verdict.basis
    if basis.shared:
        yield with_common_priors(case, verdict, language)
    if basis.apart:
        chosen = basis.apart if is_whole else basis.apart[:NAMED]
        listed = "; ".join(named_number(case, name, language) for name in chosen)
        if len(chosen) < len(basis.apart):
            more = len(basis.apart) - len(chosen)
            listed = say(language, "verdict.common.more", names=listed, count=more)
        yield say(language, "verdict.common.apart", count=len(basis.apart), names=listed)
    if not (basis.shared or basis.apart):
        yield say(language, "verdict.common.none")


def with_common_priors(case: Case, verdict: Verdict, language: str) -> str:
    """What disappears of the weight where those numbers share their priors."""
    basis = verdict.basis
    if basis.lost is None or basis.with_common_priors is None:
        way = ".exact" if verdict.method == "exact" else ""
        return say(language, f"verdict.common.unknown{way}")
    change = _change(basis, basis.lost, basis.with_common_priors, language)
    count = show_count(len(basis.shared), language)
    how = say(language, f"verdict.common.{_how_shared(case, basis)}", count=count)
    sentence = say(language, "verdict.common", count=count, how=how, change=change)
    rests = rests_on_assumptions(basis)
    return f"{sentence} {say(language, 'verdict.assumptions')}" if rests else sentence


def _change(basis: Basis, lost: float, after: float, language: str) -> str:
    """What becomes of the weight, with the standard error where it would be seen."""
    points = 100.0 * (basis.lost_error or 0.0)
    about = "-about" if isfinite(points) and round(points) > 0 else ""
    if 0.0 < lost <= 1.0:
        return say(
            language, f"verdict.common.lost{about}", share=show_share(lost, None, language),
            points=show_number(points, language, places=0),
        )  # fmt: skip
    way = "reversed" if lost > 1.0 else "grown"
    return say(
        language, f"verdict.common.{way}{about}", weight=show_weight(after, language),
        decibels=show_decibels(basis.common_error or 0.0, language),
    )  # fmt: skip


def _how_shared(case: Case, basis: Basis) -> str:
    """Whether numbers share a prior with others of their unit, with themselves, or some each."""
    own = {one.spec.name for belief in case.atoms for one in belief.own}
    alone = [name in own for name in basis.shared]
    return "each" if all(alone) else "either" if any(alone) else "unit"


def rests_on_assumptions(basis: Basis) -> bool:
    """Whether more than half of the weight comes from what explanations were given separately."""
    return basis.lost is not None and basis.lost > RESTS_ON_ASSUMPTIONS
