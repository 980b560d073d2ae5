"""The functions of the language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from foedus.expr.agreement import (
    all_whole,
    common_power,
    describe,
    describe_power,
    fit,
    is_zero,
    number_type,
)
from foedus.expr.domains import find_alliance, fresh_name, refuse_group
from foedus.expr.names import EventReference, check_event, refuse_sort
from foedus.expr.scope import AllianceSymbol, GroupSymbol, OfficeSymbol
from foedus.expr.setting import Checking, Setting, Steps, is_number, words
from foedus.expr.syntax import LONGEST, CallSyntax, NameSyntax, Syntax
from foedus.expr.tree import (
    BOOLEAN,
    PLAIN,
    Binary,
    Call,
    Expression,
    Firings,
    FunctionName,
    GroupDomain,
    IndexVariable,
    LabelType,
    LabelValue,
    Number,
    NumberType,
    Quantifier,
    QuantifierName,
    Since,
    Truth,
    Variable,
    label_type,
)
from foedus.text.codes import Code
from foedus.text.source import Span
from foedus.text.suggest import closest, list_names

WHOLE = NumberType(0, True)
OBLIGATIONS = ("defense", "offense", "neutrality", "nonaggression", "consultation")
DECISIONS = ("consensus", "majority", "lead")

Argument = tuple[Syntax, Expression]


def check_call(setting: Setting, syntax: CallSyntax) -> Checking:
    """A function with its arguments."""
    name = syntax.function
    if name not in USAGE:
        _refuse_function(setting, syntax)
        return None
    least, most = ARGUMENTS.get(name, (1, 1))
    given = len(syntax.arguments)
    if not least <= given <= most:
        message = f"`{name}` has too {'few' if given < least else 'many'} arguments"
        cure = f"write `{USAGE[name]}`"
        setting.faults.error(Code.BAD_EXPRESSION, syntax.span, message, cure=cure)
        return None
    if name in OF_NAMES:
        return OF_NAMES[name](setting, syntax)
    return (yield from OF_VALUES[name](setting, syntax))


def _numbers(setting: Setting, syntax: CallSyntax) -> Steps[list[Argument] | None]:
    found: list[Argument] = []
    for argument in syntax.arguments:
        expression = yield setting.ask(argument)
        if expression is not None and is_number(setting, expression, argument):
            found.append((argument, expression))
    return found if len(found) == len(syntax.arguments) else None


def _least_or_greatest(setting: Setting, syntax: CallSyntax) -> Checking:
    arguments = yield from _numbers(setting, syntax)
    if arguments is None:
        return None
    numbers = [expression for _, expression in arguments]
    power = common_power(numbers)
    if power is None:
        refuse_powers(setting, syntax.function, arguments)
        return None
    fitted = tuple(fit(number, power) for number in numbers)
    of = NumberType(power, all_whole(fitted))
    return Call(cast(FunctionName, syntax.function), fitted, of, syntax.span)


def refuse_powers(setting: Setting, what: str, arguments: Sequence[Argument]) -> None:
    """Note that `what` (an operator, a function) puts numbers of unlike dimension together."""
    telling = [pair for pair in arguments if not is_zero(pair[1])]
    places = [(syntax.span, describe(expression.type)) for syntax, expression in telling]
    first = places[0]
    last = next(place for place in places if place[1] != first[1])
    cure = "multiply or divide one of them by a parameter, so that both have one unit"
    if any(isinstance(expression, Number) for _, expression in telling):
        cure = "a number without a unit is plain: declare a parameter with the unit that is meant"
    message = f"`{what}` mixes {first[1]} and {last[1]}"
    setting.faults.error(
        Code.UNIT_MISMATCH, last[0], message, label=last[1], cure=cure, other=[first]
    )


def _function(setting: Setting, syntax: CallSyntax) -> Checking:
    arguments = yield from _numbers(setting, syntax)
    if arguments is None:
        return None
    name = cast(FunctionName, syntax.function)
    numbers = tuple(expression for _, expression in arguments)
    of = number_type(numbers[0])
    if name == "sqrt" and of.time_power % 2 == 0:
        return Call(name, numbers, NumberType(of.time_power // 2), syntax.span)
    if name == "abs":
        return Call(name, numbers, of, syntax.span)
    for argument, expression in arguments:
        power = number_type(expression).time_power
        if power != 0:
            message = f"`{name}` needs a plain number, not {describe_power(power)}"
            cure = "divide by a quantity of the same unit first"
            setting.faults.error(Code.UNIT_MISMATCH, argument.span, message, cure=cure)
            return None
    return Call(name, numbers, WHOLE if name == "floor" else PLAIN, syntax.span)


def _holder(setting: Setting, syntax: CallSyntax) -> Expression | None:
    name = _bare_name(setting, syntax.arguments[0], Code.UNKNOWN_OFFICE, "an office")
    if name is None:
        return None
    office = setting.first(name.name, OfficeSymbol)
    if office is not None:
        return Variable(office.variable.name, (), office.variable.type, syntax.span)
    fitting = setting.names_of(OfficeSymbol)
    setting.unknown(Code.UNKNOWN_OFFICE, "no office", name.name, name.span, fitting)
    return None


def _firings(setting: Setting, syntax: CallSyntax) -> Checking:
    event = yield from check_event(setting, syntax.arguments[0])
    return None if event is None else _over_instances("sum", event, syntax.span)


def _happened(setting: Setting, syntax: CallSyntax) -> Checking:
    event = yield from check_event(setting, syntax.arguments[0])
    return None if event is None else _over_instances("any", event, syntax.span)


def _over_instances(name: QuantifierName, event: EventReference, span: Span) -> Expression:
    """The firings of an instance, or of all instances together; for `any`, whether there are."""
    indices: list[IndexVariable] = []
    for group in event.symbol.groups if event.indices is None else ():
        variable = fresh_name(group.name, {index.name for index in indices})
        indices.append(IndexVariable(variable, group, label_type(group), span))
    result: Expression = Firings(event.symbol.name, event.indices or tuple(indices), span)
    if name == "any":
        result = Binary(">", result, Number(0.0, WHOLE, span), BOOLEAN, span)
    for index in reversed(indices):
        domain = GroupDomain(index.group)
        result = Quantifier(name, index.name, domain, None, result, result.type, span)
    return result


def _since(setting: Setting, syntax: CallSyntax) -> Checking:
    event = yield from check_event(setting, syntax.arguments[0])
    if event is not None and event.indices is None:
        groups = ", ".join(f"`{group.name}`" for group in event.symbol.groups)
        message = f"`since` needs one instance of `{event.symbol.name}`"
        cure = f"it is indexed by {groups}; `min(since({event.symbol.name}[i], ...) for i in ...)`"
        setting.faults.error(Code.WRONG_INDEX, syntax.arguments[0].span, message, cure=cure)
        event = None
    if len(syntax.arguments) == 1:
        written = words(syntax.arguments[0])
        message = f"`since({written})` has no value before the event first happens"
        cure = f"say which: `since({written}, time)`, or a parameter in days instead of `time`"
        setting.faults.error(Code.SINCE_WITHOUT_DEFAULT, syntax.span, message, cure=cure)
        return None
    place = syntax.arguments[1]
    default = yield setting.ask(place)
    if default is None or not is_number(setting, default, place):
        return None
    default = fit(default, 1)
    power = number_type(default).time_power
    if power != 1:
        message = f"`{words(place)}` is {describe_power(power)} where a number of days is needed"
        cure = "declare a parameter with unit `days`, or write `time`"
        setting.faults.error(Code.UNIT_MISMATCH, place.span, message, cure=cure)
        return None
    if event is None or event.indices is None:
        return None
    return Since(event.symbol.name, event.indices, default, syntax.span)


def _size(setting: Setting, syntax: CallSyntax) -> Expression | None:
    name = _bare_name(setting, syntax.arguments[0], Code.UNKNOWN_GROUP, "a group")
    if name is None:
        return None
    group = setting.first(name.name, GroupSymbol)
    if group is not None:
        return Number(float(group.group.size), WHOLE, syntax.span)
    if setting.first(name.name, AllianceSymbol) is not None:
        message = f"`{name.name}` is an alliance, not a group"
        cure = f"its members at the time are `count(true for m in members({name.name}))`"
        setting.faults.error(Code.TYPE_MISMATCH, name.span, message, cure=cure)
        return None
    refuse_group(setting, name)
    return None


def _alliance(setting: Setting, syntax: CallSyntax) -> Expression | None:
    name = _bare_name(setting, syntax.arguments[0], Code.UNKNOWN_ALLIANCE, "an alliance")
    alliance = None if name is None else find_alliance(setting, name.name, name.span)
    if name is None or alliance is None:
        return None
    if syntax.function == "lead":
        if alliance.lead is not None:
            return LabelValue(alliance.lead, LabelType((alliance.lead,)), syntax.span)
        message = f"`{name.name}` has no lead"
        cure = f"add `lead:` to the alliance `{name.name}`"
        setting.faults.error(Code.ALLIANCE_LEAD, name.span, message, cure=cure)
        return None
    is_duty = syntax.function == "obliges"
    words_known = tuple(dict.fromkeys((*OBLIGATIONS, *alliance.obligations)))
    known = words_known if is_duty else DECISIONS
    word = syntax.arguments[1]
    if not isinstance(word, NameSyntax) or word.indices or word.name not in known:
        message = f"`{words(word)}` is not a word for what an alliance {syntax.function}"
        near = closest(words(word), known)
        cure = f"write `{near}`" if near else f"it is one of {list_names(known)}"
        setting.faults.error(Code.UNKNOWN_WORD, word.span, message, cure=cure)
        return None
    holds = word.name in alliance.obligations if is_duty else word.name == alliance.decides
    return Truth(holds, syntax.span)


def _bare_name(setting: Setting, syntax: Syntax, code: Code, wanted: str) -> NameSyntax | None:
    if isinstance(syntax, NameSyntax) and not syntax.indices:
        return syntax
    message = f"`{words(syntax)}` is not the name of {wanted}"
    setting.faults.error(code, syntax.span, message, cure=f"write the name of {wanted}")
    return None


def _refuse_function(setting: Setting, syntax: CallSyntax) -> None:
    if syntax.function in ("any", "all", "count", "sum"):
        message = f"`{syntax.function}` needs something to range over"
        cure = f"write `{syntax.function}(... for i in group)`"
        setting.faults.error(Code.BAD_EXPRESSION, syntax.name_span, message, cure=cure)
        return
    symbol = setting.scope.find(syntax.function)
    if symbol is None:
        fitting = (*USAGE, "any", "all", "count", "sum", "members")
        setting.unknown(
            Code.UNKNOWN_NAME, "no function", syntax.function, syntax.name_span, fitting
        )
        return
    name = NameSyntax(syntax.function, (), syntax.name_span, syntax.name_span)
    refuse_sort(setting, name, symbol, "a function")


OF_NAMES: dict[str, Callable[[Setting, CallSyntax], Expression | None]] = {
    "holder": _holder,
    "size": _size,
    "lead": _alliance,
    "obliges": _alliance,
    "decides": _alliance,
}
OF_VALUES: dict[str, Callable[[Setting, CallSyntax], Checking]] = {
    "min": _least_or_greatest,
    "max": _least_or_greatest,
    **dict.fromkeys(("exp", "log", "sqrt", "abs", "floor", "power"), _function),
    "happened": _happened,
    "firings": _firings,
    "since": _since,
}
ARGUMENTS = {
    "min": (2, LONGEST),
    "max": (2, LONGEST),
    "since": (1, 2),
    **dict.fromkeys(("power", "obliges", "decides"), (2, 2)),
}
USAGE = {
    "min": "min(a, b)` or `min(x[i] for i in group)",
    "max": "max(a, b)` or `max(x[i] for i in group)",
    **{name: f"{name}(a)" for name in ("exp", "log", "sqrt", "abs", "floor")},
    "power": "power(a, b)",
    "holder": "holder(office)",
    "happened": "happened(event)",
    "firings": "firings(event)",
    "since": "since(event, default)",
    "size": "size(group)",
    "lead": "lead(alliance)",
    "obliges": "obliges(alliance, defense)",
    "decides": "decides(alliance, consensus)",
}
