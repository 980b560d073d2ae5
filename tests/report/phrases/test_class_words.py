"""Classes of past cases are told in words, in both languages."""

from __future__ import annotations

import re

import pytest

from foedus.case.find import SHIPPED, shipped_cases
from foedus.history.bodies import BODIES
from foedus.history.classes import OWN, class_names
from foedus.history.learned import learned_share
from foedus.history.measures.leaders import REGIMES, REGIONS
from foedus.history.measures.registry import MEASURES
from foedus.history.spells import COLUMNS, ENDS
from foedus.report.language.catalogue import CATALOGUES
from foedus.report.phrases.class_words import show_body, show_class, show_counted, show_value

NAMED = re.compile(r"\{from: [a-z-]+, where: (.*?)\}")


@pytest.mark.parametrize("language", ["en", "fi"])
def test_no_shipped_class_is_shown_as_a_raw_condition(language: str) -> None:
    texts = [(SHIPPED / name / "case.yaml").read_text("utf-8") for name in shipped_cases()]
    named = {where for text in texts for where in NAMED.findall(text)}
    assert len(named) > 5
    assert [where for where in named if "=" in show_class(where, language)] == []


@pytest.mark.parametrize("language", ["en", "fi"])
def test_every_question_column_and_body_has_words(language: str) -> None:
    texts = CATALOGUES[language]
    assert {f"class.{name}" for name in MEASURES} <= set(texts)
    assert all(show_counted(name, language) != name for name in class_names())
    columns = {name for one in MEASURES.values() for name in one.columns} | set(COLUMNS)
    assert {f"column.{name}" for name in columns} <= set(texts)
    assert all(show_body(name, language) != name for name in BODIES)


@pytest.mark.parametrize("language", ["en", "fi"])
def test_every_word_that_a_column_holds_has_words(language: str) -> None:
    held = {("regime", name) for name in (*REGIMES.values(), "provisional/other")}
    held |= {("region", name) for name in REGIONS}
    held |= {("end", name) for name in ENDS.values() if name}
    for measure in OWN.values():
        for unit in measure.units():
            held |= {(column, str(unit.columns[column])) for column in ("frame", "threat",
                     "genuine", "decision") if column in unit.columns}  # fmt: skip
    assert len(held) > 25
    lacking = [pair for pair in held if "value.{}.{}".format(*pair) not in CATALOGUES[language]]
    assert lacking == []


@pytest.mark.parametrize(
    ("where", "english", "finnish"),
    [
        ("frame = alliance", "called on: an alliance", "pyynnön kohde: liitto"),
        ("body = csto", "body: the CSTO", "keneltä pyydettiin: ODKB"),
        ("threat = protest|coup", "threat: a coup or protest",
         "uhka: vallankaappaus tai mielenosoitukset"),
        ("threat != coup", "threat: not a coup", "uhka: ei vallankaappaus"),
        ("year = 1990..2015", "1990–2015", "1990–2015"),
        ("year >= 1990", "since 1990", "vuodesta 1990 alkaen"),
        ("polyarchy < 0.2", "electoral democracy (0 to 1) below 0.2",
         "vaalidemokratia (0–1) alle 0,2"),
        ("genuine = yes", "whose call: the government's own", "pyytäjä: hallitus itse"),
        ("military = no", "not by the military", "muiden kuin asevoimien tekemä"),
        ("military != yes", "not by the military", "muiden kuin asevoimien tekemä"),
        ("hostility = 4|5", "hostility: use of force or war",
         "vihamielisyys: voiman käyttö tai sota"),
        ("hostility >= 4", "hostility at least use of force",
         "vihamielisyys vähintään voiman käyttö"),
        ("rebel = no", "not: by rebels", "ei: kapinallisten tekemä"),
        ("requester = Mali", "asker: Mali", "apua pyytänyt: Mali"),
        ("what is this", "what is this", "what is this"),
    ],
)  # fmt: skip
def test_each_form_of_condition(where: str, english: str, finnish: str) -> None:
    assert show_class(where) == english
    assert show_class(where, "fi") == finnish


def test_parts_are_told_one_by_one_and_values_in_any_order() -> None:
    assert show_class("decision = partial | granted") == show_class("decision=granted|partial")
    told = show_class("chosen = yes and year >= 1990 and kin != yes")
    assert told == (
        "the successor was the leader's choice; since 1990; the successor is not of the family"
    )


def test_decades_and_names_are_values() -> None:
    assert [show_value("year", "1990s", one) for one in ("en", "fi")] == ["1990s", "1990-luku"]
    assert show_value("country", "Mali", "fi") == "Mali"
    assert learned_share("body = csto", None).body == "csto"
    assert show_body("ruritania", "fi") == "ruritania"
