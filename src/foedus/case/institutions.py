"""Reading groups, alliances and offices: index sets, who belongs where, who holds what."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from foedus.case.case import Actor, Alliance, Membership, Office, Tenure
from foedus.case.documents import verify_actor
from foedus.case.draft import (
    Draft,
    local_text,
    number,
    read_cites,
    read_date,
    section,
    unknown_name,
)
from foedus.case.dynamics import Assignment, Dated, EventKind, VariableSpec
from foedus.case.node import Mapping, Node, Scalar, Sequence
from foedus.dates import Period
from foedus.expr.scope import (
    AllianceSymbol,
    GroupSymbol,
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
from foedus.text.codes import Code

LARGEST_GROUP = 10_000_000
VACANT = "vacant"


@dataclass(frozen=True, slots=True)
class Institutions:
    """What offices and alliances bring into the model: state, and dated changes of membership."""

    offices: dict[str, Office]
    alliances: dict[str, Alliance]
    variables: tuple[VariableSpec, ...]
    kinds: tuple[EventKind, ...]


def read_groups(draft: Draft) -> dict[str, Group]:
    """The declared groups, subgroups after what they are part of."""
    groups: dict[str, Group] = {}
    waiting: list[tuple[Scalar, Mapping]] = []
    for entry in draft.root.mapping("groups"):
        key, node = entry.key, entry.value
        if isinstance(node, Mapping):
            waiting.append((key, node))
            continue
        group = _listed_group(key, node, draft)
        if group is None:
            draft.broken.add(key.text)
        elif draft.declare(key, key.text, GroupSymbol(group)):
            groups[key.text] = group
    for key, node in waiting:
        group = _subgroup(key, node, groups, draft)
        if group is None:
            draft.broken.add(key.text)
        elif draft.declare(key, key.text, GroupSymbol(group)):
            groups[key.text] = group
    return groups


def _listed_group(key: Scalar, node: Node, draft: Draft) -> Group | None:
    if isinstance(node, Sequence):
        labels = _labels(node, draft)
        draft.labels.update(labels)
        return Group(key.text, len(labels), labels) if labels else None
    size = number(node)
    if size is None or size > LARGEST_GROUP:
        if size is not None:
            draft.diagnostics.error(
                Code.BAD_NUMBER, node.span, f"a group of more than {LARGEST_GROUP:,} is too large"
            )
        return None
    return Group(key.text, int(size))


def _labels(node: Sequence, draft: Draft) -> tuple[str, ...]:
    seen: dict[str, Scalar] = {}
    for item in node.items:
        if not isinstance(item, Scalar):
            continue
        first = seen.setdefault(item.text, item)
        if first is not item:
            draft.diagnostics.error(
                Code.NAME_TAKEN,
                item.span,
                f"`{item.text}` stands twice in the group",
                label="again here",
                other=[(first.span, "first here")],
                help="keep one of them",
            )
    return tuple(seen)


def _subgroup(key: Scalar, node: Mapping, groups: dict[str, Group], draft: Draft) -> Group | None:
    of = node.scalar("of")
    if of is None:
        return None
    larger = groups.get(of.text)
    if larger is None:
        unknown_name(Code.UNKNOWN_GROUP, "group", of, tuple(groups), "groups", draft)
        return None
    only = node.get("only")
    wanted = _labels(only, draft) if isinstance(only, Sequence) else ()
    have = larger.labels or tuple(str(i + 1) for i in range(larger.size))
    for item in only.items if isinstance(only, Sequence) else ():
        if isinstance(item, Scalar) and item.text not in have:
            unknown_name(Code.UNKNOWN_NAME, f"member of `{of.text}`", item, have, "groups", draft)
            return None
    return Group(key.text, len(wanted), wanted)


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
    since = read_date(node.get("since"), draft)
    members = _members(node, draft, groups, actors, since)
    lead = verify_actor(node.scalar("lead"), actors, draft)
    if since is None or members is None:
        return None
    names = tuple(member.actor for member in members)
    if lead is not None and lead not in names:
        place = node.scalar("lead")
        draft.diagnostics.error(
            Code.UNKNOWN_ACTOR,
            place.span if place else key.span,
            f"`{lead}` leads `{key.text}` but is not a member",
            help=f"add `{lead}` to the members",
        )
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
        key.text, variable, members, lead, obligations, decides, since,
        read_date(node.get("until"), draft), local_text(node.get("label")),
        local_text(node.get("doc")), read_cites(node.get("cites"), draft),
    )  # fmt: skip


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
        member = _member(item, draft, actors, since)
        if member is not None:
            found.append(member)
    return tuple(found) or None


def _member(
    item: Node, draft: Draft, actors: dict[str, Actor], since: Period | None
) -> Membership | None:
    if isinstance(item, Scalar):
        actor = verify_actor(item, actors, draft)
        return Membership(actor) if actor else None
    if not isinstance(item, Mapping):
        return None
    actor = verify_actor(item.scalar("actor"), actors, draft)
    start, end = read_date(item.get("from"), draft), read_date(item.get("to"), draft)
    place = item.scalar("from")
    if start is not None and since is not None and start.end <= since.start and place is not None:
        draft.diagnostics.error(
            Code.DATE_BEFORE_ALLIANCE,
            place.span,
            f"`{item.text('actor')}` belongs from {start.text}, before the alliance began",
            help=f"the alliance began in {since.text}: give a later date or an earlier `since:`",
        )
    verify_order(start, end, item.scalar("to"), draft)
    if actor is None:
        return None
    return Membership(actor, start, end, read_cites(item.get("cites"), draft))


def verify_order(
    start: Period | None, end: Period | None, place: Scalar | None, draft: Draft
) -> None:
    """An end must not come before its start."""
    if start is not None and end is not None and place is not None and end.end <= start.start:
        draft.diagnostics.error(
            Code.DATES_REVERSED,
            place.span,
            f"ends in {end.text}, before it begins in {start.text}",
            help=f"write a date after {start.text}",
        )


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
    tenures = _tenures(node, draft, actors)
    named = tuple(
        name
        for item in node.items("candidates")
        if isinstance(item, Scalar) and (name := verify_actor(item, actors, draft)) is not None
    )
    persons = tuple(a.name for a in actors.values() if a.kind == "person" and a.of == of)
    filled = (e.value.text("to") for e in node.mapping("changes") if isinstance(e.value, Mapping))
    candidates = named or tuple(
        dict.fromkeys((*persons, *(t.by for t in tenures), *(to for to in filled if to != VACANT)))
    )
    if not candidates:
        draft.diagnostics.error(
            Code.UNKNOWN_ACTOR,
            key.span,
            f"nobody can hold the office `{key.text}`",
            help=f"declare persons of `{of}` under `actors`, or list `candidates:`",
        )
        return None
    labels = (*candidates, VACANT)
    variable = f"{key.text}.holder"
    start = LabelValue(_holder_at_start(tenures, draft), LabelType(labels))
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


def _tenures(node: Mapping, draft: Draft, actors: dict[str, Actor]) -> tuple[Tenure, ...]:
    found: list[tuple[Tenure, Scalar]] = []
    for item in node.items("held"):
        if not isinstance(item, Mapping):
            continue
        by = verify_actor(item.scalar("by"), actors, draft)
        start, end = read_date(item.get("from"), draft), read_date(item.get("to"), draft)
        place = item.scalar("from")
        verify_order(start, end, item.scalar("to"), draft)
        if by is None or start is None or place is None:
            continue
        if draft.clock is not None and start.start > draft.clock.start:
            draft.diagnostics.error(
                Code.OUTSIDE_CLOCK,
                place.span,
                "a tenure begins within the clock",
                help="who comes to office within the clock is for the model to say: put the "
                "change under `evidence`",
            )
        found.append((Tenure(by, start, end, read_cites(item.get("cites"), draft)), place))
    _verify_overlap(found, draft)
    return tuple(tenure for tenure, _ in found)


def _verify_overlap(found: list[tuple[Tenure, Scalar]], draft: Draft) -> None:
    ordered = sorted(found, key=lambda pair: (pair[0].start.start, pair[0].start.end))
    for (before, place), (after, later) in pairwise(ordered):
        # Tenures that meet within the precision of their dates do not overlap.
        if before.end is None or before.end.start >= after.start.end:
            draft.diagnostics.error(
                Code.TENURE_OVERLAP,
                later.span,
                f"`{after.by}` takes office while `{before.by}` still holds it",
                label="begins here",
                other=[(place.span, "this tenure has not ended")],
                help=f"end the tenure of `{before.by}` with `to: {after.start.text}`",
            )


def _holder_at_start(tenures: tuple[Tenure, ...], draft: Draft) -> str:
    if draft.clock is None:
        return VACANT
    begin = draft.clock.start
    for tenure in tenures:
        if tenure.start.start <= begin and (tenure.end is None or tenure.end.start > begin):
            return tenure.by
    return VACANT
