"""The cases that the tests of likelihood make, for tests that run them in other ways."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.conditioned import test_likelihood
from tests.engine.conditioned.small import Small

COMPILED = (
    "test_a_record_that_begins_later_says_nothing_of_before",
    "test_an_item_of_an_event_that_cannot_happen_on_every_day_of_its_date",
    "test_two_items_of_one_date_come_in_order",
    "test_what_is_not_reported_goes_on_unseen",
    "test_a_record_is_known_up_to_its_last_known_item",
    "test_silence_within_a_date_belongs_to_what_happened",
    "test_alternative_dates_are_mixed",
    "test_a_date_that_is_denied_is_no_date",
    "test_a_death_process",
    "test_competing_risks_one_of_them_unseen",
    "test_items_that_follow_each_other_over_kinds",
    "test_an_item_that_may_be_at_any_instance",
    "test_options_of_a_choice",
    "test_an_actor_to_whom_nothing_is_open_is_not_silent",
    "test_measured_draws",
    "test_draws_measured_within_a_factor",
    "test_a_measured_count_is_weighed_by_its_error",
)
"""Tests whose cases compiled code runs."""

INTERPRETED = (
    "test_immediate_kinds_are_filters",
    "test_silence_about_immediate_kinds_is_a_filter",
    "test_what_follows_an_immediate_event",
    "test_weibull_waiting_times_begin_again",
    "test_an_age_is_lost_with_the_guard",
    "test_an_age_is_kept_where_it_resumes",
    "test_erlang_waiting_times_reported_by_chance",
)
"""Others, whose cases are left to the reference engine."""


def cases_of(name: str, monkeypatch: pytest.MonkeyPatch) -> list[Small]:
    """The cases that a test of likelihood makes, without their runs."""
    found: list[Small] = []

    def note(case: Small, *_: Any, **__: Any) -> None:
        found.append(case)

    monkeypatch.setattr(test_likelihood, "assert_probability", note)
    getattr(test_likelihood, name)()
    return found
