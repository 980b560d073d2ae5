"""A claim as an act of the speaker: how likely was it to be made?

A speaker says a thing by interest and by candour. With t = 1 where the thing is true and 0 where it
is not,

    log odds of saying it      =  interest + candour (t - 1/2)
    log odds of taking it back = -interest - candour (t - 1/2)

so a claim moves a verdict by at most the candour, less the more it is in the speaker's interest,
and a retraction or a claim against interest moves it more. A repetition is no new act. A claimed
figure is the truth times an error that is the speaker's (what is registered by then, and what it
leans to): the logarithms of 1 + figure and of 1 + truth differ by a normal error of standard
deviation 1/candour. A figure that supersedes another keeps most of that error: only what changed
between the two is new, with an error of `RENEWED` of that spread.
`docs/decisions/sdr-0003-claims-as-acts.md` says why.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import special

from foedus.expr.tree import Conditional, Expression, Number
from foedus.frozen import dataclass
from foedus.infer.likelihood.transforms import HALF_LOG_TWO_PI, Numbers
from foedus.jump.record import Assertion, Record

RENEWED = 0.25
"""The share of the error's spread that a figure has anew when it supersedes another."""

NEAR = np.log(2.0)
"""A figure is called true when the truth is within a factor of two of it."""


@dataclass(frozen=True, slots=True)
class Speaking:
    """What a claim says of the world: by whom, and where its parameters stand."""

    claim: Assertion
    candour: str | None
    interest: str | None


def speakings(record: Record) -> Mapping[str, Speaking]:
    """Each claim with the parameters of its speaker, by id.

    A retraction goes by the interest in what it takes back. A speaker that the case says nothing of
    has no candour, so that its claims weigh nothing.
    """
    by_id = {one.id: one for one in record.assertions}
    models = {model.actor: model for model in record.speakers}
    found = {}
    for claim in record.assertions:
        said = by_id[claim.retracts] if claim.retracts is not None else claim
        model = models.get(claim.by)
        interests = dict(model.interests) if model is not None else {}
        found[claim.id] = Speaking(
            claim, None if model is None else model.candour, interests.get(said.asserts)
        )
    return found


def log_weight(
    speaking: Speaking, truths: Mapping[str, Numbers], parameters: Mapping[str, Numbers],
    claims: Mapping[str, Assertion],
) -> Numbers:  # fmt: skip
    """log of how likely a claim was (particle,).

    `truths` has, by id of claim, what it says as it is in each particle: 1 or 0 for readings and
    events, the true figure for values, at the time of the claim. `parameters` are by name.
    """
    claim = speaking.claim
    if speaking.candour is None or claim.repeats is not None:
        return np.zeros_like(next(iter(truths.values())))
    candour = parameters[speaking.candour]
    interest = parameters[speaking.interest] if speaking.interest else np.zeros_like(candour)
    if claim.kind == "value" and not is_truth(claim.expression):
        return _figure(claim, truths, candour, claims)
    said = claims[claim.retracts] if claim.retracts is not None else claim
    truth = is_true(said, truths[said.id])
    odds = interest + candour * (truth - 0.5)
    return -np.logaddexp(0.0, odds if claim.retracts is not None else -odds)


def is_true(claim: Assertion, found: Numbers) -> Numbers:
    """Whether what was said holds, 1 or 0 (particle,)."""
    if claim.kind != "value":
        return found
    if is_truth(claim.expression):
        holds = found == claim.number
    else:
        holds = np.abs(logs_of(found) - logs_of(stated(claim))) <= NEAR
    return np.where(holds, 1.0, 0.0)


def is_truth(expression: Expression | None) -> bool:
    """Whether an expression is a truth written as a number: `if ... then 1 else 0`."""
    return (
        isinstance(expression, Conditional)
        and isinstance(expression.yes, Number)
        and isinstance(expression.no, Number)
        and {expression.yes.value, expression.no.value} == {0.0, 1.0}
    )


def _figure(
    claim: Assertion, truths: Mapping[str, Numbers], candour: Numbers,
    claims: Mapping[str, Assertion],
) -> Numbers:  # fmt: skip
    error = logs_of(stated(claim)) - logs_of(truths[claim.id])
    spread = 1.0 / candour
    if claim.supersedes is not None:
        before = claims[claim.supersedes]
        error = error - (logs_of(stated(before)) - logs_of(truths[before.id]))
        spread = RENEWED * spread
    return figure_weight(error, spread)


def figure_weight(error: Numbers, spread: Numbers) -> Numbers:
    """log density of a speaker's error in the logarithm of a figure, elementwise."""
    density: Numbers = -0.5 * (error / spread) ** 2 - np.log(spread) - HALF_LOG_TWO_PI
    return density


def stated(claim: Assertion) -> Numbers:
    """The figure that was claimed, as an array of no dimension."""
    assert claim.number is not None
    return np.array(claim.number)


def logs_of(figure: Numbers) -> Numbers:
    """The logarithms in which figures err: of 1 + figure."""
    logs: Numbers = special.log1p(np.maximum(figure, 0.0))
    return logs
