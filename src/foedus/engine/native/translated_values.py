"""Python's numeric expressions as instructions: what `translated` needs inside statements."""

from __future__ import annotations

import ast
import inspect
import math
import textwrap
from collections.abc import Callable
from dataclasses import field
from typing import Any, Protocol

from foedus.engine import numerics
from foedus.engine.native.ir import Function, Module, double
from foedus.frozen import dataclass
from foedus.text.diagnostic import InternalError

TYPES = {"f": "double", "i": "i64", "b": "i1"}
"""Floats, whole numbers and truths, as LLVM has them."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value and its sort: f, i or b."""

    sort: str
    name: str


class Owner(Protocol):
    """Translates other functions on demand, into one module."""

    module: Module

    def translate(self, function: Callable[..., Any]) -> tuple[str, tuple[str, ...]]:
        """The IR name of a function, and the sorts of what it returns."""
        ...


@dataclass(slots=True)
class Values:
    """A function under translation, as far as its expressions go."""

    owner: Owner
    function: Callable[..., Any]
    tree: ast.FunctionDef
    sorts: tuple[str, ...]
    locals: dict[str, tuple[str, str]] = field(default_factory=dict)
    lambdas: dict[str, tuple[ast.Lambda, dict[str, tuple[str, str]]]] = field(default_factory=dict)
    ends: list[str] = field(default_factory=list)
    code: Function = field(init=False)

    def statement(self, node: ast.stmt) -> None:
        """Emit a statement; expressions need it for a search that stands in one."""
        raise NotImplementedError

    # Names

    def assign(self, name: str, value: Value) -> None:
        """Give a local its value."""
        if name not in self.locals:
            self.locals[name] = (value.sort, self.code.slot(TYPES[value.sort]))
        sort, slot = self.locals[name]
        self.code.store(TYPES[sort], self.as_sort(sort, value).name, slot)

    def named(self, name: str) -> Any:
        """What a name of the function's module stands for."""
        found = getattr(inspect.getmodule(self.function), name, None)
        if found is None:
            found = getattr(math, name, None)
        if found is None:
            raise InternalError(
                f"`{name}` in {self.function.__name__} is not known to the compiler"
            )
        return found

    def unknown(self, node: ast.AST) -> InternalError:
        """The error for Python that this module does not understand."""
        return InternalError(f"cannot compile `{ast.unparse(node)}` of {self.function.__name__}")

    # Values

    def as_sort(self, sort: str, value: Value) -> Value:
        """A value converted between whole numbers and floats."""
        if value.sort == sort:
            return value
        if (value.sort, sort) == ("i", "f"):
            return Value("f", self.code.let(f"sitofp i64 {value.name} to double"))
        if (value.sort, sort) == ("f", "i"):
            return Value("i", self.code.let(f"fptosi double {value.name} to i64"))
        raise InternalError(f"a {value.sort} where a {sort} is needed")

    def value(self, node: ast.expr) -> Value:
        """The value of an expression."""
        if isinstance(node, ast.Constant):
            return self._constant(node.value)
        if isinstance(node, ast.Name):
            if node.id in self.locals:
                sort, slot = self.locals[node.id]
                return Value(sort, self.code.load(TYPES[sort], slot))
            return self._constant(self.named(node.id))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            value = self.value(node.operand)
            if value.sort == "i":
                return Value("i", self.code.let(f"sub i64 0, {value.name}"))
            return Value("f", self.code.let(f"fneg double {value.name}"))
        if isinstance(node, ast.BinOp):
            return self.join(node.op, self.value(node.left), self.value(node.right))
        if isinstance(node, ast.IfExp):
            return self._conditional(node)
        if isinstance(node, (ast.Compare | ast.BoolOp, ast.UnaryOp)):
            return Value("b", self.truth(node))
        if isinstance(node, ast.Call):
            return self._call(node)
        raise self.unknown(node)

    def _constant(self, value: object) -> Value:
        if isinstance(value, bool):
            return Value("b", "true" if value else "false")
        if isinstance(value, int):
            return Value("i", str(value))
        if isinstance(value, float):
            return Value("f", double(value))
        raise InternalError(f"{value!r} is no number")

    def join(self, operator: ast.operator, left: Value, right: Value) -> Value:
        """Two values joined by an operator."""
        both_whole = left.sort == right.sort == "i"
        if isinstance(operator, ast.RShift):
            return Value("i", self.code.let(f"ashr i64 {left.name}, {right.name}"))
        words = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}
        word = words.get(type(operator))
        if word is None:
            raise InternalError(f"cannot compile the operator {type(operator).__name__}")
        if both_whole and word != "div":
            return Value("i", self.code.let(f"{word} i64 {left.name}, {right.name}"))
        one, other = self.as_sort("f", left), self.as_sort("f", right)
        return Value("f", self.code.let(f"f{word} double {one.name}, {other.name}"))

    def _conditional(self, node: ast.IfExp) -> Value:
        sort = "f"
        name = self.code.choose(
            "double",
            self.truth(node.test),
            lambda: self.as_sort(sort, self.value(node.body)).name,
            lambda: self.as_sort(sort, self.value(node.orelse)).name,
        )
        return Value(sort, name)

    def truth(self, node: ast.expr) -> str:
        """A condition as i1; what need not be worked out is not."""
        if isinstance(node, ast.BoolOp):
            is_and = isinstance(node.op, ast.And)
            result = self.truth(node.values[0])
            for part in node.values[1:]:

                def later(part: ast.expr = part) -> str:
                    return self.truth(part)

                yes, no = (later, lambda: "false") if is_and else ((lambda: "true"), later)
                result = self.code.choose("i1", result, yes, no)
            return result
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.code.let(f"xor i1 {self.truth(node.operand)}, true")
        if isinstance(node, ast.Compare):
            return self._comparison(node)
        return self.as_sort("b", self.value(node)).name

    def _comparison(self, node: ast.Compare) -> str:
        """A chain of comparisons; their operands have no effects, so all are worked out."""
        signs = {ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq"}
        values = [self.value(part) for part in (node.left, *node.comparators)]
        found: list[str] = []
        for sign, left, right in zip(node.ops, values, values[1:], strict=False):
            whole = left.sort == right.sort == "i"
            if isinstance(sign, ast.NotEq):
                word = "ne" if whole else "une"
            else:
                word = signs[type(sign)]
                word = (word if word == "eq" else f"s{word}") if whole else f"o{word}"
            if whole:
                found.append(self.code.let(f"icmp {word} i64 {left.name}, {right.name}"))
            else:
                one, other = self.as_sort("f", left), self.as_sort("f", right)
                found.append(self.code.let(f"fcmp {word} double {one.name}, {other.name}"))
        result = found[0]
        for one_more in found[1:]:
            result = self.code.let(f"and i1 {result}, {one_more}")
        return result

    def _call(self, node: ast.Call) -> Value:
        if not isinstance(node.func, ast.Name):
            raise self.unknown(node)
        name = node.func.id
        if name in ("polynomial", "_rational"):
            coefficients = self.named(node.args[0].id)  # type: ignore[attr-defined]
            return self._polynomial(name, coefficients, self.value(node.args[1]))
        if name in self.lambdas:
            return self._inlined(name, node)
        if name == "_sequential_search":
            return self._search(node)
        if name in ("min", "float", "int", "floor", "sqrt", "ldexp"):
            return self._builtin(name, [self.value(argument) for argument in node.args])
        called = self.named(name)
        translated, sorts = self.owner.translate(called)
        shown = self.arguments(called, node)
        return Value(
            sorts[0], self.code.let(f"call {TYPES[sorts[0]]} {translated}(ptr %fault, {shown})")
        )

    def arguments(self, called: Callable[..., Any], node: ast.Call) -> str:
        """The arguments of a call, as the called function takes them."""
        tree = ast.parse(textwrap.dedent(inspect.getsource(called))).body[0]
        assert isinstance(tree, ast.FunctionDef)
        kinds = [sort_of(argument) for argument in tree.args.args]
        values = [
            self.as_sort(kind, self.value(argument))
            for kind, argument in zip(kinds, node.args, strict=True)
        ]
        return ", ".join(f"{TYPES[value.sort]} {value.name}" for value in values)

    def _polynomial(self, name: str, coefficients: Any, x: Value) -> Value:
        if name == "_rational":
            above = self._polynomial("polynomial", coefficients[0], x)
            below = self._polynomial("polynomial", coefficients[1], x)
            return Value("f", self.code.let(f"fdiv double {above.name}, {below.name}"))
        total = double(coefficients[-1])
        for coefficient in coefficients[-2::-1]:
            scaled = self.code.let(f"fmul double {total}, {x.name}")
            total = self.code.let(f"fadd double {scaled}, {double(coefficient)}")
        return Value("f", total)

    def _search(self, node: ast.Call) -> Value:
        """`_sequential_search(ratio, mode, u)` with the ratio's body in place of its calls."""
        ratio = node.args[0]
        assert isinstance(ratio, ast.Lambda)
        function = numerics._sequential_search
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
        assert isinstance(tree, ast.FunctionDef)
        mode, u = (self.as_sort("f", self.value(argument)) for argument in node.args[1:])
        outer = dict(self.locals)
        self.lambdas["ratio"] = (ratio, outer)
        self.locals = {}
        self.assign("mode", mode)
        self.assign("u", u)
        result = self.code.slot("double")
        after = self.code.label("found")
        for statement in tree.body:
            if isinstance(statement, ast.Return) and statement.value is not None:
                self.code.store("double", self.value(statement.value).name, result)
                self.code.jump(after)
            else:
                self.statement(statement)
        self.code.begin(after)
        self.locals = outer
        del self.lambdas["ratio"]
        return Value("f", self.code.load("double", result))

    def _inlined(self, name: str, node: ast.Call) -> Value:
        function, outer = self.lambdas[name]
        value = self.value(node.args[0])
        inner = self.locals
        self.locals = dict(outer)
        self.locals.pop(function.args.args[0].arg, None)
        self.assign(function.args.args[0].arg, value)
        result = self.value(function.body)
        self.locals = inner
        return result

    def _builtin(self, name: str, values: list[Value]) -> Value:
        code = self.code
        if name == "float":
            return self.as_sort("f", values[0])
        if name == "int":
            return self.as_sort("i", values[0])
        if name == "floor":
            whole = code.let(f"call double @llvm.floor.f64(double {values[0].name})")
            return Value("f", code.let(f"fadd double {whole}, {double(0.0)}"))
        if name == "sqrt":
            return Value("f", code.let(f"call double @llvm.sqrt.f64(double {values[0].name})"))
        if name == "min":
            one, other = self.as_sort("f", values[0]), self.as_sort("f", values[1])
            less = code.let(f"fcmp olt double {other.name}, {one.name}")
            return Value("f", code.let(f"select i1 {less}, double {other.name}, double {one.name}"))
        # `ldexp(1.0, k)`: the callers keep k among the exponents of normal numbers.
        raised = code.let(f"add i64 {values[1].name}, 1023")
        bits = code.let(f"shl i64 {raised}, 52")
        return Value("f", code.let(f"bitcast i64 {bits} to double"))

    def frexp(self, x: str) -> list[Value]:
        """Mantissa and exponent of a positive finite number, subnormal ones scaled up first."""
        code = self.code
        tiny = code.let(f"fcmp olt double {x}, {double(2.2250738585072014e-308)}")
        large = code.let(f"fmul double {x}, {double(2.0**54)}")
        scaled = code.let(f"select i1 {tiny}, double {large}, double {x}")
        offset = code.let(f"select i1 {tiny}, i64 -1076, i64 -1022")
        bits = code.let(f"bitcast double {scaled} to i64")
        field_ = code.let(f"lshr i64 {bits}, 52")
        exponent = code.let(f"add i64 {field_}, {offset}")
        kept = code.let(f"and i64 {bits}, {0x000FFFFFFFFFFFFF}")
        mantissa = code.let(f"or i64 {kept}, {0x3FE0000000000000}")
        return [Value("f", code.let(f"bitcast i64 {mantissa} to double")), Value("i", exponent)]


def sort_of(argument: ast.arg) -> str:
    """The sort of an argument, from its annotation."""
    note = ast.unparse(argument.annotation) if argument.annotation else "float"
    return {"float": "f", "int": "i", "bool": "b"}[note]
