"""Priors as the case writes them, in words of the reader's language."""

from __future__ import annotations

import re

from foedus.case.case import Parameter
from foedus.expr.prior import DURATIONS, LAWS
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import as_written
from foedus.report.phrases.class_words import show_body, show_class, show_counted
from foedus.units import UNITS

_NUMBER = r"[-+]?[0-9][0-9_.]*(?:[eE][-+]?[0-9]+)?"
_BETWEEN = re.compile(rf"({_NUMBER})\s*%\s*between\s+({_NUMBER})\s+and\s+({_NUMBER})")
_OF = re.compile(rf"({_NUMBER})\s+of\s+({_NUMBER})")
_IN = re.compile(rf"({_NUMBER})\s+in\s+({_NUMBER})\s+([a-z]+)")
_LAW = re.compile(r"([a-z-]+)\s*\((.*)\)")
_CLASS = re.compile(r"(.+?) \(([a-z-]+)(?: where (.+?))?(?:, known before (\S+))?\)")
_LEARNED = re.compile(
    r"(.+?) \(learned-willing(?: where body = ([a-z-]+))?: (\d+) of (\d+) calls, (\d+) on all"
    r"(?:, known before (\S+))?\)"
)
_PLAIN = re.compile(_NUMBER)


def show_written(parameter: Parameter, language: str) -> str:
    """The prior or value of a parameter as it was written, with its unit."""
    shown = show_belief(parameter.written, language)
    unit = ""
    if parameter.unit:
        unit = say(language, f"unit.{UNITS[parameter.unit].name}", count=shown)
    return f"{shown} {unit}".strip()


def show_belief(written: str, language: str = "en") -> str:
    """A prior or value in a language, its numbers with the digits they were written with.

    What is in no known form stays as it is.
    """
    learned = _LEARNED.fullmatch(written)
    if learned:
        law, body, granted, calls, used, day = learned.groups(default="")
        return say(
            language, "written.learned" if body else "written.learned-new",
            law=show_belief(law, language), used=used, calls=calls, granted=granted,
            body=show_body(body, language),
            before=say(language, "written.before", day=day) if day else "",
        )  # fmt: skip
    found = _CLASS.fullmatch(written)
    if found:
        what, day = show_counted(found[2], language), found[4] or ""
        where = show_class(found[3], language) if found[3] else ""
        form = "written.class" + ("-where" if where else "") + ("-before" if day else "")
        numbers = show_belief(found[1], language)
        return say(language, form, numbers=numbers, what=what, where=where, day=day)
    return _show_law(written, language) or _show_count(written, language) or written


def _in_digits(number: str, language: str) -> str:
    """A number as the language writes it; in English as in the case, so that it can be pasted."""
    return number if language == "en" else as_written(number, language)


def _show_law(written: str, language: str) -> str:
    between = _BETWEEN.fullmatch(written)
    if between:
        level, low, high = (_in_digits(text, language) for text in between.groups())
        return say(language, "written.between", level=level, low=low, high=high)
    law = _LAW.fullmatch(written)
    if law is None or law[1] not in LAWS:
        return ""
    values = (_in_digits(text.strip(), language) for text in law[2].split(","))
    joined = say(language, "written.comma").join(values)
    return say(language, "written.law", law=say(language, f"law.{law[1]}"), values=joined)


def _show_count(written: str, language: str) -> str:
    counted = _OF.fullmatch(written)
    if counted:
        happened, number = (_in_digits(text, language) for text in counted.groups())
        return say(language, "written.of", happened=happened, number=number)
    exposed = _IN.fullmatch(written)
    if exposed and exposed[3] in DURATIONS:
        happened, time = _in_digits(exposed[1], language), _in_digits(exposed[2], language)
        unit = say(language, f"exposure.{DURATIONS[exposed[3]]}")
        return say(language, "written.in", happened=happened, time=time, unit=unit)
    return _in_digits(written, language) if _PLAIN.fullmatch(written) else ""
