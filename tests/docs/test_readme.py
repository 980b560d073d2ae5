"""The README is true: its commands run, what it shows is printed, its figure is today's.

Run with `--update` to put today's output and today's figure there.
"""

import csv
import re
import shutil

import pytest

from foedus.cli.main import COMMANDS
from foedus.study import load
from tests.architecture.project import ROOT, SOURCE
from tests.docs.executed import Reader, carried_out, compared

README = ROOT / "README.md"
FIGURE = ROOT / "docs" / "images" / "posteriors.svg"
TEXT = re.compile(r"<text[^>]*>([^<]*)")


def test_what_it_shows_is_so(reader: Reader, pytestconfig: pytest.Config) -> None:
    page = README.read_text(encoding="utf-8")
    updates = pytestconfig.getoption("--update")
    compared(README, carried_out(page, reader), updates)
    drawn = reader.folder / "foedus-out" / "kazakhstan-2022" / FIGURE.name
    if updates:
        for suffix in (".svg", ".png"):
            shutil.copy(drawn.with_suffix(suffix), FIGURE.with_suffix(suffix))
    # The shapes may differ in a last digit from machine to machine, the words may not.
    assert TEXT.findall(FIGURE.read_text()) == TEXT.findall(drawn.read_text())


def test_every_command_is_named_and_no_other() -> None:
    page = README.read_text(encoding="utf-8")
    assert set(re.findall(r"`foedus ([a-z]+)", page)) == set(COMMANDS)


def test_numbers_in_its_prose() -> None:
    page = README.read_text(encoding="utf-8")
    case = load("kazakhstan-2022")
    assert "Each of its twenty statements" in page
    assert len(case.statements) == 20
    assert "four rival explanations" in page
    assert len(case.explanations) == 4
    with (SOURCE / "cases" / "kazakhstan-2022" / "facts.csv").open(encoding="utf-8") as file:
        facts = list(csv.DictReader(file))
    assert "some two hundred dated facts" in page
    assert 180 < len(facts) < 220


def test_the_new_case_is_short(reader: Reader) -> None:
    reader.program(["new", "border-crisis"])
    lines = (reader.folder / "border-crisis" / "case.yaml").read_text().splitlines()
    assert len([line for line in lines if line.strip() and not line.strip().startswith("#")]) <= 25
