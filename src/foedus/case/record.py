"""Reading how complete the record is, claims and who makes them."""

from __future__ import annotations

from foedus.case.case import (
    Claim,
    ClaimKind,
    EventReference,
    Parameter,
    Record,
    Speaker,
)
from foedus.case.claim_links import LINKS, verify_links
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
    report_outside,
    section,
    unknown_name,
)
from foedus.case.formula import event_reference, expression
from foedus.case.node import Mapping, Node, Scalar
from foedus.case.values import read_cites, read_parameter
from foedus.dates import Period
from foedus.expr.scope import ParameterSymbol
from foedus.expr.tree import PLAIN, Expression
from foedus.text.codes import Code


def read_records(draft: Draft) -> dict[str, Record]:
    """How complete the record of each event kind is."""
    found: dict[str, Record] = {}
    for entry in draft.root.mapping("record"):
        if not isinstance(entry.value, Mapping) or is_blank(entry.value):
            continue
        reference = event_reference(entry.key, draft)
        if reference is not None and reference.indices:
            draft.diagnostics.error(
                Code.WRONG_INDEX, entry.key.span, "a record is that of a whole event kind",
                help=f"write `{reference.name}`: what is known of one of them is for items to say",
            )  # fmt: skip
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
        complete, during = _span(node, "complete", draft), _span(node, "during", draft)
        if reference is not None:
            found[reference.name] = Record(
                reference.name, complete, read_duration(node.get("lag"), draft) or 0.0, name,
                read_duration(node.get("delay"), draft) or 0.0, during,
                local_text(node.get("because")), entry.key.span,
            )  # fmt: skip
    return found


def _span(node: Mapping, key: str, draft: Draft) -> Period | None:
    """The span of a record, some of which lies within the clock: else it would say nothing."""
    found, clock = read_date(node.get(key), draft), draft.clock
    place = node.get(key)
    if found is not None and clock is not None and place is not None:
        is_before = found.end <= clock.start
        if is_before or found.start >= clock.end:
            cure = "give a span within the clock: of any other the record says nothing"
            report_outside(place.span, f"the span of `{key}:` lies", is_before, cure, draft)
    return found


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
    found: dict[str, tuple[Mapping, Claim]] = {}
    for node in listed(draft, "claims"):
        claim = _claim(node, actors, readings, ids, draft)
        if claim is None:
            draft.broken.add(node.text("id"))
        else:
            found.setdefault(claim.id, (node, claim))
    for node, claim in found.values():
        verify_links(node, claim, found, draft)
    return tuple(claim for _, claim in found.values())


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
    for key in LINKS:
        other = node.scalar(key)
        if other is not None and other.text not in ids:
            unknown_name(Code.UNKNOWN_NAME, "claim", other, ids, "claims", draft)
    asserted = _asserted(node, readings, draft)
    if by is None or at is None or asserted is None:
        return None
    kind, what, event, value = asserted
    known = read_date(node.get("known"), draft) or at
    _verify_dates(node, at, known, draft)
    return Claim(
        node.text("id"), by, kind, what, event, value, number(node.get("is")), at, known,
        read_cites(node.get("cites"), draft), to, local_text(node.get("hedge")),
        node.text("supersedes") or None, node.text("repeats") or None,
        node.text("retracts") or None,
        tuple(i.text for i in node.items("bears-on") if isinstance(i, Scalar)),
        local_text(node.get("doc")), local_text(node.get("note")),
    )  # fmt: skip


def _verify_dates(node: Mapping, at: Period, known: Period, draft: Draft) -> None:
    """A claim is made within the clock or after it, and is not known before it was made."""
    place, written = node.get("at"), node.scalar("known")
    if place is not None and draft.clock is not None and at.end <= draft.clock.start:
        cure = "let the clock start earlier, or put what was said before it under `background`"
        report_outside(place.span, f"the claim `{node.text('id')}` lies", True, cure, draft)
    if written is not None and known.end <= at.start:
        draft.diagnostics.error(
            Code.KNOWN_BEFORE_EVENT,
            written.span,
            f"the claim `{node.text('id')}` is known before it was made",
            label="known here",
            other=[(place.span, "made here")] if place else [],
            help="`known:` is when it became public; it cannot be earlier than the claim",
        )


def _asserted(
    node: Mapping, readings: dict[str, ClaimKind], draft: Draft
) -> tuple[ClaimKind, str, EventReference | None, Expression | None] | None:
    says, value = node.scalar("says"), node.scalar("value")
    amount = node.entry("is")
    if amount is not None and value is None:
        draft.diagnostics.error(
            Code.CONFLICTING_KEYS,
            amount.key.span,
            "`is` goes with `value` only",
            help="leave it out, or write `value:` instead of what stands there",
        )
        return None
    if says is not None:
        if says.text in readings:
            return readings[says.text], says.text, None, None
        event = event_reference(says, draft, tuple(readings))
        return None if event is None else ("event", event.name, event, None)
    if value is not None:
        if amount is None:
            place = node.scalar("id") or value
            if not node.has("is"):
                draft.diagnostics.error(
                    Code.MISSING_KEY,
                    place.span,
                    f"the claim `{node.text('id')}` has a `value` but no `is`",
                    label="needs `is:`",
                    help="add `is:` with the number claimed",
                )
            return None
        found = expression(value, draft.scope(), draft, PLAIN, "question")
        return None if found is None else ("value", value.text, None, found)
    return "retraction", node.text("retracts"), None, None
