"""Reading what moves: parameters, state and event kinds, of a case or of a mechanism.

Two passes: `declare` gives every name its meaning, so that expressions may refer to what stands
later in the file; `define_*` then reads the expressions.
"""

from __future__ import annotations

from dataclasses import replace

from foedus.case.case import Grounds, Happening, LocalText, Parameter, StateVariable
from foedus.case.draft import Draft, local_text, number, section, truth, unknown_name
from foedus.case.dynamics import EventKind, VariableKind, VariableSpec
from foedus.case.events import read_event
from foedus.case.formula import expression
from foedus.case.node import Entry, Mapping, Node, Scalar, Sequence
from foedus.case.tables import index_groups
from foedus.case.values import read_cites, read_grounds, read_parameter, read_unit, verify_grounds
from foedus.expr.prior import Fixed, Flag
from foedus.expr.scope import EventSymbol, IndexSymbol, ParameterSymbol, VariableSymbol
from foedus.expr.tree import (
    BOOLEAN,
    BooleanType,
    Expression,
    Group,
    IndexVariable,
    LabelType,
    NumberType,
    Type,
    label_type,
)
from foedus.expr.tree import Parameter as ParameterNode
from foedus.frozen import dataclass
from foedus.text.codes import Code


@dataclass(frozen=True, slots=True)
class Indexed:
    """The index of something declared with `per:`."""

    names: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()


def declare(draft: Draft) -> None:
    """Give the parameters, state variables and events of a draft their meaning."""
    for key, node in section(draft, "parameters"):
        index = _index(node, draft)
        unit = read_unit(node.get("unit"), draft)
        if index is None or unit is None:
            draft.broken.add(key.text)
            continue
        kind = NumberType(unit.time_power)
        draft.declare(key, key.text, ParameterSymbol(draft.prefix + key.text, index.groups, kind))
    for key, node in section(draft, "state"):
        symbol = _variable_symbol(key, node, draft)
        if symbol is None:
            draft.broken.add(key.text)
        else:
            draft.declare(key, key.text, symbol)
    for key, node in section(draft, "events"):
        _declare_event(key, node, draft)


def _index(node: Mapping, draft: Draft) -> Indexed | None:
    found = index_groups(node.get("per"), draft.groups, draft)
    return None if found is None else Indexed(*found)


def _variable_symbol(key: Scalar, node: Mapping, draft: Draft) -> VariableSymbol | None:
    index = _index(node, draft)
    kind = _variable_type(node, draft)
    if index is None or kind is None:
        return None
    return VariableSymbol(draft.prefix + key.text, index.groups, kind, truth(node.get("latent")))


def _variable_type(node: Mapping, draft: Draft) -> Type | None:
    written = node.get("type")
    if isinstance(written, Mapping):
        labels = _one_of(written.get("one of"), draft)
        if labels is None:
            return None
        draft.labels.update(labels)
        return LabelType(labels)
    word = node.text("type")
    if word == "flag":
        return BOOLEAN
    unit = read_unit(node.get("unit"), draft)
    if unit is None:
        return None
    return NumberType(unit.time_power, word == "count")


def _one_of(node: Node | None, draft: Draft) -> tuple[str, ...] | None:
    if isinstance(node, Sequence):
        return tuple(item.text for item in node.items if isinstance(item, Scalar))
    if not isinstance(node, Scalar):
        return None
    group = draft.groups.get(node.text)
    labelled = tuple(name for name, one in draft.groups.items() if one.labels)
    if group is None:
        unknown_name(Code.UNKNOWN_GROUP, "group", node, labelled, "groups", draft)
        return None
    if not group.labels:
        draft.diagnostics.error(
            Code.TYPE_MISMATCH,
            node.span,
            f"the group `{node.text}` is numbered, so it has no labels",
            help="list the values, or name a group that lists its labels",
        )
        return None
    return group.labels


def _declare_event(key: Scalar, node: Mapping, draft: Draft) -> None:
    index = _index(node, draft)
    if index is None:
        draft.broken.add(key.text)
        return
    name = draft.prefix + key.text
    if not draft.declare(key, key.text, EventSymbol(name, index.groups)):
        return
    for option in node.mapping("choose"):
        local = f"{key.text}.{option.key.text}"
        draft.symbols[local] = EventSymbol(f"{draft.prefix}{local}", index.groups)


def define_parameters(draft: Draft) -> dict[str, Parameter]:
    """The parameters, a case's own priors in place of a mechanism's defaults."""
    found: dict[str, Parameter] = {}
    for key, node in section(draft, "parameters"):
        symbol = draft.symbols.get(key.text)
        if not isinstance(symbol, ParameterSymbol):
            continue
        name, what = symbol.name, f"the parameter `{key.text}`"
        parameter = read_parameter(
            key, node, name, symbol.groups, what, draft, mechanism=draft.mechanism,
            is_default=draft.mechanism is not None,
        )  # fmt: skip
        override = draft.overrides.get(key.text)
        if override is not None:
            parameter = _overridden(override, name, symbol, parameter, draft)
        if parameter is None:
            draft.broken.add(key.text)
        else:
            found[name] = parameter
    return found


def _overridden(
    override: tuple[Draft, Entry],
    name: str,
    symbol: ParameterSymbol,
    default: Parameter | None,
    draft: Draft,
) -> Parameter | None:
    case, entry = override
    key, node = entry.key, entry.value
    if not isinstance(node, Mapping):
        return None
    if node.get("unit") is None and default is not None and default.unit != "none":
        draft.diagnostics.error(
            Code.UNIT_MISMATCH,
            key.span,
            f"the prior of `{name}` has no unit",
            help=f"add `unit: {default.unit}`",
        )
        return None
    found = read_parameter(
        key, node, name, symbol.groups, f"the parameter `{name}`", case, mechanism=draft.mechanism
    )
    unit = read_unit(node.get("unit"), case)
    wanted = symbol.type.time_power if isinstance(symbol.type, NumberType) else 0
    if unit is not None and unit.time_power != wanted:
        draft.diagnostics.error(
            Code.UNIT_MISMATCH,
            key.span,
            f"`{name}` is not measured in `{unit.name}`",
            help=f"write `unit: {default.unit}`" if default else "write the unit of the default",
        )
        return None
    if found is not None and default is not None and not found.doc:
        return replace(found, doc=default.doc)  # another belief about the same thing
    return found


def define_state(draft: Draft, parameters: dict[str, Parameter]) -> dict[str, StateVariable]:
    """The state variables. A start drawn from a prior becomes a parameter of its own."""
    found: dict[str, StateVariable] = {}
    for key, node in section(draft, "state"):
        symbol = draft.symbols.get(key.text)
        if not isinstance(symbol, VariableSymbol):
            continue
        variable = _define_variable(key, node, symbol, draft, parameters)
        if variable is not None:
            found[symbol.name] = variable
    return found


def _define_variable(
    key: Scalar,
    node: Mapping,
    symbol: VariableSymbol,
    draft: Draft,
    parameters: dict[str, Parameter],
) -> StateVariable | None:
    index = _index(node, draft)
    unit = read_unit(node.get("unit"), draft)
    if index is None or unit is None:
        return None
    start = _start(key, node, symbol, index, draft, parameters)
    _verify_range(key, node, draft)
    low, high = number(node.get("min")), number(node.get("max"))
    word = node.text("type") or "label"
    kind: VariableKind = word  # type: ignore[assignment]
    if word == "share":
        low, high = (0.0 if low is None else low), (1.0 if high is None else high)
    elif word == "count" and low is None:
        low = 0.0
    if start is None:
        return None
    steps = number(node.get("steps"))
    spec = VariableSpec(
        symbol.name, kind, index.groups, index.names, start,
        None if low is None else low * unit.factor, None if high is None else high * unit.factor,
        symbol.type.labels if isinstance(symbol.type, LabelType) else (), symbol.is_latent,
        None if steps is None else int(steps), key.span,
    )  # fmt: skip
    return StateVariable(
        spec, read_grounds(node, draft), local_text(node.get("label")),
        local_text(node.get("doc")), unit.name, draft.mechanism,
    )  # fmt: skip


def _verify_range(key: Scalar, node: Mapping, draft: Draft) -> None:
    """The least value is not above the greatest."""
    low, high = node.scalar("min"), node.scalar("max")
    least = 0.0 if low is None and node.text("type") in ("count", "share") else number(low)
    most = 1.0 if high is None and node.text("type") == "share" else number(high)
    if least is None or most is None or least <= most:
        return
    place, other = (high, low) if high is not None else (low, None)
    draft.diagnostics.error(
        Code.BAD_NUMBER,
        place.span if place else key.span,
        f"the least value of `{key.text}`, {least:g}, is above its greatest, {most:g}",
        other=[(other.span, "the least")] if other else [],
        help="give `min:` the smaller number and `max:` the larger one",
    )


def _start(
    key: Scalar,
    node: Mapping,
    symbol: VariableSymbol,
    index: Indexed,
    draft: Draft,
    parameters: dict[str, Parameter],
) -> Expression | None:
    written = node.get("starts")
    if isinstance(written, Mapping):
        name = f"{symbol.name}.start"
        parameter = read_parameter(
            key, written, name, index.groups, f"the start of `{key.text}`", draft,
            mechanism=draft.mechanism,
        )  # fmt: skip
        if parameter is None or not _can_start(parameter, symbol.type, written, draft):
            return None
        parameters[name] = parameter
        return ParameterNode(name, index_variables(index), symbol.type)
    if not isinstance(written, Scalar):
        return None
    scope = draft.scope().inside(
        {n: IndexSymbol(n, g) for n, g in zip(index.names, index.groups, strict=True)}
    )
    _verify_start_number(key, node, written, draft)
    return expression(written, scope, draft, symbol.type, "start")


def _can_start(parameter: Parameter, kind: Type, written: Mapping, draft: Draft) -> bool:
    """Whether every value of a prior is one that the variable can take."""
    prior = parameter.spec.prior
    if isinstance(kind, NumberType):
        is_whole = isinstance(prior, Flag) or (isinstance(prior, Fixed) and prior.value % 1 == 0)
        is_fit, wanted = is_whole or not kind.is_whole, "a whole number"
        cure = "declare it under `parameters` and write `starts: floor(NAME)`"
    else:
        is_flag = isinstance(kind, BooleanType)
        is_fit, wanted = is_flag and isinstance(prior, Flag), "true or false"
        cure = "write `prior: flag(0.5)`, or an expression such as `NAME > 0`"
        if not is_flag:
            wanted, cure = (
                "one of its labels",
                "write an expression such as `if NAME > 0 then a else b`",
            )
    place = written.scalar("prior") or written.scalar("value")
    if not is_fit and place is not None:
        draft.diagnostics.error(
            Code.TYPE_MISMATCH, place.span, f"the start need not be {wanted}", help=cure
        )
    return is_fit


def _verify_start_number(key: Scalar, node: Mapping, written: Scalar, draft: Draft) -> None:
    """A number at the start is a number like any other: it needs grounds."""
    try:
        value = float(written.text)
    except ValueError:
        return
    if value in (0, 1):
        return
    grounds: Grounds = read_grounds(node, draft)
    if not grounds.cites and not grounds.because:
        draft.diagnostics.error(
            Code.VALUE_WITHOUT_SOURCE,
            written.span,
            f"the start of `{key.text}` rests on nothing",
            help="add `cites:` or `because:` beside it",
        )
    elif grounds.grade:
        verify_grounds(node, grounds, f"the start of `{key.text}`", key, draft)


def index_variables(index: Indexed) -> tuple[Expression, ...]:
    """The index variables of something declared with `per:`, as expressions."""
    return tuple(
        IndexVariable(name, group, label_type(group))
        for name, group in zip(index.names, index.groups, strict=True)
    )


def define_events(draft: Draft) -> dict[str, Happening]:
    """The event kinds."""
    found: dict[str, Happening] = {}
    for key, node in section(draft, "events"):
        symbol = draft.symbols.get(key.text)
        index = _index(node, draft)
        if not isinstance(symbol, EventSymbol) or index is None:
            continue
        kind: EventKind | None = read_event(
            key, node, symbol.name, index.names, index.groups, draft
        )
        if kind is not None:
            found[symbol.name] = Happening(
                kind, local_text(node.get("label")), local_text(node.get("doc")),
                read_cites(node.get("cites"), draft), draft.mechanism, _option_words(node),
            )  # fmt: skip
    return found


def _option_words(node: Mapping) -> tuple[tuple[str, LocalText], ...]:
    """What the options of a choice are called: their labels, or else their docs."""
    return tuple(
        (option.key.text, local_text(option.value.get("label") or option.value.get("doc")))
        for option in node.mapping("choose")
        if isinstance(option.value, Mapping)
    )
