"""Faulty dates: what is said, where, and that the cure cures."""

import pickle
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.dates import DateError, Zone, parse_date, parse_duration, parse_zone
from foedus.dates.period import FORMS

ALMATY = Zone(360)


def fault(text: str) -> DateError:
    """The error of a faulty date."""
    with pytest.raises(DateError) as caught:
        parse_date(text, ALMATY)
    return caught.value


@pytest.mark.parametrize(
    ("text", "part", "message", "cure"),
    [
        ("1866-06-31", "31", "June 1866 has 30 days", "write `1866-06-30`"),
        ("2022-02-29", "29", "February 2022 has 28 days", "write `2022-02-28`"),
        (
            "2022-02-45",
            "45",
            "February 2022 has 28 days",
            "days of that month run from `01` to `28`",
        ),
        (
            "2022-01-00",
            "00",
            "January 2022 has 31 days",
            "days of that month run from `01` to `31`",
        ),
        ("1900-02-29/1900-03", "29", "February 1900 has 28 days", "write `1900-02-28/1900-03`"),
        ("1900-02/1900-06-31", "31", "June 1900 has 30 days", "write `1900-02/1900-06-30`"),
        ("2022-13", "13", "`13` is not a month", "months run from `01` to `12`"),
        ("2022-00-10", "00", "`00` is not a month", "months run from `01` to `12`"),
        (
            "2022-01-05T25:00",
            "25",
            "`25` is not an hour",
            "hours run from `00` to `23`, and `24:00` is the end of the day",
        ),
        (
            "2022-12-31T24:30",
            "24:30",
            "`24:30` is after the end of the day",
            "write `2023-01-01T00:30`",
        ),
        ("2022-01-05T20:60", "60", "`60` is not a minute", "minutes run from `00` to `59`"),
        ("2022-01-05T24:60", "60", "`60` is not a minute", "minutes run from `00` to `59`"),
        ("2016-12-31T23:59:60Z", "60", "`60` is not a second", "seconds run from `00` to `59`"),
        ("2022-W53", "53", "2022 has 52 weeks", "weeks of 2022 run from `W01` to `W52`"),
        ("2020-W00", "00", "2020 has 53 weeks", "weeks of 2020 run from `W01` to `W53`"),
        (
            "0000-03",
            "0000",
            "there is no year `0000`",
            "write `0001` for AD 1, `-0000` for 1 BC, `-0430` for 431 BC",
        ),
        (
            "2022-01-05/2022-01-04",
            "2022-01-05/2022-01-04",
            "the interval ends before it starts",
            "write `2022-01-04/2022-01-05`",
        ),
        (
            "2022-01-05T20:00+25:00",
            "+25:00",
            "`+25:00` is not an offset from UTC",
            "offsets run from `-15:59` to `+15:59`",
        ),
        (
            "2022-01-05T20:00Z/2022-01-05T21:00-16:00",
            "-16:00",
            "`-16:00` is not an offset from UTC",
            "offsets run from `-15:59` to `+15:59`",
        ),
        (
            "2022-01-05T20:00Z/2022-01-05T21:00",
            "2022-01-05T20:00Z/2022-01-05T21:00",
            "only one side of the interval names a zone",
            "write a zone on both sides, such as `2022-01-05T20:00Z/2022-01-05T21:00Z`",
        ),
        (
            "2022-01-05T20:00 Asia/Almaty",
            "Asia/Almaty",
            "a zone is a fixed offset, not a name such as `Asia/Almaty`",
            "write the offset in force, such as `+06:00`",
        ),
        (
            "2022-01-05Z",
            "Z",
            "only a clock time can name a zone",
            "write a clock time too, such as `2022-01-05T00:00Z`",
        ),
        ("2022-01-05 (eve)", " (eve)", "`(eve)` stands after the date", "write `2022-01-05`"),
        ("2022/2023-01-05?", "?", "`?` stands after the date", "write `2023-01-05`"),
        ("2022/", "", "one side of the interval is empty", "write both dates"),
        ("1/2/3", "/2/3", "`1/2/3` has 3 dates instead of two", "write the first and the last"),
        ("", "", "the date is empty", "write a date such as `2022-01-05`"),
        (
            "2022-01-05\n",
            "\n",
            "the character (U+000A) cannot stand in a date",
            "write a date such as `2022-01-05`",
        ),
        (
            "٢٠٢٢",
            "٢",
            "`٢` (U+0662) cannot stand in a date",
            "write a date such as `2022-01-05`",
        ),
        (
            "2022" * 20,
            "2022" * 4,
            "a date of 80 characters is longer than 64",
            "write a date such as `2022-01-05`",
        ),
    ],
)
def test_faults(text: str, part: str, message: str, cure: str) -> None:
    error = fault(text)
    assert (error.message, error.help) == (message, cure)
    assert text[error.start : error.end] == part


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("2022-1-5", "2022-01-05"),
        ("2022/01/05", "2022-01-05"),
        ("20220105", "2022-01-05"),
        ("202201", "2022-01"),
        (" 2022-01-05 ", "2022-01-05"),
        ("2022-01-05 20:00", "2022-01-05T20:00"),
        ("2022-01-05T2000", "2022-01-05T20:00"),
        ("20220105T200030Z", "2022-01-05T20:00:30Z"),
        ("2022-01-05T9:00", "2022-01-05T09:00"),
        ("2022-01-05t20", "2022-01-05T20:00"),
        ("2022-01-05T20:00+6", "2022-01-05T20:00+06:00"),
        ("2022-01-05T20:00 +0330", "2022-01-05T20:00+03:30"),
        ("2022-01-05T20:00 utc", "2022-01-05T20:00Z"),
        ("2022-w1", "2022-W01"),
        ("431 BC", "-0430"),
        ("1 BCE", "-0000"),
        ("-430-03", "-0430-03"),
        ("2022-01-05 to 2022-01-07", "2022-01-05/2022-01-07"),
        ("2022-1-5 - 2022-1-7", "2022-01-05/2022-01-07"),
        ("2022..2023", "2022/2023"),
        ("2022-01-05/07", "2022-01-05/2022-01-07"),
        ("1914/18", "1914/1918"),
        ("2022-01-05T20:00/21:00", "2022-01-05T20:00/2022-01-05T21:00"),
    ],
)
def test_near_misses_are_corrected(text: str, cure: str) -> None:
    error = fault(text)
    assert error.message == f"`{text}` is not written in a form of dates"
    assert error.help == f"write `{cure}`"
    assert parse_date(cure, ALMATY).text == cure


@pytest.mark.parametrize(
    "text", ["soon", "5.1.2022", "05-01-2022", "99999", "+2022", "2022-01-05T20:0", "0 BC", "NaN"]
)
def test_unknown_forms_get_the_list(text: str) -> None:
    error = fault(text)
    assert error.message == f"`{text}` is not a date"
    assert error.help == "dates are written as " + ", ".join(f"`{form}`" for form in FORMS)
    assert (error.start, error.end) == (0, len(text))


def test_the_listed_forms_are_dates() -> None:
    assert [parse_date(form, ALMATY).text for form in FORMS] == list(FORMS)


@given(st.text(alphabet="0123456789-:/TZW+. BCto", max_size=40))
def test_what_the_help_says_to_write_can_be_read(text: str) -> None:
    try:
        parse_date(text, ALMATY)
    except DateError as error:
        if error.message.endswith("is not written in a form of dates"):
            cure = re.fullmatch("write `(.*)`", error.help)
            assert cure is not None
            parse_date(cure[1], ALMATY)


def test_endless_texts_are_refused_at_once() -> None:
    start = time.perf_counter()
    for text in ("9" * 10_000_000, "-" * 10_000_000, "2022-01-05/" * 1_000_000):
        for parse in (lambda text: parse_date(text, ALMATY), parse_zone, parse_duration):
            with pytest.raises(DateError, match="is longer than 64"):
                parse(text)
    assert time.perf_counter() - start < 1


def test_an_error_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(fault("1866-06-31")))
    assert (str(error), error.start, error.end) == ("June 1866 has 30 days", 8, 10)
