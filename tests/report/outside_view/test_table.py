"""Rows in columns fit their width: as a table, with broken heads, or each row as a list."""

from __future__ import annotations

import pytest

from foedus.report.layout import display_width
from foedus.report.outside_view.table import show_table

HEADS = ("class", "k", "in office after a year", "95 %")
ROWS = [("all that was asked of anybody", "36", "43 %", "33–54"), ("coup", "2", "9 %", "1–30")]


def test_where_there_is_room_heads_stand_on_one_line() -> None:
    assert show_table(HEADS, ROWS, 80, right="lrrl").splitlines() == [
        "class                           k  in office after a year  95 %",
        "-----------------------------  --  ----------------------  -----",
        "all that was asked of anybody  36                    43 %  33–54",
        "coup                            2                     9 %  1–30",
    ]


def test_long_heads_are_broken_and_a_number_keeps_its_sign() -> None:
    assert show_table(HEADS, ROWS, 44, right="lrrl").splitlines() == [
        "                                   in",
        "                               office",
        "                                after",
        "class                       k  a year  95 %",
        "-------------------------  --  ------  -----",
        "all that was asked of      36    43 %  33–54",
        "  anybody",
        "coup                        2     9 %  1–30",
    ]


def test_where_even_that_does_not_fit_each_row_is_a_list() -> None:
    rows = [("all", "0.0096–0.044 per leader-year", "43 %", ""), ("", "2", "9 %", "x")]
    assert show_table(("class", "k", "still at 10", ""), rows, 40).splitlines() == [
        "all",
        "  k 0.0096–0.044 per leader-year; still",
        "  at 10 43 %",
        "  k 2; still at 10 9 %; x",
    ]


@pytest.mark.parametrize("width", range(24, 90))
def test_nothing_is_wider_than_the_page_and_nothing_is_lost(width: int) -> None:
    shown = show_table(HEADS, ROWS, width, right="lrrl")
    assert max(map(display_width, shown.splitlines())) <= width
    for row in ROWS:
        assert {word for cell in row for word in cell.split()} <= set(
            shown.replace(";", " ").split()
        )
