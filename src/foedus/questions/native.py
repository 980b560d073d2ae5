"""Blocks of runs on the native engine."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from foedus.engine.sampling import ParameterTable
from foedus.engine.world import Parameters
from foedus.questions.design import Block, Columns, Design, RunBlock, parameters_of

if TYPE_CHECKING:  # llvmlite is loaded only where the native engine is used
    from foedus.engine.native.choice import Kernel


def start_native(design: Design) -> RunBlock:
    """The function that simulates a block with compiled code."""
    from foedus.engine.native.choice import Work, build_kernel

    kernel = build_kernel(Work(design.model, design.watch, design.interventions, design.is_checked))
    table = ParameterTable(design.model, design.seed, design.set_values)
    return partial(_run_block, kernel, table, design)


def _run_block(kernel: Kernel, table: ParameterTable, design: Design, block: Block) -> Columns:
    atom = design.atoms[block.atom]
    draws = range(block.first, block.last)
    thetas: Sequence[Parameters | array[float]] = [table.row(atom, draw) for draw in draws]
    if design.thetas:
        thetas = [parameters_of(design, atom, draw) for draw in draws]
    found = kernel.run(thetas, atom, design.seed, block.first * design.inner, design.inner)
    questions = range(len(design.model.monitors))
    return Columns(
        tuple(array("d", found.values[:, number].tobytes()) for number in questions),
        tuple(array("d", found.waited[:, number].tobytes()) for number in questions),
        tuple(found.vacuous[:, place].tobytes() for place in range(len(design.interventions))),
        array("d", found.samples[:-1].tobytes()),
        int(found.events.sum()),
    )
