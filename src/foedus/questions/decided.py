"""Necessity and sufficiency where both cause and outcome are part of what is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from foedus.frozen import dataclass
from foedus.jump.model import Intervention
from foedus.questions.causation import is_about_one_event
from foedus.questions.worlds import Comparison


@dataclass(frozen=True, slots=True)
class Decided:
    """The share of the courses in which the decision turns an answer that is certain without it.

    `necessity`: what is forbidden happens in all courses and the answer is yes in all (no, if not
    `is_yes`). `sufficiency`: what is forced happens in none, and the answer is no in all (yes, if
    not `is_yes`).
    """

    question: str
    kind: Literal["necessity", "sufficiency"]
    is_yes: bool
    value: float
    error: float | None


def decided(
    comparisons: Sequence[Comparison],
    decision: Sequence[Intervention],
    happened: Sequence[tuple[str, str, float]],
) -> tuple[Decided, ...]:
    """Where the event and the answer are both certain in the courses as they were.

    Only of a decision that is nothing but one event forced, or taken away from a known time on, and
    of a question that the same courses count for in both worlds: of others it is not known what
    became of their answer.
    """
    if not is_about_one_event(decision):
        return ()
    _, kind, share = happened[0]
    found: list[Decided] = []
    for one in comparisons:
        before, after = one.factual.value, one.counterfactual
        if one.kind != "probability" or not one.is_alike:
            continue
        if before not in (0.0, 1.0) or after.value is None:
            continue
        turned = 1.0 - after.value if before == 1.0 else after.value
        if kind == "forbid" and share == 1.0:
            found.append(Decided(one.name, "necessity", before == 1.0, turned, after.error))
        if kind == "force" and share == 0.0:
            found.append(Decided(one.name, "sufficiency", before == 0.0, turned, after.error))
    return tuple(found)
