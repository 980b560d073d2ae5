"""Sums that are kept from event to event: the same runs, event by event and bit by bit."""

from __future__ import annotations

import math
from pathlib import Path
from random import Random

import pytest

from foedus.engine.exact_sums import other_index, rounder
from foedus.engine.layout import lay_out
from foedus.engine.native.choice import Work, choose
from foedus.engine.native.field import find_fields
from foedus.engine.native.program import build_program
from foedus.engine.reference import prepare
from foedus.expr import tree
from foedus.jump.lower import interventions_of, lower
from foedus.jump.model import JumpModel, Rate
from tests.engine.native.test_agreement import assert_same_run
from tests.loading import case_at, case_of

ALLIANCE = Path(__file__).parents[3] / "src" / "foedus" / "cases" / "alliance-50" / "case.yaml"

CASE = """\
foedus: 1
case: pulls
title: Pulls of many on each
clock: {{start: 2000-01-01, end: 2000-03-01}}
groups: {{one: {size}}}
data:
  tie: {{per: [one, one], csv: ties.csv, grade: assumed, because: lot}}
  mass: {{per: one, csv: masses.csv, column: mass, grade: assumed, because: lot}}
parameters:
  pace: {{value: 0.3, unit: per day, grade: assumed, because: lot}}
  sharp: {{value: {sharp}, grade: assumed, because: lot}}
  most: {{value: 3, grade: assumed, because: lot}}
  half: {{value: 0.5, grade: assumed, because: lot}}
state:
  up: {{type: flag, per: one, starts: "mass[one] > 1"}}
  height: {{type: count, max: 3, per: one, starts: 0}}
  mood: {{type: flag, starts: false}}
events:
  turns:
    per: one
    when: "{guard}"
    rate: >-
      pace * min(most, exp(sharp * (if up[one] then -1 else 1) * sum(tie[one, other]
      * (if up[other] then 1 else -1) * (1 + height[other]) for other in one)))
    then: {{"up[one]": "not up[one]"}}
  grows:
    per: one
    when: "height[one] < 3"
    rate: >-
      pace * mass[one] * min(most, exp(sharp * sum(tie[other, one] * mass[other] for other in one
      where up[other]) - (if mood then sharp else 0)))
    then: {{"height[one]": "height[one] + 1"}}
  shrinks:
    per: one
    when: "height[one] > 0"
    rate: "pace * half * height[one]"
    then: {{"height[one]": "height[one] - 1", "up[one]": mood}}
  swings: {{rate: pace, then: {{mood: not mood}}}}
questions:
  ups: {{mean: "count(up[o] for o in one)", at: 2000-03-01}}
what-if:
  without:
    forbid: "grows[2]"
"""


def pulls(
    folder: Path, size: int = 11, sharp: float = 0.4, guard: str = "mood or mass[one] > 0.6",
) -> str:  # fmt: skip
    """The text of a case with ties and masses drawn by lot, its tables in a folder."""
    lot = Random(size)
    places = range(1, size + 1)
    ties = [f"{one},{other},{lot.gauss(0.0, 0.5)}" for one in places for other in places]
    masses = [f"{one},{lot.uniform(0.5, 1.5)}" for one in places]
    (folder / "ties.csv").write_text("\n".join(["one,other,tie", *ties]))
    (folder / "masses.csv").write_text("\n".join(["one,mass", *masses]))
    return CASE.format(size=size, sharp=sharp, guard=guard)


def assert_same_runs(model: JumpModel, runs: int, horizon: float | None = None) -> int:
    """Reference and fields make the same runs; gives how many events there were."""
    program = build_program(model, has_fields=True)
    prepared = prepare(model)
    return sum(assert_same_run(prepared, program, 0, run, horizon) for run in range(runs))


def test_alliance_is_chosen_by_its_structure() -> None:
    model = lower(case_at(ALLIANCE))
    assert choose(Work(model)) == "fields"
    (field,) = find_fields(model, lay_out(model))
    assert (field.rows, field.columns) == (50, 50)


def test_alliance_run_by_run() -> None:
    assert assert_same_runs(lower(case_at(ALLIANCE)), 1, 15.0) > 40


@pytest.mark.parametrize("size", [3, 8, 11, 17, 32, 33])
def test_every_size_of_group(tmp_path: Path, size: int) -> None:
    """Below eight there is nothing side by side; above, the last vector may be part empty."""
    model = lower(case_of(pulls(tmp_path, size), tmp_path))
    assert len(find_fields(model, lay_out(model))) == 2
    assert assert_same_runs(model, 2, 20.0) > 8 * size


def test_arguments_out_of_the_usual_range(tmp_path: Path) -> None:
    """Hazards up to e^800 and down to 0: the vector code leaves them to the scalar code."""
    model = lower(case_of(pulls(tmp_path, sharp=-150.0), tmp_path))
    assert_same_runs(model, 6, 3.0)


def test_what_cannot_go_side_by_side_is_right_too(tmp_path: Path) -> None:
    model = lower(case_of(pulls(tmp_path, guard="happened(swings) or up[one]"), tmp_path))
    assert assert_same_runs(model, 3) > 400


def test_with_interventions(tmp_path: Path) -> None:
    case = case_of(pulls(tmp_path), tmp_path)
    model, changed = lower(case), interventions_of(case, "without")
    kept = build_program(model, interventions=changed, has_fields=True)
    plain = build_program(model, interventions=changed)
    for one in (kept, plain):
        assert len(one.text.acts) == 4
    runs = [run_all(program, model) for program in (kept, plain)]
    assert runs[0] == runs[1]


def run_all(program: object, model: JumpModel) -> tuple[list[float], list[int]]:
    """Answers and events of some runs."""
    from foedus.engine.native.program import Program, run_program
    from foedus.engine.sampling import draw_parameters

    assert isinstance(program, Program)
    theta = draw_parameters(model, model.atoms[0], 3, 0)
    found = run_program(program, theta, model.atoms[0], 3, 0, 20)
    return found.values[:, 0].tolist(), found.events.tolist()


# What such a sum is ------------------------------------------------------------------------------


def sums(model: JumpModel) -> list[tree.Quantifier]:
    """The sums in the rates of a model."""
    return [
        part
        for kind in model.kinds
        if isinstance(kind.timing, Rate)
        for part in tree.walk(kind.timing.hazard)
        if isinstance(part, tree.Quantifier)
    ]


def test_rounded_terms_add_up_exactly_in_any_order(tmp_path: Path) -> None:
    """Terms of every size that state and table allow, a thousand times in another order."""
    model = lower(case_of(pulls(tmp_path, 25), tmp_path))
    layout, lot = lay_out(model), Random(5)
    (table,) = (table for table in model.tables if table.name == "tie")
    grid = rounder(sums(model)[0], layout)
    assert grid is not None
    for _ in range(1000):
        chosen = lot.sample(table.values, 25)
        terms = [value * lot.choice((-1.0, 1.0)) * (1.0 + lot.randint(0, 3)) for value in chosen]
        rounded = [(term + grid) - grid for term in terms]
        forwards, backwards = 0.0, 0.0
        for term in rounded:
            forwards += term
        for term in reversed(rounded):
            backwards += term
        assert forwards == backwards == math.fsum(rounded)
        assert abs(forwards - math.fsum(terms)) < 25 * 25 * 8.0 * 2.0**-51


def test_the_largest_terms_add_up_exactly_too(tmp_path: Path) -> None:
    """Random signs cancel; what the grid must bear is all terms at their largest, of one sign.

    Ties are negative here, so that what is largest is at the low end of the bounds. And the grid is
    no coarser than it must be.
    """
    text, size = pulls(tmp_path, 25), 25
    lines = (tmp_path / "ties.csv").read_text().splitlines()
    negative = [line.replace(",-", ",").rpartition(",") for line in lines[1:]]
    (tmp_path / "ties.csv").write_text(
        "\n".join([lines[0], *(f"{a},-{b}" for a, _, b in negative)])
    )
    model, lot = lower(case_of(text, tmp_path)), Random(6)
    layout, values = lay_out(model), {table.name: table.values for table in model.tables}
    assert max(values["tie"]) < 0.0
    tie, mass = (max(map(abs, values[name])) for name in ("tie", "mass"))
    first, second = sums(model)[:2]
    for node, largest in ((first, 4.0 * tie), (second, tie * mass)):
        grid = rounder(node, layout)
        assert grid is not None
        unit = grid / (1.5 * 2.0**52)
        assert 2.0**50 * unit <= size * largest < 2.0**52 * unit
        terms = [-largest * (1.0 - 1e-6 * lot.random()) for _ in range(size)]
        rounded = [(term + grid) - grid for term in terms]
        partial = 0.0
        for number, term in enumerate(rounded, 1):
            partial += term
            assert partial == math.fsum(rounded[:number])


@pytest.mark.parametrize(
    "term",
    [
        "tie[one, other] * sharp",  # no state
        "tie[one, other] / (1 + height[other])",  # a division
        "height[other]",  # no table
        "tie[one, other] * height[one]",  # state at the other index
        "tie[one, other] * height[other] * sharp",  # nothing bounds a parameter
        "mass[other] * height[other]",  # the same for everybody
    ],
)
def test_other_sums_are_left_folds(tmp_path: Path, term: str) -> None:
    text = pulls(tmp_path).replace(
        "pace * half * height[one]", f"pace * abs(sum({term} for other in one))"
    )
    model = lower(case_of(text, tmp_path))
    (node,) = (part for part in sums(model) if part not in sums(model)[:2])
    assert other_index(node) is None or rounder(node, lay_out(model)) is None


def test_a_sum_that_depends_on_two_others_is_a_left_fold(tmp_path: Path) -> None:
    inner = "sum(tie[one, other] * tie[more, other] * height[other] for other in one)"
    text = pulls(tmp_path).replace(
        "pace * half * height[one]", f"pace * abs(sum({inner} for more in one))"
    )
    model = lower(case_of(text, tmp_path))
    outer, nested = sums(model)[2:]
    assert nested.variable == "other"
    assert other_index(nested) is None
    assert other_index(outer) is None
    assert other_index(sums(model)[0]) is not None
