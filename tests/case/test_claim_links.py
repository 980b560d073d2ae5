"""Claims that name others: what comes first, and what fits."""

from __future__ import annotations

import pytest

from foedus.text.codes import Code
from foedus.text.source import Source
from tests.loading import try_case

HEAD = """\
foedus: 1
case: claims
title: Claims about claims
clock: {start: 2000-01-01, end: 2000-01-31}
sources: {paper: {kind: news, title: A paper, language: en}}
actors: {boss: {kind: person}}
components: {plot: {}}
atoms:
  calm: {components: [], prior: 0.5, grade: assumed, because: a test}
  plotted: {components: [plot], prior: 0.5, grade: assumed, because: a test}
parameters: {speed: {value: 0.2, unit: per day, grade: assumed, because: a test}}
state: {n: {type: count, starts: 0}}
events: {tick: {rate: speed, then: {n: n + 1}}}
claims:
"""
SAYS = "id: A, says: plot, at: 2000-01-05"
FIGURE = "id: A, value: n, is: 3, at: 2000-01-05"


def faults(*claims: str) -> list[tuple[Code, str]]:
    lines = [f"  - {{{claim}, by: boss, cites: [paper]}}\n" for claim in claims]
    _, diagnostics = try_case(Source("case.yaml", HEAD + "".join(lines)))
    return [(one.code, one.message) for one in diagnostics.in_order() if one.is_error]


@pytest.mark.parametrize(
    "claims",
    [
        (SAYS, "id: B, says: plot, repeats: A, at: 2000-01-05"),
        (SAYS, "id: B, retracts: A, at: 2000-01-04/2000-01-06"),
        (SAYS, "id: B, retracts: A, at: 2000-01-06", "id: C, retracts: A, repeats: B, at: 2000-02"),
        ("id: A, says: tick, at: 2000-01-05", "id: B, says: tick, repeats: A, at: 2000-01-06"),
        (FIGURE, "id: B, value: n, is: 4, supersedes: A, at: 2000-01-06"),
        (FIGURE, "id: B, value: (n), is: 3, repeats: A, at: 2000-01-06"),
        (FIGURE, "id: B, retracts: A, at: 2000-01-06"),
    ],
)
def test_links_that_can_be(claims: tuple[str, ...]) -> None:
    assert faults(*claims) == []


@pytest.mark.parametrize("link", ["says: plot, repeats: A", "retracts: A"])
@pytest.mark.parametrize(
    ("dates", "fault"),
    [
        ("at: 2000-01-04", "was made before it"),
        ("at: 2000-01-05, known: 2000-01-06", "is known before it"),
    ],
)
def test_a_claim_comes_after_the_one_it_names(link: str, dates: str, fault: str) -> None:
    """What is taken back before it was said had weighed as if it were false in all courses."""
    found = faults(f"{SAYS}, known: 2000-01-07", f"id: B, {link}, {dates}")
    key = link.rpartition(": ")[0].rpartition(" ")[2]
    assert found == [(Code.DATES_REVERSED, f"the claim `B` {key} `A` but {fault}")]


def test_of_claims_known_on_one_day_the_first_in_the_file_is_known_first() -> None:
    back = "id: B, retracts: A, at: 2000-01-05"
    assert faults(SAYS, back) == []
    assert faults(back, SAYS) == [
        (Code.DATES_REVERSED, "the claim `B` retracts `A` but is known before it")
    ]


@pytest.mark.parametrize(
    "claim", ["says: plot, repeats: A", "retracts: A", "value: n, is: 3, supersedes: A"]
)
def test_no_claim_names_itself(claim: str) -> None:
    ((code, message),) = faults(f"id: A, {claim}, at: 2000-01-05")
    assert (code, message.endswith("itself")) == (Code.DATES_REVERSED, True)


@pytest.mark.parametrize(
    ("first", "second", "fault"),
    [
        (FIGURE, "value: n, is: 4, repeats: A", "does not say the same"),
        (FIGURE, "value: 2 * n, is: 3, repeats: A", "does not say the same"),
        (SAYS, "value: n, is: 1, repeats: A", "does not say the same"),
        (SAYS, "value: n, is: 3, supersedes: A", "no figure of the same"),
        (FIGURE, "value: 10 * n, is: 40, supersedes: A", "no figure of the same"),
        (FIGURE, "says: plot, supersedes: A", "no figure of the same"),
        (SAYS, "retracts: A, supersedes: A", "no figure of the same"),
        (SAYS, "says: tick, repeats: A", "does not say the same"),
    ],
)
def test_a_claim_fits_the_one_it_names(first: str, second: str, fault: str) -> None:
    found = faults(first, f"id: B, {second}, at: 2000-01-06")
    assert [(code, fault in message) for code, message in found] == [(Code.CONFLICTING_KEYS, True)]


def test_what_is_taken_back_is_not_taken_back_again() -> None:
    found = faults(SAYS, "id: B, retracts: A, at: 2000-01-06", "id: C, retracts: B, at: 2000-01-07")
    assert [code for code, _ in found] == [Code.CONFLICTING_KEYS]
