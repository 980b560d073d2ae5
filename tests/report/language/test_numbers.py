"""Numbers, shares, lengths of time and dates as each language writes them."""

from math import inf, log

import pytest

from foedus.dates import Clock, parse_date, parse_zone
from foedus.report.language.numbers import (
    show_count,
    show_days,
    show_duration,
    show_duration_range,
    show_estimate,
    show_factor,
    show_figure,
    show_month,
    show_number_range,
    show_period,
    show_share,
    show_share_range,
    show_year,
)

ALMATY = parse_zone("+06:00")
NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("text", "english", "finnish"),
    [
        ("2022-01-05", "5 January 2022", "5. tammikuuta 2022"),
        ("2022-01-05T20:00", "5 January 2022, 20:00", "5. tammikuuta 2022 klo 20.00"),
        ("2022-01-05T06:05", "5 January 2022, 06:05", "5. tammikuuta 2022 klo 6.05"),
        ("2022-01-05T21:50Z", "6 January 2022, 03:50", "6. tammikuuta 2022 klo 3.50"),
        ("2022-01", "January 2022", "tammikuu 2022"),
        ("2022-W01", "week 1 of 2022", "viikko 1/2022"),
        ("2022", "2022", "2022"),
        ("-0430", "431 BC", "431 eaa."),
        ("2022-01-04/2022-01-06", "4–6 January 2022", "4.–6. tammikuuta 2022"),
        ("2022-01/2022-02", "1 January – 28 February 2022", "1. tammikuuta – 28. helmikuuta 2022"),
        ("2021-12-28/2022-01-05", "28 December 2021 – 5 January 2022",
         "28. joulukuuta 2021 – 5. tammikuuta 2022"),
        ("2022-01-05T20:00/2022-01-05T22:52", "5 January 2022, 20:00–22:52",
         "5. tammikuuta 2022 klo 20.00–22.52"),
        ("2022-01-05T20:00/2022-01-06T00:00", "5 January, 20:00 – 6 January 2022, 00:00",
         "5. tammikuuta klo 20.00 – 6. tammikuuta 2022 klo 0.00"),
        ("2022-01-05T20:00/2022-01-06", "5 January, 20:00 – 6 January 2022",
         "5. tammikuuta klo 20.00 – 6. tammikuuta 2022"),
    ],
)  # fmt: skip
def test_dates(text: str, english: str, finnish: str) -> None:
    period = parse_date(text, ALMATY)
    assert show_period(period, ALMATY) == english
    assert show_period(period, ALMATY, "fi") == finnish


def test_short_dates() -> None:
    period = parse_date("2022-01-05T20:00", ALMATY)
    assert show_period(period, ALMATY, style="short") == "5 Jan 2022, 20:00"
    assert show_period(period, ALMATY, "fi", style="short") == "5.1.2022 klo 20.00"
    days = parse_date("2022-01-04/2022-01-06", ALMATY)
    assert show_period(days, ALMATY, "fi", style="short") == "4.–6.1.2022"
    assert (show_month(2023, 1), show_month(2023, 1, "fi")) == ("Jan 2023", "tammi 2023")
    assert (show_year(-430), show_year(1)) == ("431 BC", "1")


def test_a_question_about_a_day_means_its_end() -> None:
    period = parse_date("2022-01-01/2022-01-31", ALMATY)
    clock = Clock(period.start, period.end, ALMATY)
    assert show_days(clock, 0.0) == "1 January 2022"
    assert show_days(clock, 6.0) == "6 January 2022"
    assert show_days(clock, 5.5) == "6 January 2022, 12:00"
    assert show_days(clock, clock.horizon, "fi") == "31. tammikuuta 2022"


@pytest.mark.parametrize(
    ("share", "error", "shown"),
    [
        (0.6234, None, "62 %"),
        (0.6234, 0.0001, "62 %"),
        (0.6234, 0.2, "60 %"),
        (0.0063, None, "0.6 %"),
        (0.0063, 0.004, "0.6 %"),
        (0.0001, 0.0001, "< 0.1 %"),
        (0.9999, 0.0001, "> 99.9 %"),
        (0.02, 0.2, "< 10 %"),
        (0.98, 0.2, "> 90 %"),
        (0.0, 0.0, "0 %"),
        (1.0, 0.0, "100 %"),
    ],
)
def test_shares(share: float, error: float | None, shown: str) -> None:
    assert show_share(share, error) == shown


def test_a_share_is_rounded_to_nothing_only_where_it_is_nothing() -> None:
    for percent in range(1, 1000):
        for error in (None, 0.001, 0.03, 0.2):
            assert show_share(percent / 1000, error) not in ("0 %", "100 %")


def test_ranges() -> None:
    assert show_share_range(0.204, 0.8) == "20–80 %"
    assert show_share_range(0.55, 0.62, error=0.2) == "60 %"
    assert show_share_range(0.0002, 0.004) == "0–0.4 %"  # beside a share of 0.1 %
    assert show_share_range(0.0001, 0.0002) == "< 0.1 %"
    assert show_share_range(0.996, 0.9999) == "99.6–100 %"
    assert show_share_range(0.0, 0.0) == "0 %"
    assert show_number_range(0.0, 904_390.0) == "0–900,000"
    assert show_number_range(0.0, 904_390.0, "fi") == f"0–900{NBSP}000"
    assert show_number_range(-27.0, 71.0) == "−27 to 71"
    assert show_number_range(0.0, 1.0) == "0–1"
    assert show_number_range(0.55, 0.62, error=0.2) == "0.6"
    assert show_duration_range(3.1, 12.4) == "3–12 days"
    assert show_duration_range(0.0, 0.0) == "0 days"


@pytest.mark.parametrize(
    ("days", "error", "english", "finnish"),
    [
        (1.0, None, "24 hours", "24 tuntia"),
        (1 / 24, None, "1 hour", "1 tunti"),
        (0.01, None, "14 minutes", "14 minuuttia"),
        (8.63, 0.2, "8.6 days", "8,6 päivää"),
        (8.63, 2.0, "9 days", "9 päivää"),
        (141.0, None, "140 days", "140 päivää"),
        (1000.0, 30.0, "2.74 years", "2,74 vuotta"),
        (0.0, None, "0 days", "0 päivää"),
    ],
)
def test_lengths_of_time(days: float, error: float | None, english: str, finnish: str) -> None:
    assert show_duration(days, error) == english
    assert show_duration(days, error, "fi") == finnish


def test_numbers() -> None:
    assert show_count(2030) == "2,030"
    assert show_count(2030, "fi") == f"2{NBSP}030"
    assert show_estimate(70_123.0, 9_000.0) == "70,000"
    assert show_estimate(0.0471, 0.0004) == "0.0471"
    assert show_estimate(12.3456, None) == "12.3"
    assert show_figure(0.0707, "fi") == "0,071"
    assert show_figure(2030.0, digits=6) == "2,030"
    assert show_figure(-0.0) == "0"


@pytest.mark.parametrize(
    ("factor", "digits", "shown"),
    [
        (1.0, 2, "1"), (1.04, 2, "1"), (1.0987, 3, "1.1"), (1.9, 2, "1.9"), (3.94, 3, "3.94"),
        (8_600.0, 2, "8,600"), (1.4e6, 2, "1,400,000"), (1.4e14, 2, "10¹⁴"), (8e14, 2, "10¹⁵"),
    ],
)  # fmt: skip
def test_factors(factor: float, digits: int, shown: str) -> None:
    """None is so long that nobody takes it in."""
    assert show_factor(log(factor), "en", digits) == shown


def test_a_factor_without_end() -> None:
    assert show_factor(2_000.0) == "10⁸⁶⁹"
    assert show_factor(inf) == "∞"
