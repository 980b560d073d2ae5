"""Where an expression is checked, and what is said about its faults."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import field, replace
from typing import Literal, TypeVar

from foedus.expr.agreement import describe
from foedus.expr.scope import Scope, Symbol
from foedus.expr.syntax import NumberSyntax, Syntax
from foedus.expr.tree import BooleanType, Expression, LabelType, NumberType
from foedus.frozen import dataclass
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Span
from foedus.text.suggest import closest, list_names, shorten

Purpose = Literal["condition", "rate", "utility", "effect", "question", "start", "argument"]

MOST_FAULTS = 20
"""After so many faults in one expression the rest would not help."""

Found = TypeVar("Found", bound=Symbol)


@dataclass(slots=True)
class Faults:
    """The faults of one expression: each unknown name once, and not without end."""

    diagnostics: Diagnostics
    count: int = 0
    unknown: set[str] = field(default_factory=set)

    def error(
        self,
        code: Code,
        span: Span,
        message: str,
        *,
        label: str = "",
        cure: str | None = None,
        other: Iterable[tuple[Span, str]] = (),
    ) -> None:
        """Note an error."""
        self.count += 1
        if self.count <= MOST_FAULTS:
            self.diagnostics.error(code, span, message, label=label, help=cure, other=other)


@dataclass(frozen=True, slots=True)
class Setting:
    """The names in reach of an expression, what it is for, and where its faults are noted."""

    scope: Scope
    purpose: Purpose
    faults: Faults

    def ask(self, syntax: Syntax, hint: LabelType | None = None) -> Ask:
        """The request to check an inner expression; `hint` are labels it is compared with."""
        return Ask(self, syntax, hint)

    def within(self, scope: Scope) -> Setting:
        """This setting with other names in reach."""
        return replace(self, scope=scope)

    def first(self, name: str, sort: type[Found]) -> Found | None:
        """The innermost meaning of a name that is of this sort."""
        found = (symbol for symbol in self.scope.meanings(name) if isinstance(symbol, sort))
        return next(found, None)

    def unknown(
        self,
        code: Code,
        sort: str,
        name: str,
        span: Span,
        fitting: Iterable[str],
        *,
        cure: str | None = None,
        otherwise: str | None = None,
    ) -> None:
        """Note a name that stands for nothing of the sort; `fitting` are those that do.

        The help is `cure`, or else a name spelt alike, or else `otherwise`, or else a list.
        """
        parts = name.split(".")
        prefixes = (".".join(parts[:end]) for end in range(1, min(len(parts), 5) + 1))
        if name in self.faults.unknown or any(map(self.scope.is_broken, prefixes)):
            return
        self.faults.unknown.add(name)
        if self.faults.count >= MOST_FAULTS:
            return
        names = sorted(set(fitting))
        near = closest(name, names)
        if cure is None and near is not None:
            cure = f"write `{near}`"
        elif cure is None and otherwise is not None:
            cure = otherwise
        elif cure is None and names:
            cure = f"known here: {list_names(names)}"
        elif cure is None:
            cure = "nothing of this sort is declared: declare it, or leave it out"
        self.faults.error(code, span, f"{sort} is called `{shorten(name)}`", cure=cure)

    def names_of(self, *sorts: type) -> list[str]:
        """The names in reach that stand for something of these sorts."""
        return [
            name
            for name in self.scope.names()
            if any(isinstance(symbol, sorts) for symbol in self.scope.meanings(name))
        ]


@dataclass(frozen=True, slots=True)
class Ask:
    """A request to check one expression, yielded by whatever needs it (see `foedus.expr.steps`)."""

    setting: Setting
    syntax: Syntax
    hint: LabelType | None


Result = TypeVar("Result")
Steps = Generator[Ask, Expression | None, Result]
Checking = Steps[Expression | None]


def words(syntax: Syntax) -> str:
    """What the user wrote, on one line, shortened if long."""
    return shorten(" ".join(syntax.span.text.split()))


def is_number(setting: Setting, expression: Expression, syntax: Syntax) -> bool:
    """Whether it is a number; if not, that is noted."""
    if isinstance(expression.type, NumberType):
        return True
    cure = "compare labels with `==`"
    if isinstance(expression.type, BooleanType):
        cure = f"write `if {words(syntax)} then 1 else 0`, or `count` for where it holds"
    message = f"`{words(syntax)}` is {describe(expression.type)} where a number is needed"
    setting.faults.error(Code.TYPE_MISMATCH, syntax.span, message, cure=cure)
    return False


def is_condition(setting: Setting, expression: Expression, syntax: Syntax) -> bool:
    """Whether it is true or false; if not, that is noted."""
    if isinstance(expression.type, BooleanType):
        return True
    sign = ">" if isinstance(expression.type, NumberType) else "=="
    value = "0" if isinstance(expression.type, NumberType) else "..."
    cure = f"write what must hold of it, such as `{words(syntax)} {sign} {value}`"
    if isinstance(syntax, NumberSyntax) and syntax.value in (0, 1):
        cure = f"write `{'true' if syntax.value else 'false'}`"
    setting.faults.error(
        Code.TYPE_MISMATCH,
        syntax.span,
        f"`{words(syntax)}` is {describe(expression.type)} where a condition is needed",
        cure=cure,
    )
    return False
