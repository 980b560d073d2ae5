"""The emitted code assumes nothing of the machine it is made on and calls nothing of it."""

from __future__ import annotations

import re

import pytest
from llvmlite import binding

from foedus.engine.native.vector.driver import emit_lanes
from foedus.engine.native.vector.structure import find_structure
from foedus.engine.prepare import prepare
from foedus.study import build, load


def text(width: int) -> str:
    """The code of `crisis`."""
    prepared = prepare(build(load("crisis")))
    structure = find_structure(prepared)
    assert structure is not None
    return emit_lanes(prepared, structure, width).scalar.ir


def test_nothing_is_called_but_what_llvm_knows() -> None:
    whole = text(8)
    declared = set(re.findall(r"^declare .*?(@[\w.]+)\(", whole, re.MULTILINE))
    assert all(name.startswith("@llvm.") for name in declared)
    defined = set(re.findall(r"^define .*?(@[\w.]+)\(", whole, re.MULTILINE))
    called = set(re.findall(r"call [^@\n]*(@[\w.]+)\(", whole))
    assert called <= declared | defined
    assert "asm" not in whole
    assert "target " not in whole, "no triple and no layout is fixed"


@pytest.mark.parametrize(
    ("triple", "processor", "sign"),
    [
        ("aarch64-unknown-linux-gnu", "neoverse-n1", "run_lanes:"),
        ("x86_64-unknown-linux-gnu", "haswell", "run_lanes:"),
    ],
)
def test_other_machines(triple: str, processor: str, sign: str) -> None:
    binding.initialize_all_targets()
    binding.initialize_all_asmprinters()
    try:
        target = binding.Target.from_triple(triple)
    except RuntimeError as error:
        pytest.skip(f"this llvmlite cannot make code for {triple}: {error}")
    machine = target.create_target_machine(cpu=processor, opt=1)
    module = binding.parse_assembly(text(4))
    module.triple = triple
    module.data_layout = str(machine.target_data)
    module.verify()
    assembly = machine.emit_assembly(module)
    assert sign in assembly
