"""What effects change, which events are meant, and what distributions range over."""

from __future__ import annotations

from foedus.expr.check import check_expression, settle
from foedus.expr.domains import Bound, bind
from foedus.expr.names import EventReference, check_event, check_indices, refuse_sort
from foedus.expr.scope import BoundSymbol, OfficeSymbol, Scope, VariableSymbol
from foedus.expr.setting import Faults, Setting, Steps
from foedus.expr.syntax import ForSyntax, NameSyntax, TargetSyntax
from foedus.expr.tree import BOOLEAN, Domain, Expression, Variable
from foedus.frozen import dataclass
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Span


@dataclass(frozen=True, slots=True)
class Target:
    """What an effect changes: `variable`, at each index of `loop` at which `condition` holds.

    The value assigned is to be checked in `scope`, which knows the indices of the loop, against the
    variable's type.
    """

    variable: Variable
    loop: tuple[tuple[str, Domain], ...]
    condition: Expression | None
    scope: Scope
    span: Span


def check_target(syntax: TargetSyntax, scope: Scope, diagnostics: Diagnostics) -> Target | None:
    """The state variable that an effect changes, or None with an error noted."""
    bound = settle(bind(Setting(scope, "effect", Faults(diagnostics)), syntax.clauses))
    setting = Setting(bound.scope, "effect", Faults(diagnostics))
    condition: Expression | None = None
    if syntax.condition is not None:
        condition = check_expression(
            syntax.condition, bound.scope, diagnostics, expected=BOOLEAN, purpose="effect"
        )
    variable = settle(_changed(setting, syntax))
    if variable is None or bound.loops is None:
        return None
    if syntax.condition is not None and condition is None:
        return None
    for loop in reversed(bound.loops):
        condition = loop.condition(condition)
    loops = tuple((loop.variable, loop.range.domain) for loop in bound.loops)
    return Target(variable, loops, condition, bound.scope, syntax.span)


def _changed(setting: Setting, syntax: TargetSyntax) -> Steps[Variable | None]:
    place = syntax.place
    if syntax.is_holder:
        return _office(setting, syntax)
    symbol = setting.scope.find(place.name)
    if isinstance(symbol, BoundSymbol) and not place.indices:
        bound = symbol.expression
        if isinstance(bound, Variable):
            return bound
    if isinstance(symbol, VariableSymbol):
        indices = yield from check_indices(setting, place, symbol.groups)
        if indices is None:
            return None
        return Variable(symbol.name, indices, symbol.type, place.span)
    if symbol is not None:
        refuse_sort(setting, place, symbol, "a state variable")
        return None
    fitting = setting.names_of(VariableSymbol)
    setting.unknown(Code.UNKNOWN_NAME, "no state variable", place.name, place.name_span, fitting)
    return None


def _office(setting: Setting, syntax: TargetSyntax) -> Variable | None:
    place = syntax.place
    office = setting.first(place.name, OfficeSymbol)
    if office is None:
        fitting = setting.names_of(OfficeSymbol)
        setting.unknown(Code.UNKNOWN_OFFICE, "no office", place.name, place.name_span, fitting)
        return None
    if place.indices:
        message = f"`{place.name}` takes no index"
        cure = f"write `holder({place.name})`"
        setting.faults.error(Code.WRONG_INDEX, place.span, message, cure=cure)
        return None
    return Variable(office.variable.name, (), office.variable.type, syntax.span)


def check_event_reference(
    syntax: NameSyntax, scope: Scope, diagnostics: Diagnostics
) -> EventReference | None:
    """The event kind or instance that a name stands for, or None with an error noted."""
    return settle(check_event(Setting(scope, "argument", Faults(diagnostics)), syntax))


def check_clauses(
    clauses: tuple[ForSyntax, ...], scope: Scope, diagnostics: Diagnostics
) -> Bound | None:
    """The loops of `for` clauses and the scope inside them, or None with an error noted."""
    bound = settle(bind(Setting(scope, "argument", Faults(diagnostics)), clauses))
    return None if bound.loops is None else bound
