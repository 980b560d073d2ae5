"""What the names in an expression stand for: values, labels, indices, events."""

from __future__ import annotations

from collections.abc import Sequence

from foedus.expr.agreement import describe, labels_meet
from foedus.expr.scope import (
    AllianceSymbol,
    BoundSymbol,
    ComponentSymbol,
    DatumSymbol,
    DrawSymbol,
    EventSymbol,
    GroupSymbol,
    IndexSymbol,
    LabelSymbol,
    OfficeSymbol,
    ParameterSymbol,
    RelationSymbol,
    Scope,
    Symbol,
    VariableSymbol,
)
from foedus.expr.setting import Checking, Setting, Steps, words
from foedus.expr.syntax import NameSyntax, NumberSyntax, Syntax
from foedus.expr.tree import (
    Component,
    Datum,
    Draw,
    Expression,
    Group,
    IndexVariable,
    LabelType,
    LabelValue,
    Number,
    NumberType,
    Parameter,
    Position,
    Time,
    Variable,
    label_type,
)
from foedus.frozen import dataclass
from foedus.text.codes import Code
from foedus.text.source import Span
from foedus.text.suggest import closest, list_names

IndexedSymbol = ParameterSymbol | VariableSymbol | DatumSymbol | DrawSymbol
PlainSymbol = LabelSymbol | IndexSymbol | ComponentSymbol | BoundSymbol

SORTS: dict[type, str] = {
    ParameterSymbol: "a parameter",
    VariableSymbol: "a state variable",
    DatumSymbol: "a table",
    ComponentSymbol: "a component",
    DrawSymbol: "a random draw",
    IndexSymbol: "an index",
    GroupSymbol: "a group",
    RelationSymbol: "a relation",
    OfficeSymbol: "an office",
    AllianceSymbol: "an alliance",
    EventSymbol: "an event",
    LabelSymbol: "a label",
    BoundSymbol: "an expression",
}
CURES: dict[type, str] = {
    GroupSymbol: "an index of it comes from `per: {0}`, or from `any(... for i in {0})`",
    AllianceSymbol: "write `m in {0}`, `members({0})` or `lead({0})`",
    RelationSymbol: "write `any(... for j in {0}[i])`",
    OfficeSymbol: "write `holder({0})`",
    EventSymbol: "write `happened({0})`, `firings({0})` or `since({0}, ...)`",
}


@dataclass(frozen=True, slots=True)
class EventReference:
    """An event kind and which instance is meant; `indices` is None for all of an indexed kind."""

    symbol: EventSymbol
    indices: tuple[Expression, ...] | None
    span: Span


def check_number(
    setting: Setting, syntax: NumberSyntax, hint: LabelType | None
) -> Expression | None:
    """A literal number, or the label of a numbered group where one is looked for."""
    if hint is not None and hint.numbered is not None:
        group = hint.numbered
        digits = syntax.text.replace("_", "")
        if digits.isdigit() and 1 <= int(digits) <= group.size:
            return LabelValue(str(int(digits)), hint, syntax.span)
        message = f"`{syntax.text}` is not in group `{group.name}`"
        cure = f"it is numbered from 1 to {group.size}"
        setting.faults.error(Code.WRONG_INDEX, syntax.span, message, cure=cure)
        return None
    if setting.purpose in ("rate", "utility") and syntax.value not in (0, 1):
        setting.faults.error(
            Code.NUMBER_IN_RATE,
            syntax.span,
            f"the number `{syntax.text}` stands bare in a {setting.purpose}",
            label="only 0 and 1 may",
            cure="declare it under `parameters`, with a prior and a reason or a source,"
            " and write its name here",
        )
    whole = NumberType(0, syntax.value.is_integer())
    return Number(syntax.value, whole, syntax.span)


def check_name(setting: Setting, syntax: NameSyntax, hint: LabelType | None) -> Checking:
    """The value of a name, with its indices."""
    symbol = setting.scope.find(syntax.name)
    if syntax.name == "time":
        return _without_index(setting, syntax, Time(span=syntax.span))
    if hint is not None and syntax.name in hint.labels and not names_a_label(symbol):
        value = LabelValue(syntax.name, LabelType((syntax.name,)), syntax.span)
        return _without_index(setting, syntax, value)
    if symbol is None:
        _refuse_unknown(setting, syntax, hint.labels if hint is not None else ())
        return None
    if isinstance(symbol, PlainSymbol):
        return _without_index(setting, syntax, _plain(symbol, syntax.span))
    if isinstance(symbol, IndexedSymbol):
        indices = yield from check_indices(setting, syntax, symbol.groups)
        return None if indices is None else _indexed(symbol, indices, syntax.span)
    refuse_sort(setting, syntax, symbol, "a value")
    return None


def names_a_label(symbol: Symbol | None) -> bool:
    """Whether a name with this meaning is a label or holds one."""
    if isinstance(symbol, BoundSymbol):
        return isinstance(symbol.expression.type, LabelType)
    if isinstance(symbol, ParameterSymbol | VariableSymbol | DrawSymbol):
        return isinstance(symbol.type, LabelType)
    return isinstance(symbol, LabelSymbol | IndexSymbol)


def refuse_sort(setting: Setting, syntax: NameSyntax, symbol: Symbol, wanted: str) -> None:
    """Note that a name stands for something of the wrong sort."""
    cure = CURES.get(type(symbol))
    if wanted == "a state variable":
        cure = "an effect changes what is declared under `state`, or `holder(OFFICE)`"
    setting.faults.error(
        Code.TYPE_MISMATCH,
        syntax.name_span,
        f"`{syntax.name}` is {SORTS[type(symbol)]}, not {wanted}",
        cure=cure.format(syntax.name) if cure is not None else f"write the name of {wanted}",
    )


def check_indices(
    setting: Setting, syntax: NameSyntax, groups: Sequence[Group]
) -> Steps[tuple[Expression, ...] | None]:
    """The indices after a name, one for each of the groups it is indexed by."""
    if len(syntax.indices) != len(groups):
        _refuse_count(setting, syntax, groups)
        return None
    found: list[Expression | None] = []
    for index, group in zip(syntax.indices, groups, strict=True):
        expression = yield setting.ask(index, label_type(group))
        found.append(None if expression is None else as_index(setting, expression, group, index))
    whole = tuple(index for index in found if index is not None)
    return whole if len(whole) == len(found) else None


def as_index(
    setting: Setting, expression: Expression, group: Group, syntax: Syntax
) -> Expression | None:
    """An expression turned into a position in a group."""
    if isinstance(expression, IndexVariable) and expression.group == group:
        return expression
    if not isinstance(expression.type, LabelType):
        message = (
            f"`{words(syntax)}` is {describe(expression.type)}, not an index of `{group.name}`"
        )
        cure = f"write one of {list_names(group.labels)}, or an index that ranges over it"
        if not group.labels:
            cure = "an index is a name, or a number written in digits"
        setting.faults.error(Code.WRONG_INDEX, syntax.span, message, cure=cure)
        return None
    if labels_meet(expression.type, label_type(group)):
        return Position(group, expression, syntax.span)
    message = f"`{words(syntax)}` is never in group `{group.name}`"
    near = closest(words(syntax), group.labels)
    cure = f"write `{near}`" if near else f"the group has {list_names(group.labels)}"
    if not group.labels:
        cure = f"it is numbered from 1 to {group.size}"
    setting.faults.error(Code.WRONG_INDEX, syntax.span, message, cure=cure)
    return None


def check_event(setting: Setting, syntax: Syntax) -> Steps[EventReference | None]:
    """The event kind or instance that an argument names."""
    if not isinstance(syntax, NameSyntax):
        message = f"`{words(syntax)}` is not the name of an event"
        cure = "write the name of an event, as in `EVENT` or `EVENT[i]`"
        setting.faults.error(Code.UNKNOWN_EVENT, syntax.span, message, cure=cure)
        return None
    symbol = setting.first(syntax.name, EventSymbol)
    if symbol is None:
        other = setting.scope.find(syntax.name)
        if other is not None:
            refuse_sort(setting, syntax, other, "an event")
            return None
        fitting = setting.names_of(EventSymbol)
        setting.unknown(Code.UNKNOWN_EVENT, "no event", syntax.name, syntax.name_span, fitting)
        return None
    if symbol.groups and not syntax.indices:
        return EventReference(symbol, None, syntax.span)
    indices = yield from check_indices(setting, syntax, symbol.groups)
    return None if indices is None else EventReference(symbol, indices, syntax.span)


def _plain(symbol: PlainSymbol, span: Span) -> Expression:
    if isinstance(symbol, BoundSymbol):
        return symbol.expression
    if isinstance(symbol, ComponentSymbol):
        return Component(symbol.name, span)
    if isinstance(symbol, IndexSymbol):
        return IndexVariable(symbol.name, symbol.group, label_type(symbol.group), span)
    return LabelValue(symbol.label, LabelType((symbol.label,)), span)


def _indexed(symbol: IndexedSymbol, indices: tuple[Expression, ...], span: Span) -> Expression:
    if isinstance(symbol, ParameterSymbol):
        return Parameter(symbol.name, indices, symbol.type, span)
    if isinstance(symbol, VariableSymbol):
        return Variable(symbol.name, indices, symbol.type, span)
    if isinstance(symbol, DatumSymbol):
        return Datum(symbol.name, indices, NumberType(symbol.time_power), span)
    return Draw(symbol.name, indices, symbol.type, span)


def _without_index(
    setting: Setting, syntax: NameSyntax, expression: Expression
) -> Expression | None:
    if not syntax.indices:
        return expression
    cure = f"write `{syntax.name}`"
    message = f"`{syntax.name}` takes no index"
    setting.faults.error(Code.WRONG_INDEX, syntax.span, message, cure=cure)
    return None


def _refuse_count(setting: Setting, syntax: NameSyntax, groups: Sequence[Group]) -> None:
    needed = ", ".join(f"`{group.name}`" for group in groups)
    given = len(syntax.indices)
    if not groups:
        message, cure = f"`{syntax.name}` takes no index", f"write `{syntax.name}`"
    else:
        message = f"`{syntax.name}` needs an index"
        if given > 0:
            message = f"`{syntax.name}` is indexed by {needed}, and {given} indices are given"
        cure = f"it has one value for each {needed}: {_indexed_by(setting, syntax.name, groups)}"
    setting.faults.error(Code.WRONG_INDEX, syntax.span, message, cure=cure)


def _indexed_by(setting: Setting, name: str, groups: Sequence[Group]) -> str:
    """How to write a name with its indices, those at hand first."""
    bound = [_bound_index(setting, group) for group in groups]
    letters = [index or letter for index, letter in zip(bound, "ijk", strict=False)]
    loops = [
        f"for {letter} in {group.name}"
        for letter, index, group in zip(letters, bound, groups, strict=True)
        if index is None
    ]
    with_loops = f", with `{' '.join(loops)}`" if loops else ""
    return f"write `{name}[{', '.join(letters)}]`{with_loops}"


def _bound_index(setting: Setting, group: Group) -> str | None:
    """The index of the group that stands here already, if there is one."""
    for name in setting.scope.names():
        symbol = setting.scope.find(name)
        if isinstance(symbol, IndexSymbol) and symbol.group == group:
            return name
    return None


def _refuse_unknown(setting: Setting, syntax: NameSyntax, labels: tuple[str, ...]) -> None:
    fitting = (*setting.scope.names(), *labels)
    otherwise = "declare it, for instance under `parameters` or `state`"
    if labels:
        otherwise = f"possible here: {list_names(labels)}"
    setting.unknown(
        Code.UNKNOWN_NAME,
        "nothing",
        syntax.name,
        syntax.name_span,
        fitting,
        cure=_as_subtraction(setting.scope, syntax.name),
        otherwise=otherwise,
    )


def _as_subtraction(scope: Scope, name: str) -> str | None:
    """A help for `a-b` where both `a` and `b` are known."""
    parts = name.split("-")
    if not 2 <= len(parts) <= 6:
        return None
    halves = [["-".join(parts[:cut]), "-".join(parts[cut:])] for cut in range(1, len(parts))]
    for pieces in (*halves, parts):
        if all(piece.isdigit() or scope.find(piece) is not None for piece in pieces):
            return f"for a subtraction write `{' - '.join(pieces)}`"
    return None
