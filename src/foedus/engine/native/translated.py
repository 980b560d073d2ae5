"""The numerics of the reference engine as LLVM IR, translated from their Python source.

`elementary`, `quantiles` and `numerics` are written line by line in double operations; this module
reads that source and emits the same operations in the same order, so that there is one definition
of `exp`, of a normal quantile, of a Poisson draw. It understands the Python they use and nothing
more; anything else is an `InternalError` when a model is compiled, never a wrong number.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from foedus.engine import elementary, numerics, quantiles
from foedus.engine.native.ir import Function, Module
from foedus.engine.native.translated_values import TYPES, Value, Values, sort_of


@dataclass(slots=True)
class Translator:
    """Translates functions on demand, each once."""

    module: Module
    done: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def call(self, code: Function, function: Callable[..., Any], given: list[str]) -> str:
        """A call with doubles that gives a double; `given` are values of `code`."""
        name, _ = self.translate(function)
        arguments = ", ".join(f"double {value}" for value in given)
        return code.let(f"call double {name}(ptr %fault, {arguments})")

    def translate(self, function: Callable[..., Any]) -> tuple[str, tuple[str, ...]]:
        """The IR name of a function, and the sorts of what it returns."""
        key = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        if key not in self.done:
            tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
            assert isinstance(tree, ast.FunctionDef)
            sorts = _returned(tree)
            self.done[key] = (f"@f_{key.replace('.', '_')}", sorts)
            _Body(self, function, tree, sorts).emit(self.done[key][0])
        return self.done[key]


def _returned(tree: ast.FunctionDef) -> tuple[str, ...]:
    note = ast.unparse(tree.returns) if tree.returns else "float"
    inside = note.removeprefix("tuple[").removesuffix("]") if note.startswith("tuple") else note
    return tuple(
        {"float": "f", "int": "i", "bool": "b"}[part.strip()] for part in inside.split(",")
    )


@dataclass(slots=True)
class _Body(Values):
    """One function under translation: its statements."""

    def emit(self, name: str) -> None:
        """Emit the function."""
        names = [argument.arg for argument in self.tree.args.args]
        kinds = [sort_of(argument) for argument in self.tree.args.args]
        arguments = (
            ("ptr", "%fault"),
            *((TYPES[k], f"%a_{n}") for k, n in zip(kinds, names, strict=True)),
        )
        result = TYPES[self.sorts[0]]
        if len(self.sorts) > 1:
            result = "{ " + ", ".join(TYPES[sort] for sort in self.sorts) + " }"
        self.code = Function(self.owner.module, name, result, arguments, "nounwind")
        for argument, kind in zip(names, kinds, strict=True):
            self.assign(argument, Value(kind, f"%a_{argument}"))
        self._block(self.tree.body)
        self.code.finish()

    # Statements

    def _block(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        """Emit a statement."""
        if isinstance(node, ast.Expr):
            return  # a docstring
        if isinstance(node, ast.Assign):
            self._assign(node)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            now = self.value(ast.Name(node.target.id, ast.Load()))
            self.assign(node.target.id, self.join(node.op, now, self.value(node.value)))
        elif isinstance(node, ast.Return) and node.value is not None:
            self._return(node.value)
        elif isinstance(node, ast.If):
            self._if(node)
        elif isinstance(node, ast.While):
            self._while(node)
        elif isinstance(node, ast.For):
            self._for(node)
        elif isinstance(node, ast.Break):
            self.code.jump(self.ends[-1])
        elif isinstance(node, ast.Raise):
            self.code.store("i8", "1", "%fault")
            self.code.leave("zeroinitializer")
        else:
            raise self.unknown(node)

    def _assign(self, node: ast.Assign) -> None:
        # All right sides are worked out before any name changes.
        pairs: list[tuple[str, Value]] = []
        for target in node.targets:
            if isinstance(target, ast.Name):
                pairs.append((target.id, self.value(node.value)))
            elif isinstance(target, ast.Tuple):
                names = [n.id for n in target.elts if isinstance(n, ast.Name)]
                pairs.extend(zip(names, self._several(node.value), strict=True))
            else:
                raise self.unknown(node)
        for name, value in pairs:
            self.assign(name, value)

    def _several(self, node: ast.expr) -> list[Value]:
        if isinstance(node, ast.Tuple):
            return [self.value(part) for part in node.elts]
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            raise self.unknown(node)
        if node.func.id == "frexp":
            return self.frexp(self.value(node.args[0]).name)
        called = self.named(node.func.id)
        name, sorts = self.owner.translate(called)
        shown = self.arguments(called, node)
        kind = "{ " + ", ".join(TYPES[sort] for sort in sorts) + " }"
        whole = self.code.let(f"call {kind} {name}(ptr %fault, {shown})")
        return [
            Value(sort, self.code.let(f"extractvalue {kind} {whole}, {place}"))
            for place, sort in enumerate(sorts)
        ]

    def _return(self, node: ast.expr) -> None:
        if len(self.sorts) == 1:
            self.code.leave(self.as_sort(self.sorts[0], self.value(node)).name)
            return
        kind, whole = self.code.result, "undef"
        for place, (sort, value) in enumerate(zip(self.sorts, self._several(node), strict=True)):
            one = self.as_sort(sort, value)
            whole = self.code.let(f"insertvalue {kind} {whole}, {TYPES[sort]} {one.name}, {place}")
        self.code.leave(whole)

    def _if(self, node: ast.If) -> None:
        yes, no, after = (self.code.label(hint) for hint in ("yes", "no", "after"))
        self.code.branch(self.truth(node.test), yes, no)
        self.code.begin(yes)
        self._block(node.body)
        if self.code.is_open:
            self.code.jump(after)
        self.code.begin(no)
        self._block(node.orelse)
        self.code.begin(after)

    def _while(self, node: ast.While) -> None:
        test, inside, after = (self.code.label(hint) for hint in ("test", "loop", "after"))
        self.ends.append(after)
        self.code.begin(test)
        self.code.branch(self.truth(node.test), inside, after)
        self.code.begin(inside)
        self._block(node.body)
        if self.code.is_open:
            self.code.jump(test)
        self.code.begin(after)
        self.ends.pop()

    def _for(self, node: ast.For) -> None:
        call = node.iter
        if not (isinstance(call, ast.Call) and isinstance(node.target, ast.Name)):
            raise self.unknown(node)
        bounds = [self.as_sort("i", self.value(argument)).name for argument in call.args]
        first, last = ("0", bounds[0]) if len(bounds) == 1 else bounds[:2]
        index = self.code.slot("i64")
        self.code.store("i64", first, index)
        test, inside, after = (self.code.label(hint) for hint in ("test", "loop", "after"))
        self.ends.append(after)
        self.code.begin(test)
        now = self.code.load("i64", index)
        self.code.branch(self.code.let(f"icmp slt i64 {now}, {last}"), inside, after)
        self.code.begin(inside)
        self.assign(node.target.id, Value("i", now))
        self.code.store("i64", self.code.let(f"add i64 {now}, 1"), index)
        self._block(node.body)
        if self.code.is_open:
            self.code.jump(test)
        self.code.begin(after)
        self.ends.pop()


MODULES = (elementary, quantiles, numerics)
"""Where translated functions come from."""
