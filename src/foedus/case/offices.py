"""Reading the changes of offices: the event kinds that an office supplies by itself."""

from __future__ import annotations

from foedus.case.case import Happening
from foedus.case.draft import Draft, local_text, section, unknown_name
from foedus.case.dynamics import Assignment, EventKind
from foedus.case.events import read_person, read_timing
from foedus.case.formula import expression
from foedus.case.node import Mapping, Scalar
from foedus.case.values import read_cites
from foedus.expr.scope import EventSymbol, OfficeSymbol
from foedus.expr.tree import (
    BOOLEAN,
    Binary,
    Expression,
    LabelType,
    LabelValue,
    Variable,
)
from foedus.text.codes import Code


def declare_changes(draft: Draft) -> None:
    """Give the event kinds of offices (`OFFICE.change`) their meaning."""
    for key, node in section(draft, "offices"):
        for entry in node.mapping("changes"):
            name = f"{key.text}.{entry.key.text}"
            if isinstance(entry.value, Mapping):
                draft.symbols[name] = EventSymbol(name, ())
            else:
                draft.broken.add(name)


def define_changes(draft: Draft) -> dict[str, Happening]:
    """The event kinds of offices: each fires only where it changes who holds the office."""
    found: dict[str, Happening] = {}
    for key, node in section(draft, "offices"):
        symbol = draft.symbols.get(key.text)
        if not isinstance(symbol, OfficeSymbol):
            continue
        for entry in node.mapping("changes"):
            if not isinstance(entry.value, Mapping):
                continue
            name = f"{key.text}.{entry.key.text}"
            kind = _change(name, entry.key, entry.value, symbol, draft)
            if kind is not None:
                found[name] = Happening(
                    kind, local_text(entry.value.get("label")),
                    local_text(entry.value.get("doc")),
                    read_cites(entry.value.get("cites"), draft),
                )  # fmt: skip
    return found


def _change(
    name: str, key: Scalar, node: Mapping, office: OfficeSymbol, draft: Draft
) -> EventKind | None:
    to = node.scalar("to")
    kind = office.variable.type
    if to is None or not isinstance(kind, LabelType):
        return None
    if to.text not in kind.labels:
        unknown_name(Code.UNKNOWN_ACTOR, "candidate", to, kind.labels, "candidates", draft)
        return None
    holder = Variable(office.variable.name, (), kind)
    value = LabelValue(to.text, LabelType((to.text,)))
    guard: Expression = Binary("!=", holder, value, BOOLEAN)
    written = node.scalar("when")
    if written is not None:
        own = expression(written, draft.scope(), draft, BOOLEAN, "condition")
        if own is None:
            return None
        guard = Binary("and", guard, own, BOOLEAN, own.span)
    timing = read_timing(key, node, draft.scope(), draft)
    if timing is None:
        return None
    effect = Assignment(office.variable.name, (), value, span=key.span)
    return EventKind(
        name, (), (), guard, timing, effects=(effect,),
        actor=read_person(node.scalar("by"), (), draft), recipient=None,
        plover=node.text("plover") or None, span=key.span,
    )  # fmt: skip
