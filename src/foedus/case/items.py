"""Reading evidence and outcomes: what the record says happened, when, and when it was known."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from math import isfinite
from typing import get_args

from foedus.case.case import EventReference, Happening, Item, ItemKind
from foedus.case.documents import verify_unique_ids
from foedus.case.draft import (
    Draft,
    entries,
    listed,
    local_text,
    number,
    read_date,
    report_outside,
    unknown_name,
)
from foedus.case.dynamics import DrawSpec
from foedus.case.formula import event_reference, expression
from foedus.case.node import Mapping, Node, Scalar, Sequence
from foedus.case.values import read_cites
from foedus.dates import Period
from foedus.expr.tree import BOOLEAN, Expression, NumberType
from foedus.text.codes import Code

KINDS: tuple[ItemKind, ...] = get_args(ItemKind)
DATED: MappingOf[ItemKind, str] = {
    "happened": "at", "absent": "between", "no-report": "between", "state": "at", "value": "at",
}  # fmt: skip
"""The key that dates an item of each kind."""
HOMES: MappingOf[str, tuple[ItemKind, ...]] = {
    "at": ("happened", "state", "value"),
    "between": ("absent", "no-report"),
    "with": ("happened",),
    "is": ("value",),
    "error": ("value",),
}
"""The kinds of item that each of these keys goes with."""
WEIGHT_TOLERANCE = 1e-9
_NUMBER = r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"
MEASURED = re.compile(rf"{_NUMBER}( (factor|sd) {_NUMBER})?")

When = tuple[tuple[Period, float], ...]


def read_items(draft: Draft, name: str, events: MappingOf[str, Happening]) -> tuple[Item, ...]:
    """The items of `evidence` or `outcomes`, in file order."""
    verify_unique_ids(draft, name, draft.diagnostics)
    ids = tuple(node.text("id") for node in listed(draft, name))
    found: dict[str, tuple[Mapping, Item]] = {}
    for node in listed(draft, name):
        item = _item(node, name, ids, events, draft)
        if item is None:
            draft.broken.add(node.text("id"))
        else:
            found.setdefault(item.id, (node, item))
    for node, item in found.values():
        _verify_order(node, item, found, draft)
    return tuple(item for _, item in found.values())


def _item(
    node: Mapping,
    name: str,
    ids: tuple[str, ...],
    events: MappingOf[str, Happening],
    draft: Draft,
) -> Item | None:
    kind = next(kind for kind in KINDS if node.get(kind) is not None)
    written = node.scalar(kind)
    follows = node.scalar("follows")
    if follows is not None and follows.text not in ids:
        unknown_name(Code.UNKNOWN_NAME, "item", follows, ids, name, draft)
    cites = read_cites(node.get("cites"), draft)
    event, found = _what(kind, written, draft)
    when = _when(node, kind, draft)
    if not _verify_keys(node, kind, draft) or when is None or (event is None and found is None):
        return None
    place = node.scalar("error")
    if place is not None and not _is_measured(
        f"{number(node.get('is'))} {place.text}", place, draft
    ):
        return None
    known = read_date(node.get("known"), draft) or max((p for p, _ in when), key=lambda p: p.end)
    _verify_dates(node, name, when, known, draft)
    draws = _draws(node, event, events, draft)
    return Item(
        node.text("id"), kind, event, found, number(node.get("is")), node.text("error"), draws,
        when, known, cites, local_text(node.get("hedge")), local_text(node.get("established")),
        node.text("follows") or None,
        tuple(i.text for i in node.items("bears-on") if isinstance(i, Scalar)),
        local_text(node.get("note")), written.span if written else node.span,
        local_text(node.get("label")),
    )  # fmt: skip


def _what(
    kind: ItemKind, written: Scalar | None, draft: Draft
) -> tuple[EventReference | None, Expression | None]:
    """The event an item names, or the expression whose value it knows."""
    if written is None:
        return None, None
    if kind in ("happened", "absent", "no-report"):
        return event_reference(written, draft), None
    expected = BOOLEAN if kind == "state" else None
    found = expression(written, draft.scope(), draft, expected, "question")
    if found is None or kind == "state" or isinstance(found.type, NumberType):
        return None, found
    draft.diagnostics.error(
        Code.TYPE_MISMATCH,
        written.span,
        f"`{written.text}` is not a number, so it cannot be measured",
        help="write `state:` for a condition that was known to hold",
    )
    return None, None


def _verify_keys(node: Mapping, kind: ItemKind, draft: Draft) -> bool:
    """Every key that the kind of item needs, and none that it does not read."""
    fine = True
    for key, kinds in HOMES.items():
        entry = node.entry(key)
        if entry is not None and kind not in kinds:
            fine = False
            draft.diagnostics.error(
                Code.CONFLICTING_KEYS,
                entry.key.span,
                f"`{key}` does not go with `{kind}`",
                help=f"use it with {' or '.join(f'`{one}`' for one in kinds)}, or leave it out",
            )
    if not fine:
        return False
    needed = (DATED[kind], "is", "error") if kind == "value" else (DATED[kind],)
    hints = {
        "at": "a date", "between": "an interval A/B", "is": "the number measured",
        "error": "how exact it is, such as `factor 1.3` or `sd 100`",
    }  # fmt: skip
    place = node.scalar("id") or node.entries[0].key
    for key in needed:
        if not node.has(key):
            fine = False
            draft.diagnostics.error(
                Code.MISSING_KEY,
                place.span,
                f"the item `{node.text('id')}` has no `{key}`",
                label=f"needs `{key}:`",
                help=f"add `{key}:` with {hints[key]}",
            )
    return fine


def _when(node: Mapping, kind: ItemKind, draft: Draft) -> When | None:
    written: Node | None = node.get(DATED[kind])
    if isinstance(written, Scalar):
        period = read_date(written, draft)
        return None if period is None else ((period, 1.0),)
    if not isinstance(written, Sequence):
        return None
    found: list[tuple[Period, float]] = []
    for item in written.items:
        if isinstance(item, Mapping):
            period, weight = read_date(item.get("at"), draft), number(item.get("weight"))
            if period is None or weight is None:
                return None
            found.append((period, weight))
    total = sum(weight for _, weight in found)
    if found and abs(total - 1) > WEIGHT_TOLERANCE:
        draft.diagnostics.error(
            Code.PRIORS_DO_NOT_SUM,
            written.span,
            f"the weights of the dates sum to {total:.10g}, not to 1",
            help="change them so that they sum to one; nothing is rescaled for you",
        )
        return None
    return tuple(found) or None


def _verify_dates(node: Mapping, name: str, when: When, known: Period, draft: Draft) -> None:
    place = node.get("at") or node.get("between") or node
    starts = min(period.start for period, _ in when)
    ends = max(period.end for period, _ in when)
    clock = draft.clock
    what = f"the item `{node.text('id')}` lies"
    if clock is not None and starts < clock.start:
        cure = "put a fact from before the clock under `background`"
        report_outside(place.span, what, True, cure, draft)
    elif clock is not None and name == "evidence" and ends > clock.end:
        cure = "put a later fact under `outcomes`, or let the clock end later"
        report_outside(place.span, what, False, cure, draft)
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


def _draws(
    node: Mapping,
    event: EventReference | None,
    events: MappingOf[str, Happening],
    draft: Draft,
) -> tuple[tuple[str, str], ...]:
    """What the event's random draws came out as."""
    known = _draws_of(event, events)
    found: list[tuple[str, str]] = []
    for entry in entries(node, "with"):
        value, name = entry.value, entry.key.text
        if not isinstance(value, Scalar) or event is None or known is None:
            continue
        if name not in known:
            what = f"random draw of `{event.written}`"
            unknown_name(Code.UNKNOWN_NAME, what, entry.key, tuple(known), "", draft)
        elif known[name].groups:
            draft.diagnostics.error(
                Code.WRONG_INDEX,
                entry.key.span,
                f"`{name}` is drawn for each of `{known[name].groups[0].name}`, and an item knows "
                "one number only",
                help="leave it out, or say what is known of what comes of it, with a `value:`",
            )
        elif _is_measured(value.text, value, draft):
            found.append((name, value.text))
    return tuple(found)


def _is_measured(text: str, place: Scalar, draft: Draft) -> bool:
    """Whether a text is a number with an error that it may have; if not, that is noted."""
    if not MEASURED.fullmatch(text):
        what, cure = "a number with an error", "`2030`, `2030 factor 1.3` or `2030 sd 100`"
        if text != place.text:
            what, cure = "an error", "`factor 1.3` or `sd 100`"
        draft.diagnostics.error(
            Code.WRONG_TYPE,
            place.span,
            f"`{place.text}` is not {what}",
            help=f"write one such as {cure}",
        )
        return False
    value, form, size = (*text.split(), "", "")[:3]
    least = {"": 0.0, "sd": 0.0, "factor": 1.0}[form]
    if not all(isfinite(float(one)) for one in (value, size or "1")):
        message, cure = f"`{place.text}` is not finite", "give finite numbers"
    elif form and not float(size) > least:
        message, cure = f"an error of `{form} {size}` is none", f"give a number above {least:g}"
    elif form == "factor" and not float(value) > 0.0:
        message = f"`{float(value):g}` cannot be wrong by a factor"
        cure = "only what is above 0 can be; write `sd` and a standard deviation"
    else:
        return True
    draft.diagnostics.error(Code.BAD_NUMBER, place.span, message, help=cure)
    return False


def _draws_of(
    event: EventReference | None, events: MappingOf[str, Happening]
) -> MappingOf[str, DrawSpec] | None:
    """The random draws of an event or an option, by name; None if it could not be read."""
    if event is None:
        return None
    if event.name in events:
        return {draw.name: draw for draw in events[event.name].kind.draws}
    kind, _, option = event.name.rpartition(".")
    if kind not in events:
        return None
    options = (one for one in events[kind].kind.options if one.name == option)
    return {draw.name: draw for one in options for draw in one.draws}


def _verify_order(
    node: Mapping, item: Item, found: MappingOf[str, tuple[Mapping, Item]], draft: Draft
) -> None:
    """An item comes after the one it follows."""
    place = node.scalar("follows")
    if place is None or place.text not in found:
        return
    _, before = found[place.text]
    last = max(period.end for period, _ in item.when)
    first = min(period.start for period, _ in before.when)
    if before.id != item.id and last > first:
        return
    date = node.get(DATED[item.kind])
    is_same = before.id == item.id
    fault = "itself" if is_same else f"`{before.id}` but lies before it"
    draft.diagnostics.error(
        Code.DATES_REVERSED,
        place.span,
        f"the item `{item.id}` follows {fault}",
        other=[(date.span, f"the date of `{item.id}`")] if date and not is_same else [],
        help="`follows:` names an item that came earlier",
    )
