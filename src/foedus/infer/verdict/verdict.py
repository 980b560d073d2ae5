"""A verdict: what a record says about rival explanations, item by item, and what would turn it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from foedus.frozen import dataclass
from foedus.infer.islands.standings import LEAST_WEIGHT, Standing
from foedus.infer.verdict.flips import Flip

Arrival = Literal["silence", "item", "claim"]


@dataclass(frozen=True, slots=True)
class Weight:
    """What one item, claim or day of silence weighs.

    `log_weight` is log p(it | what was known before, explanation), by explanation or set, in nats;
    over all of them it sums to the log evidence. `day` is the end of the day it became known.
    `runs` is the same by rival in each independent run by itself, -inf where that run had lost the
    explanation; None where nothing was sampled.
    """

    id: str
    arrival: Arrival
    day: float
    log_weight: Mapping[str, float]
    runs: Mapping[str, tuple[float, ...]] | None = None


LARGEST_RHAT = 1.2
"""Above it independent runs do not agree on what the record says of a parameter."""


@dataclass(frozen=True, slots=True)
class Marginal:
    """A parameter before and after, over all explanations, in days and per day.

    `prior` and `posterior` are the 10, 50 and 90 % quantiles; `rhat` compares the islands
    [Vehtari2021]_ and is near 1 where they agree. `moves` is by how much the log odds of the leader
    against the runner-up differ between the lowest and the highest fifth of the parameter's prior,
    `error` the standard error of that from sampling.

    References
    ----------
    .. [Vehtari2021] A. Vehtari et al. (2021), Rank-normalization, folding, and localization: an
       improved R-hat for assessing convergence of MCMC, Bayesian Analysis 16, 667-718.
    """

    name: str
    prior: tuple[float, float, float]
    posterior: tuple[float, float, float]
    rhat: float
    moves: float | None
    error: float = 0.0

    @property
    def is_unsettled(self) -> bool:
        """Whether independent runs differ in what the record says of it."""
        return self.rhat > LARGEST_RHAT

    @property
    def is_noise(self) -> bool:
        """Whether sampling alone may make it seem to move the verdict: by 3 standard errors."""
        return self.moves is None or abs(self.moves) <= 3.0 * self.error


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How good the computation was.

    `smallest_size` is the smallest effective number of particles of an atom at any step, and
    `smallest_overlap` the smallest share that one step's particles had in common with the next;
    both None for an exact verdict. `largest_error` is the largest standard error of an
    explanation's log evidence, most of which they all share; `odds_error` that of the log odds of
    the leader against the others. `rhat` says how far the independent runs lie apart in how well
    the leader's courses fit the record (`agreed.disagreement`; 1 is alike). Of the runs (`islands`)
    so many are `lost`: all of their particles were, and they count as nothing.
    """

    particles: int
    islands: int
    ess: float | None
    smallest_size: float | None
    smallest_overlap: float | None
    largest_error: float
    odds_error: float
    rhat: float | None = None
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Basis:
    """What a verdict rests on: said before anything else.

    `log_odds` is the weight of the record for the leader against the runner-up (without prior
    odds), `with_common_priors` the same when all parameters that belong to some explanations only,
    and are judged or assumed, get one common prior for each unit; None where that could not be
    worked out. `shared` names those parameters, and `apart` those that got none: they are fixed, or
    alone in their unit. `percentiles` says, by explanation, which share of
    the records it would itself produce are less probable than this one; None where no reference has
    been computed for this version of the case. `common_error` is the standard error of what common
    priors change, from sampling.
    """

    log_odds: float
    with_common_priors: float | None
    shared: tuple[str, ...]
    percentiles: Mapping[str, float] | None
    apart: tuple[str, ...] = ()
    common_error: float | None = None

    @property
    def lost(self) -> float | None:
        """The share of the weight that disappears with common priors; None where not known.

        More than 1 where the record then speaks for the other one.
        """
        after = self.with_common_priors
        if after is None or self.log_odds == 0.0:
            return None
        return 0.0 if after == self.log_odds else 1.0 - after / self.log_odds

    @property
    def lost_error(self) -> float | None:
        """The standard error of `lost`, the weight taken as known; None where there is none."""
        error = self.common_error
        return None if error is None or self.lost is None else error / abs(self.log_odds)


@dataclass(frozen=True, slots=True)
class Turning:
    """What would turn the verdict.

    `prior_odds` of the leader against the runner-up at which they would stand equal;
    `reporting_bias` is how many times likelier favourable items would have to be reported, None
    where no factor is enough.
    """

    leader: str
    rival: str
    prior_odds: float
    reporting_bias: float | None
    changes: tuple[Flip, ...]

    @property
    def turned(self) -> tuple[Flip, ...]:
        """The changes after which another explanation leads."""
        return tuple(one for one in self.changes if one.leader not in (None, self.leader))

    @property
    def decided(self) -> tuple[Flip, ...]:
        """The changes of which it is known who then leads."""
        return tuple(one for one in self.changes if one.leader is not None)


@dataclass(frozen=True, slots=True)
class Belief:
    """How probable it is that an origin is reliable, before and after, over all explanations."""

    origin: str
    prior: float
    posterior: float


@dataclass(frozen=True, slots=True)
class Gain:
    """What looking a clue up would be expected to tell about the explanations, in nats.

    `chances` is how probable it is that it holds, by explanation.
    """

    clue: str
    nats: float
    chances: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Kept:
    """The day on which a verdict that ships was worked out (ISO 8601), by which Foedus."""

    made: str
    foedus: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that `weigh` gives. Logarithms in nats, times in days from the start of the clock.

    `kept` is None where it was worked out now, and not read (`verdict_file`). `is_judged_anew` says
    that the particles were sampled under other prior odds, those of the case's own file.
    """

    case: str
    method: Literal["exact", "particle"]
    as_of: float | None
    seed: int
    seconds: float
    basis: Basis
    standings: tuple[Standing, ...]
    weights: tuple[Weight, ...]
    turning: Turning
    marginals: tuple[Marginal, ...]
    clues: tuple[Gain, ...]
    accuracy: Accuracy
    origins: tuple[Belief, ...] = ()
    kept: Kept | None = None
    is_judged_anew: bool = False

    @property
    def decides(self) -> bool:
        """Whether the record decides: it `says` so, and no tested prior spread turns it."""
        turned = any(one.kind == "spread" for one in self.turning.turned)
        return not turned and self.says > 0

    @property
    def says(self) -> int:
        """1 if the record speaks for the leader against the runner-up, -1 if against it, else 0.

        It must be by more than `LEAST_WEIGHT`, and than the noise. An explanation that the record
        speaks against can lead by its prior.
        """
        weight = self.basis.log_odds
        if abs(weight) <= max(LEAST_WEIGHT, 2.0 * self.accuracy.odds_error):
            return 0
        return 1 if weight > 0.0 else -1
