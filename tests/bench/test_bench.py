"""The bench: what its rows say, and that both sides of a ratio simulate the same model.

How fast anything is, no test asks.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from foedus.bench import row as rows
from foedus.bench.engine import Engine, answers, engine_of
from foedus.bench.machine import this_machine
from foedus.bench.measure import TooLong, in_turns, ratio, run_process
from foedus.bench.peer import agrees, filter_peers, peers
from foedus.bench.peers.sbml import crisis_in_sbml
from foedus.bench.random_models import KINDS, random_model
from foedus.bench.row import Found, Row, Skipped, all_rows, verdict
from foedus.bench.rows import coupling
from foedus.bench.rows.filter import filter_of
from foedus.bench.run import as_record, measured, show, show_machine
from foedus.bench.textbook import textbook
from foedus.bench.yardstick import NoYardstick, build, shipped
from tests.cases.test_yardsticks import CRISIS
from tests.loading import case_of

needs_gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not here")
TOO_FAR = 4.5


def fixed(name: str = "one", **more: object) -> Row:
    """A row that always finds 2."""
    return Row(name, "A", "speed", lambda effort: Found(2.0, 1.5, 2.5, {"runs": 7}), **more)  # type: ignore[arg-type]


def test_rows_have_names_of_their_own() -> None:
    names = [row.name for row in all_rows()]
    assert len(set(names)) == len(names)
    assert {"crisis", "alliance", "crowd", "flagship", "memory"} <= set(names)
    for row in all_rows():
        if row.gate is not None and row.aim is not None:
            assert (row.aim < row.gate) is row.at_most


@pytest.mark.parametrize(
    ("gate", "aim", "at_most", "expected"),
    [
        (None, None, False, "shown"),
        (1.0, 2.0, False, "aim reached"),
        (2.0, 3.0, False, "gate reached"),
        (2.5, 3.0, False, "gate MISSED"),
        (3.0, 2.0, True, "aim reached"),
        (2.0, 1.0, True, "gate reached"),
        (1.9, 1.0, True, "gate MISSED"),
    ],
)
def test_verdict(gate: float | None, aim: float | None, at_most: bool, expected: str) -> None:
    row = fixed(gate=gate, aim=aim, at_most=at_most)
    assert verdict(row, row.run(rows.QUICK)) == expected
    assert expected in show(row, row.run(rows.QUICK)) or expected == "shown"


def test_a_row_that_cannot_be_measured_says_why_and_the_next_follows() -> None:
    def no(effort: rows.Effort) -> Found:
        raise NoYardstick("gcc is not here")

    def late(effort: rows.Effort) -> Found:
        raise TooLong("not done after 3 s")

    listed = [Row("a", "A", "speed", no), Row("b", "B", "speed", late), fixed("c")]
    found = [outcome for _, outcome in measured(listed, rows.QUICK, lambda row: None)]
    assert found[:2] == [Skipped("gcc is not here"), Skipped("not done after 3 s")]
    assert isinstance(found[2], Found)
    record = as_record(listed[0], found[0])
    assert record["verdict"] == "skipped"
    assert record["reason"] == "gcc is not here"
    assert json.loads(json.dumps(record, allow_nan=False))["value"] is None


def test_turns_alternate_and_the_first_does_not_count() -> None:
    order: list[tuple[str, int]] = []

    def one(turn: int) -> float:
        order.append(("one", turn))
        return 4.0 + turn

    def other(turn: int) -> float:
        order.append(("other", turn))
        return 1.0 + turn

    found = in_turns(2, one=one, other=other)
    assert order[:4] == [("one", 0), ("other", 0), ("one", 1), ("other", 1)]
    assert ratio(found["one"], found["other"]).value == (2.5 + 2.0) / 2


def test_a_process_that_takes_too_long_is_ended() -> None:
    with pytest.raises(TooLong, match="not done after"):
        run_process(["sleep", "60"], limit=0.2)


def test_machine_is_described() -> None:
    machine = this_machine()
    assert machine.packages["llvmlite"] in show_machine(machine)
    assert json.loads(json.dumps(machine.as_record()))["python"] == machine.python


# Both sides of a ratio ---------------------------------------------------------------------------


@needs_gcc
def test_crisis_in_c_is_the_case() -> None:
    """Against known means: beyond 4.5 standard errors (two means) once in 70,000."""
    runs = 3000
    found = shipped("crisis").run(runs, 1)
    assert abs(found["protesters"] - CRISIS["protesters"]) < TOO_FAR * 100.0 / sqrt(runs)
    assert abs(found["ousted"] - CRISIS["ousted"]) < TOO_FAR * 0.5 / sqrt(runs)


@needs_gcc
def test_textbook_of_a_model_is_the_model() -> None:
    """Three models drawn by lot, in C and compiled by us: protesters agree within 4.5 errors."""
    for seed in (1, 2, 3):
        engine = engine_of(case_of(random_model(seed)))
        program = build(f"test-{seed}", textbook(engine.model, engine.theta))
        assert_same(engine, program.run(400, 5), 400)


def assert_same(engine: Engine, found: dict[str, float], runs: int) -> None:
    """Each mean within 4.5 standard errors of the difference (7e-6 a mean)."""
    results = engine.run(0, runs)
    for monitor in engine.model.monitors:
        own = answers(results, engine.model, monitor.name)
        error = float(np.std(own)) * sqrt(2.0 / runs)
        assert abs(found[monitor.name] - float(own.mean())) < TOO_FAR * error + 1e-9, monitor.name


@needs_gcc
def test_crowd_in_c_is_as_active_as_known() -> None:
    """An independent program found .070 to .071 over time."""
    assert shipped("crowd").run(20_000, 300_000, 1)["active"] == pytest.approx(0.0705, abs=0.003)


@needs_gcc
def test_alliance_in_c_is_the_case(tmp_path: Path) -> None:
    """Mean commitment of 40 runs each: within 4.5 standard errors (7e-6)."""
    engine = engine_of("alliance-50")
    (ties,) = (table for table in engine.model.tables if table.name == "tie")
    (tmp_path / "ties").write_bytes(np.array(ties.values).tobytes())
    try:
        found = shipped("alliance").run(tmp_path / "ties", 40, 1)
    except NoYardstick as reason:
        pytest.skip(str(reason))
    own = answers(engine.run(0, 40), engine.model, "commitment")
    error = float(np.std(own)) * sqrt(2.0 / 40)
    assert abs(found["commitment"] - float(own.mean())) < TOO_FAR * error


@pytest.mark.parametrize(
    ("measure", "least"),
    [(coupling.counts, 40.0), (coupling.offices, 80.0)],
    ids=["count", "flag"],
)
def test_shared_clocks_make_differences_small(
    measure: Callable[[rows.Effort], Found | Skipped], least: float
) -> None:
    """The ally's support of order from 1.0 to 1.2: far less variance than with clocks of their own.

    The ratios are about 57 and 200. Of 5,000 pairs the one for counts is known to 3 %; offices
    differ in about 12 pairs, and would have to in 31. Chance does either 5 times in a million.
    """
    found = measure(rows.Effort(1, 0.25))
    assert isinstance(found, Found)
    assert found.value > least


@needs_gcc
def test_both_filters_find_the_same_likelihood() -> None:
    # Eight filters of 400 particles each; their logarithms scatter by about 0.5 on either side, so
    # that a difference of 4.5 standard errors comes up 7 times in a million.
    seen = shipped("filter").run(400, 1)["seen"]
    made = filter_of(seen)
    plain = [shipped("filter").run(400, seed)["log_likelihood"] for seed in range(1, 9)]
    own = [made.run(400, seed).log_likelihood for seed in range(1, 9)]
    error = sqrt((np.var(plain, ddof=1) + np.var(own, ddof=1)) / 8.0)
    assert abs(float(np.mean(plain) - np.mean(own))) < TOO_FAR * error


def test_random_models_are_cases_and_differ() -> None:
    texts = [random_model(seed) for seed in range(1, 21)]
    assert len(set(texts)) == 20
    assert random_model(7) == texts[6]
    for text in texts:
        assert len(case_of(text).events) == KINDS


def test_peers_are_described_once_for_all() -> None:
    assert {peer.distribution for peer in peers()} == {
        "copasi-basico", "gillespy2", "jax", "libroadrunner", "rebop",
    }  # fmt: skip
    assert [one.distribution for one in filter_peers()] == ["pypomp"]
    assert crisis_in_sbml().count("<reaction ") == 9


def test_a_peer_with_another_model_is_seen() -> None:
    sample = [float(value) for value in np.random.default_rng(1).normal(516.0, 95.0, 300)]
    assert agrees(sample, 516.2, 1.0)
    assert not agrees(sample, 560.0, 1.0)
