"""What a label says of a day or a number is what its formula asks, in both languages."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from collections.abc import Iterator
from datetime import date

import pytest

from foedus.case.case import Case
from foedus.case.find import shipped_cases
from foedus.case.parts import Question
from foedus.study import load
from tests.cases.test_languages import texts

A_MINUTE = 1 / 1440
MONTHS = {name: number for number, name in enumerate(month_name) if name}
A_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)})(?: (\d{{4}}))?")
TWO_DAYS = re.compile(rf"\b(\d{{1,2}}) and (\d{{1,2}}) ({'|'.join(MONTHS)})")
A_MONTH_S_END = re.compile(rf"\bend of ({'|'.join(MONTHS)})(?: (\d{{4}}))?")


def numbers(text: str, language: str) -> list[int]:
    """The whole numbers that are written in figures, thousands in one piece."""
    parted = r"(?<=\d),(?=\d{3}\b)" if language == "en" else r"(?<=\d)[ \u00a0](?=\d{3}\b)"
    figures = text.replace("nollasta yhteen", "0 1")
    return sorted(map(int, re.findall(r"\d+", re.sub(parted, "", figures))))


def edges(case: Case, question: Question) -> set[date]:
    """The days on which the time that is asked about ends and, unless it is one moment, begins."""
    end = question.end if question.at is None else question.at
    times = [end - A_MINUTE, *([question.start] if question.at is None else [])]
    return {date.fromisoformat(case.clock.show_days(one)[:10]) for one in times}


def named(label: str, years: range) -> Iterator[set[date]]:
    """The days that a label names, each in all the years it may mean."""
    for day, month, year in A_DAY.findall(TWO_DAYS.sub(r"\1 \3 and \2 \3", label)):
        yield {date(one, MONTHS[month], int(day)) for one in ([int(year)] if year else years)}
    for month, year in A_MONTH_S_END.findall(label):
        found = [int(year)] if year else years
        yield {date(one, MONTHS[month], monthrange(one, MONTHS[month])[1]) for one in found}


@pytest.mark.parametrize("name", shipped_cases())
def test_both_languages_say_the_same_numbers(name: str) -> None:
    for place, text in texts(load(name), ""):
        said = dict(text.texts)
        if {"en", "fi"} <= set(said):
            assert numbers(said["en"], "en") == numbers(said["fi"], "fi"), (place, said)


@pytest.mark.parametrize("name", shipped_cases())
def test_a_day_in_a_question_s_label_is_an_edge_of_what_it_asks(name: str) -> None:
    case = load(name)
    for question in case.questions.values():
        asked = edges(case, question)
        years = range(min(asked).year, max(asked).year + 1)
        for meant in named(dict(question.label.texts).get("en", ""), years):
            assert meant & asked, (question.name, meant, asked)
