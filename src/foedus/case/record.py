"""Reading the record: evidence and outcomes, how complete they are, claims and who makes them."""

from __future__ import annotations

from foedus.case.case import (
    Claim,
    ClaimKind,
    EventReference,
    Item,
    ItemKind,
    Parameter,
    Record,
    Speaker,
    UnitTable,
)
from foedus.case.documents import verify_actor, verify_unique_ids
from foedus.case.draft import (
    Draft,
    entries,
    is_blank,
    listed,
    local_text,
    number,
    read_date,
    read_duration,
    section,
    unknown_name,
)
from foedus.case.formula import event_reference, expression
from foedus.case.node import Mapping, Node, Scalar, Sequence
from foedus.case.values import read_cites, read_parameter
from foedus.dates import Period
from foedus.expr.scope import ParameterSymbol, VariableSymbol
from foedus.expr.tree import BOOLEAN, PLAIN, Expression
from foedus.text.codes import Code

KINDS: tuple[ItemKind, ...] = ("happened", "absent", "no-report", "state", "value")
WEIGHT_TOLERANCE = 1e-9


def read_items(draft: Draft, name: str) -> tuple[Item, ...]:
    """The items of `evidence` or `outcomes`, in file order."""
    verify_unique_ids(draft, name, draft.diagnostics)
    ids = tuple(node.text("id") for node in listed(draft, name))
    found = [_item(node, name, ids, draft) for node in listed(draft, name)]
    return tuple(item for item in found if item is not None)


def _item(node: Mapping, name: str, ids: tuple[str, ...], draft: Draft) -> Item | None:
    kind = next(kind for kind in KINDS if node.get(kind) is not None)
    written = node.scalar(kind)
    when = _when(node, kind, draft)
    event: EventReference | None = None
    found: Expression | None = None
    if written is not None and kind in ("happened", "absent", "no-report"):
        event = event_reference(written, draft)
    elif written is not None:
        expected = BOOLEAN if kind == "state" else None
        found = expression(written, draft.scope(), draft, expected, "question")
    if when is None or (event is None and found is None):
        return None
    cites = read_cites(node.get("cites"), draft)
    known = read_date(node.get("known"), draft) or max((p for p, _ in when), key=lambda p: p.end)
    _verify_dates(node, name, when, known, draft)
    _verify_measure(node, kind, draft)
    follows = node.scalar("follows")
    if follows is not None and follows.text not in ids:
        unknown_name(Code.UNKNOWN_NAME, "item", follows, ids, name, draft)
    draws = tuple(
        (e.key.text, e.value.text) for e in entries(node, "with") if isinstance(e.value, Scalar)
    )
    return Item(
        node.text("id"), kind, event, found, number(node.get("is")), node.text("error"), draws,
        when, known, cites, local_text(node.get("hedge")), local_text(node.get("established")),
        node.text("follows") or None,
        tuple(i.text for i in node.items("bears-on") if isinstance(i, Scalar)),
        local_text(node.get("note")), written.span if written else node.span,
    )  # fmt: skip


def _when(node: Mapping, kind: ItemKind, draft: Draft) -> tuple[tuple[Period, float], ...] | None:
    key = "between" if kind in ("absent", "no-report") else "at"
    written: Node | None = node.get(key)
    if written is None:
        draft.diagnostics.error(
            Code.MISSING_KEY,
            node.entries[0].key.span,
            f"the item `{node.text('id')}` has no `{key}`",
            help=f"add `{key}:` with {'an interval A/B' if key == 'between' else 'a date'}",
        )
        return None
    if isinstance(written, Scalar):
        period = read_date(written, draft)
        return None if period is None else ((period, 1.0),)
    found: list[tuple[Period, float]] = []
    for item in written.items if isinstance(written, Sequence) else ():
        if isinstance(item, Mapping):
            period, weight = read_date(item.get("at"), draft), number(item.get("weight"))
            if period is None or weight is None:
                return None
            found.append((period, weight))
    total = sum(weight for _, weight in found)
    if abs(total - 1) > WEIGHT_TOLERANCE:
        draft.diagnostics.error(
            Code.PRIORS_DO_NOT_SUM,
            written.span,
            f"the weights of the dates sum to {total:.10g}, not to 1",
            help="change them so that they sum to one; nothing is rescaled for you",
        )
        return None
    return tuple(found)


def _verify_dates(
    node: Mapping, name: str, when: tuple[tuple[Period, float], ...], known: Period, draft: Draft
) -> None:
    place = node.get("at") or node.get("between") or node
    starts = min(period.start for period, _ in when)
    if draft.clock is not None and name == "evidence":
        ends = max(period.end for period, _ in when)
        if starts < draft.clock.start or ends > draft.clock.end:
            side = "before the clock starts" if starts < draft.clock.start else "after it ends"
            draft.diagnostics.error(
                Code.OUTSIDE_CLOCK,
                place.span,
                f"the item `{node.text('id')}` lies {side}",
                help="earlier facts go under `background`, later ones under `outcomes`",
            )
    written = node.scalar("known")
    if written is not None and known.end <= starts:
        draft.diagnostics.error(
            Code.KNOWN_BEFORE_EVENT,
            written.span,
            f"the item `{node.text('id')}` is known before it happened",
            label="known here",
            other=[(place.span, "happened here")],
            help="`known:` is when it became public; it cannot be earlier than the event",
        )


def _verify_measure(node: Mapping, kind: ItemKind, draft: Draft) -> None:
    if kind != "value":
        return
    for key in ("is", "error"):
        if node.get(key) is None:
            draft.diagnostics.error(
                Code.MISSING_KEY,
                node.entries[0].key.span,
                f"the measurement `{node.text('id')}` has no `{key}`",
                help="give `is:` (the number) and `error:` (such as `factor 1.3` or `sd 100`)",
            )


def read_records(draft: Draft) -> dict[str, Record]:
    """How complete the record of each event kind is."""
    found: dict[str, Record] = {}
    for entry in draft.root.mapping("record"):
        if not isinstance(entry.value, Mapping) or is_blank(entry.value):
            continue
        reference = event_reference(entry.key, draft)
        node = entry.value
        reported = node.scalar("reported")
        name = None
        if reported is not None:
            symbol = draft.symbols.get(reported.text)
            if isinstance(symbol, ParameterSymbol):
                name = symbol.name
            else:
                known = tuple(n for n, s in draft.symbols.items() if isinstance(s, ParameterSymbol))
                unknown_name(
                    Code.UNKNOWN_PARAMETER, "parameter", reported, known, "parameters", draft
                )
        if reference is not None:
            found[reference.name] = Record(
                reference.name, read_date(node.get("complete"), draft),
                read_duration(node.get("lag"), draft) or 0.0, name,
                read_duration(node.get("delay"), draft) or 0.0, local_text(node.get("because")),
            )  # fmt: skip
    return found


def read_unit_tables(draft: Draft) -> tuple[UnitTable, ...]:
    """Tables of many units, by reference."""
    found: list[UnitTable] = []
    for key, node in section(draft, "tables"):
        variable = node.scalar("variable")
        if variable is None or not isinstance(draft.symbols.get(variable.text), VariableSymbol):
            known = tuple(n for n, s in draft.symbols.items() if isinstance(s, VariableSymbol))
            if variable is not None:
                unknown_name(Code.UNKNOWN_NAME, "state variable", variable, known, "state", draft)
            continue
        columns = node.text("unit"), node.text("time"), node.text("state")
        found.append(
            UnitTable(
                key.text,
                node.text("csv"),
                columns,
                node.text("scheme"),
                variable.text,
                read_cites(node.get("cites"), draft),
            )
        )
    return tuple(found)


def read_speakers(
    draft: Draft, actors: dict[str, object], assertions: tuple[str, ...]
) -> dict[str, Speaker]:
    """Why those who made claims may have made them."""
    found: dict[str, Speaker] = {}
    for key, node in section(draft, "speakers"):
        if key.text not in actors:
            unknown_name(Code.UNKNOWN_ACTOR, "actor", key, tuple(actors), "actors", draft)
            continue
        candour = _belief(node.get("candour"), key, f"speaker.{key.text}.candour", draft)
        interest: list[tuple[str, Parameter]] = []
        for entry in entries(node, "interest"):
            if entry.key.text not in assertions:
                unknown_name(
                    Code.UNKNOWN_NAME, "component, explanation or set", entry.key, assertions,
                    "components", draft,
                )  # fmt: skip
                continue
            name = f"speaker.{key.text}.interest.{entry.key.text}"
            parameter = _belief(entry.value, entry.key, name, draft)
            if parameter is not None:
                interest.append((entry.key.text, parameter))
        if candour is not None:
            found[key.text] = Speaker(
                key.text, candour, tuple(interest), local_text(node.get("doc"))
            )
    return found


def _belief(node: Node | None, key: Scalar, name: str, draft: Draft) -> Parameter | None:
    if not isinstance(node, Mapping):
        return None
    return read_parameter(key, node, name, (), f"`{name}`", draft)


def read_claims(
    draft: Draft, actors: dict[str, object], readings: dict[str, ClaimKind]
) -> tuple[Claim, ...]:
    """Who said what. `readings` maps what can be asserted besides events to its kind."""
    verify_unique_ids(draft, "claims", draft.diagnostics)
    ids = tuple(node.text("id") for node in listed(draft, "claims"))
    found = [_claim(node, actors, readings, ids, draft) for node in listed(draft, "claims")]
    return tuple(claim for claim in found if claim is not None)


def _claim(
    node: Mapping,
    actors: dict[str, object],
    readings: dict[str, ClaimKind],
    ids: tuple[str, ...],
    draft: Draft,
) -> Claim | None:
    by = verify_actor(node.scalar("by"), actors, draft)  # type: ignore[arg-type]
    to = verify_actor(node.scalar("to"), actors, draft)  # type: ignore[arg-type]
    at = read_date(node.get("at"), draft)
    for key in ("supersedes", "repeats", "retracts"):
        other = node.scalar(key)
        if other is not None and other.text not in ids:
            unknown_name(Code.UNKNOWN_NAME, "claim", other, ids, "claims", draft)
    asserted = _asserted(node, readings, draft)
    if by is None or at is None or asserted is None:
        return None
    kind, what, event, value = asserted
    known = read_date(node.get("known"), draft) or at
    written = node.scalar("known")
    if written is not None and known.end <= at.start:
        draft.diagnostics.error(
            Code.KNOWN_BEFORE_EVENT,
            written.span,
            f"the claim `{node.text('id')}` is known before it was made",
        )
    return Claim(
        node.text("id"), by, kind, what, event, value, number(node.get("is")), at, known,
        read_cites(node.get("cites"), draft), to, local_text(node.get("hedge")),
        node.text("supersedes") or None, node.text("repeats") or None,
        node.text("retracts") or None,
        tuple(i.text for i in node.items("bears-on") if isinstance(i, Scalar)),
        local_text(node.get("doc")), local_text(node.get("note")),
    )  # fmt: skip


def _asserted(
    node: Mapping, readings: dict[str, ClaimKind], draft: Draft
) -> tuple[ClaimKind, str, EventReference | None, Expression | None] | None:
    says, value = node.scalar("says"), node.scalar("value")
    if says is not None:
        if says.text in readings:
            return readings[says.text], says.text, None, None
        event = event_reference(says, draft, tuple(readings))
        return None if event is None else ("event", event.name, event, None)
    if value is not None:
        if node.get("is") is None:
            draft.diagnostics.error(
                Code.MISSING_KEY,
                value.span,
                "a claim about a value needs its number",
                help="add `is:` with the number claimed",
            )
            return None
        found = expression(value, draft.scope(), draft, PLAIN, "question")
        return None if found is None else ("value", value.text, None, found)
    return "retraction", node.text("retracts"), None, None
