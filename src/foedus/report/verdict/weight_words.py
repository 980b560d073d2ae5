"""Weights of evidence as people read them: decibels, factors, standard errors."""

from __future__ import annotations

from math import isfinite, isnan

from foedus.infer.verdict.decibels import decibels
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_factor, show_number

NO_FACTOR = "1"
"""How a factor is shown that is as good as none."""

WHOLE = 9.95
"""Decibels from which on no tenths are shown."""


def show_weight(nats: float, language: str) -> str:
    """A weight of evidence in decibels, with the factor that it is unless that shows as 1."""
    size = abs(nats)
    factor = show_factor(size, language)
    way = "verdict.weight-slight" if factor == NO_FACTOR else "verdict.weight"
    return say(language, way, decibels=show_decibels(size, language), factor=factor)


def show_decibels(nats: float, language: str, *, signed: bool = False) -> str:
    """A log likelihood ratio in decibels: whole ones, tenths below 10."""
    if nats != nats:  # ruled out before
        return "–"
    if not isfinite(nats):
        return "−∞" if nats < 0.0 else "∞"
    value = decibels(nats)
    places = 0 if abs(value) >= WHOLE else 1
    text = show_number(abs(value), language, places=places)
    is_zero = round(abs(value), places) == 0.0
    return text if not signed or is_zero else ("+" if value > 0.0 else "−") + text


def show_with_error(nats: float, error: float, language: str) -> str:
    """A log likelihood ratio in decibels with its standard error, in decibels; nan if unknown."""
    shown = show_decibels(nats, language, signed=True)
    if not isfinite(nats) or isnan(error):
        return shown
    places = 0 if abs(decibels(nats)) >= WHOLE and error >= 0.95 else 1
    return f"{shown} ± {show_number(error, language, places=places)}"
