"""Classes of past cases in words: what is counted, what narrows it, and whom it is about.

A condition is told part by part: `frame = alliance and year >= 1990` reads `asked: an alliance;
since 1990`. A name that has no words, such as that of a state, stays as it was written.
"""

from __future__ import annotations

import re

from foedus.history.classes import question_of
from foedus.report.language.catalogue import CATALOGUES, say

_PART = re.compile(r"\s*([A-Za-z][\w-]*)\s*(<=|>=|!=|=|<|>)\s*(.+?)\s*")
_FLAGS = {"yes": "yes", "true": "yes", "no": "no", "false": "no"}
_OTHER = {"yes": "no", "no": "yes"}
_DECADE = re.compile(r"([0-9]{4})s")
_RANGE = re.compile(r"(-?[0-9.]+)\.\.(-?[0-9.]+)")
_NUMBER = re.compile(r"-?[0-9.]+")


def show_class(where: str, language: str = "en") -> str:
    """The condition that makes a class, part by part."""
    parts = re.split(r"\s+and\s+", where.strip())
    return "; ".join(_show_part(part, language) for part in parts)


def show_counted(name: str, language: str = "en") -> str:
    """What a class counts, as it follows "how often"."""
    return _or_same(f"class.{question_of(name)}", name, language)


def show_body(body: str, language: str) -> str:
    """A body or state that is called on; one without words by its own name."""
    return _or_same(f"body.{body}", body, language)


def show_column(name: str, language: str) -> str:
    """What a column holds, in a word or two."""
    return _or_same(f"column.{name}", name, language)


def show_value(name: str, value: str, language: str = "en") -> str:
    """A value in a column: a word of it, a decade, a number or a range."""
    if name == "body":
        return show_body(value, language)
    if f"value.{name}.{value}" in CATALOGUES[language]:
        return say(language, f"value.{name}.{value}")
    if value in _FLAGS:
        return say(language, f"value.{_FLAGS[value]}")
    if decade := _DECADE.fullmatch(value):
        return say(language, "value.decade", year=decade[1])
    if span := _RANGE.fullmatch(value):
        return "–".join(show_value(name, end, language) for end in span.groups())
    return value.replace(".", ",") if language == "fi" and _NUMBER.fullmatch(value) else value


def _show_part(part: str, language: str) -> str:
    found = _PART.fullmatch(part)
    if found is None:
        return part
    name, sign = found[1], found[2]
    values = sorted(value.strip() for value in found[3].split("|"))
    if len(values) == 1 and values[0] in _FLAGS and not _is_word(name, values[0], language):
        flag = _FLAGS[values[0]]
        return _show_flag(name, _OTHER[flag] if sign == "!=" else flag, language)
    whole = f"where.{name}{sign}{'|'.join(values)}"
    if whole in CATALOGUES[language]:
        return say(language, whole)
    shown = say(language, "condition.or").join(show_value(name, one, language) for one in values)
    form = f"condition.{name}{sign}"
    if form not in CATALOGUES[language]:
        form = {"=": "condition.is", "!=": "condition.not"}.get(sign, f"condition.{sign}")
    return say(language, form, column=show_column(name, language), values=shown, value=shown)


def _show_flag(name: str, flag: str, language: str) -> str:
    """A column of yes and no: what is so, or that it is not."""
    if flag == "yes":
        return show_column(name, language)
    whole = f"where.{name}=no"
    if whole in CATALOGUES[language]:
        return say(language, whole)
    return say(language, "condition.no", column=show_column(name, language))


def _is_word(name: str, value: str, language: str) -> bool:
    return f"value.{name}.{value}" in CATALOGUES[language]


def _or_same(sentence: str, name: str, language: str) -> str:
    return say(language, sentence) if sentence in CATALOGUES[language] else name
