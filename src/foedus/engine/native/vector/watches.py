"""Guards, questions and conditions that lanes keep an eye on.

Where a step would turn a guard, let a condition hold or give a question what it waits for, the lane
is doubted. Running totals and extremes are kept in the lanes.
"""

from __future__ import annotations

from foedus.engine.native.vector.expressions import Scene, as_number, as_truth
from foedus.engine.native.vector.plan import Plan, can_be_forbidden
from foedus.engine.native.vector.registers import Registers


def watch(plan: Plan, registers: Registers, scene: Scene, time: str) -> None:
    """Look at the state after the step."""
    lanes = scene.lanes
    for place, instance in enumerate(plan.structure.guarded):
        at = scene
        for name, position in instance.binding:
            at = at.at(name, position)
        assert instance.kind.guard is not None
        free = lanes.truth(True)
        if can_be_forbidden(plan.shared, instance):
            free = registers.is_one(f"free{instance.number}")
        holds = lanes.both(as_truth(at.within(free), instance.kind.guard), free)
        was = registers.is_one(f"enabled{place}")
        scene.doubts.append(lanes.let(f"xor {lanes.masks} {holds}, {was}"))
    for place in plan.structure.conditions:
        condition = plan.shared.interventions[place].condition
        assert condition is not None
        waits = registers.is_one(f"awaited{place}")
        scene.doubts.append(lanes.both(waits, as_truth(scene.within(waits), condition)))
    for number in plan.structure.questions:
        _question(plan, registers, scene, time, number)


def _question(plan: Plan, registers: Registers, scene: Scene, time: str, number: int) -> None:
    monitor, lanes = plan.monitor(number), scene.lanes
    looks = registers.is_one(f"looks{number}")
    inside = scene.within(looks)
    if monitor.kind in ("probability", "time-until"):
        scene.doubts.append(lanes.both(looks, as_truth(inside, monitor.expression)))
        if monitor.kind == "time-until" and monitor.origin is not None:
            begins = registers.is_one(f"begins{number}")
            holds = as_truth(scene.within(begins), monitor.origin)
            scene.doubts.append(lanes.both(begins, holds))
        return
    value, before = as_number(inside, monitor.expression), registers.old(f"m_value{number}")
    spread = lanes.join("fsub", value, value)
    inside.doubt_unless(lanes.compare("oeq", spread, lanes.number(0.0)))
    if monitor.kind in ("average", "integral"):
        moves = lanes.both(looks, lanes.compare("une", value, before))
        since, total = registers.old(f"m_since{number}"), registers.old(f"m_total{number}")
        length = lanes.join("fsub", time, since)
        more = lanes.join("fadd", total, lanes.join("fmul", before, length))
        registers.kept[f"m_since{number}"] = lanes.select(moves, time, since)
        registers.kept[f"m_total{number}"] = lanes.select(moves, more, total)
    else:
        sign = "ugt" if monitor.kind == "maximum" else "ult"
        moves = lanes.both(looks, lanes.compare(sign, value, before))
    registers.kept[f"m_value{number}"] = lanes.select(moves, value, before)
