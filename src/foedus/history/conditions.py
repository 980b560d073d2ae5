"""Conditions on the columns of units: `regime = military|party and year = 1990..2015`.

A cell that is not known meets no condition, not even `!=`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set

from foedus.history.class_error import ClassError
from foedus.history.units import Unit, Value
from foedus.text.suggest import closest, list_names

Condition = Callable[[Unit], bool]

_PART = re.compile(
    r"^\s*(?P<column>[A-Za-z][\w-]*)\s*(?P<sign><=|>=|!=|=|<|>)\s*(?P<value>.+?)\s*$"
)
_RANGE = re.compile(r"^(-?[0-9]*\.?[0-9]+)\.\.(-?[0-9]*\.?[0-9]+)$")
_FLAGS = {"yes": True, "no": False, "true": True, "false": False}


def parse_condition(text: str, columns: Mapping[str, str]) -> Condition:
    """The condition that a text says, on the columns that there are. Raises `ClassError`.

    Parts are joined by `and`. A part is a column, a sign (`=`, `!=`, `<`, `<=`, `>`, `>=`) and a
    value: a word, a number, `yes` or `no`, several with `|` between them, or a range `A..B` of
    numbers that holds both ends.
    """
    parts = [_part(part, columns) for part in re.split(r"\s+and\s+", text.strip())]
    return lambda unit: all(part(unit) for part in parts)


def _part(text: str, columns: Mapping[str, str]) -> Condition:
    match = _PART.match(text)
    if match is None:
        cure = "write COLUMN = VALUE, such as `frame = alliance` or `year = 1990..2015`"
        raise ClassError(f"`{text}` is no condition", cure)
    column, sign, value = match["column"], match["sign"], match["value"]
    if column not in columns:
        near = closest(column, columns)
        cure = f"write `{near}`" if near else f"there are {list_names(columns, 20)}"
        raise ClassError(f"no column is called `{column}`", cure)
    if sign in ("<", "<=", ">", ">="):
        return _ordered(column, sign, _number(value, text))
    wanted = [_wanted(word.strip()) for word in value.split("|")]
    if sign == "=":
        return lambda unit: any(test(unit.columns[column]) for test in wanted)
    return lambda unit: (
        unit.columns[column] is not None and not any(test(unit.columns[column]) for test in wanted)
    )


def verify_values(text: str, units: Sequence[Unit]) -> None:
    """Whether the values that a condition names may stand in its columns, as the units have them.

    `text` was read by `parse_condition`. Raises `ClassError` for a word that no unit has, a
    number where there are words, and a column of which nothing is known.
    """
    for part in re.split(r"\s+and\s+", text.strip()):
        match = _PART.match(part)
        assert match is not None
        column = match["column"]
        known = {unit.columns[column] for unit in units} - {None}
        if units and not known:
            cure = "its data were not imported (`foedus history import`)"
            raise ClassError(f"`{column}` is not known of any", cure)
        words = sorted(value for value in known if isinstance(value, str))
        if match["sign"] in ("<", "<=", ">", ">=") and words:
            raise ClassError(f"`{column}` holds words", f"there are {list_names(words, 20)}")
        for word in map(str.strip, match["value"].split("|")):
            if words and word not in words:
                raise ClassError(f"no `{column}` is `{word}`", _other_word(word, words))
            if not words and match["sign"] in ("=", "!=") and not _may_be(word, known):
                cure = "give a number or a range such as `1990..2015`, the lower end first"
                cure = "write `yes` or `no`" if known <= {True, False} else cure
                raise ClassError(f"no `{column}` can be `{word}`", cure)


def _other_word(word: str, words: Sequence[str]) -> str:
    near = closest(word, words)
    if near is not None and len(near) > len(word) // 2 and "," not in word and " or " not in word:
        return f"write `{near}`"
    return f"there are {list_names(words, 20)}; `|` joins several"


def _may_be(word: str, known: Set[Value]) -> bool:
    """Whether a word can be a flag, a number or a range of numbers, as the known values are."""
    if all(isinstance(value, bool) for value in known):
        return word in _FLAGS
    span = _RANGE.match(word)
    if span is not None:
        return float(span[1]) <= float(span[2])
    try:
        return float(word) == float(word)  # what is no number is not itself
    except ValueError:
        return False


def group_name(by: str, unit: Unit) -> str | None:
    """The name of a unit's group by a column, years by decades; None where it is not known.

    Raises `ClassError` for a column of numbers.
    """
    value = unit.columns[by]
    if by == "year" and isinstance(value, int | float):
        return f"{int(value) // 10 * 10}s"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        raise ClassError(
            f"`{by}` is a number", "split by a column of words, or narrow by a range with --where"
        )
    return None if value is None else str(value)


def _ordered(column: str, sign: str, bound: float) -> Condition:
    tests: dict[str, Callable[[float], bool]] = {
        "<": lambda x: x < bound,
        "<=": lambda x: x <= bound,
        ">": lambda x: x > bound,
        ">=": lambda x: x >= bound,
    }

    def holds(unit: Unit) -> bool:
        value = unit.columns[column]
        return isinstance(value, int | float) and tests[sign](value)

    return holds


def _wanted(word: str) -> Callable[[Value], bool]:
    """Whether a value is what a word says."""
    span = _RANGE.match(word)
    if span is not None:
        low, high = float(span[1]), float(span[2])
        return lambda value: isinstance(value, int | float) and low <= value <= high
    if word in _FLAGS:
        flag = _FLAGS[word]
        return lambda value: value is flag or value == word
    try:
        number = float(word)
    except ValueError:
        return lambda value: value == word
    return lambda value: (
        value == word
        or (isinstance(value, int | float) and not isinstance(value, bool) and value == number)
    )


def _number(value: str, text: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise ClassError(
            f"`{text}` compares with `{value}`, which is no number", "give a number"
        ) from None
