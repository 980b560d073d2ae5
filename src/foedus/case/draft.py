"""A case in the making: what has been read so far, and how the leaves of a file are read.

The readers of the sections share one `Draft`. A leaf that cannot be read is reported and comes
back as None; a name whose declaration failed is remembered as broken, so that using it is no
second fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from foedus.case.case import LocalText
from foedus.case.node import Entry, Mapping, Node, Scalar
from foedus.dates import (
    UTC,
    Clock,
    DateError,
    Period,
    ReversedError,
    Zone,
    parse_date,
    parse_duration,
)
from foedus.expr.prior import PriorError
from foedus.expr.scope import Scope, Symbol
from foedus.expr.tree import Group
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Source, Span
from foedus.text.suggest import closest, list_names


@dataclass(slots=True)
class Draft:
    """What has been read of a case so far.

    `folder` is where files named in the case are looked for; None when the case has no folder.
    `places` says where each name of the expression language was declared. A mechanism is read into
    a draft of its own: `prefix` then stands in front of its names (`aid.`), `case_name` is the case
    that uses it, `gate` is the component it depends on, `overrides` are the priors the case gives
    to its parameters, and `people` says which actors its needs stand for. `mechanisms` are the
    files of mechanisms, each read once however often it is used.
    """

    source: Source
    root: Mapping
    folder: Path | None
    diagnostics: Diagnostics
    zone: Zone = UTC
    clock: Clock | None = None
    symbols: dict[str, Symbol] = field(default_factory=dict)
    places: dict[str, Span] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    source_names: dict[str, Span] = field(default_factory=dict)
    source_prefix: str = ""
    prefix: str = ""
    case_name: str = ""
    gate: str | None = None
    mechanism: str | None = None
    groups: dict[str, Group] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, tuple[Draft, Entry]] = field(default_factory=dict)
    mechanisms: dict[Path, Mapping | None] = field(default_factory=dict)

    def scope(self) -> Scope:
        """The names of the case, as seen by its expressions."""
        return Scope(self.symbols, frozenset(self.labels), frozenset(self.broken))

    def declare(self, key: Scalar, name: str, symbol: Symbol) -> bool:
        """Give a name its meaning; a name that is taken is reported."""
        if not self.claim(key, name):
            return False
        self.symbols[name] = symbol
        return True

    def claim(self, key: Scalar, name: str) -> bool:
        """Reserve a name of the expression language."""
        first = self.places.get(name)
        if first is not None:
            self.diagnostics.error(
                Code.NAME_TAKEN,
                key.span,
                f"the name `{name}` is taken",
                label="used again here",
                other=[(first, "first used here")],
                help=f"choose another name, such as `{name}-2`",
            )
            self.broken.add(name)
            self.symbols.pop(name, None)  # nobody knows which of the two is meant
            return False
        self.places[name] = key.span
        return True


def is_blank(node: Node) -> bool:
    """Whether this stands for something that did not fit its shape."""
    return isinstance(node, Scalar) and node.text == "" and not node.is_plain


def is_broken(name: str, draft: Draft) -> bool:
    """Whether the declaration of a name, or of the prefix before it, has been refused."""
    parts = name.split(".")
    return any(".".join(parts[:end]) in draft.broken for end in range(1, min(len(parts), 5) + 1))


def section(draft: Draft, name: str) -> Iterator[tuple[Scalar, Mapping]]:
    """The named parts of a section that have their shape; the others' names become broken."""
    for entry in draft.root.mapping(name):
        if isinstance(entry.value, Mapping):
            yield entry.key, entry.value
        else:
            draft.broken.add(entry.key.text)


def listed(draft: Draft, name: str) -> Iterator[Mapping]:
    """The parts of a listed section that have their shape; the others' names become broken."""
    for item in draft.root.items(name):
        if isinstance(item, Mapping):
            yield item
        elif isinstance(item, Scalar):
            draft.broken.add(item.text)


def local_text(node: Node | None) -> LocalText:
    """A text per language."""
    if node is None:
        return LocalText()
    if isinstance(node, Scalar):
        return LocalText((("en", node.text),)) if node.text else LocalText()
    if isinstance(node, Mapping):
        return LocalText(
            tuple((e.key.text, e.value.text) for e in node.entries if isinstance(e.value, Scalar))
        )
    return LocalText()


def number(node: Node | None) -> float | None:
    """A number that has been verified to be one."""
    return float(node.text) if isinstance(node, Scalar) and node.text else None


def truth(node: Node | None) -> bool:
    """Whether `true` stands there."""
    return isinstance(node, Scalar) and node.text == "true"


def read_date(node: Node | None, draft: Draft) -> Period | None:
    """The interval a date means."""
    if not isinstance(node, Scalar) or not node.text:
        return None
    try:
        return parse_date(node.text, draft.zone)
    except DateError as fault:
        code = Code.DATES_REVERSED if isinstance(fault, ReversedError) else Code.BAD_DATE
        report_part(code, node, fault, draft)
    return None


def report_outside(place: Span, what: str, is_before: bool, cure: str, draft: Draft) -> None:
    """Note that a date lies before the clock starts, or after it ends."""
    clock = draft.root.get("clock")
    side, edge = ("before", "start") if is_before else ("after", "end")
    written = clock.scalar(edge) if isinstance(clock, Mapping) else None
    draft.diagnostics.error(
        Code.OUTSIDE_CLOCK,
        place,
        f"{what} {side} the clock {edge}s",
        help=cure,
        other=[(written.span, f"the clock {edge}s here")] if written else [],
    )


Written = tuple[Period | None, Scalar | None]
"""A date and where it stands."""


def verify_order(what: str, begins: Written, ends: Written, draft: Draft) -> None:
    """An end must not come before its start. Both dates come with where they stand."""
    (start, begin), (end, place) = begins, ends
    if start is not None and end is not None and place is not None and end.end <= start.start:
        draft.diagnostics.error(
            Code.DATES_REVERSED,
            place.span,
            f"{what} ends before it begins",
            other=[(begin.span, "begins here")] if begin else [],
            help=f"write a date after {start.text}",
        )


def read_duration(node: Node | None, draft: Draft) -> float | None:
    """A length of time in days."""
    if not isinstance(node, Scalar) or not node.text:
        return None
    try:
        return parse_duration(node.text)
    except DateError as fault:
        report_part(Code.BAD_DURATION, node, fault, draft)
    return None


def report_part(code: Code, node: Scalar, fault: DateError | PriorError, draft: Draft) -> None:
    """Note what is wrong with a part of a text, under that part."""
    offsets = node.offsets()
    low = offsets[min(fault.start, len(offsets) - 1)]
    high = offsets[min(fault.end, len(offsets) - 1)]
    span = Span(node.span.source, low, max(high, low + 1))
    draft.diagnostics.error(code, span, fault.message, help=fault.help)


def section_of(kind: str) -> str:
    """The section in which things of a kind are declared: `events` for an event."""
    return kind if kind in ("evidence", "state", "data") else f"{kind}s"


def unknown_name(
    code: Code,
    what: str,
    node: Scalar,
    known: tuple[str, ...],
    section_name: str,
    draft: Draft,
    *,
    within: str | None = None,
) -> None:
    """Report a name that stands for nothing, with what may have been meant.

    `section_name` is where such names are declared, empty where the case does not declare them;
    `within` is a declared name whose parts they are.
    """
    if is_broken(node.text, draft):
        return
    near = closest(node.text, known)
    place = draft.places.get(within or near or "")
    seen = "did you mean this one?" if within is None else f"what there is in `{within}`"
    if near is not None:
        cure = f"write `{near}`"
    elif section_name and within is None:
        cure = f"declare it under `{section_name}`"
        cure += f"; known: {list_names(known, 8)}" if known else ""
    else:
        cure = f"possible are {list_names(known, 8)}" if known else "there is none"
    draft.diagnostics.error(
        code, node.span, f"no {what} is called `{node.text}`",
        label=f"not declared under `{section_name}`" if section_name else "",
        other=[(place, seen)] if place else [], help=cure,
    )  # fmt: skip


def entries(node: Mapping, key: str) -> tuple[Entry, ...]:
    """The entries under a key that have their shape."""
    return tuple(entry for entry in node.mapping(key) if not is_blank(entry.value))
