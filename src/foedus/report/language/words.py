"""Estimative words with their numbers, and how many digits an estimate deserves.

Likelihood says how probable something is, confidence how good the basis of that judgement is. The
two are never put into one sentence.

References
----------
.. [ICD203] Office of the Director of National Intelligence (2015), Intelligence Community
   Directive 203, Analytic Standards, section D.6.e(2)(a).
.. [Wintle2019] B. C. Wintle et al. (2019), Verbal probabilities: very likely to be somewhat more
   confusing than numbers, PLOS ONE 14 (words with their numbers beside them are read as meant).
"""

from __future__ import annotations

import math
from typing import Literal

from foedus.frozen import dataclass
from foedus.report.language.catalogue import say

Confidence = Literal["low", "moderate", "high"]


@dataclass(frozen=True, slots=True)
class Term:
    """An estimative word for probabilities from `low` (included) to `high`, in percent."""

    name: str
    low: int
    high: int


TERMS = (
    Term("under-1", 0, 1),
    Term("almost-no-chance", 1, 5),
    Term("very-unlikely", 5, 20),
    Term("unlikely", 20, 45),
    Term("roughly-even", 45, 55),
    Term("likely", 55, 80),
    Term("very-likely", 80, 95),
    Term("almost-certain", 95, 99),
    Term("over-99", 99, 100),
)
"""The seven terms of [ICD203]_, with one more at each end, where the directive has none."""


def term_of(probability: float) -> Term:
    """The term of a probability (0..1); a bound belongs to the term above it.

    Raises `ValueError` outside 0..1.
    """
    if not 0.0 <= probability <= 1.0:
        raise ValueError(f"{probability} is not a probability")
    # 0.55 * 100 is a little more than 55 in float64, 0.29 * 100 a little less than 29.
    percent = round(probability * 100.0, 9)
    return next((term for term in TERMS if percent < term.high), TERMS[-1])


def show_range(low: float, high: float, language: str = "en") -> str:
    """An interval of probabilities in words: `unlikely to likely (20–80 %)`, or one word.

    Raises `ValueError` unless 0 <= low <= high <= 1.
    """
    if low > high:
        raise ValueError(f"an interval cannot run from {low} to {high}")
    first, last = term_of(low), term_of(high)
    if first == last:
        return _show_term(first, language)
    return say(
        language, "word.span",
        first=say(language, f"word.{first.name}"), last=say(language, f"word.{last.name}"),
        low=first.low, high=last.high,
    )  # fmt: skip


def _show_term(term: Term, language: str) -> str:
    word = say(language, f"word.{term.name}")
    if term in (TERMS[0], TERMS[-1]):
        return word
    return say(language, "word.one", word=word, low=term.low, high=term.high)


def decimals(error: float | None) -> int | None:
    """How many decimals a number with this error deserves: those down to the error's first digit.

    Negative for tens and hundreds; None where no error is known or it is zero, so that nothing
    limits the digits. An error of 0.0096 counts as 0.01. Raises `ValueError` for a negative error
    or one that is not finite.
    """
    if error is None or error == 0.0:
        return None
    if not (error > 0.0 and math.isfinite(error)):
        raise ValueError(f"{error} is not an error of an estimate")
    exponent = math.floor(math.log10(error))
    if round(error / 10.0**exponent) == 10:
        exponent += 1
    return -exponent


def show_confidence(confidence: Confidence, language: str) -> str:
    """A level of confidence in words, for a sentence that says nothing about likelihood."""
    return say(language, f"confidence.{confidence}")
