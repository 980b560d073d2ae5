"""Ranging over groups, alliances and relations: quantifiers, loops, `in`."""

from __future__ import annotations

from foedus.expr.agreement import describe, labels_meet, labels_within, number_type
from foedus.expr.names import as_index, check_indices, refuse_sort
from foedus.expr.scope import (
    AllianceSymbol,
    GroupSymbol,
    IndexSymbol,
    RelationSymbol,
    Scope,
    VariableSymbol,
)
from foedus.expr.setting import Checking, Setting, Steps, is_condition, is_number, words
from foedus.expr.syntax import (
    DomainSyntax,
    ForSyntax,
    InSyntax,
    MembersSyntax,
    NameSyntax,
    QuantifierSyntax,
)
from foedus.expr.tree import (
    BOOLEAN,
    Binary,
    Domain,
    Expression,
    GroupDomain,
    IndexVariable,
    LabelType,
    NumberType,
    Quantifier,
    QuantifierName,
    RelatedDomain,
    Truth,
    Type,
    Variable,
    label_type,
    walk,
)
from foedus.frozen import dataclass
from foedus.text.codes import Code
from foedus.text.source import Span


@dataclass(frozen=True, slots=True)
class Range:
    """What a `for` or an `in` names; with `membership`, only those for whom that flag is up."""

    domain: Domain
    membership: VariableSymbol | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """An index bound to a range."""

    variable: str
    range: Range
    span: Span

    @property
    def index(self) -> IndexVariable:
        """The bound index."""
        group = self.range.domain.group
        return IndexVariable(self.variable, group, label_type(group), self.span)

    def condition(self, more: Expression | None) -> Expression | None:
        """The condition under which the loop's body counts: being a member, and `more`."""
        if self.range.membership is None:
            return more
        flag = self.range.membership
        member = Variable(flag.name, (self.index,), flag.type, self.span)
        return member if more is None else Binary("and", member, more, BOOLEAN, more.span)


def check_quantifier(setting: Setting, syntax: QuantifierSyntax) -> Checking:
    """A quantifier; several `for` make one inside the other, the last one innermost."""
    bound = yield from bind(setting, syntax.clauses)
    inner = setting.within(bound.scope)
    condition: Expression | None = None
    is_sound = bound.loops is not None
    if syntax.condition is not None:
        condition = yield inner.ask(syntax.condition)
        is_sound &= condition is not None and is_condition(inner, condition, syntax.condition)
    body = yield inner.ask(syntax.body)
    if body is None or not _is_body(inner, syntax, body) or not is_sound or bound.loops is None:
        return None
    name = syntax.name
    for loop in reversed(bound.loops):
        body = Quantifier(
            name=name,
            variable=loop.variable,
            domain=loop.range.domain,
            condition=loop.condition(condition),
            body=body,
            type=quantifier_type(name, body),
            span=syntax.span,
        )
        name = "sum" if name == "count" else name
        condition = None
    return body


def quantifier_type(name: QuantifierName, body: Expression) -> Type:
    """The type of a quantifier over this body."""
    if name in ("any", "all"):
        return BOOLEAN
    return NumberType(0, True) if name == "count" else number_type(body)


def _is_body(setting: Setting, syntax: QuantifierSyntax, body: Expression) -> bool:
    if syntax.name in ("any", "all"):
        return is_condition(setting, body, syntax.body)
    if syntax.name != "count":
        return is_number(setting, body, syntax.body)
    if isinstance(body.type, NumberType):
        message = f"`{words(syntax.body)}` is a number; `count` counts where a condition holds"
        setting.faults.error(
            Code.TYPE_MISMATCH, syntax.body.span, message, cure="to add numbers write `sum`"
        )
        return False
    return is_condition(setting, body, syntax.body)


@dataclass(frozen=True, slots=True)
class Bound:
    """The names in reach inside some `for` clauses, and the loops, or None if one has a fault."""

    scope: Scope
    loops: tuple[Loop, ...] | None


def bind(setting: Setting, clauses: tuple[ForSyntax, ...]) -> Steps[Bound]:
    """Bind the indices of `for` clauses. An index with a faulty domain is bound to silence."""
    loops: list[Loop] = []
    scope = setting.scope
    for clause in clauses:
        found = yield from _range(setting.within(scope), clause.domain)
        if found is None:
            scope = Scope({}, broken=frozenset({clause.variable}), outer=scope)
            continue
        loops.append(Loop(clause.variable, found, clause.span))
        scope = scope.inside({clause.variable: IndexSymbol(clause.variable, found.domain.group)})
    return Bound(scope, tuple(loops) if len(loops) == len(clauses) else None)


def check_in(setting: Setting, syntax: InSyntax) -> Checking:
    """`m in csto`: whether `m` is a member now. `m in group`: whether the label is one of it."""
    found = yield from _range(setting, syntax.domain, is_loop=False)
    if found is None:
        return None
    group = found.domain.group
    value = yield setting.ask(syntax.value, label_type(group))
    if value is None:
        return None
    if not isinstance(value.type, LabelType):
        message = f"`{words(syntax.value)}` is {describe(value.type)}, not a label"
        cure = f"write a member of `{group.name}`, or an index that ranges over it"
        setting.faults.error(Code.TYPE_MISMATCH, syntax.value.span, message, cure=cure)
        return None
    if not labels_meet(value.type, label_type(group)):
        return Truth(False, syntax.span)
    is_inside = labels_within(value.type, label_type(group))
    if is_inside and isinstance(found.domain, GroupDomain):
        if found.membership is None:
            return Truth(True, syntax.span)
        index = as_index(setting, value, group, syntax.value)
        flag = found.membership
        return None if index is None else Variable(flag.name, (index,), flag.type, syntax.span)
    return _any_equal(value, found, syntax.span)


def _any_equal(value: Expression, found: Range, span: Span) -> Expression:
    """Whether some index of the range has the value's label."""
    taken = {part.name for part in walk(value) if isinstance(part, IndexVariable)}
    loop = Loop(fresh_name(found.domain.group.name, taken), found, span)
    is_it = Binary("==", loop.index, value, BOOLEAN, span)
    return Quantifier(
        "any", loop.variable, found.domain, loop.condition(None), is_it, BOOLEAN, span
    )


def fresh_name(wanted: str, taken: set[str]) -> str:
    """A name for an index that is not among those taken."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def _range(setting: Setting, syntax: DomainSyntax, *, is_loop: bool = True) -> Steps[Range | None]:
    if isinstance(syntax, MembersSyntax):
        return _members(find_alliance(setting, syntax.alliance, syntax.name_span))
    if syntax.indices:
        return (yield from _related(setting, syntax))
    group = setting.first(syntax.name, GroupSymbol)
    alliance = setting.first(syntax.name, AllianceSymbol)
    if group is not None:
        return Range(GroupDomain(group.group))
    if alliance is None:
        refuse_group(setting, syntax)
        return None
    if is_loop:
        message = f"`{syntax.name}` is an alliance, not a group"
        cure = f"`members({syntax.name})` are its members at the time"
        setting.faults.error(Code.TYPE_MISMATCH, syntax.span, message, cure=cure)
        return None
    return _members(alliance)


def _members(alliance: AllianceSymbol | None) -> Range | None:
    return None if alliance is None else Range(GroupDomain(alliance.group), alliance.membership)


def _related(setting: Setting, syntax: NameSyntax) -> Steps[Range | None]:
    relation = setting.first(syntax.name, RelationSymbol)
    if relation is None:
        refuse_group(setting, syntax)
        return None
    indices = yield from check_indices(setting, syntax, relation.groups[:1])
    if indices is None:
        return None
    return Range(RelatedDomain(relation.name, indices[0], relation.groups[1]))


def refuse_group(setting: Setting, syntax: NameSyntax) -> None:
    """Note that a name is not what one can range over."""
    name = syntax.name
    if setting.first(name, RelationSymbol) is not None:
        message, cure = f"`{name}` is a relation", f"`{name}[i]` are those related to `i`"
        setting.faults.error(Code.WRONG_INDEX, syntax.span, message, cure=cure)
        return
    if setting.first(name, GroupSymbol) is not None:
        message = f"`{name}` is a group, which takes no index"
        setting.faults.error(Code.WRONG_INDEX, syntax.span, message, cure=f"write `{name}`")
        return
    symbol = setting.scope.find(name)
    if symbol is not None:
        refuse_sort(setting, syntax, symbol, "a group")
        return
    fitting = setting.names_of(GroupSymbol, RelationSymbol, AllianceSymbol)
    setting.unknown(Code.UNKNOWN_GROUP, "no group", name, syntax.name_span, fitting)


def find_alliance(setting: Setting, name: str, span: Span) -> AllianceSymbol | None:
    """The alliance of a name; if there is none, that is noted."""
    alliance = setting.first(name, AllianceSymbol)
    if alliance is None:
        setting.unknown(
            Code.UNKNOWN_ALLIANCE, "no alliance", name, span, setting.names_of(AllianceSymbol)
        )
    return alliance
