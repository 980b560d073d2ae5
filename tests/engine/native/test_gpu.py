"""The emitted code is code for a GPU, too, and makes the same runs there."""

from __future__ import annotations

import ctypes
import re
from pathlib import Path

import numpy as np
import pytest

from foedus.engine.conditioned.prepared import condition_on
from foedus.engine.native.choice import Work, choose
from foedus.engine.native.machine import compile_text
from foedus.engine.native.record.driver import emit_conditioned
from foedus.engine.native.record.worlds import emit_worlds
from foedus.jump.lower_record import lower_record
from foedus.jump.model import JumpModel
from foedus.study import build, load
from tools import run_on_gpu
from tools.emit_for_gpu import code_for_gpu, to_ptx, write_bundle
from tools.run_on_gpu import Array, DriverError, Gpu

SHIPPED = Path(__file__).parents[3] / "src" / "foedus" / "cases"
CASES = sorted(path.parent.name for path in SHIPPED.glob("*/case.yaml"))
SMALL = {"crowd": {"citizens": 1000.0}}


def knows_gpus() -> bool:
    """Whether the LLVM that is installed has code for GPUs in it."""
    try:
        to_ptx("")
    except RuntimeError:
        return False
    return True


translates = pytest.mark.skipif(not knows_gpus(), reason="this llvmlite makes no code for GPUs")


def model_of(case: str) -> JumpModel:
    """The model of a shipped case, crowds made small."""
    return build(load(case, SMALL.get(case)))


def assert_is_whole(ptx: str) -> None:
    """Nothing is called from outside or by address, and every operation rounds by itself."""
    assert ".extern" not in ptx
    assert "prototype" not in ptx
    operations = re.findall(r"^\s+(?:@\S+ )?((?:add|sub|mul|div|sqrt|fma|mad)\S*\.f64)", ptx, re.M)
    assert operations
    assert all(re.fullmatch(r"(add|sub|mul|div|sqrt)\.rn\.f64", one) for one in operations)


@translates
@pytest.mark.parametrize("case", CASES)
def test_every_case_becomes_code_for_a_gpu(case: str) -> None:
    model = model_of(case)
    code = code_for_gpu(model, choose(Work(model)))
    ptx = to_ptx(code.ir)
    assert_is_whole(ptx)
    for entry in code.entries:
        assert f".visible .entry {entry}(" in ptx


@translates
@pytest.mark.parametrize("case", ["crisis", "belarus-2020"])
def test_so_does_what_runs_under_a_record(case: str) -> None:
    opened = load(case)
    conditioned = condition_on(build(opened), lower_record(opened))
    assert_is_whole(to_ptx(emit_conditioned(conditioned).ir))
    assert_is_whole(to_ptx(emit_worlds(conditioned, (), None).ir))


REGISTERS = "tid", "ntid", "ctaid", "nctaid"


class StandIn(Gpu):
    """A GPU as this processor plays it: threads take turns, and nothing of PTX is read."""

    def __init__(self, ir: str) -> None:
        self.name, self.processors, self.kept = "stand-in", 1, list[Array]()
        for name in REGISTERS:
            known = f"i32 @llvm.nvvm.read.ptx.sreg.{name}.x()"
            ir = ir.replace(f"declare {known}\n", f"@{name} = global i32 0\n")
            ir = ir.replace(f"call {known}", f"load i32, ptr @{name}")
        self.compiled = compile_text(ir.replace("ptx_kernel ", ""))

    def room(self, size: int, byte: int = 0) -> int:
        self.kept.append(np.full(size + 64, byte, np.uint8))
        return -(-self.kept[-1].ctypes.data // 64) * 64

    def put(self, array: Array) -> int:
        address = self.room(array.nbytes)
        ctypes.memmove(address, np.ascontiguousarray(array).ctypes.data, array.nbytes)
        return address

    def get(self, address: int, like: Array) -> Array:
        found = np.empty_like(like)
        ctypes.memmove(found.ctypes.data, address, found.nbytes)
        return found

    def compile(self, ptx: bytes) -> ctypes.c_void_p:
        return ctypes.c_void_p()

    def launch(
        self, module: ctypes.c_void_p, entry: str, words: int, threads: int, block: int
    ) -> float:
        function = self.compiled.function(entry, None, ctypes.c_void_p)
        for thread in range(threads):
            shape = (thread % block, block, thread // block, threads // block)
            for name, number in zip(REGISTERS, shape, strict=True):
                address = self.compiled.engine.get_global_value_address(name)
                ctypes.c_int32.from_address(address).value = number
            function(words)
        return 1.0


@translates
@pytest.mark.parametrize("case", ["crisis", "alliance-50", "crowd", "belarus-2020"])
def test_entries_make_the_runs_of_this_processor(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, path = model_of(case), tmp_path / "runs.npz"
    write_bundle(case, path, SMALL.get(case, {}), draws=2, inner=3, logged=4)
    stand_in = StandIn(code_for_gpu(model, choose(Work(model))).ir)
    monkeypatch.setattr(run_on_gpu, "Gpu", lambda: stand_in)
    assert run_on_gpu.verify(str(path), threads=4, block=2)


def test_a_bit_that_differs_is_seen(capsys: pytest.CaptureFixture[str]) -> None:
    expected = {"values": np.array([[0.0], [np.nan]]), "events": np.array([5, 7])}
    assert run_on_gpu.tell_differences("all", expected, dict(expected))
    found = expected | {"values": np.array([[-0.0], [np.nan]])}
    assert not run_on_gpu.tell_differences("all", expected, found)
    assert capsys.readouterr().out.endswith(
        "all: values 1, events 0\n  values of run 0: [-0.] and not [0.]\n"
    )


@translates
def test_a_gpu_makes_the_same_runs(tmp_path: Path) -> None:
    try:
        Gpu()
    except DriverError as error:
        pytest.skip(str(error))
    write_bundle("crisis", tmp_path / "runs.npz", {}, draws=10, inner=100, logged=20)
    assert run_on_gpu.verify(str(tmp_path / "runs.npz"))
