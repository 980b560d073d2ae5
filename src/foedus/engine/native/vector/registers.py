"""What a step reads and writes: what moves stays in registers from step to step.

Only when a lane goes through the scalar code does all of it go to memory and back. Stores of wide
vectors are slow on some processors, and a step changes nearly everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from foedus.engine.native.vector.expressions import load
from foedus.engine.native.vector.lanes import Lanes
from foedus.engine.native.vector.plan import Plan


@dataclass(slots=True)
class Registers:
    """The values of the lanes before a step, and those that it would leave."""

    plan: Plan
    lanes: Lanes
    slots: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    def _kind(self, name: str) -> str:
        is_word = self.plan.memory.arrays[name].kind == "i64"
        return self.lanes.words if is_word else self.lanes.numbers

    def fetch(self) -> None:
        """Take what moves from memory."""
        code = self.lanes.code
        for name in self.plan.moving:
            if name not in self.slots:
                self.slots[name] = code.slot(self._kind(name))
            value = self.lanes.load(self._kind(name), self.plan.memory.cell(code, name, 0))
            code.store(self._kind(name), value, self.slots[name])

    def put_back(self) -> None:
        """Put what moves into memory."""
        code = self.lanes.code
        for name in self.plan.moving:
            value = code.load(self._kind(name), self.slots[name])
            self.lanes.store(self._kind(name), value, self.plan.memory.cell(code, name, 0))

    def old(self, name: str) -> str:
        """A value as it was before the step, read once."""
        if name not in self.slots:
            return load(self.lanes, self.plan.memory, name, self._kind(name))
        key = f"register {name}"
        if key not in self.lanes.known:
            self.lanes.known[key] = self.lanes.code.load(self._kind(name), self.slots[name])
        return self.lanes.known[key]

    def is_one(self, name: str) -> str:
        """A truth that is held as 1 or 0, as it was before the step."""
        return self.lanes.compare("une", self.old(name), self.lanes.number(0.0))

    def keep(self) -> None:
        """Let the step be taken."""
        for name, value in self.kept.items():
            self.lanes.code.store(self._kind(name), value, self.slots[name])

    def keep_some(self, where: str) -> None:
        """Let the step be taken in the lanes in which a condition holds."""
        for name, value in self.kept.items():
            kind = self._kind(name)
            chosen = self.lanes.select(where, value, self.old(name), kind)
            self.lanes.code.store(kind, chosen, self.slots[name])
