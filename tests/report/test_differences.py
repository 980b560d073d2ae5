"""Differences are shown with a sign, and a zero without one."""

from foedus.questions.estimates import Estimate
from foedus.report.differences import show_range, show_short


def test_a_zero_has_no_sign() -> None:
    days = Estimate(-21.0, -168.0, -0.001, 6.1)
    assert show_range(days, "duration", "en") == "−168 days to 0 minutes"
    share = Estimate(-0.07, -0.35, -0.0001, 0.02)
    assert show_range(share, "probability", "en") == "−35 to 0"
    assert show_range(Estimate(0.3, 0.0001, 0.9, 0.02), "number", "fi") == "0,00 … +0,90"


def test_what_is_not_zero_has_one() -> None:
    assert show_short(Estimate(0.25, None, None, 0.01), "probability", "en") == "+25"
    assert show_short(Estimate(-0.25, None, None, 0.01), "number", "fi") == "−0,25"
    assert show_short(Estimate(0.0, None, None, 0.0), "number", "en") == "0"
