"""Compiled code for runs that stand still and go on, and the rows they stand in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from foedus.engine.conditioned.prepared import Conditioned, condition_on
from foedus.engine.native.driver import begin_emission, finished_text
from foedus.engine.native.machine import compile_text, lane_count
from foedus.engine.native.memory import Memory
from foedus.engine.native.record.driver import emit_course
from foedus.engine.native.record.program import can_compile
from foedus.engine.native.standing.driver import add_noise, emit_paths
from foedus.engine.native.standing.lanes import emit_lanes, structure_of
from foedus.engine.native.standing.rows import Rows, emit_rows, rows_of
from foedus.frozen import dataclass
from foedus.jump.model import JumpModel
from foedus.jump.record import Record


@dataclass(frozen=True, slots=True)
class LanePlaces:
    """Where the numbers of a job lie, and how much memory it and the lanes take."""

    job: Memory
    size: int
    width: int


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Compiled code of a model with a record, whose runs stand still and go on.

    `memory` is what a run works in, in bytes. `lanes` is None where runs go one after the other.
    """

    conditioned: Conditioned
    compiled: Any
    memory: int
    rows: Rows
    lanes: LanePlaces | None


def build_standing(model: JumpModel, record: Record, *, has_lanes: bool = True) -> Standing:
    """Compiled code, from the cache where it is known; its runs answer no questions.

    Raises `ValueError` where the record is about what compiled code does not know.
    """
    conditioned = condition_on(replace(model, monitors=()), record)
    if not can_compile(conditioned):
        raise ValueError("the record is about what compiled code does not know")
    shared, network, sources = begin_emission(conditioned.prepared, (), conditioned)
    add_noise(shared)
    emit_course(shared, network, sources, (), ())
    rows = rows_of(shared, len(network.kind_of) + len(conditioned.items))
    emit_rows(shared, rows)
    emit_paths(shared, rows.size)
    structure = structure_of(shared) if has_lanes else None
    lanes = None
    if structure is not None:
        plan = emit_lanes(shared, structure, lane_count(), rows.size)
        lanes = LanePlaces(plan.job, plan.memory.size, plan.width)
    text = finished_text(shared)
    compiled = compile_text(text.ir, keeps_order=lanes is not None)
    return Standing(conditioned, compiled, text.memory, rows, lanes)
