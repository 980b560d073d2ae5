"""Reading groups, alliances and offices: index sets, who belongs where, who holds what."""

from __future__ import annotations

from dataclasses import replace

from foedus.case.case import Actor, Alliance, Membership, Office
from foedus.case.documents import verify_actor
from foedus.case.draft import (
    Draft,
    local_text,
    read_date,
    report_outside,
    section,
    unknown_name,
    verify_order,
)
from foedus.case.dynamics import Assignment, Dated, EventKind, VariableSpec
from foedus.case.node import Mapping, Node, Scalar, Sequence
from foedus.case.tenures import VACANT, holder_at_start, read_tenures
from foedus.case.values import read_cites
from foedus.dates import Period
from foedus.expr.scope import (
    AllianceSymbol,
    OfficeSymbol,
    VariableSymbol,
)
from foedus.expr.tree import (
    BOOLEAN,
    Binary,
    Conditional,
    Expression,
    Group,
    IndexVariable,
    LabelType,
    LabelValue,
    Position,
    Truth,
    label_type,
)
from foedus.frozen import dataclass
from foedus.text.codes import Code


@dataclass(frozen=True, slots=True)
class Institutions:
    """What offices and alliances bring into the model: state, and dated changes of membership."""

    offices: dict[str, Office]
    alliances: dict[str, Alliance]
    variables: tuple[VariableSpec, ...]
    kinds: tuple[EventKind, ...]


def read_institutions(
    draft: Draft, groups: dict[str, Group], actors: dict[str, Actor]
) -> Institutions:
    """Alliances and offices with the state they supply."""
    variables: list[VariableSpec] = []
    kinds: list[EventKind] = []
    alliances: dict[str, Alliance] = {}
    for key, node in section(draft, "alliances"):
        alliance = _alliance(key, node, draft, groups, actors, variables, kinds)
        if alliance is None:
            draft.broken.add(key.text)
        else:
            alliances[key.text] = alliance
    offices: dict[str, Office] = {}
    for key, node in section(draft, "offices"):
        office = _office(key, node, draft, actors, variables)
        if office is None:
            draft.broken.add(key.text)
        else:
            offices[key.text] = office
    return Institutions(offices, alliances, tuple(variables), tuple(kinds))


def _alliance(
    key: Scalar,
    node: Mapping,
    draft: Draft,
    groups: dict[str, Group],
    actors: dict[str, Actor],
    variables: list[VariableSpec],
    kinds: list[EventKind],
) -> Alliance | None:
    since, until = _lifetime(key, node, draft)
    members = _members(node, draft, groups, actors, since)
    lead = _lead(key, node, members, actors, draft)
    is_led = lead is not None or not node.has("lead")
    if since is None or members is None or not is_led or _has_lost(node, members):
        return None
    members = tuple(_within(member, since, until) for member in members)
    names = tuple(member.actor for member in members)
    written = node.scalar("members")
    group = groups[written.text] if written else Group(key.text, len(names), names)
    variable = f"{key.text}.member"
    start = _membership_at_start(group, members, draft)
    variables.append(
        VariableSpec(variable, "flag", (group,), ("m",), start, None, None, span=key.span)
    )
    kinds.extend(_membership_changes(key, variable, group, members, draft))
    symbol = VariableSymbol(variable, (group,), BOOLEAN)
    obligations = tuple(i.text for i in node.items("obligations") if isinstance(i, Scalar))
    decides = node.text("decides", "consensus")
    if not draft.declare(key, key.text, AllianceSymbol(group, symbol, lead, obligations, decides)):
        return None
    draft.symbols[variable] = symbol
    return Alliance(
        key.text, variable, members, lead, obligations, decides, since, until,
        local_text(node.get("label")), local_text(node.get("doc")),
        read_cites(node.get("cites"), draft),
    )  # fmt: skip


def _lifetime(key: Scalar, node: Mapping, draft: Draft) -> tuple[Period | None, Period | None]:
    """When an alliance began and ended, within which it must exist at some time of the clock."""
    since, until = read_date(node.get("since"), draft), read_date(node.get("until"), draft)
    begin, end = node.scalar("since"), node.scalar("until")
    verify_order(f"the alliance `{key.text}`", (since, begin), (until, end), draft)
    clock, faults = draft.clock, len(draft.diagnostics.found)
    cure = "leave it out, or change its dates or the clock's"
    if clock is not None and begin is not None and since is not None and since.start >= clock.end:
        report_outside(begin.span, f"the alliance `{key.text}` begins", False, cure, draft)
    if clock is not None and end is not None and until is not None and until.end <= clock.start:
        report_outside(end.span, f"the alliance `{key.text}` ends", True, cure, draft)
    return (since, until) if len(draft.diagnostics.found) == faults else (None, None)


def _within(member: Membership, since: Period, until: Period | None) -> Membership:
    """A membership lasts no longer than the alliance."""
    return replace(member, start=member.start or since, end=member.end or until)


def _lead(
    key: Scalar,
    node: Mapping,
    members: tuple[Membership, ...] | None,
    actors: dict[str, Actor],
    draft: Draft,
) -> str | None:
    place = node.scalar("lead")
    lead = verify_actor(place, actors, draft)
    if lead is None or place is None or members is None or _has_lost(node, members):
        return lead
    if lead not in [member.actor for member in members]:
        written = node.get("members")
        draft.diagnostics.error(
            Code.ALLIANCE_LEAD,
            place.span,
            f"`{lead}` leads `{key.text}` but is not a member",
            help=f"add `{lead}` to the members",
            other=[(written.span, "the members")] if written else [],
        )
        return None
    return lead


def _has_lost(node: Mapping, members: tuple[Membership, ...]) -> bool:
    """Whether a member could not be read."""
    written = node.get("members")
    if not isinstance(written, Sequence):
        return False
    return written.has_lost or len(written.items) > len(members)


def _members(
    node: Mapping,
    draft: Draft,
    groups: dict[str, Group],
    actors: dict[str, Actor],
    since: Period | None,
) -> tuple[Membership, ...] | None:
    written = node.get("members")
    if isinstance(written, Scalar):
        if written.text not in groups:
            unknown_name(Code.UNKNOWN_GROUP, "group", written, tuple(groups), "groups", draft)
            return None
        return tuple(Membership(label) for label in groups[written.text].labels)
    found: list[Membership] = []
    for item in written.items if isinstance(written, Sequence) else ():
        member = _member(item, draft, actors, since, node.scalar("since"))
        if member is not None:
            found.append(member)
    return tuple(found) or None


def _member(
    item: Node,
    draft: Draft,
    actors: dict[str, Actor],
    since: Period | None,
    since_place: Scalar | None,
) -> Membership | None:
    if isinstance(item, Scalar):
        actor = verify_actor(item, actors, draft)
        return Membership(actor) if actor else None
    if not isinstance(item, Mapping):
        return None
    actor = verify_actor(item.scalar("actor"), actors, draft)
    start, end = read_date(item.get("from"), draft), read_date(item.get("to"), draft)
    for place, date in ((item.scalar("from"), start), (item.scalar("to"), end)):
        if date is None or since is None or date.end > since.start or place is None:
            continue
        verb = "joins" if date is start else "leaves"
        draft.diagnostics.error(
            Code.DATE_BEFORE_ALLIANCE,
            place.span,
            f"`{item.text('actor')}` {verb} before the alliance exists",
            other=[(since_place.span, "it exists since then")] if since_place else [],
            help=f"write a date after {since.text}, or an earlier `since:`",
        )
        return None
    what = f"the membership of `{item.text('actor')}`"
    verify_order(what, (start, item.scalar("from")), (end, item.scalar("to")), draft)
    if actor is None:
        return None
    return Membership(actor, start, end, read_cites(item.get("cites"), draft))


def _membership_at_start(group: Group, members: tuple[Membership, ...], draft: Draft) -> Expression:
    outside = [m.actor for m in members if not _belongs(m, draft)]
    start: Expression = Truth(True)
    for actor in outside:
        index = IndexVariable("m", group, label_type(group))
        is_it = Binary("==", index, LabelValue(actor, LabelType((actor,))), BOOLEAN)
        start = Conditional(is_it, Truth(False), start, BOOLEAN)
    return start


def _belongs(member: Membership, draft: Draft) -> bool:
    if draft.clock is None:
        return True
    begin = draft.clock.start
    started = member.start is None or member.start.start <= begin
    return started and (member.end is None or member.end.start > begin)


def _membership_changes(
    key: Scalar, variable: str, group: Group, members: tuple[Membership, ...], draft: Draft
) -> list[EventKind]:
    """Joining and leaving within the clock, as dated events."""
    kinds: list[EventKind] = []
    if draft.clock is None:
        return kinds
    for member in members:
        changes = (("joins", member.start, True), ("leaves", member.end, False))
        for verb, period, value in changes:
            if period is None or not draft.clock.start < period.start < draft.clock.end:
                continue
            index = Position(group, LabelValue(member.actor, LabelType((member.actor,))))
            effect = Assignment(variable, (index,), Truth(value), span=key.span)
            name = f"{key.text}.{member.actor}-{verb}"
            when = Dated((draft.clock.days(period.start),))
            kinds.append(
                EventKind(
                    name, (), (), None, when, effects=(effect,), actor=member.actor, span=key.span
                )
            )
    return kinds


def _office(
    key: Scalar,
    node: Mapping,
    draft: Draft,
    actors: dict[str, Actor],
    variables: list[VariableSpec],
) -> Office | None:
    of = verify_actor(node.scalar("of"), actors, draft)
    if of is None:
        return None
    tenures = read_tenures(node, draft, actors)
    named = tuple(
        name
        for item in node.items("candidates")
        if isinstance(item, Scalar) and (name := verify_actor(item, actors, draft)) is not None
    )
    persons = tuple(a.name for a in actors.values() if a.kind == "person" and a.of == of)
    candidates = named or tuple(
        dict.fromkeys((*persons, *(t.by for t in tenures), *_filled(node, actors, draft)))
    )
    if not candidates and (node.has("candidates") or node.has("held")):
        return None
    if not candidates:
        draft.diagnostics.error(
            Code.NO_CANDIDATE,
            key.span,
            f"nobody can hold the office `{key.text}`",
            help=f"declare persons of `{of}` under `actors`, or list `candidates:`",
        )
        return None
    labels = (*candidates, VACANT)
    variable = f"{key.text}.holder"
    start = LabelValue(holder_at_start(tenures, draft), LabelType(labels))
    variables.append(
        VariableSpec(variable, "label", (), (), start, None, None, labels, span=key.span)
    )
    symbol = VariableSymbol(variable, (), LabelType(labels))
    if not draft.declare(key, key.text, OfficeSymbol(symbol)):
        return None
    draft.symbols[variable] = symbol
    draft.labels.add(VACANT)
    changes = tuple(f"{key.text}.{entry.key.text}" for entry in node.mapping("changes"))
    return Office(
        key.text, of, variable, candidates, tenures, changes, local_text(node.get("label")),
        local_text(node.get("doc")),
    )  # fmt: skip


def _filled(node: Mapping, actors: dict[str, Actor], draft: Draft) -> list[str]:
    """Who comes to office by a change."""
    found: list[str] = []
    for entry in node.mapping("changes"):
        to = entry.value.scalar("to") if isinstance(entry.value, Mapping) else None
        if to is None or to.text == VACANT:
            continue
        name = verify_actor(to, actors, draft)
        if name is None:
            draft.broken.add(to.text)
        else:
            found.append(name)
    return found
