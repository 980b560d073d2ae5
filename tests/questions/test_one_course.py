"""One course to be read: the run of its number among all paths, of an atom drawn by the priors."""

from pathlib import Path

import pyarrow as pa
import pytest

from foedus.jump.model import JumpModel
from foedus.questions.answers import design_of, simulate
from foedus.questions.one_course import OneCourse, atom_of, one_course
from foedus.questions.path_file import write_paths
from foedus.questions.paths import paths
from foedus.text.diagnostic import SettingsError
from tests.engine.native.everything import EVERY_PART
from tests.engine.native.test_agreement import model_of
from tests.loading import model_at

CASES = Path(__file__).parents[1] / "conformance" / "cases"
THREE_IN_FOUR = """\
foedus: 1
case: coin
title: A coin
clock: {start: 2022-01-01, end: 2022-01-31}
components: {heads: {label: Heads}}
atoms:
  heads: {components: [heads], prior: 0.75, grade: assumed, because: a test}
  tails: {components: [], prior: 0.25, grade: assumed, because: a test}
explanations: {up: {atoms: [heads]}, down: {atoms: [tails]}}
parameters: {pace: {value: 0.1, unit: per day, grade: assumed, because: a test}}
state: {fell: {type: flag, starts: false}}
events: {falls: {when: not fell, rate: pace, then: {fell: true}}}
questions: {when: {time-until: fell, by: 2022-01-31}}
"""


def rows_of(course: OneCourse) -> list[dict[str, object]]:
    """The events of a course as the rows of a file of paths."""
    rows = []
    for one in course.events:
        drawn = [value for values in one.draws.values() for value in values]
        index = ", ".join(one.labels) or None
        rows.append({"time": one.time, "event": one.name, "index": index, "draws": drawn})
    return rows


@pytest.mark.parametrize("engine", ["reference", "native"])
@pytest.mark.parametrize("name", ["everything", "choice", "two-parts"])
def test_a_course_is_the_run_of_its_number_in_the_file(
    name: str, engine: str, tmp_path: Path
) -> None:
    model = (
        model_of(EVERY_PART.text()) if name == "everything" else model_at(CASES / f"{name}.yaml")
    )
    assert_courses_in_file(model, engine, tmp_path / "p.arrow")


def assert_courses_in_file(model: JumpModel, engine: str, path: Path) -> None:
    """Every number of a design, event by event, with its labels and draws."""
    design = design_of(model, 8, 3)
    write_paths(path, model, paths(design, engine), lambda: None)
    with pa.ipc.open_file(str(path)) as file:
        table = file.read_all().to_pylist()
    for number in range(design.draws):
        course = one_course(design, engine, number)
        found = [
            {
                "time": row["time"],
                "event": row["event"],
                "index": row["index"],
                "draws": [value for _, value in row["draws"]],
            }
            for row in table
            if (row["atom"], row["run"]) == (course.atom.name, number)
        ]
        assert rows_of(course) == found


def test_outcomes_are_those_that_the_answers_average() -> None:
    """A time that never comes counts with the whole month, the end of its last day."""
    model = model_of(THREE_IN_FOUR)
    (answer,) = simulate(model, draws=40, seed=2, explanation="up", engine="reference").questions
    design = design_of(model, 40, 2, None, "up")
    ends = [one_course(design, "reference", number).outcomes[0] for number in range(design.draws)]
    assert all(one.is_given for one in ends)
    lengths = [31.0 if one.value is None else one.value for one in ends]
    assert None in [one.value for one in ends]
    assert sum(lengths) / len(lengths) == pytest.approx(answer.estimate.value, rel=1e-12)


def test_atoms_are_drawn_by_their_priors() -> None:
    """Of 3,000 courses the share within 4.5 standard errors: a false alarm in 150,000 seeds."""
    design = design_of(model_of(THREE_IN_FOUR), 3000, 5)
    heads = sum(atom_of(design, number).name == "heads" for number in range(3000)) / 3000
    assert abs(heads - 0.75) < 4.5 * (0.75 * 0.25 / 3000) ** 0.5


def test_an_explanation_leaves_only_its_own_atoms() -> None:
    design = design_of(model_of(THREE_IN_FOUR), 20, 5, None, "down")
    assert {atom_of(design, number).name for number in range(20)} == {"tails"}


def test_a_number_that_no_run_has() -> None:
    design = design_of(model_of(THREE_IN_FOUR), 20, 5)
    with pytest.raises(SettingsError, match="no course has the number 20: they go from 0 to 19"):
        one_course(design, "reference", 20)
