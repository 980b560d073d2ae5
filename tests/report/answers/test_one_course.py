"""A course in words: whole, in order, in both languages, at every width."""

import pytest

from foedus.case.case import Case
from foedus.engine.world import Happening
from foedus.paths import one_course
from foedus.questions.one_course import OneCourse, Outcome
from foedus.report.answers.one_course import one_course_record, show_one_course
from foedus.report.layout import display_width
from tests.engine.native.everything import EVERY_PART
from tests.loading import case_of

TOWNS = """\
foedus: 1
case: towns
title: Towns
clock: {start: 2022-01-01, end: 2022-01-31}
actors: {king: {kind: person, label: {en: The king, fi: Kuningas}}}
groups: {town: [old-ford, new-ford, hill], soldier: 12}
parameters:
  pace: {value: 1, unit: per day, grade: assumed, because: a test}
  men: {value: 0.5, grade: assumed, because: a test}
state: {held: {type: flag, per: town, starts: false}, weary: {type: level, starts: 0}}
events:
  taken:
    per: town
    label: {en: "a town is taken, after a fight", fi: kaupunki vallataan}
    when: not held[town]
    rate: pace
    then: {"held[town]": true}
  musters:
    by: king
    label: {en: the king calls his men, fi: kuningas kutsuu miehensä}
    rate: pace
    draw: {come: "poisson(men)", fit: {per: soldier, as: bernoulli(men)}}
    then: {weary: weary + come}
  rests: {each: 1 day, then: {weary: 0}}
  speaks:
    by: king
    rate: pace
    choose:
      waits: {utility: 0}
      shouts:
        label: {en: the king shouts, fi: kuningas huutaa}
        utility: 0
        then: {weary: weary + men}
questions:
  all-taken: {label: "Are all taken?", probability: "all(held[t] for t in town)", by: 2022-01-31}
  how-long: {label: How long, time-until: "held[hill]", by: 2022-01-31}
  how-weary: {label: How weary, mean: weary, at: 2022-01-31}
"""


@pytest.fixture(scope="module")
def towns() -> Case:
    return case_of(TOWNS)


def course(*events: tuple[float, str, tuple[str, ...], dict[str, list[float]]]) -> OneCourse:
    """A course in which this happens."""
    atom = one_course(case_of(TOWNS), 0, draws=4, engine="reference").atom
    happened = tuple(Happening(*one, is_forced=False) for one in events)
    outcomes = (
        Outcome("all-taken", 0.0, True), Outcome("how-long", None, True),
        Outcome("how-weary", None, False),
    )  # fmt: skip
    return OneCourse(7, 1000, 1, "reference", atom, happened, outcomes)


TOLD = course(
    (0.25, "taken", ("old-ford",), {}),
    (0.5, "taken", ("hill",), {}),
    (0.75, "musters", (), {"come": [4.0], "fit": [1.0] * 9 + [0.0] * 3}),
    (0.8, "speaks.shouts", (), {}),
    (0.81, "speaks.waits", (), {}),
    (0.82, "speaks.shouts", (), {}),
    (1.0, "rests", (), {}),
    (1.25, "taken", ("new-ford",), {}),
    (1.5, "musters", (), {"come": [0.0], "fit": [1.0, 1.0] + [0.0] * 10}),
    (1.5, "musters", (), {"come": [0.0], "fit": [0.0] * 12}),
)


def test_a_course_in_english(towns: Case) -> None:
    shown = show_one_course(towns, TOLD)
    assert shown.startswith("Towns: course 7\n===============\nOne course of many: it shows what")
    assert shown.endswith("""\

1 Jan 2022  06:00  a town is taken: Old-Ford, Hill
            18:00  the king calls his men (The king; come: 4; fit: 9 values)
            19:12  the king shouts (The king; 2 times)
2 Jan 2022  06:00  a town is taken: New-Ford
            12:00  the king calls his men (The king; fit[1]: yes; fit[2]: yes)
            12:00  the king calls his men (The king)

Not told: regular updates (1) and choices that change nothing (1). All 10
events: `--json`.

What the questions come to in this course
-----------------------------------------
Are all taken? no
How long: never
How weary: its condition does not hold
""")


def test_a_course_in_finnish(towns: Case) -> None:
    shown = show_one_course(towns, TOLD, "fi")
    assert "kaupunki vallataan: Old-Ford, Hill\n" in shown
    assert "1.1.2022   6.00  " in shown
    assert "(Kuningas; come: 4; fit: 9 arvoa)" in shown
    assert "ei koskaan" in shown


@pytest.mark.parametrize("language", ["en", "fi"])
@pytest.mark.parametrize("width", [40, 60, 80])
def test_no_line_is_too_wide(towns: Case, language: str, width: int) -> None:
    shown = show_one_course(towns, TOLD, language, width)
    assert max(display_width(line) for line in shown.splitlines()) <= width
    assert ("1 Jan 2022\n" in shown) == (language == "en" and width < 60)


def test_a_course_in_which_nothing_happens(towns: Case) -> None:
    shown = show_one_course(towns, course())
    assert "Nothing happens." in shown
    assert "Not told" not in shown


@pytest.mark.parametrize("language", ["en", "fi"])
def test_courses_of_every_construct_are_told(language: str) -> None:
    """Every event of a real course stands in the text or among what is left out."""
    case = case_of(EVERY_PART.text())
    told = one_course(case, 2, draws=8, seed=3, engine="reference")
    assert str(len(told.events)) in show_one_course(case, told, language)
    record = one_course_record(case, told)
    assert [one["time"] for one in record["events"]] == [one.time for one in told.events]
    assert [one["name"] for one in record["questions"]] == list(case.questions)
