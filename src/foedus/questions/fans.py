"""A watched expression over time: the mean of the runs, and where half and most of them are."""

from __future__ import annotations

import numpy as np

from foedus.engine.reference import Watch
from foedus.expr.show import show_expression
from foedus.frozen import dataclass
from foedus.questions.estimates import (
    LEVELS,
    Numbers,
    Truths,
    mixed_quantiles,
    ratio,
)


@dataclass(frozen=True, slots=True)
class Fan:
    """A watched expression over time: means (time,) and quantiles by level (time,).

    `of` is the expression as a case file has it.
    """

    of: str
    times: tuple[float, ...]
    mean: tuple[float, ...]
    quantiles: dict[str, tuple[float | None, ...]]


def fans_of(
    watch: Watch | None, samples: Numbers | None, weights: Numbers, counts: Truths | None = None
) -> tuple[Fan, ...]:
    """The watched expressions over time, from samples (atom, outer, inner, time, expression).

    `weights` are those of the atoms (atom,); only runs that count (atom, outer, inner) are looked
    at, all of them if None.
    """
    if watch is None or samples is None:
        return ()
    seen = np.ones(samples.shape[:3], dtype=np.bool_) if counts is None else counts
    fans = []
    for place, expression in enumerate(watch.expressions):
        means, quantiles = [], []
        for moment in range(len(watch.times)):
            values = samples[..., moment, place]
            means.append(ratio(values, seen, weights).value or 0.0)
            quantiles.append(quantiles_of(values, seen, weights))
        by_level = {level: tuple(one[level] for one in quantiles) for level in quantiles[0]}
        of = show_expression(expression)
        fans.append(Fan(of, watch.times, tuple(means), by_level))
    return tuple(fans)


def quantiles_of(values: Numbers, counts: Truths, weights: Numbers) -> dict[str, float | None]:
    """Quantiles of a run's answer; a run in which it never happens stands above all others."""
    shown = (
        np.where(np.isnan(one), np.inf, one)[counted]
        for one, counted in zip(values, counts, strict=True)
    )
    found = mixed_quantiles(shown, weights, LEVELS)
    return {f"{level:g}": value for level, value in zip(LEVELS, found, strict=True)}
