"""Operators and functions as instructions, in the order of the reference engine."""

from __future__ import annotations

from collections.abc import Callable

from foedus.engine import numerics
from foedus.engine.native.ir import Function
from foedus.engine.native.place import (
    ZERO,
    Place,
    as_number,
    as_truth,
    call_numerics,
    emit,
)
from foedus.expr import tree

ARITHMETIC = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv"}


COMPARISONS = {"==": "oeq", "!=": "une", "<": "olt", "<=": "ole", ">": "ogt", ">=": "oge"}


def emit_negative(place: Place, node: tree.Negative) -> str:
    """A `negative` node."""
    return place.code.let(f"fneg double {as_number(place, node.value)}")


def emit_not(place: Place, node: tree.Not) -> str:
    """A `not` node."""
    return place.code.let(f"xor i1 {as_truth(place, node.value)}, true")


def emit_binary(place: Place, node: tree.Binary) -> str:
    """A `binary` node."""
    code = place.code
    if node.operator == "and":
        left = as_truth(place, node.left)
        return code.choose("i1", left, lambda: as_truth(place, node.right), lambda: "false")
    if node.operator == "or":
        left = as_truth(place, node.left)
        return code.choose("i1", left, lambda: "true", lambda: as_truth(place, node.right))
    one, other = as_number(place, node.left), as_number(place, node.right)
    if node.operator in COMPARISONS:
        return code.let(f"fcmp {COMPARISONS[node.operator]} double {one}, {other}")
    is_certain = isinstance(node.right, tree.Number) and node.right.value != 0.0
    if node.operator == "/" and not is_certain:
        place.fault_unless(code.let(f"fcmp une double {other}, {ZERO}"))
    return code.let(f"{ARITHMETIC[node.operator]} double {one}, {other}")


def emit_conditional(place: Place, node: tree.Conditional) -> str:
    """A `conditional` node."""
    kind = "i1" if isinstance(node.type, tree.BooleanType) else "double"
    holds = as_truth(place, node.condition)
    return place.code.choose(
        kind, holds, lambda: emit(place, node.yes), lambda: emit(place, node.no)
    )


def emit_call(place: Place, node: tree.Call) -> str:
    """A `call` node."""
    code, name = place.code, node.function
    values = [as_number(place, argument) for argument in node.arguments]
    if name in ("min", "max"):
        return _extreme(code, name, values)
    if name == "abs":
        return code.let(f"call double @llvm.fabs.f64(double {values[0]})")
    if name == "floor":
        whole = code.let(f"call double @llvm.floor.f64(double {values[0]})")
        return code.let(f"fadd double {whole}, {ZERO}")
    if name == "sqrt":
        place.fault_unless(code.let(f"fcmp oge double {values[0]}, {ZERO}"))
        return code.let(f"call double @llvm.sqrt.f64(double {values[0]})")
    if name == "log":
        place.fault_unless(code.let(f"fcmp ogt double {values[0]}, {ZERO}"))
    functions: dict[str, Callable[..., float]] = {
        "exp": numerics.exponential,
        "log": numerics.logarithm,
        "power": numerics.power,
    }
    function = functions[name]  # fmt: skip
    result = call_numerics(place, function, values)
    if name == "power":
        place.fault_unless(code.let(f"fcmp ord double {result}, {result}"))
    return result


def _extreme(code: Function, name: str, values: list[str]) -> str:
    """Python's `min` and `max`: a later value replaces an earlier one only if it is beyond it."""
    sign = "olt" if name == "min" else "ogt"
    best = values[0]
    for value in values[1:]:
        beyond = code.let(f"fcmp {sign} double {value}, {best}")
        best = code.let(f"select i1 {beyond}, double {value}, double {best}")
    return best
