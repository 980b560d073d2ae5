"""Blocks of runs on the native engine."""

from __future__ import annotations

from array import array
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from foedus.questions.design import Block, Columns, Design, RunBlock, parameters_of

if TYPE_CHECKING:  # llvmlite is loaded only where the native engine is used
    from foedus.engine.native.program import Program


def start_native(design: Design) -> RunBlock:
    """The function that simulates a block with compiled code.

    Raises `ValueError` where the design has interventions, which only the reference engine makes.
    """
    from foedus.engine.native.program import build_program

    if design.interventions:
        raise ValueError("the native engine makes no interventions; use the reference engine")
    return partial(_run_block, build_program(design.model, design.watch), design)


def native_is_possible(design: Design) -> bool:
    """Whether the native engine can be used: llvmlite is there, and nothing is intervened in."""
    return not design.interventions and find_spec("llvmlite") is not None


def _run_block(program: Program, design: Design, block: Block) -> Columns:
    from foedus.engine.native.program import run_program

    atom = design.atoms[block.atom]
    questions = range(len(design.model.monitors))
    values = tuple(array("d") for _ in questions)
    waited = tuple(array("d") for _ in questions)
    given = tuple(bytearray() for _ in questions)
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
        samples.frombytes(found.samples[:-1].tobytes())
    return Columns(values, tuple(map(bytes, given)), waited, (), samples, events)
