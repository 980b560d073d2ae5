"""A case in the making: what has been read so far, and how the leaves of a file are read.

The readers of the sections share one `Draft`. A leaf that cannot be read is reported and comes
back as None; a name whose declaration failed is remembered as broken, so that using it is no
second fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from foedus.case.case import Citation, Grounds, LocalText, Parameter
from foedus.case.dynamics import ParameterSpec
from foedus.case.node import Entry, Mapping, Node, Scalar, Sequence
from foedus.dates import UTC, Clock, DateError, Period, Zone, parse_date, parse_duration
from foedus.expr.prior import Fixed, Prior, PriorError, parse_prior
from foedus.expr.scope import Scope, Symbol
from foedus.expr.tree import Group
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Source, Span
from foedus.text.suggest import closest, list_names
from foedus.units import Unit, UnitError, parse_unit


@dataclass(slots=True)
class Draft:
    """What has been read of a case so far.

    `folder` is where files named in the case are looked for; None when the case has no folder.
    `places` says where each name of the expression language was declared. A mechanism is read into
    a draft of its own: `prefix` then stands in front of its names (`aid.`), `gate` is the component
    it depends on, `overrides` are the priors the case gives to its parameters, and `people` says
    which actors its needs stand for.
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
    gate: str | None = None
    mechanism: str | None = None
    groups: dict[str, Group] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, tuple[Draft, Entry]] = field(default_factory=dict)

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
            return False
        self.places[name] = key.span
        return True


def is_blank(node: Node) -> bool:
    """Whether this stands for something that did not fit its shape."""
    return isinstance(node, Scalar) and node.text == "" and not node.is_plain


def section(draft: Draft, name: str) -> Iterator[tuple[Scalar, Mapping]]:
    """The named parts of a section that have their shape; the others' names become broken."""
    for entry in draft.root.mapping(name):
        if isinstance(entry.value, Mapping):
            yield entry.key, entry.value
        else:
            draft.broken.add(entry.key.text)


def listed(draft: Draft, name: str) -> Iterator[Mapping]:
    """The parts of a listed section."""
    for item in draft.root.items(name):
        if isinstance(item, Mapping):
            yield item


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
        _report(Code.BAD_DATE, node, fault.message, fault.help, fault.start, fault.end, draft)
    return None


def read_duration(node: Node | None, draft: Draft) -> float | None:
    """A length of time in days."""
    if not isinstance(node, Scalar) or not node.text:
        return None
    try:
        return parse_duration(node.text)
    except DateError as fault:
        _report(Code.BAD_DURATION, node, fault.message, fault.help, fault.start, fault.end, draft)
    return None


def _report(
    code: Code,
    node: Scalar,
    message: str,
    help_text: str | None,
    start: int,
    end: int,
    draft: Draft,
) -> None:
    offsets = node.offsets()
    low = offsets[min(start, len(offsets) - 1)]
    high = offsets[min(end, len(offsets) - 1)]
    span = Span(node.span.source, low, max(high, low + 1))
    draft.diagnostics.error(code, span, message, help=help_text)


def read_cites(node: Node | None, draft: Draft) -> tuple[Citation, ...]:
    """Citations, each of a source that exists."""
    if node is None:
        return ()
    items = node.items if isinstance(node, Sequence) else (node,)
    found = (_citation(item, draft) for item in items)
    return tuple(citation for citation in found if citation is not None)


def _citation(node: Node, draft: Draft) -> Citation | None:
    if isinstance(node, Scalar):
        name, _, fragment = node.text.partition("#")
        if not _knows_source(name, Span(node.span.source, node.span.start, node.span.end), draft):
            return None
        return Citation(draft.source_prefix + name, fragment, span=node.span)
    if not isinstance(node, Mapping):
        return None
    source = node.scalar("source")
    if source is None or not _knows_source(source.text, source.span, draft):
        return None
    start, end = number(node.get("start")), number(node.get("end"))
    if (start is None) != (end is None) or (start is not None and end is not None and start >= end):
        draft.diagnostics.error(
            Code.CITATION_OUTSIDE_DOCUMENT,
            node.span,
            "a position needs a start and an end after it",
            help="give both `start:` and `end:`, counted in characters from 0, end excluded",
        )
        return None
    quote = node.get("quote")
    words = None
    if isinstance(quote, Mapping):
        words = (quote.text("exact"), quote.text("prefix"), quote.text("suffix"))
    return Citation(
        draft.source_prefix + source.text,
        node.text("at"),
        None if start is None else int(start),
        None if end is None else int(end),
        node.text("sha256"),
        words,
        node.span,
    )


def _knows_source(name: str, span: Span, draft: Draft) -> bool:
    if name in draft.source_names:
        return True
    if name in draft.broken:
        return False
    near = closest(name, tuple(draft.source_names))
    other = [(draft.source_names[near], "did you mean this one?")] if near else []
    draft.diagnostics.error(
        Code.UNKNOWN_SOURCE,
        span,
        f"no source is called `{name}`",
        label="not declared under `sources`",
        other=other,
        help=f"write `{near}`" if near else "declare it under `sources`",
    )
    return False


def read_grounds(node: Mapping, draft: Draft) -> Grounds:
    """Grade, reason and citations as written."""
    return Grounds(
        node.text("grade"), local_text(node.get("because")), read_cites(node.get("cites"), draft)
    )


def verify_grounds(node: Mapping, grounds: Grounds, what: str, key: Scalar, draft: Draft) -> None:
    """A number must say what it rests on: citations, or a reason."""
    if grounds.grade in ("measured", "reported") and not grounds.cites:
        if not node.get("cites"):
            draft.diagnostics.error(
                Code.VALUE_WITHOUT_SOURCE,
                key.span,
                f"{what} is `{grounds.grade}` but cites nothing",
                help="add `cites:`, or grade it `judged` or `assumed` with `because:`",
            )
    elif not grounds.grade:
        draft.diagnostics.error(
            Code.VALUE_WITHOUT_SOURCE,
            key.span,
            f"{what} does not say how well it is known",
            help="add `grade:` (measured, reported, judged, assumed) with `cites:` or `because:`",
        )
    elif grounds.grade in ("judged", "assumed") and not grounds.because:
        draft.diagnostics.error(
            Code.VALUE_WITHOUT_SOURCE,
            key.span,
            f"{what} is `{grounds.grade}` without a reason",
            help="add `because:` with the reason",
        )


def read_unit(node: Node | None, draft: Draft) -> Unit | None:
    """The unit written, or a plain number's; None if it is none."""
    text = node.text if isinstance(node, Scalar) else "none"
    try:
        return parse_unit(text)
    except UnitError as fault:
        if isinstance(node, Scalar):
            draft.diagnostics.error(Code.BAD_UNIT, node.span, fault.message, help=fault.help)
    return None


def read_prior(node: Mapping, unit: Unit, draft: Draft) -> Prior | None:
    """A value or a prior in internal units."""
    value = node.scalar("value")
    if value is not None:
        return Fixed(float(value.text) * unit.factor)
    prior = node.get("prior")
    if isinstance(prior, Mapping):
        draft.diagnostics.error(
            Code.NEEDS_HISTORY,
            prior.span,
            "a reference class cannot be read: this version has no store of history",
            help="write the class's numbers out, such as `6 of 43`, and cite them",
        )
        return None
    if not isinstance(prior, Scalar):
        return None
    try:
        parsed, exposure = parse_prior(prior.text, is_share=unit.name == "share")
    except PriorError as fault:
        _report(Code.BAD_PRIOR, prior, fault.message, fault.help, fault.start, fault.end, draft)
        return None
    return _in_days(parsed, exposure, unit, prior, draft)


def _in_days(
    parsed: Prior, exposure: str | None, unit: Unit, node: Scalar, draft: Draft
) -> Prior | None:
    if exposure is None:
        return parsed.scaled(unit.factor)
    per = f"per {exposure.rstrip('s')}"
    if unit.name != per:
        draft.diagnostics.error(
            Code.BAD_PRIOR,
            node.span,
            f"a count in {exposure} is a rate {per}, not `{unit.name}`",
            help=f"write `unit: {per}`",
        )
        return None
    return parsed.scaled(unit.factor)


def read_parameter(
    key: Scalar,
    node: Mapping,
    name: str,
    groups: tuple[Group, ...],
    what: str,
    draft: Draft,
    *,
    mechanism: str | None = None,
    is_default: bool = False,
) -> Parameter | None:
    """A parameter under its qualified name, with unit, prior and grounds."""
    unit = read_unit(node.get("unit"), draft)
    grounds = read_grounds(node, draft)
    verify_grounds(node, grounds, what, key, draft)
    if unit is None:
        return None
    prior = read_prior(node, unit, draft)
    if prior is None:
        return None
    written = node.scalar("value") or node.scalar("prior")
    spec = ParameterSpec(name, groups, prior, key.span)
    return Parameter(
        spec, unit.name, unit.factor, written.text if written else "", grounds,
        local_text(node.get("doc")), is_default, mechanism,
    )  # fmt: skip


def unknown_name(
    code: Code, what: str, node: Scalar, known: tuple[str, ...], section_name: str, draft: Draft
) -> None:
    """Report a name that stands for nothing, with what may have been meant."""
    if node.text in draft.broken:
        return
    near = closest(node.text, known)
    place = draft.places.get(near) if near else None
    draft.diagnostics.error(
        code, node.span, f"no {what} is called `{node.text}`",
        label=f"not declared under `{section_name}`",
        other=[(place, "did you mean this one?")] if place else [],
        help=f"write `{near}`" if near
        else f"declare it under `{section_name}`"
        + (f"; there are {list_names(known, 8)}" if known else ""),
    )  # fmt: skip


def entries(node: Mapping, key: str) -> tuple[Entry, ...]:
    """The entries under a key that have their shape."""
    return tuple(entry for entry in node.mapping(key) if not is_blank(entry.value))
