"""What all parts of the lane program share, and where everything of the lanes lies in memory."""

from __future__ import annotations

from math import ulp

from foedus.engine.native.expressions import Emission
from foedus.engine.native.ir import Function, signed
from foedus.engine.native.memory import Memory
from foedus.engine.native.vector.expressions import Terms
from foedus.engine.native.vector.reach import Reach
from foedus.engine.native.vector.structure import Structure
from foedus.engine.prepare import Prepared
from foedus.engine.timing import Instance
from foedus.frozen import dataclass
from foedus.jump.model import Immediate, Monitor, Waiting

PROGRESS = ("count", "limit", "next", "steps", "alive", "fault", "rare")
"""Words of every job: how many runs there are, how long they may be, how far things have come."""

MARGIN = 2.0**-20
"""Inner time: clocks closer together than this are told apart by the scalar code."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A lane program in the making.

    `memory` is that of the lanes: an array has one value of each. `job` is what a call is about.
    """

    shared: Emission
    prepared: Prepared
    structure: Structure
    reach: Reach
    width: int
    memory: Memory
    job: Memory
    terms: Terms
    moving: tuple[str, ...]

    def function(
        self, name: str, *arguments: tuple[str, str], attributes: str = "nounwind"
    ) -> Function:
        """A function that gets the job, the lanes, and what else it needs."""
        given = (("ptr", "%job"), ("ptr", "%lanes"), *arguments)
        return Function(self.shared.module, name, "void", given, attributes)

    def key(self, instance: Instance) -> int:
        """The key of a clock, as LLVM writes it."""
        return signed(instance.key)

    @property
    def highest(self) -> float:
        """The highest hazard that lanes take: `MARGIN` then outweighs the rounding of times.

        It also keeps two events of the lanes from falling on one instant.
        """
        return MARGIN / (16.0 * ulp(self.shared.model.horizon))

    def monitor(self, number: int) -> Monitor:
        """A question by number."""
        return self.shared.model.monitors[number]


def make_plan(
    shared: Emission, prepared: Prepared, structure: Structure, width: int, told: tuple[str, ...]
) -> Plan:
    """Give everything of the lanes its place; `told` are the words of a job beside `PROGRESS`."""
    memory, job = Memory("%lanes", 0), Memory("%job", 0)
    for name in (*told, *PROGRESS):
        job.add(name, "i64", 1)
    job.add("horizon", "double", 1)
    moving = _moving(shared, structure)
    for name in (*moving, *_still(shared, structure)):
        memory.add(name, "double", width)
    counters = [f"counter{place}" for place in range(len(structure.frequent))]
    drawn = [f"drawn{place}" for place in range(len(structure.frequent))]
    for name in ("second_key", "fired", "run", *counters, *drawn):
        memory.add(name, "i64", width)
    kinds = frozenset(one.kind.name for one in structure.frequent)
    reach = Reach(prepared.names.layout, frozenset(structure.hot), kinds)
    return Plan(
        shared, prepared, structure, reach, width, memory, job, Terms(memory, width),
        (*moving, *counters),
    )  # fmt: skip


def _moving(shared: Emission, structure: Structure) -> list[str]:
    """Numbers that change from step to step."""
    names = ["time", *(f"cell{cell}" for cell in structure.hot)]
    for place in range(len(structure.followed)):
        names += [f"inner{place}", f"changed{place}", f"hazard{place}"]
    for place in range(len(structure.frequent)):
        names += [f"left{place}", f"ahead{place}"]
    for number in structure.questions:
        parts = tracked(shared.model.monitors[number])
        names += [f"{part}{number}" for part in parts if part.startswith("m_")]
    return names


def _still(shared: Emission, structure: Structure) -> list[str]:
    """Numbers that change at rare events only; the terms are added as they are met."""
    names = ["until"]
    names += [f"enabled{place}" for place in range(len(structure.guarded))]
    for one in (*structure.followed, *structure.guarded):
        if can_be_forbidden(shared, one):
            names.append(f"free{one.number}")
    names += [f"awaited{place}" for place in structure.conditions]
    for number in structure.questions:
        parts = tracked(shared.model.monitors[number])
        names += [f"{part}{number}" for part in parts if not part.startswith("m_")]
    return names


def can_be_forbidden(shared: Emission, instance: Instance) -> bool:
    """Whether an instance may be no part of a run, or be forbidden in it."""
    return shared.can_be_forbidden(instance.kind)


def tracked(monitor: Monitor) -> tuple[str, ...]:
    """What the lanes keep of an open question: `looks` is 1 where it still wants to know."""
    if monitor.kind == "time-until":
        return ("begins", "looks")
    if monitor.kind == "probability":
        return ("looks",)
    if monitor.kind in ("average", "integral"):
        return ("looks", "m_value", "m_since", "m_total")
    return ("looks", "m_value")


def is_enabled_by_byte(instance: Instance) -> bool:
    """Whether `enabled` says if a guard holds; for a held rate the rate held says it."""
    return isinstance(instance.kind.timing, Immediate | Waiting)
