"""Separate rates of two groups against a common one, from items with dates instead of tables.

Of 9 events in 359 weeks and 21 in 182, under Gamma(1, rate 10) priors, the log Bayes factor is
6.717229581446148 (`tests.conformance.test_tables` has it from densities, to 1e-9). An item is a
minute wide under either explanation, so that it is the same to 1e-3.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from math import hypot

import pytest

from foedus.infer.islands.effort import Effort
from foedus.infer.likelihood.engine import start
from foedus.infer.weigh import weigh
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from tests.conformance.courses import CASES
from tests.loading import case_of

FACTOR = 6.717229581446148
BEGINS = datetime(2000, 1, 1)


def dated(kind: str, events: int, weeks: int) -> str:
    """Items at even distances from the beginning of the clock to the end of the watch."""
    lines = []
    for number in range(1, events + 1):
        at = BEGINS + timedelta(weeks=number * weeks / (events + 1))
        lines.append(
            f"  - {{id: {kind}-{number}, happened: {kind}, at: {at:%Y-%m-%dT%H:%M}, "
            f"known: {at:%Y-%m-%d}, cites: [daily], established: seen}}\n"
        )
    return "".join(lines)


def watched(kind: str, weeks: int) -> str:
    ends = BEGINS + timedelta(weeks=weeks)
    return (
        f"  {kind}: {{complete: {BEGINS:%Y-%m-%d}/{ends:%Y-%m-%dT%H:%M}, lag: 0 days, "
        "because: a test}\n"
    )


def dated_case() -> str:
    """The case of the tables without them, its counts without an end."""
    head = (CASES / "peace.yaml").read_text().partition("tables:\n")[0]
    head = re.sub(r"    when: .*\n|, max: \d+", "", head)
    sources = (
        "origins: {press: {label: press, reliability: {prior: 'beta(3, 1)', grade: judged, "
        "because: a test}}}\n"
        "sources: {daily: {kind: news, title: A paper, language: en, published: 2000-01, "
        "origin: press}}\n"
    )
    items = dated("in-first", 9, 359) + dated("in-second", 21, 182)
    record = watched("in-first", 359) + watched("in-second", 182)
    return f"{head}{sources}evidence:\n{items}record:\n{record}"


def log_factor(seed: int) -> tuple[float, float]:
    """The log Bayes factor for separate rates, and its standard error."""
    case = case_of(dated_case())
    effort = Effort(particles=200, islands=16, again=30)
    found = weigh(
        case, lower(case), lower_record(case), start, effort=effort, seed=seed, method="particle"
    )
    by_name = {one.name: one for one in found.standings}
    separate, common = by_name["separate"], by_name["common"]
    return separate.log_evidence - common.log_evidence, hypot(separate.error, common.error)


@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.full), pytest.param(3, marks=pytest.mark.full)]
)
def test_particles(seed: int) -> None:
    """Within four standard errors, known from 16 islands, and within 0.1, which is some three of
    the errors seen over seeds: of all choices of seeds one in 200 fails by chance."""
    found, error = log_factor(seed)
    assert abs(found - FACTOR) < 4.0 * error
    assert abs(found - FACTOR) < 0.1
