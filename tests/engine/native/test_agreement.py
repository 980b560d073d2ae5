"""Native = reference, event by event and bit by bit, with the same keys."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from foedus.case.check import check_case, parse_case
from foedus.case.reads import expressions_of
from foedus.engine import arithmetic, numerics
from foedus.engine.native import sparse
from foedus.engine.native.choice import Work
from foedus.engine.native.program import Program, build_program, run_program
from foedus.engine.reference import Prepared, prepare, simulate_run
from foedus.engine.sampling import draw_parameters
from foedus.expr import tree
from foedus.jump.lower import lower
from foedus.jump.model import JumpModel, MonitorKind, Timing, Waiting
from foedus.study import build, load
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Source
from tests.engine.native.everything import EVERY_PART, Parts, parts

HERE = Path(__file__).parents[2]
CONFORMANCE = sorted((HERE / "conformance" / "cases").glob("*.yaml"))
SHIPPED = sorted((HERE.parent / "src" / "foedus" / "cases").glob("*/case.yaml"))
LONGEST_LOG = 200_000


def model_of(text: str) -> JumpModel:
    """The model of a text whose warnings do not matter here."""
    diagnostics = Diagnostics()
    file = parse_case(Source("case.yaml", text), None, diagnostics)
    case = None if file is None else check_case(file, diagnostics)
    faults = [d.message for d in diagnostics.found if d.is_error]
    assert case is not None, faults
    return lower(case)


def program_of(model: JumpModel, is_sparse: bool) -> Program:
    """Compiled code by the scalar algorithm, or by the one for many instances."""
    return sparse.build(Work(model)).program if is_sparse else build_program(model)


def assert_same_run(
    prepared: Prepared, program: Program, atom_number: int, run: int, horizon: float | None = None
) -> int:
    """Both engines make the same run: every event, every answer, every bit."""
    model = program.model
    atom = model.atoms[atom_number]
    theta = draw_parameters(model, atom, 5, run)
    slow = simulate_run(prepared, theta, atom, 5, run, record=True, horizon=horizon)
    fast = run_program(program, theta, atom, 5, run, 1, log=LONGEST_LOG, horizon=horizon)
    assert fast.events[0] == slow.events
    for row, happened in zip(fast.log, slow.record, strict=False):
        assert (row[0], program.text.acts[int(row[1])]) == (happened.time, happened.name)
        assert (
            prepared.by_kind[_kind(happened.name, prepared)][int(row[2])].labels == happened.labels
        )
    assert np.array_equal(fast.values[0], np.array(slow.values), equal_nan=True)
    assert np.array_equal(fast.waited[0], np.array(slow.waited), equal_nan=True)
    assert [bool(one) for one in fast.given[0]] == list(slow.is_given)
    return slow.events


def _kind(name: str, prepared: Prepared) -> str:
    return name if name in prepared.by_kind else name.rpartition(".")[0]


@pytest.mark.parametrize("is_sparse", [False, True])
def test_every_construct_runs_alike(is_sparse: bool) -> None:
    model = model_of(EVERY_PART.text())
    prepared, program = prepare(model), program_of(model, is_sparse)
    events = sum(
        assert_same_run(prepared, program, atom, run) for atom in range(2) for run in range(6)
    )
    assert events > 1000


def test_every_part_has_every_construct() -> None:
    """Nodes, operators, functions, quantifiers by domain, timings, laws, questions, gates."""
    model = model_of(EVERY_PART.text())
    nodes = [
        node
        for kind in model.kinds
        for expression in expressions_of(kind)
        for node in tree.walk(expression)
    ]
    assert {type(node) for node in nodes} == set(get_args(tree.Expression))
    found = {node.operator for node in nodes if isinstance(node, tree.Binary)}
    assert found == {"and", "or", "+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!="}
    called = {node.function for node in nodes if isinstance(node, tree.Call)}
    assert called == set(arithmetic.FUNCTIONS)
    folded = {(n.name, type(n.domain)) for n in nodes if isinstance(n, tree.Quantifier)}
    names = {"any", "all", "count", "sum", "min", "max"}
    assert folded == set(product(names, (tree.GroupDomain, tree.RelatedDomain)))
    timings = {type(kind.timing) for kind in model.kinds}
    assert timings == set(get_args(Timing))
    waits = {k.timing.distribution for k in model.kinds if isinstance(k.timing, Waiting)}
    assert waits == set(numerics.WAITING_TIMES)
    assert {d.distribution for k in model.kinds for d in k.draws} == set(numerics.DRAWS)
    assert {monitor.kind for monitor in model.monitors} == set(get_args(MonitorKind))
    loops = {
        (type(domain), effect.condition is None)
        for kind in model.kinds
        for effect in kind.effects
        for _, domain in effect.loop
    }
    assert {(tree.RelatedDomain, False), (tree.RelatedDomain, True),
            (tree.GroupDomain, False)} <= loops  # fmt: skip
    assert any(kind.gate is not None for kind in model.kinds)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(parts())
def test_random_models_run_alike(made: Parts) -> None:
    model = model_of(made.text())
    prepared = prepare(model)
    for is_sparse in (False, True):
        program = program_of(model, is_sparse)
        assert_same_run(prepared, program, is_sparse, is_sparse)


@pytest.mark.parametrize("path", CONFORMANCE, ids=lambda path: path.stem)
def test_conformance_cases_run_alike(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if "csv:" in text:
        pytest.skip("the tables of this case are not part of the project")
    model = model_of(text)
    prepared, program = prepare(model), build_program(model)
    for run in range(3):
        assert_same_run(prepared, program, 0, run)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_shipped_cases_run_alike(path: Path) -> None:
    model = build(load(path))
    prepared, program = prepare(model), build_program(model)
    horizon = min(model.horizon, 3.0) if len(prepared.instances) > 500 else min(model.horizon, 20.0)
    for atom in range(len(model.atoms)):
        assert_same_run(prepared, program, atom, atom, horizon)


def test_one_program_serves_all_parameters() -> None:
    model = model_of(EVERY_PART.text())
    program = build_program(model)
    atom = model.atoms[0]
    theta = draw_parameters(model, atom, 1, 0)
    first = run_program(program, theta, atom, 1, 0, 4)
    again = run_program(program, theta, atom, 1, 0, 4)
    assert np.array_equal(first.values, again.values, equal_nan=True)
    changed = run_program(program, {**theta, "fast": 0.001}, atom, 1, 0, 4)
    assert not np.array_equal(first.events, changed.events)
    assert len(set(first.events.tolist())) > 1, "replications differ"


def test_runs_do_not_depend_on_how_they_are_grouped() -> None:
    model = model_of(EVERY_PART.text())
    program = build_program(model)
    atom = model.atoms[1]
    theta = draw_parameters(model, atom, 1, 0)
    whole = run_program(program, theta, atom, 9, 0, 6)
    single = [run_program(program, theta, atom, 9, run, 1).values[0] for run in range(6)]
    assert np.array_equal(whole.values, np.array(single), equal_nan=True)
