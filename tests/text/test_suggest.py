"""Suggestions are close, stable and short."""

import pytest

from foedus.text.suggest import closest, list_names, shorten


@pytest.mark.parametrize(
    ("name", "names", "expected"),
    [
        ("tokaev", ["nazarbayev", "tokayev"], "tokayev"),
        ("Tokayev", ["nazarbayev", "tokayev"], "tokayev"),
        ("days_deployed", ["days-deployed", "days-left"], "days-deployed"),
        ("cities", ["state", "city"], "city"),
        ("protest", ["spark", "delay"], None),
        ("x", [], None),
        ("ab", ["ax", "ay"], None),
        ("abc", ["abx", "aby"], "abx"),
    ],
)
def test_closest(name: str, names: list[str], expected: str | None) -> None:
    assert closest(name, names) == expected


def test_list_names() -> None:
    assert list_names(["a"]) == "`a`"
    assert list_names(["a", "b", "c"], 3) == "`a`, `b`, `c`"
    assert list_names(["a", "b", "c"], 2) == "`a`, `b` and 1 more"


def test_shorten() -> None:
    assert shorten("a" * 40) == "a" * 40
    assert shorten("a" * 41) == "a" * 37 + "..."
