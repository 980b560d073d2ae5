"""A file of texts translates what is in English only, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus import study
from foedus.case.case import Case
from foedus.text.codes import Code

CASE = """\
foedus: 1
case: rallies
title: Rallies
doc: >
  Crowds come,
  and crowds go.
clock: {start: 2022-01-01, end: 2022-01-31}
parameters:
  pace: {value: 2, unit: per day, grade: assumed, because: nobody counted}
  stay:
    {value: 2, unit: days, grade: assumed, because: nobody counted, doc: {en: how long, fi: kesto}}
state: {crowds: {type: count, starts: 0, doc: crowds so far}}
events: {crowd: {rate: pace, then: {crowds: crowds + 1}}}
questions: {crowds: {mean: crowds, at: 2022-01-31}}
"""
TEXTS = """\
texts:
  - {en: Rallies, fi: Mielenosoituksia}
  - {en: "Crowds come, and crowds go.", fi: Väkeä tulee ja menee.}
  - {en: nobody counted, fi: kukaan ei laskenut}
"""


def read(folder: Path, texts: str | None) -> tuple[Case | None, list[tuple[Code, int]]]:
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    if texts is not None:
        (folder / "case.texts.yaml").write_text(texts, encoding="utf-8")
    case, said = study.read(str(folder / "case.yaml"))
    return case, [(one.code, one.primary.span.line) for one in said]


def test_texts_are_translated_wherever_they_stand(tmp_path: Path) -> None:
    case, said = read(tmp_path, TEXTS)
    assert said == []
    assert case is not None
    assert (case.title.get("en"), case.title.get("fi")) == ("Rallies", "Mielenosoituksia")
    assert case.doc.get("fi") == "Väkeä tulee ja menee."
    reasons = {one.grounds.because.get("fi") for one in case.parameters.values()}
    assert reasons == {"kukaan ei laskenut"}
    assert case.parameters["stay"].doc.get("fi") == "kesto"
    assert case.state["crowds"].doc.get("fi") == "crowds so far"


def test_a_case_without_the_file_speaks_english(tmp_path: Path) -> None:
    case, said = read(tmp_path, None)
    assert said == []
    assert case is not None
    assert case.title.get("fi") == "Rallies"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ("texts:\n  - {en: Ralleys, fi: Rallit}\n", [(Code.UNUSED_TEXT, 2)]),
        # What is given per language in the case needs no other translation.
        ("texts:\n  - {en: how long, fi: miten kauan}\n", [(Code.UNUSED_TEXT, 2)]),
        # A name is no text, even if it reads like one.
        ("texts:\n  - {en: crowds, fi: joukot}\n", [(Code.UNUSED_TEXT, 2)]),
        (
            "texts:\n  - {en: Rallies, fi: Rallit}\n  - {en: Rallies, fi: Kokoukset}\n",
            [(Code.DUPLICATE_KEY, 3)],
        ),
        ("texts:\n  - {en: Rallies}\n", [(Code.MISSING_KEY, 2)]),
        ("texts:\n  - {en: Rallies, sv: Möten, fi: Rallit}\n", [(Code.UNKNOWN_KEY, 2)]),
        ("texts: Rallies\n", [(Code.WRONG_TYPE, 1)]),
        ("actors: {}\n", [(Code.MISPLACED_KEY, 1), (Code.MISSING_KEY, 1)]),
        ("texts: [\n", [(Code.BAD_YAML, 2)]),
        ("texts: &a []\n", [(Code.YAML_ANCHOR, 1)]),
        ("", [(Code.BAD_YAML, 1)]),
    ],
)
def test_what_is_wrong_with_it_is_told(
    texts: str, expected: list[tuple[Code, int]], tmp_path: Path
) -> None:
    case, said = read(tmp_path, texts)
    assert said == expected
    assert (case is None) == any(code is not Code.UNUSED_TEXT for code, _ in said)
