"""Blocks of runs on the native engine."""

from __future__ import annotations

from array import array
from functools import partial
from typing import TYPE_CHECKING

from foedus.questions.design import Block, Columns, Design, RunBlock, parameters_of

if TYPE_CHECKING:  # llvmlite is loaded only where the native engine is used
    from foedus.engine.native.program import Program


def start_native(design: Design) -> RunBlock:
    """The function that simulates a block with compiled code."""
    from foedus.engine.native.program import build_program

    program = build_program(design.model, design.watch, design.interventions)
    return partial(_run_block, program, design)


def _run_block(program: Program, design: Design, block: Block) -> Columns:
    from foedus.engine.native.program import run_program

    atom = design.atoms[block.atom]
    questions = range(len(design.model.monitors))
    changes = range(len(design.interventions))
    values = tuple(array("d") for _ in questions)
    waited = tuple(array("d") for _ in questions)
    given = tuple(bytearray() for _ in questions)
    vacuous = tuple(bytearray() for _ in changes)
    samples, events = array("d"), 0
    for draw in range(block.first, block.last):
        theta = parameters_of(design, atom, draw)
        first = draw * design.inner
        found = run_program(program, theta, atom, design.seed, first, design.inner)
        events += int(found.events.sum())
        for number in questions:
            values[number].frombytes(found.values[:, number].tobytes())
            waited[number].frombytes(found.waited[:, number].tobytes())
            given[number].extend(found.given[:, number].tobytes())
        for place in changes:
            vacuous[place].extend(found.vacuous[:, place].tobytes())
        samples.frombytes(found.samples[:-1].tobytes())
    return Columns(
        values, tuple(map(bytes, given)), waited, tuple(map(bytes, vacuous)), samples, events
    )
