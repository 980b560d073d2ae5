"""Where an expression is emitted, and what all parts of the emitter share.

A number or a label is a double, a condition an i1. What is a fault in the reference engine sets the
run's fault flag and goes on; the run is then repeated by the reference engine, which says what is
wrong and where.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from foedus.engine.closures import may_be_no_number
from foedus.engine.layout import Layout
from foedus.engine.native.field import Field
from foedus.engine.native.ir import RARE, Function, Module, double
from foedus.engine.native.memory import Memory
from foedus.engine.native.translated import Translator
from foedus.expr import tree
from foedus.frozen import dataclass
from foedus.jump.model import DrawSpec, EventKind, Intervention, JumpModel

if TYPE_CHECKING:
    from foedus.engine.conditioned.prepared import Conditioned
    from foedus.engine.native.commons import Commons
    from foedus.engine.native.sparse_parts import Sparse

ZERO, ONE = double(0.0), double(1.0)


@dataclass(frozen=True, slots=True)
class Emission:
    """What every part of the emitter shares: the model, its layout, its memory, the module."""

    model: JumpModel
    layout: Layout
    memory: Memory
    module: Module
    numerics: Translator
    interventions: tuple[Intervention, ...] = ()
    conditioned: Conditioned | None = None
    fields: tuple[Field, ...] = ()
    is_checked: bool = False
    sparse: Sparse | None = None
    commons: Mapping[int, Commons] = field(default_factory=dict)
    keeps_history: bool = False
    in_lanes: bool = False
    """Whether lanes do what is frequent: then all else is run so seldom that making it faster takes
    longer, and the lanes begin the runs."""

    def value_cell(self, code: Function, name: str, cell: str) -> str:
        """The address of a variable's value, given its cell."""
        if self.sparse is None:
            return self.memory.cell(code, "values", cell)
        at = code.let(f"sub i64 {cell}, {self.layout.variables[name].first}")
        return self.memory.cell(code, f"value {name}", at)

    def words(self, code: Function, kind: int | str) -> str:
        """The address of the two words that the noise of a kind is keyed by."""
        if self.conditioned is None:
            return self.memory.cell(code, "keys", 0)
        row = code.let(f"mul i64 {kind}, 2")
        return code.at(code.load("ptr", self.memory.cell(code, "noise", 0)), "i64", row)

    def kind_number(self, kind: EventKind) -> int:
        """The place of a kind in the model."""
        return next(n for n, one in enumerate(self.model.kinds) if one is kind)

    def can_be_forbidden(self, kind: EventKind) -> bool:
        """Whether a kind may be no part of a run, or an intervention forbids it."""
        names = {one.target for one in self.interventions if one.kind == "forbid"}
        return kind.gate is not None or kind.name in names

    def function(
        self,
        name: str,
        *arguments: tuple[str, str],
        result: str = "void",
        attributes: str | None = None,
    ) -> Function:
        """A function that gets the run's memory first."""
        if attributes is None:
            attributes = RARE if self.in_lanes else "nounwind"
        return Function(self.module, name, result, (("ptr", "%ctx"), *arguments), attributes)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression is emitted: the function, what its indices and draws are bound to."""

    shared: Emission
    code: Function
    bound: Mapping[str, str] = field(default_factory=dict)
    draws: Mapping[str, tuple[DrawSpec, int]] = field(default_factory=dict)
    known: Mapping[int, str] = field(default_factory=dict)
    decide: Callable[[Place, DrawSpec, Callable[[], str]], str] | None = None

    def binding(self, name: str, index: str) -> Place:
        """This place with one more index bound."""
        return replace(self, bound={**self.bound, name: index})

    def fault(self) -> None:
        """Note that the run has left what the model allows."""
        self.shared.memory.store(self.code, "fault", "1")

    def fault_unless(self, fine: str) -> None:
        """Note a fault where a condition does not hold."""
        bad = self.code.let(f"xor i1 {fine}, true")
        with self.code.when(bad, ", !prof !0"):
            self.fault()


EMITTERS: dict[type, Callable[..., str]] = {}
"""How each node of an expression is emitted; `expressions` fills it."""


def emit(place: Place, node: tree.Expression) -> str:
    """The value of a node: an i1 for a condition, a double for all else."""
    if id(node) in place.known:
        return place.known[id(node)]
    value = EMITTERS[type(node)](place, node)
    if place.shared.is_checked and may_be_no_number(node):
        place.fault_unless(place.code.let(f"fcmp ord double {value}, {value}"))
    return value


def as_truth(place: Place, node: tree.Expression) -> str:
    """A condition as i1; a number stands for whether it is not 0, as in Python."""
    value = emit(place, node)
    if isinstance(node.type, tree.BooleanType):
        return value
    return place.code.let(f"fcmp une double {value}, {ZERO}")


def as_number(place: Place, node: tree.Expression) -> str:
    """Any value as a double: conditions are 1 or 0."""
    value = emit(place, node)
    if isinstance(node.type, tree.BooleanType):
        return place.code.let(f"uitofp i1 {value} to double")
    return value


def condition(place: Place, node: tree.Expression | None) -> str:
    """A condition as i1; true where there is none."""
    return "true" if node is None else as_truth(place, node)


def call_numerics(place: Place, function: Callable[..., float], values: list[str]) -> str:
    """A call of a translated function; its refusals become faults of the run."""
    name, _ = place.shared.numerics.translate(function)
    fault = place.shared.memory.cell(place.code, "fault", 0)
    arguments = ", ".join(f"double {value}" for value in values)
    return place.code.let(f"call double {name}(ptr {fault}, {arguments})")


def stored(place: Place, array: str, value: str, node_type: tree.Type) -> str:
    """A stored double as what it stands for: an i1 for a truth."""
    if isinstance(node_type, tree.BooleanType):
        return place.code.let(f"fcmp une double {value}, {ZERO}")
    return value
