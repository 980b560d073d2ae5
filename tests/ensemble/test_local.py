"""Processes: the same bytes whatever their number, errors that arrive, ends that are clean."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from foedus.engine.reference import ModelError
from foedus.ensemble.local import processes, usable_processors
from foedus.expr.prior import Uniform
from foedus.jump.model import Dated, JumpModel
from foedus.questions.answers import as_record, simulate
from foedus.questions.design import Executor, one_by_one
from tests.engine.models import ask, count, kind, model, parameter, put, rate, variable

X = variable("x")


def built() -> JumpModel:
    return model(
        [count("x")],
        [
            kind("arrive", rate(parameter("speed")), put("x", X + 1)),
            kind("leave", rate(X * 0.3), put("x", X - 1)),
        ],
        [ask("x", "mean", X, at=3.0), ask("many", "time-until", X > 4, end=3.0)],
        horizon=3.0,
        parameters={"speed": Uniform(0.5, 4.0)},
    )


def record(executor: Executor) -> str:
    answers = as_record(simulate(built(), draws=1100, seed=4, executor=executor))
    del answers["seconds"]
    return json.dumps(answers)


def test_number_of_workers_changes_no_byte() -> None:
    plain = record(one_by_one)
    assert plain == record(processes(1))
    assert plain == record(processes(2))


def test_default_is_every_processor() -> None:
    assert 1 <= usable_processors() <= (os.cpu_count() or 1)
    with pytest.raises(ValueError, match="at least 1 worker, not 0"):
        processes(0)


def test_error_of_a_run_reaches_the_caller() -> None:
    """The first in the order of the runs, whichever worker met one first."""
    spoil = kind("spoil", Dated((1.0,)), put("x", -1.0))
    bad = model([count("x")], [spoil], [ask("x", "mean", X, at=2.0)])
    with pytest.raises(ModelError, match=r"event `spoil`.*run 0, day 1") as caught:
        simulate(bad, draws=600, seed=4, executor=processes(2))
    assert caught.value.span is not None


def start(name: str) -> object:
    raise RuntimeError(f"{name} cannot start")


def test_error_of_the_start_reaches_the_caller() -> None:
    with pytest.raises(RuntimeError, match="it cannot start"):
        list(processes(2)(partial(start, "it"), [1, 2, 3]))  # type: ignore[arg-type]


SCRIPT = """
import sys, time
from foedus.ensemble.local import processes

def wait(seconds):
    time.sleep(seconds)
    return seconds

def begin():
    return wait

if __name__ == "__main__":
    try:
        for seconds in processes(2)(begin, [0.0] + [1.0] * 100):
            print("one", flush=True)
    except KeyboardInterrupt:
        print("stopped", flush=True)
"""


def test_interrupt_ends_cleanly(tmp_path: Path) -> None:
    """As from a terminal, the whole group gets the signal; one task each may still finish."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    child = subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": "src"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "one\n"
    began = time.monotonic()
    os.killpg(child.pid, signal.SIGINT)
    output, errors = child.communicate(timeout=60)
    assert output.endswith("stopped\n")
    assert errors == ""
    assert time.monotonic() - began < 30
