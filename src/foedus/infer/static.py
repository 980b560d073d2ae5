"""Models of evidence without time: typed likelihoods, counts of evidence, bounds on causation.

Use them where a question has no mechanism and no dates, or to see what a verdict of Foedus would be
by the usual methods. Likelihoods that are typed by hand are an opinion: each has a range, every
result says that it is `is_typed`, and says how far the ranges carry it.

References
----------
.. [VanEvera1997] S. Van Evera (1997), Guide to Methods for Students of Political Science, Cornell
   University Press [four tests, 31-32].
.. [Lopez2026] Lopez, Bowers, Gajardo Cooper (2026), Two fully specified Bayes factors for
   hypothesis testing and sensitivity analysis in process tracing [binomial model; hypergeometric
   urn, formulation C].
.. [TianPearl2000] J. Tian, J. Pearl (2000), Probabilities of causation: bounds and identification,
   Annals of Mathematics and Artificial Intelligence 28, 287-313 [equations 24-26, 35, 42].
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, exp, inf, log, log1p
from typing import Literal

from foedus.frozen import dataclass

Test = Literal["hoop", "smoking gun", "doubly decisive", "straw in the wind"]

DECISIVE = 0.05
"""Within this of 0 or 1 a likelihood counts as decisive when a test is named."""


# Typed likelihoods -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Likelihood:
    """A probability typed by hand, and the range within which its author would defend it."""

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.low <= self.value <= self.high <= 1.0:
            shown = f"{self.value:g} ({self.low:g} to {self.high:g})"
            raise ValueError(f"a likelihood lies within its range and within 0..1, not {shown}")


@dataclass(frozen=True, slots=True)
class Clue:
    """Something that is seen or not: how likely, if the hypothesis is true and if it is false."""

    name: str
    if_true: Likelihood
    if_false: Likelihood

    @property
    def test(self) -> Test:
        """What kind of test it is, by how certain and how unique the clue is [VanEvera1997]_."""
        is_certain = self.if_true.value >= 1.0 - DECISIVE
        is_unique = self.if_false.value <= DECISIVE
        if is_certain:
            return "doubly decisive" if is_unique else "hoop"
        return "smoking gun" if is_unique else "straw in the wind"


@dataclass(frozen=True, slots=True)
class TypedVerdict:
    """A posterior with its range, and the log odds that each clue moved, in order.

    `low` and `high` are reached where all likelihoods stand at the ends of their ranges that speak
    against and for the hypothesis. Log odds are infinite where a clue settles the matter.
    """

    prior: float
    posterior: float
    low: float
    high: float
    log_odds: tuple[tuple[str, float], ...]
    is_typed: bool = True


def trace_process(prior: float, clues: Sequence[tuple[Clue, bool]]) -> TypedVerdict:
    """The probability of a hypothesis after clues that were looked for, and seen (True) or not.

    The clues are taken to be independent given the hypothesis and given its opposite. Exactly 0 and
    1 are possible. Raises `ValueError` where what was seen is impossible either way.
    """
    if not 0.0 <= prior <= 1.0:
        raise ValueError(f"a prior lies within 0..1, not {prior:g}")
    true, false = prior, 1.0 - prior
    worst_true, worst_false, best_true, best_false = true, false, true, false
    moved: list[tuple[str, float]] = []
    for clue, is_seen in clues:
        one, other = _seen(clue.if_true, is_seen), _seen(clue.if_false, is_seen)
        true, false = true * one.value, false * other.value
        worst_true, worst_false = worst_true * one.low, worst_false * other.high
        best_true, best_false = best_true * one.high, best_false * other.low
        moved.append((clue.name, _log_ratio(one.value, other.value)))
    return TypedVerdict(
        prior,
        _share(true, false),
        _share_or(worst_true, worst_false, 0.0),
        _share_or(best_true, best_false, 1.0),
        tuple(moved),
    )


def _seen(likelihood: Likelihood, is_seen: bool) -> Likelihood:
    if is_seen:
        return likelihood
    return Likelihood(1.0 - likelihood.value, 1.0 - likelihood.high, 1.0 - likelihood.low)


def _log_ratio(above: float, below: float) -> float:
    if above == below:
        return 0.0
    if below == 0.0:
        return inf
    return -inf if above == 0.0 else log(above / below)


def _share(true: float, false: float) -> float:
    if true + false <= 0.0:
        raise ValueError("what was seen is impossible whether the hypothesis is true or false")
    return true / (true + false)


def _share_or(true: float, false: float, otherwise: float) -> float:
    """The share, or its limit where an end of a range makes everything impossible."""
    return otherwise if true + false <= 0.0 else true / (true + false)


# Counts of evidence ------------------------------------------------------------------------------


def binomial_bayes_factor(favourable: int, against: int, bias: float = 1.0) -> float:
    """How much so many pieces of evidence for a theory, and against, favour it over its rival.

    Pieces are independent draws from an endless supply in which a share of them, uniform a priori,
    favours the theory; the theory holds where that share is above one half [Lopez2026]_. With a
    `bias` the odds of seeing a favourable piece are that many times those in the supply.
    """
    _verify_counts(favourable, against, bias)
    from scipy.integrate import quad

    if bias == 1.0:  # the odds that a beta variable exceeds one half, as sums of coefficients
        trials = favourable + against + 1
        below = sum(comb(trials, k) for k in range(favourable + 1, trials + 1))
        return float((2**trials - below) / below)
    centre = (favourable + 0.5) / (favourable + against + 1.0)  # keeps powers from underflowing

    def likelihood(share: float) -> float:
        if share in (0.0, 1.0):
            return 0.0
        seen = bias * share / (bias * share + 1.0 - share)
        logs = favourable * (log(seen) - log(centre)) if favourable else 0.0
        logs += against * (log1p(-seen) - log1p(-centre)) if against else 0.0
        return exp(logs)

    above, _ = quad(likelihood, 0.5, 1.0, epsabs=0.0, epsrel=1e-11, limit=500)
    below_half, _ = quad(likelihood, 0.0, 0.5, epsabs=0.0, epsrel=1e-11, limit=500)
    return float(above / below_half)


def urn_bayes_factor(favourable: int, against: int, bias: float = 1.0) -> float:
    """The same where all the evidence there can be is bounded, such as a closed archive.

    Pieces are drawn without replacement. The theory's urn holds one favourable piece more than was
    seen and the adverse ones that were seen (at least one); the rival's holds the favourable ones
    that were seen and one adverse piece more than those: both lean towards the rival [Lopez2026]_
    (formulation C). `bias` is the odds ratio of Fisher's noncentral hypergeometric law. Raises
    `ValueError` where the rival's urn cannot hold what was seen.
    """
    _verify_counts(favourable, against, bias)
    if against > favourable + 1:
        raise ValueError(
            f"the urn model needs at most one adverse piece more than favourable ones, "
            f"not {against} and {favourable}"
        )
    seen = favourable, against, bias
    theory = _urn(favourable + 1, max(1, against), *seen)
    rival = _urn(favourable, favourable + 1, *seen)
    return theory / rival


def _urn(favourable: int, adverse: int, seen: int, seen_adverse: int, bias: float) -> float:
    """The probability of drawing so many of each kind from an urn (Fisher's noncentral law)."""
    drawn = seen + seen_adverse

    def weight(number: int) -> float:
        return comb(favourable, number) * comb(adverse, drawn - number) * bias ** (number - seen)

    lowest, highest = max(0, drawn - adverse), min(favourable, drawn)
    total = sum(weight(number) for number in range(lowest, highest + 1))
    return weight(seen) / total


def tolerated_bias(
    model: Literal["binomial", "urn"], favourable: int, against: int, least: float = 1.0
) -> float:
    """How many times likelier favourable evidence may be to be seen before the Bayes factor falls
    to `least`; 1 where it is there already, infinite where no bias brings it there."""
    factor = binomial_bayes_factor if model == "binomial" else urn_bayes_factor
    if factor(favourable, against) <= least:
        return 1.0
    low, high = 1.0, 2.0
    while factor(favourable, against, high) > least:
        low, high = high, high * 2.0
        if high > 1e6:
            return inf
    while high - low > 1e-10 * high:
        middle = 0.5 * (low + high)
        if factor(favourable, against, middle) > least:
            low = middle
        else:
            high = middle
    return high


def _verify_counts(favourable: int, against: int, bias: float) -> None:
    if favourable < 0 or against < 0:
        raise ValueError(f"counts of evidence are at least 0, not {favourable} and {against}")
    if not 0.0 < bias < inf:
        raise ValueError(f"a bias is a positive factor, not {bias:g}")


# Probabilities of causation ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Observed:
    """What was observed of a cause and an outcome: joint probabilities, which sum to one."""

    both: float
    cause_only: float
    outcome_only: float
    neither: float

    def __post_init__(self) -> None:
        parts = (self.both, self.cause_only, self.outcome_only, self.neither)
        if min(parts) < 0.0 or abs(sum(parts) - 1.0) > 1e-9:
            raise ValueError(f"joint probabilities are at least 0 and sum to 1, not {sum(parts):g}")

    @classmethod
    def of_counts(
        cls, both: float, cause_only: float, outcome_only: float, neither: float
    ) -> Observed:
        """From numbers of cases."""
        total = both + cause_only + outcome_only + neither
        return cls(both / total, cause_only / total, outcome_only / total, neither / total)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds on a probability: free of any model of how chance is shared between worlds."""

    low: float
    high: float


def necessity_bounds(
    outcome_if_caused: float, outcome_if_prevented: float, observed: Observed
) -> Bounds:
    """Where the probability of necessity lies: that the outcome would not have come without the
    cause, where both were there.

    The first two are from an experiment: the probability of the outcome where the cause is brought
    about, and where it is prevented. The bounds are sharp [TianPearl2000]_. Raises `ValueError`
    where experiment and observation contradict each other, or the cause never met the outcome.
    """
    _verify_consistent(outcome_if_caused, outcome_if_prevented, observed)
    if observed.both <= 0.0:
        raise ValueError("the cause was never observed together with the outcome")
    outcome = observed.both + observed.outcome_only
    low = (outcome - outcome_if_prevented) / observed.both
    high = ((1.0 - outcome_if_prevented) - observed.neither) / observed.both
    return _within(low, high)


def sufficiency_bounds(
    outcome_if_caused: float, outcome_if_prevented: float, observed: Observed
) -> Bounds:
    """Where the probability of sufficiency lies: that the outcome would have come with the cause,
    where neither was there. As `necessity_bounds`."""
    _verify_consistent(outcome_if_caused, outcome_if_prevented, observed)
    if observed.neither <= 0.0:
        raise ValueError("cause and outcome were never observed to be absent together")
    outcome = observed.both + observed.outcome_only
    low = (outcome_if_caused - outcome) / observed.neither
    high = (outcome_if_caused - observed.both) / observed.neither
    return _within(low, high)


def _within(low: float, high: float) -> Bounds:
    """Bounds within 0..1, rounding of the data's last digits forgiven."""
    return Bounds(min(1.0, max(0.0, low)), max(0.0, min(1.0, high)))


def _verify_consistent(caused: float, prevented: float, observed: Observed) -> None:
    slack = 1e-9
    pairs = (
        ("is brought about", caused, observed.both, 1.0 - observed.cause_only),
        ("is prevented", prevented, observed.outcome_only, 1.0 - observed.neither),
    )
    for words, value, low, high in pairs:
        if not low - slack <= value <= high + slack:
            raise ValueError(
                f"experiment and observation contradict each other: where the cause {words}, the "
                f"outcome has probability {value:g}, but what was observed allows {low:g} to "
                f"{high:g} only"
            )
