"""What rows of the table teach: fitted once for the same rows, then used for any new request.

A feature that no row has changes nothing of what is learned of the others, so that a fit on the
features of the rows serves requests with further ones: of those, the prior is all there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from foedus.frozen import dataclass
from foedus.questions.requests.choices import Fit, fit, predicted
from foedus.questions.requests.delays import Delay, DelayFit, fit_delay
from foedus.questions.requests.features import COVARIATES, Asked, effect
from foedus.questions.requests.precedents import Known, Row

Array = NDArray[np.float64]

CHOICES = ("refused", "partial", "granted")
OF_DELAYS = ("frame:", "threat:", "external")
"""Features of how soon help comes; there are too few cases for more."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is learned of one choice: the posterior of features that stand at `places`.

    `of`: the laws of `Effect` that are its priors, one for each choice after the first.
    """

    of: tuple[str, ...]
    places: dict[str, int]
    posterior: Fit

    def predicted(self, asked: Asked, features: Mapping[str, float]) -> Array:
        """Draws (..., choice, draw) of the probabilities of a request with these features."""
        names = list(dict.fromkeys([*features, *self.places]))
        places = np.array([self.places.get(name, -1) for name in names])
        new = _priors([name for name in features if name not in self.places], self.of)
        x = np.array([features.get(name, 0.0) for name in names])
        return predicted(self.posterior.arranged(places, *new), x, _spread(names, asked))


@dataclass(frozen=True, slots=True)
class Lesson:
    """What rows teach of a new request.

    `decision`: of being refused, granted in part and in full, as the rows are and with so many
    refusals more (`unseen`, in that order); `fate`: of the asker's being out of, or in, office a
    year later; `delay_fit`: of the days to the first troops, by features that stand at
    `delay_places`. `rows`: how many decisions were known, `seen`: the features that they have.
    """

    decision: Choice
    unseen: tuple[int, ...]
    fate: Choice
    delay_fit: DelayFit
    delay_places: dict[str, int]
    rows: int
    seen: frozenset[str]

    def delay(self, features: Mapping[str, float]) -> Delay:
        """The law of the days to the first troops for a request with these features."""
        row = np.zeros(len(self.delay_places))
        new = 0
        for name in filter(_bears_on_delay, features):
            if name in self.delay_places:
                row[self.delay_places[name]] = features[name]
            else:
                new += 1
        return self.delay_fit.predicted(row, new)


def learn(known: Known, unseen: Sequence[int]) -> Lesson:
    """What is learned from what is known of rows, and with so many refusals more."""
    decided, lasted, sent = known.decided, known.lasted, known.sent
    names = _names(decided)
    x, chosen = _design(names, decided), [CHOICES.index(row.request.decision) for row in decided]
    blank = np.zeros((max(unseen, default=0), len(names)))
    blank[:, names.index("base")] = 1.0  # of a refusal that left no trace only that is known
    with_more = [
        (np.concatenate([x, blank[:count]]), [*chosen, *[0] * count]) for count in (0, *unseen)
    ]
    office = _names(lasted)
    stayed = [int(row.request.fate == "in_office") for row in lasted]
    timed = [name for name in _names(sent) if _bears_on_delay(name)]
    return Lesson(
        _choice(("partial", "granted"), names, with_more), tuple(unseen),
        _choice(("in_office",), office, [(_design(office, lasted), stayed)]),
        fit_delay(_design(timed, sent), np.array([row.days for row in sent], np.float64)),
        {name: n for n, name in enumerate(timed)},
        len(decided), frozenset(name for row in decided for name in row.features),
    )  # fmt: skip


def _bears_on_delay(name: str) -> bool:
    return name == "base" or name.startswith(OF_DELAYS)


def _names(rows: Sequence[Row]) -> list[str]:
    """The features that rows have, and those that a request may have of data of others."""
    seen = (name for row in rows for name in row.features)
    return list(dict.fromkeys(["base", *seen, *COVARIATES]))


def _design(names: Sequence[str], rows: Sequence[Row]) -> Array:
    """The features of rows, (row, feature)."""
    found = [[row.features.get(name, 0.0) for name in names] for row in rows]
    return np.array(found, np.float64).reshape(len(rows), len(names))


def _choice(
    of: tuple[str, ...], names: list[str], rows: Sequence[tuple[Array, Sequence[int]]]
) -> Choice:
    """What each set of rows (features (row, feature), what was chosen) teaches of a choice."""
    priors = _priors(names, of)
    fits = [fit(x, np.array(chosen, np.int64), *priors) for x, chosen in rows]
    posterior = Fit(np.stack([one.mode for one in fits]), np.stack([one.curvature for one in fits]))
    return Choice(of, {name: n for n, name in enumerate(names)}, posterior)


def _priors(names: Sequence[str], of: Sequence[str]) -> tuple[Array, Array]:
    """Means and standard deviations (choice - 1, feature) of the priors of effects."""
    laws = [[getattr(effect(name), choice) for name in names] for choice in of]
    both = np.array(laws, np.float64).reshape(len(of), len(names), 2)
    return both[..., 0], both[..., 1]


def _spread(names: Sequence[str], asked: Asked) -> Array:
    """How far features may lie from what is given of them: a covariate that is not known, by one
    standard deviation of the covariate."""
    vague = {
        name: asked.spreads.get(name, 0.0) if name in asked.covariates else 1.0
        for name in COVARIATES
    }
    return np.array([vague.get(name, 0.0) for name in names])
