"""Estimative words, their numbers, and how many digits an estimate shows."""

import pytest

from foedus.report.language.words import (
    TERMS,
    decimals,
    show_confidence,
    show_range,
    term_of,
)


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.0, "less than 1 in 100"),
        (0.00999, "less than 1 in 100"),
        (0.01, "almost no chance (1–5 %)"),
        (0.05, "very unlikely (5–20 %)"),
        (0.2, "unlikely (20–45 %)"),
        (0.29, "unlikely (20–45 %)"),
        (0.45, "roughly even (45–55 %)"),
        (0.55, "likely (55–80 %)"),
        (0.7999, "likely (55–80 %)"),
        (0.8, "very likely (80–95 %)"),
        (0.95, "almost certain (95–99 %)"),
        (0.9899, "almost certain (95–99 %)"),
        (0.99, "more than 99 in 100"),
        (1.0, "more than 99 in 100"),
    ],
)
def test_words_with_numbers(probability: float, words: str) -> None:
    assert show_range(probability, probability) == words


def test_a_bound_that_was_worked_out_is_the_bound() -> None:
    """In float64 1 - 0.55 is a little less than 0.45, and 1 - 0.8 a little less than 0.2."""
    assert 1.0 - 0.55 < 0.45
    assert term_of(1.0 - 0.55) == term_of(0.45)
    assert term_of(1.0 - 0.8) == term_of(0.2)


def test_every_bound_belongs_to_the_term_above() -> None:
    for term in TERMS[1:]:
        assert term_of(term.low / 100) == term
        assert term_of(term.low / 100 - 1e-6) == TERMS[TERMS.index(term) - 1]


def test_terms_leave_no_gap() -> None:
    assert [term.low for term in TERMS[1:]] == [term.high for term in TERMS[:-1]]
    assert (TERMS[0].low, TERMS[-1].high) == (0, 100)


@pytest.mark.parametrize(
    ("low", "high", "english", "finnish"),
    [
        (0.3, 0.6, "unlikely to likely (20–80 %)", "epätodennäköistä – todennäköistä (20–80 %)"),
        (0.6, 0.7, "likely (55–80 %)", "todennäköistä (55–80 %)"),
        (0.001, 0.3, "less than 1 in 100 to unlikely (0–45 %)",
         "alle 1 sadasta – epätodennäköistä (0–45 %)"),
        (0.9, 1.0, "very likely to more than 99 in 100 (80–100 %)",
         "hyvin todennäköistä – yli 99 sadasta (80–100 %)"),
        (0.002, 0.004, "less than 1 in 100", "alle 1 sadasta"),
    ],
)  # fmt: skip
def test_a_range_names_both_words(low: float, high: float, english: str, finnish: str) -> None:
    assert show_range(low, high) == english
    assert show_range(low, high, "fi") == finnish


def test_what_is_no_probability_is_refused() -> None:
    for value in (-0.01, 1.01, float("nan")):
        with pytest.raises(ValueError, match="not a probability"):
            term_of(value)
    with pytest.raises(ValueError, match="cannot run"):
        show_range(0.6, 0.3)


@pytest.mark.parametrize(
    ("error", "places"),
    [
        (0.04, 2),
        (0.0096, 2),  # counts as 0.01
        (0.0094, 3),
        (0.2, 1),
        (80.0, -1),
        (96.0, -2),
        (5000.0, -3),
        (0.0, None),
        (None, None),
    ],
)
def test_no_more_digits_than_the_error_allows(error: float | None, places: int | None) -> None:
    assert decimals(error) == places


def test_an_error_must_be_one() -> None:
    for error in (-0.1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="not an error"):
            decimals(error)


def test_confidence_names_no_likelihood() -> None:
    for language in ("en", "fi"):
        shown = {show_confidence(level, language) for level in ("low", "moderate", "high")}
        lows = [term.low / 100 for term in TERMS]
        likelihoods = {show_range(low, low, language) for low in lows}
        assert len(shown) == 3
        assert not any(word in likelihood for word in shown for likelihood in likelihoods)
