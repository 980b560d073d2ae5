"""Reading the expressions of a case: from the text of a leaf to a typed tree.

The grammar of expressions is `foedus.expr`'s; here it meets the places in a case file where
expressions stand.
"""

from __future__ import annotations

from foedus.case.case import EventReference
from foedus.case.draft import Draft
from foedus.case.dynamics import Assignment, DrawSpec
from foedus.case.node import Scalar
from foedus.expr.check import check_expression
from foedus.expr.parse import (
    parse_call,
    parse_event_reference,
    parse_expression,
    parse_target,
)
from foedus.expr.scope import EventSymbol, Scope
from foedus.expr.setting import Purpose
from foedus.expr.syntax import DistributionSyntax
from foedus.expr.targets import check_clauses, check_event_reference, check_target
from foedus.expr.tree import (
    BOOLEAN,
    PLAIN,
    Expression,
    Group,
    GroupDomain,
    NumberType,
    Type,
    label_type,
)
from foedus.frozen import dataclass
from foedus.text.codes import Code
from foedus.text.suggest import closest, list_names

DURATION = NumberType(1)
WHOLE = NumberType(0, True)
WAITING: dict[str, tuple[Type, ...]] = {
    "fixed": (DURATION,),
    "exponential": (DURATION,),
    "gamma": (PLAIN, DURATION),
    "erlang": (PLAIN, DURATION),
    "weibull": (PLAIN, DURATION),
    "lognormal": (DURATION, PLAIN),
}
"""The waiting times of `after:` and the types of their arguments."""

DRAWS: dict[str, tuple[Type | None, ...]] = {
    "bernoulli": (PLAIN,),
    "uniform": (None, None),
    "integer": (PLAIN, PLAIN),
    "exponential": (None,),
    "normal": (None, None),
    "lognormal": (None, PLAIN),
    "poisson": (PLAIN,),
    "binomial": (PLAIN, PLAIN),
    "geometric": (PLAIN,),
    "gamma": (PLAIN, None),
    "categorical": (PLAIN,),
}
"""The distributions of `draw:`; None stands for any dimension, the same for all its arguments."""

_WHOLE_DRAWS = ("integer", "poisson", "binomial", "geometric")


def expression(
    node: Scalar, scope: Scope, draft: Draft, expected: Type | None, purpose: Purpose
) -> Expression | None:
    """The typed tree of a leaf, or None with the fault noted."""
    syntax = parse_expression(node.text, node.span, draft.diagnostics, node.offsets())
    if syntax is None:
        return None
    return check_expression(syntax, scope, draft.diagnostics, expected=expected, purpose=purpose)


def event_reference(
    node: Scalar, draft: Draft, also: tuple[str, ...] = ()
) -> EventReference | None:
    """The event, instance or option a leaf names. `also` are other things it may have meant."""
    syntax = parse_event_reference(node.text, node.span, draft.diagnostics, node.offsets())
    if syntax is None:
        return None
    symbol = draft.symbols.get(syntax.name)
    if also and not isinstance(symbol, EventSymbol) and syntax.name not in draft.broken:
        events = tuple(n for n, s in draft.symbols.items() if isinstance(s, EventSymbol))
        near = closest(syntax.name, (*also, *events))
        draft.diagnostics.error(
            Code.UNKNOWN_NAME,
            syntax.name_span,
            f"no component, explanation, set or event is called `{syntax.name}`",
            help=f"write `{near}`" if near else f"there are {list_names(also, 8)}",
        )
        return None
    found = check_event_reference(syntax, draft.scope(), draft.diagnostics)
    return None if found is None else EventReference(found.symbol.name, found.indices, node.text)


@dataclass(frozen=True, slots=True)
class Place:
    """A state variable to be set: its qualified name, indices (None for all) and type."""

    variable: str
    indices: tuple[Expression, ...] | None
    type: Type


def target(node: Scalar, scope: Scope, draft: Draft) -> Place | None:
    """The state variable a leaf names, without a loop."""
    syntax = parse_target(node.text, node.span, draft.diagnostics, node.offsets())
    if syntax is None:
        return None
    if syntax.clauses:
        draft.diagnostics.error(
            Code.BAD_EXPRESSION, node.span, "a loop cannot stand here", help="name one index"
        )
        return None
    found = check_target(syntax, scope, draft.diagnostics)
    if found is None:
        return None
    return Place(found.variable.name, found.variable.indices, found.variable.type)


def effect(key: Scalar, value: Scalar, scope: Scope, draft: Draft) -> Assignment | None:
    """One line of `then:`."""
    syntax = parse_target(key.text, key.span, draft.diagnostics, key.offsets())
    place = None if syntax is None else check_target(syntax, scope, draft.diagnostics)
    if place is None:
        return None
    variable = place.variable
    found = expression(value, place.scope, draft, variable.type, "effect")
    if found is None:
        return None
    return Assignment(variable.name, variable.indices, found, place.loop, place.condition, key.span)


def distribution(
    node: Scalar, scope: Scope, draft: Draft
) -> tuple[str, tuple[Expression, ...]] | None:
    """The waiting time of an `after:`."""
    syntax = parse_call(node.text, node.span, draft.diagnostics, node.offsets())
    if syntax is None or not _is_known(syntax, WAITING, "waiting time", draft):
        return None
    arguments = _arguments(syntax, WAITING[syntax.name], scope, draft)
    return None if arguments is None else (syntax.name, arguments)


def draw_of(
    name: str,
    node: Scalar,
    index_names: tuple[str, ...],
    groups: tuple[Group, ...],
    scope: Scope,
    draft: Draft,
) -> DrawSpec | None:
    """A random draw of an event."""
    syntax = parse_call(node.text, node.span, draft.diagnostics, node.offsets())
    if syntax is None or not _is_known(syntax, DRAWS, "random draw", draft):
        return None
    if syntax.name == "categorical":
        return _categorical(name, node, syntax, index_names, groups, scope, draft)
    if syntax.clauses:
        draft.diagnostics.error(
            Code.BAD_EXPRESSION,
            node.span,
            f"`{syntax.name}` takes no `for`",
            help="only `categorical(weight for x in GROUP)` ranges over a group",
        )
        return None
    arguments = _arguments(syntax, DRAWS[syntax.name], scope, draft)
    if arguments is None:
        return None
    return DrawSpec(
        name, groups, index_names, syntax.name, arguments, type=_drawn_type(syntax.name, arguments),
        span=node.span,
    )  # fmt: skip


def _drawn_type(name: str, arguments: tuple[Expression, ...]) -> Type:
    if name == "bernoulli":
        return BOOLEAN
    if name in _WHOLE_DRAWS:
        return WHOLE
    kind = arguments[-1 if name == "gamma" else 0].type
    return NumberType(kind.time_power) if isinstance(kind, NumberType) else PLAIN


def _categorical(
    name: str,
    node: Scalar,
    syntax: DistributionSyntax,
    index_names: tuple[str, ...],
    groups: tuple[Group, ...],
    scope: Scope,
    draft: Draft,
) -> DrawSpec | None:
    bound = check_clauses(syntax.clauses, scope, draft.diagnostics)
    if bound is None or bound.loops is None:
        return None
    is_simple = len(bound.loops) == 1 and isinstance(bound.loops[0].range.domain, GroupDomain)
    if not is_simple or len(syntax.arguments) != 1:
        draft.diagnostics.error(
            Code.BAD_EXPRESSION,
            node.span,
            "a categorical draw is over one group",
            help="write `categorical(weight for x in GROUP)`",
        )
        return None
    weight = check_expression(
        syntax.arguments[0], bound.scope, draft.diagnostics, expected=PLAIN, purpose="argument"
    )
    if weight is None:
        return None
    loop = bound.loops[0]
    group = loop.range.domain.group
    return DrawSpec(
        name, groups, index_names, "categorical", (weight,), group, loop.variable,
        label_type(group), node.span,
    )  # fmt: skip


def _is_known(
    syntax: DistributionSyntax,
    known: dict[str, tuple[Type, ...]] | dict[str, tuple[Type | None, ...]],
    what: str,
    draft: Draft,
) -> bool:
    if syntax.name not in known:
        near = closest(syntax.name, known)
        draft.diagnostics.error(
            Code.BAD_EXPRESSION,
            syntax.name_span,
            f"no {what} is called `{syntax.name}`",
            help=f"write `{near}`" if near else f"there are {list_names(known, 20)}",
        )
        return False
    wanted = len(known[syntax.name])
    if len(syntax.arguments) != wanted:
        draft.diagnostics.error(
            Code.BAD_EXPRESSION,
            syntax.span,
            f"`{syntax.name}` takes {wanted} argument{'s' * (wanted > 1)}, "
            f"not {len(syntax.arguments)}",
            help="see the table of distributions in the manual",
        )
        return False
    return True


def _arguments(
    syntax: DistributionSyntax, types: tuple[Type | None, ...], scope: Scope, draft: Draft
) -> tuple[Expression, ...] | None:
    found: list[Expression] = []
    for argument, expected in zip(syntax.arguments, types, strict=True):
        checked = check_expression(
            argument, scope, draft.diagnostics, expected=expected, purpose="argument"
        )
        if checked is None:
            return None
        found.append(checked)
    free = [a.type for a, wanted in zip(found, types, strict=True) if wanted is None]
    powers = {kind.time_power for kind in free if isinstance(kind, NumberType)}
    if any(not isinstance(kind, NumberType) for kind in free) or len(powers - {0}) > 1:
        draft.diagnostics.error(
            Code.UNIT_MISMATCH,
            syntax.span,
            f"the arguments of `{syntax.name}` do not agree",
            help="give numbers of one unit",
        )
        return None
    return tuple(found)
