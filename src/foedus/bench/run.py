"""Measuring rows one by one, and telling what they came to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from foedus.bench.instructions import NoCounter
from foedus.bench.machine import Machine
from foedus.bench.measure import TooLong
from foedus.bench.peer import NoPeer
from foedus.bench.row import Effort, Found, Row, Skipped, verdict
from foedus.bench.yardstick import NoYardstick
from foedus.engine.failure import ModelError

Outcome = Found | Skipped


def measured(
    rows: Sequence[Row], effort: Effort, tell: Callable[[Row], None]
) -> Iterator[tuple[Row, Outcome]]:
    """Each row with its outcome, as soon as it is there; `tell` hears which one begins.

    A row that cannot be measured here, or whose engine fails, says so and the next one follows.
    """
    for row in rows:
        tell(row)
        try:
            outcome = row.run(effort)
        except (NoYardstick, NoPeer, NoCounter, TooLong) as reason:
            outcome = Skipped(str(reason))
        except (ModelError, RuntimeError) as fault:
            outcome = Skipped(f"failed: {fault}")
        yield row, outcome


def as_record(row: Row, outcome: Outcome) -> dict[str, object]:
    """A row for JSON; numbers are null where it was skipped, and `reason` says why."""
    found = outcome if isinstance(outcome, Found) else None
    return {
        "row": row.name,
        "workload": row.workload,
        "measure": row.measure,
        "unit": row.unit or "ratio",
        "better": "less" if row.at_most else "more",
        "gate": row.gate,
        "aim": row.aim,
        "value": found.value if found else None,
        "low": found.low if found else None,
        "high": found.high if found else None,
        "verdict": verdict(row, outcome),
        "details": found.details if found else {},
        "notes": list(found.notes) if found else [],
        "reason": outcome.reason if isinstance(outcome, Skipped) else None,
    }


def show_machine(machine: Machine) -> str:
    """The lines above the rows."""
    versions = ", ".join(f"{name} {number}" for name, number in machine.packages.items())
    load = "" if machine.load is None else f", load {machine.load:g}"
    return (
        f"{machine.date}, Foedus {machine.foedus}\n"
        f"{machine.processor}, {machine.width}, {machine.processors} processors{load}\n"
        f"{machine.system}, Python {machine.python}, {versions}\n"
        f"{machine.compiler or 'no C compiler'}\n"
        "Both sides of a ratio run in turns on one processor and are timed in processor seconds,\n"
        "unless a row says otherwise. Each line: median (least .. largest).\n"
    )


def show(row: Row, outcome: Outcome) -> str:
    """A row as text: its number and verdict, then what it was made of."""
    head = f"{row.name:<20} {row.workload}: {row.measure}"
    if isinstance(outcome, Skipped):
        return f"{head}\n  skipped: {outcome.reason}\n"
    unit = f" {row.unit}" if row.unit else "x"
    line = f"  {number(outcome.value)}{unit} ({number(outcome.low)} .. {number(outcome.high)})"
    if row.gate is not None:
        sign = "at most" if row.at_most else "at least"
        aim = "" if row.aim is None else f", aim {row.aim:g}"
        line += f"   gate {sign} {row.gate:g}{aim}: {verdict(row, outcome)}"
    lines = [head, line]
    lines += [f"    {name}: {number(value)}" for name, value in outcome.details.items()]
    lines += [f"    ({note})" for note in outcome.notes]
    return "\n".join(lines) + "\n"


def number(value: float) -> str:
    """Three figures; whole numbers in full."""
    if value == int(value) and abs(value) >= 100.0:
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.3g}"
