"""Suggestions are close, stable and short."""

import pytest

from foedus.text.suggest import closest, list_names, named, shorten


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
        # as many letters in common, but scattered
        ("press", ["requests"], None),
        ("press", ["pages"], None),
        ("press", ["requests", "presss"], "presss"),
        ("no-deploy", ["no-deployment"], "no-deployment"),
        ("kazakhstan", ["kazakhstan-2022"], "kazakhstan-2022"),
        # swapped neighbours are one change
        ("csot", ["csto"], "csto"),
    ],
)
def test_closest(name: str, names: list[str], expected: str | None) -> None:
    assert closest(name, names) == expected


def test_named() -> None:
    assert named("tokaev", ["tokayev", "putin"]) == "write `tokayev`"
    assert named("press", ["requests", "pages"], "ask") == "there are `requests`, `pages`"
    assert named("press", ["requests"]) == "there is `requests`"
    assert named("press", [], "ask") == "ask"
    many = [f"name-{number}" for number in range(9)]
    assert named("press", many, "ask") == "ask"
    assert named("press", many).endswith("`name-7` and 1 more")


def test_list_names() -> None:
    assert list_names(["a"]) == "`a`"
    assert list_names(["a", "b", "c"], 3) == "`a`, `b`, `c`"
    assert list_names(["a", "b", "c"], 2) == "`a`, `b` and 1 more"


def test_shorten() -> None:
    assert shorten("a" * 40) == "a" * 40
    assert shorten("a" * 41) == "a" * 37 + "..."
