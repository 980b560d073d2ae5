"""From syntax to typed trees: names resolved, types and units agreed.

Everything is reported that can be, each fault once: an expression that cannot be typed is None, and
whatever contains it is silently None too.
"""

from __future__ import annotations

from typing import TypeVar

from foedus.expr.agreement import (
    all_whole,
    common_power,
    describe,
    describe_power,
    fit,
    labels_meet,
    labels_of_both,
    number_type,
)
from foedus.expr.calls import check_call, refuse_powers
from foedus.expr.domains import check_in, check_quantifier
from foedus.expr.names import check_name, check_number, names_a_label
from foedus.expr.reader import too_deep
from foedus.expr.scope import LabelSymbol, Scope
from foedus.expr.setting import (
    Ask,
    Checking,
    Faults,
    Purpose,
    Setting,
    Steps,
    is_condition,
    is_number,
    words,
)
from foedus.expr.steps import run
from foedus.expr.syntax import (
    DEEPEST,
    BinarySyntax,
    CallSyntax,
    ConditionalSyntax,
    InSyntax,
    NameSyntax,
    NumberSyntax,
    QuantifierSyntax,
    Syntax,
    TruthSyntax,
    UnarySyntax,
)
from foedus.expr.tree import (
    BOOLEAN,
    Binary,
    BooleanType,
    Conditional,
    Draw,
    Expression,
    Firings,
    LabelType,
    Negative,
    Not,
    NumberType,
    Since,
    Time,
    Truth,
    Type,
    Variable,
    nesting,
    walk,
)
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.suggest import list_names

Result = TypeVar("Result")


def check_expression(
    syntax: Syntax,
    scope: Scope,
    diagnostics: Diagnostics,
    *,
    expected: Type | None,
    purpose: Purpose,
) -> Expression | None:
    """The typed tree of an expression, or None with at least one error noted.

    `expected` is the type it must have (None: any); `NumberType(-1)` for a rate, in which, as in a
    utility, numbers other than 0 and 1 are noted as errors. None comes back without an error only
    if the expression uses a name that `scope` knows to be broken.
    """
    setting = Setting(scope, purpose, Faults(diagnostics))
    hint = expected if isinstance(expected, LabelType) else None
    return _finish(setting, syntax, settle(_check(setting.ask(syntax, hint))), expected)


def _finish(
    setting: Setting, syntax: Syntax, expression: Expression | None, expected: Type | None
) -> Expression | None:
    if expression is None or not _is_expected(setting, expression, syntax, expected):
        return None
    if isinstance(expected, NumberType):
        expression = fit(expression, expected.time_power)
    if nesting(expression) > DEEPEST:
        fault = too_deep(syntax.span)
        setting.faults.error(Code.BAD_EXPRESSION, fault.span, fault.message, cure=fault.cure)
        return None
    if setting.purpose == "start":
        return _without_state(setting, syntax, expression)
    return expression


def _without_state(setting: Setting, syntax: Syntax, expression: Expression) -> Expression | None:
    for part in walk(expression):
        if isinstance(part, Variable | Draw | Firings | Since | Time):
            place = part.span if part.span is not None else syntax.span
            cure = "use parameters, tables, components and indices"
            message = "a start value cannot depend on the state"
            setting.faults.error(Code.TYPE_MISMATCH, place, message, cure=cure)
            return None
    return expression


def _is_expected(
    setting: Setting, expression: Expression, syntax: Syntax, expected: Type | None
) -> bool:
    if expected is None:
        return True
    if isinstance(expected, BooleanType):
        return is_condition(setting, expression, syntax)
    if isinstance(expected, LabelType):
        return _is_label_of(setting, expression, syntax, expected)
    if not is_number(setting, expression, syntax):
        return False
    of = number_type(fit(expression, expected.time_power))
    if of.time_power != expected.time_power:
        wanted = describe_power(expected.time_power)
        message = f"`{words(syntax)}` is {describe(of)} where {wanted} is needed"
        cure = f"multiply or divide by a parameter, so that it is {wanted}"
        if of.time_power == 0 and expected.time_power == -1:
            cure = "a rate is per day: multiply by a parameter with a unit such as `per day`"
        elif of.time_power == 0 and expected.time_power == 1:
            cure = "use a parameter with a unit such as `days`"
        elif of.time_power == -expected.time_power and isinstance(syntax, NameSyntax):
            cure = f"write `1 / {words(syntax)}`"
        setting.faults.error(Code.UNIT_MISMATCH, syntax.span, message, cure=cure)
        return False
    if expected.is_whole and not of.is_whole:
        message = f"`{words(syntax)}` need not be a whole number, and a count must be"
        cure = f"write `floor({words(syntax)})` if that is meant"
        setting.faults.error(Code.TYPE_MISMATCH, syntax.span, message, cure=cure)
        return False
    return True


def _is_label_of(
    setting: Setting, expression: Expression, syntax: Syntax, expected: LabelType
) -> bool:
    if not isinstance(expression.type, LabelType):
        message = f"`{words(syntax)}` is {describe(expression.type)} where a label is needed"
        cure = _labels_possible(expected)
        setting.faults.error(Code.TYPE_MISMATCH, syntax.span, message, cure=cure)
        return False
    if labels_meet(expression.type, expected):
        return True
    message = f"`{words(syntax)}` is not one of the labels possible here"
    cure = _labels_possible(expected)
    setting.faults.error(Code.TYPE_MISMATCH, syntax.span, message, cure=cure)
    return False


def _labels_possible(expected: LabelType) -> str:
    if expected.numbered is not None:
        return f"write a number from 1 to {expected.numbered.size}"
    return f"write one of {list_names(expected.labels)}"


def _check(ask: Ask) -> Checking:
    setting, syntax, hint = ask.setting, ask.syntax, ask.hint
    if isinstance(syntax, NumberSyntax):
        return check_number(setting, syntax, hint)
    if isinstance(syntax, TruthSyntax):
        return Truth(syntax.value, syntax.span)
    if isinstance(syntax, NameSyntax):
        return (yield from check_name(setting, syntax, hint))
    if isinstance(syntax, UnarySyntax):
        return (yield from _unary(setting, syntax))
    if isinstance(syntax, ConditionalSyntax):
        return (yield from _conditional(setting, syntax, hint))
    if isinstance(syntax, CallSyntax):
        return (yield from check_call(setting, syntax))
    if isinstance(syntax, QuantifierSyntax):
        return (yield from check_quantifier(setting, syntax))
    if isinstance(syntax, InSyntax):
        return (yield from check_in(setting, syntax))
    return (yield from _binary(setting, syntax))


def _unary(setting: Setting, syntax: UnarySyntax) -> Checking:
    value = yield setting.ask(syntax.value)
    if value is None:
        return None
    if syntax.operator == "not":
        is_fit = is_condition(setting, value, syntax.value)
        return Not(value, syntax.span) if is_fit else None
    is_fit = is_number(setting, value, syntax.value)
    return Negative(value, number_type(value), syntax.span) if is_fit else None


def _binary(setting: Setting, syntax: BinarySyntax) -> Checking:
    if syntax.operator in ("==", "!="):
        return (yield from _equality(setting, syntax))
    left = yield setting.ask(syntax.left)
    right = yield setting.ask(syntax.right)
    if left is None or right is None:
        return None
    need = is_condition if syntax.operator in ("and", "or") else is_number
    are_fit = need(setting, left, syntax.left)
    if not need(setting, right, syntax.right) or not are_fit:
        return None
    if syntax.operator in ("and", "or"):
        return Binary(syntax.operator, left, right, BOOLEAN, syntax.span)
    if syntax.operator in ("*", "/"):
        return _product(syntax, left, right)
    return _alike(setting, syntax, left, right)


def _product(syntax: BinarySyntax, left: Expression, right: Expression) -> Expression:
    one, other = number_type(left), number_type(right)
    if syntax.operator == "/":
        of = NumberType(one.time_power - other.time_power)
    else:
        of = NumberType(one.time_power + other.time_power, one.is_whole and other.is_whole)
    return Binary(syntax.operator, left, right, of, syntax.span)


def _alike(
    setting: Setting, syntax: BinarySyntax, left: Expression, right: Expression
) -> Expression | None:
    """Sums, differences and comparisons: both sides have one dimension."""
    power = common_power((left, right))
    if power is None:
        pairs = [(syntax.left, left), (syntax.right, right)]
        refuse_powers(setting, syntax.operator, pairs)
        return None
    left, right = fit(left, power), fit(right, power)
    is_sum = syntax.operator in ("+", "-")
    of = NumberType(power, all_whole((left, right))) if is_sum else BOOLEAN
    return Binary(syntax.operator, left, right, of, syntax.span)


def _equality(setting: Setting, syntax: BinarySyntax) -> Checking:
    left, right = yield from _pair(setting, syntax.left, syntax.right, None)
    if left is None or right is None:
        return None
    if isinstance(left.type, LabelType) and isinstance(right.type, LabelType):
        if labels_meet(left.type, right.type):
            return Binary(syntax.operator, left, right, BOOLEAN, syntax.span)
        message = f"`{words(syntax.left)}` can never be `{words(syntax.right)}`"
        names = left.type.labels if len(left.type.labels) > 1 else right.type.labels
        cure = f"it is one of {list_names(names)}" if names else "compare it with what it can be"
        setting.faults.error(Code.TYPE_MISMATCH, syntax.span, message, cure=cure)
        return None
    if isinstance(left.type, BooleanType) and isinstance(right.type, BooleanType):
        return Binary(syntax.operator, left, right, BOOLEAN, syntax.span)
    if isinstance(left.type, NumberType) and isinstance(right.type, NumberType):
        return _alike(setting, syntax, left, right)
    as_truth = _as_truth(syntax.operator, syntax.left, left, syntax.right)
    _refuse_unlike(setting, syntax.left, left, syntax.right, right, "compared with", as_truth)
    return None


def _refuse_unlike(
    setting: Setting,
    one: Syntax,
    left: Expression,
    other: Syntax,
    right: Expression,
    act: str,
    cure: str | None = None,
) -> None:
    """Note that two expressions cannot stand beside each other."""
    setting.faults.error(
        Code.TYPE_MISMATCH,
        other.span,
        f"{describe(left.type)} cannot be {act} {describe(right.type)}",
        label=describe(right.type),
        cure=cure or "write two conditions, two numbers or two labels",
        other=[(one.span, describe(left.type))],
    )


def _as_truth(operator: str, one: Syntax, left: Expression, other: Syntax) -> str | None:
    """A help for a condition compared with 0 or 1."""
    is_condition_left = isinstance(left.type, BooleanType)
    if not is_condition_left or not isinstance(other, NumberSyntax) or other.value not in (0, 1):
        return None
    holds = (other.value == 1) == (operator == "==")
    return f"write `{words(one)}`" if holds else f"write `not {words(one)}`"


def _pair(
    setting: Setting, left: Syntax, right: Syntax, hint: LabelType | None
) -> Steps[tuple[Expression | None, Expression | None]]:
    """Two expressions that should be of one type; labels written in one are those of the other."""
    if hint is not None or not _needs_hint(setting, left) or _needs_hint(setting, right):
        one = yield setting.ask(left, hint)
        other = yield setting.ask(right, hint or _labels_of(one))
        return one, other
    other = yield setting.ask(right)
    one = yield setting.ask(left, _labels_of(other))
    return one, other


def _needs_hint(setting: Setting, syntax: Syntax) -> bool:
    """Whether it is written out, so that only what it is compared with tells its type."""
    leaves = [syntax]
    while leaves:
        leaf = leaves.pop()
        if isinstance(leaf, ConditionalSyntax):
            leaves += (leaf.yes, leaf.no)
        elif isinstance(leaf, NameSyntax):
            symbol = setting.scope.find(leaf.name)
            if leaf.indices or (names_a_label(symbol) and not isinstance(symbol, LabelSymbol)):
                return False
        elif not isinstance(leaf, NumberSyntax):
            return False
    return True


def _labels_of(expression: Expression | None) -> LabelType | None:
    if expression is None or not isinstance(expression.type, LabelType):
        return None
    return expression.type


def _conditional(setting: Setting, syntax: ConditionalSyntax, hint: LabelType | None) -> Checking:
    condition = yield setting.ask(syntax.condition)
    is_fit = condition is not None and is_condition(setting, condition, syntax.condition)
    yes, no = yield from _pair(setting, syntax.yes, syntax.no, hint)
    if condition is None or not is_fit or yes is None or no is None:
        return None
    of: Type
    if isinstance(yes.type, NumberType) and isinstance(no.type, NumberType):
        power = common_power((yes, no))
        if power is None:
            refuse_powers(setting, "if", [(syntax.yes, yes), (syntax.no, no)])
            return None
        yes, no = fit(yes, power), fit(no, power)
        of = NumberType(power, all_whole((yes, no)))
    elif isinstance(yes.type, LabelType) and isinstance(no.type, LabelType):
        if yes.type.numbered != no.type.numbered:
            _refuse_unlike(setting, syntax.yes, yes, syntax.no, no, "chosen instead of")
            return None
        of = labels_of_both(yes.type, no.type)
    elif isinstance(yes.type, BooleanType) and isinstance(no.type, BooleanType):
        of = BOOLEAN
    else:
        _refuse_unlike(setting, syntax.yes, yes, syntax.no, no, "chosen instead of")
        return None
    return Conditional(condition, yes, no, of, syntax.span)


def settle(steps: Steps[Result]) -> Result:
    """What a function of the checker returns when everything it asks for is checked."""
    return run(steps, _check)
