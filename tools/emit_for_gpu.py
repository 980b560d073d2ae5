"""Write the emitted code of a case for an NVIDIA GPU, with what the processor here answers.

Usage: python tools/emit_for_gpu.py CASE FILE [--set NAME=NUMBER] [--draws N] [--runs N]
                                    [--logged N]

No GPU is needed. FILE (.npz) holds all that `run_on_gpu.py` needs to make the same runs on a GPU
and to compare them bit by bit: the code as PTX, what it is told, and the answers of `runs` runs
under each of `draws` parameter sets, for each explanation; these take turns. Of the first `logged`
runs the events are kept, too, up to `ROOM` each.

The functions of the model are those that run here, translated by the same LLVM. Beside them stand
entries by which every thread of the GPU makes one run after the other: `runs` by the scalar code
and, for models that run in lanes, `lane_runs` by the lane program, one lane wide.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from llvmlite import binding
from numpy.typing import NDArray

from foedus.engine.native.choice import Work, build_kernel
from foedus.engine.native.driver import Text, emit_program
from foedus.engine.native.event_log import LOG_COLUMNS
from foedus.engine.native.ir import Function, Module
from foedus.engine.native.machine import LEVEL, PASSES
from foedus.engine.native.memory import Memory
from foedus.engine.native.program import Results, make_batch, run_program
from foedus.engine.native.sparse_driver import emit_sparse
from foedus.engine.native.vector.driver import POINTERS, LaneText, emit_lanes
from foedus.engine.native.vector.plan import PROGRESS
from foedus.engine.native.vector.structure import find_structure
from foedus.engine.prepare import prepare
from foedus.engine.reference import LIMIT
from foedus.engine.sampling import draw_parameters
from foedus.jump.model import JumpModel
from foedus.study import build, load

TRIPLE, OLDEST = "nvptx64-nvidia-cuda", "sm_80"
SEED = 1
ROOM = 512

WORDS = {
    "count": "i64", "atoms": "i64", "outer": "i64", "inner": "i64", "wide": "i64", "seed": "i64",
    "limit": "i64", "room": "i64", "horizon": "double", "parameters": "ptr", "components": "ptr",
    "tables": "ptr", "contexts": "ptr", "jobs": "ptr", "lanes": "ptr", "values": "ptr",
    "waited": "ptr", "given": "ptr", "events": "ptr", "faults": "ptr", "log": "ptr",
    "nowhere": "ptr",
}  # fmt: skip
"""What an entry is told, 64 bits each.

There are `count` runs. Explanations, a row of `components` each, take turns, and each has `outer`
runs, `inner` under each row of `parameters` (of `wide` bytes). Every thread has its part of
`contexts`, `jobs` and `lanes`, and every run of what stands after them: `room` events of it go to
`log`. What is not compared goes `nowhere`.
"""

Told = dict[str, str]
MakeRun = Callable[[Function, Told, str], str]
"""One run as instructions, of what there is for it and its number; gives whether it failed (i1)."""


@dataclass(frozen=True, slots=True)
class GpuCode:
    """The IR of a model, its entries, and the bytes that a thread needs of each memory."""

    ir: str
    entries: tuple[str, ...]
    rooms: dict[str, int]


def code_for_gpu(model: JumpModel, algorithm: str) -> GpuCode:
    """The code that an algorithm makes of a model, with no intervention and nothing watched."""
    module, rooms = Module(), {"jobs": 8, "lanes": 8}
    ways: dict[str, MakeRun] = {"runs": _by_itself}
    if algorithm == "vector":
        prepared = prepare(model)
        structure = find_structure(prepared)
        assert structure is not None
        lanes = emit_lanes(prepared, structure, 1, has_block=True)
        text, rooms = lanes.scalar, {"jobs": lanes.job.size, "lanes": lanes.lanes.size}
        ways["lane_runs"] = _by_lane(lanes)
    elif algorithm == "sparse":
        text = emit_sparse(model)
    else:
        text = emit_program(model, has_fields=algorithm == "fields")
    rooms["contexts"] = text.memory
    for name, make_run in ways.items():
        _emit_entry(module, name, model, text, rooms, make_run)
    entries = [one.replace("define void", "define ptx_kernel void") for one in module.functions]
    whole = "\n".join([text.ir, *module.intrinsics, *entries])
    return GpuCode(whole, tuple(ways), rooms)


def _emit_entry(
    module: Module, name: str, model: JumpModel, text: Text, rooms: dict[str, int],
    make_run: MakeRun,
) -> None:  # fmt: skip
    """An entry: thread t of T makes the runs t, t + T, t + 2 T and so on."""
    code = Function(module, f"@{name}", "void", (("ptr", "%words"),), "nounwind")
    told = {
        word: code.load(kind, code.at("%words", "i64", str(place)))
        for place, (word, kind) in enumerate(WORDS.items())
    }
    size = _register(module, code, "ntid")
    before = code.let(f"mul i64 {_register(module, code, 'ctaid')}, {size}")
    thread = code.let(f"add i64 {before}, {_register(module, code, 'tid')}")
    threads = code.let(f"mul i64 {_register(module, code, 'nctaid')}, {size}")
    for memory, room in rooms.items():
        told[memory] = code.at(told[memory], f"[{room} x i8]", thread)
    if text.tables is not None:
        code.store("ptr", told["tables"], told["contexts"])
    last = code.let(f"add i64 {told['count']}, {code.let(f'sub i64 {threads}, 1')}")
    rounds = code.let(f"udiv i64 {code.let(f'sub i64 {last}, {thread}')}, {threads}")
    with code.count_up("0", rounds) as turn:
        place = code.let(f"add i64 {code.let(f'mul i64 {turn}, {threads}')}, {thread}")
        own, run = _parts_of_run(code, model, told, place)
        failed = code.let(f"zext i1 {make_run(code, own, run)} to i8")
        code.store("i8", failed, code.at(told["faults"], "i8", place))
    code.finish()


def _parts_of_run(code: Function, model: JumpModel, told: Told, place: str) -> tuple[Told, str]:
    """What a run is told, by its place among all, and its number."""
    monitors = len(model.monitors)
    each = {"values": 8 * monitors, "waited": 8 * monitors, "given": monitors, "events": 8}
    own = {word: code.at(told[word], f"[{room} x i8]", place) for word, room in each.items()}
    logged = code.let(f"mul i64 {place}, {told['room']}")
    own["log"] = code.at(told["log"], f"[{LOG_COLUMNS} x double]", logged)
    atom = code.let(f"urem i64 {place}, {told['atoms']}")
    own["components"] = code.at(told["components"], f"[{len(model.components) + 1} x i8]", atom)
    order = code.let(f"udiv i64 {place}, {told['atoms']}")
    first = code.let(f"mul i64 {atom}, {told['outer']}")
    run = code.let(f"add i64 {first}, {order}")
    row = code.let(f"udiv i64 {run}, {told['inner']}")
    offset = code.let(f"mul i64 {row}, {told['wide']}")
    own["parameters"] = code.at(told["parameters"], "i8", offset)
    return told | own, run


def _register(module: Module, code: Function, name: str) -> str:
    """Which thread this is, or how many there are."""
    function = f"@llvm.nvvm.read.ptx.sreg.{name}.x()"
    module.declare(f"declare i32 {function}")
    return code.let(f"zext i32 {code.let(f'call i32 {function}')} to i64")


def _by_itself(code: Function, told: Told, run: str) -> str:
    """A run by `@run_block`, as the only one of a block."""
    numbers = f"i64 {told['seed']}, i64 {run}, i64 1, double {told['horizon']}"
    answers = ", ".join(f"ptr {told[name]}" for name in ("values", "waited", "given"))
    wrong = code.let(
        f"call i64 @run_block(ptr {told['contexts']}, ptr {told['parameters']}, i64 1, i64 0, "
        f"ptr {told['components']}, {numbers}, i64 {told['limit']}, {answers}, "
        f"ptr {told['nowhere']}, ptr {told['events']}, ptr {told['nowhere']}, "
        f"ptr {told['log']}, i64 {told['room']}, ptr {told['nowhere']}, i64 0)"
    )
    return code.let(f"icmp sge i64 {wrong}, 0")


def _by_lane(lanes: LaneText) -> MakeRun:
    """A run by `@run_lanes`, as the only one of a job."""

    def make_run(code: Function, told: Told, run: str) -> str:
        job = Memory(told["jobs"], 0, lanes.job.arrays)
        numbers = dict.fromkeys(PROGRESS, "0") | {"stride": "0", "sampled": "0"}
        numbers |= {"count": "1", "inner": "1", "first": run}
        numbers |= {"seed": told["seed"], "limit": told["limit"]}
        for name, value in numbers.items():
            job.store(code, name, value)
        for name in POINTERS:
            address = told["nowhere"] if name in ("samples", "vacuous") else told[name]
            code.store("ptr", address, job.cell(code, name, 0))
        job.store(code, "horizon", told["horizon"])
        arguments = ", ".join(f"ptr {told[name]}" for name in ("jobs", "lanes", "contexts"))
        code.do(f"call void @run_lanes({arguments})")
        return code.let(f"icmp ne i64 {job.load(code, 'fault')}, 0")

    return make_run


def to_ptx(text: str) -> str:
    """IR text as PTX, by the passes that it goes through here.

    Every operation rounds by itself and keeps subnormal numbers, as in the text: PTX says so.
    """
    binding.initialize_all_targets()
    binding.initialize_all_asmprinters()
    machine = binding.Target.from_triple(TRIPLE).create_target_machine(cpu=OLDEST, opt=LEVEL)
    module = binding.parse_assembly(text)
    module.triple, module.data_layout = TRIPLE, str(machine.target_data)
    module.verify()
    manager = binding.create_new_module_pass_manager()
    for name in PASSES:
        getattr(manager, f"add_{name}_pass")()
    options = binding.create_pipeline_tuning_options()
    manager.run(module, binding.create_pass_builder(machine, options))
    return str(machine.emit_assembly(module))


def write_bundle(
    case: str, file: Path, settings: dict[str, float], draws: int, inner: int, logged: int
) -> None:
    """Make the runs here, and write them with the code that is to make them there."""
    model = build(load(case, settings))
    kernel: Any = build_kernel(Work(model))
    program = kernel.scalar.program if kernel.algorithm == "vector" else kernel.program
    code, atoms, outer = code_for_gpu(model, kernel.algorithm), model.atoms, draws * inner
    thetas = [[draw_parameters(model, atom, SEED, n) for n in range(draws)] for atom in atoms]
    begun = time.process_time()
    made = [
        kernel.run(thetas[place], atom, SEED, place * outer, inner)
        for place, atom in enumerate(atoms)
    ]
    rate = int(sum(one.events.sum() for one in made)) / (time.process_time() - begun)
    log = []
    for place in range(logged):
        order, atom = divmod(place, len(atoms))
        theta, run = thetas[atom][order // inner], atom * outer + order
        log.append(run_program(program, theta, atoms[atom], SEED, run, 1, log=ROOM).log)
    given = [make_batch(program, rows, one, 0) for rows, one in zip(thetas, atoms, strict=True)]
    tables = np.zeros(1, np.uint8) if program.text.tables is None else program.text.tables
    answers: dict[str, Any] = {
        name: _by_turns(made, name) for name in ("values", "waited", "given", "events")
    }
    np.savez_compressed(
        file, case=case, algorithm=kernel.algorithm, rate=rate, log=np.array(log),
        ptx=np.frombuffer(to_ptx(code.ir).encode(), np.uint8), entries=list(code.entries),
        words=list(WORDS), rooms=list(code.rooms.items()),
        parameters=np.concatenate([one.parameters for one in given]),
        components=np.array([one.components for one in given]), tables=tables,
        atoms=len(atoms), outer=outer, inner=inner, limit=LIMIT, horizon=model.horizon, seed=SEED,
        **answers,
    )  # fmt: skip
    print(f"{case}: {len(atoms) * outer:,} runs, {rate:,.0f} events a second")


def _by_turns(made: Sequence[Results], name: str) -> NDArray[Any]:
    """What the runs of all explanations have come to, the first of each before the second."""
    whole = np.stack([getattr(one, name) for one in made], axis=1)
    return whole.reshape(-1, *whole.shape[2:])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The emitted code of a case for an NVIDIA GPU.")
    parser.add_argument("case", metavar="CASE")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=NUMBER")
    for name, number in (("--draws", 10), ("--runs", 100), ("--logged", 20)):
        parser.add_argument(name, type=int, default=number, metavar="N")
    return parser.parse_args()


if __name__ == "__main__":
    asked = _arguments()
    pairs = [pair.partition("=") for pair in asked.set]
    write_bundle(
        asked.case, asked.file, {name: float(number) for name, _, number in pairs},
        asked.draws, asked.runs, asked.logged,
    )  # fmt: skip
