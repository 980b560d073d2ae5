"""Reading numbers: what they are, in which unit, and what they rest on."""

from __future__ import annotations

import math

from foedus.case.case import Citation, Grounds, Parameter
from foedus.case.class_prior import class_prior, class_words
from foedus.case.draft import Draft, local_text, number, report_part
from foedus.case.dynamics import ParameterSpec
from foedus.case.node import Mapping, Node, Scalar, Sequence
from foedus.expr.prior import Fixed, Prior, PriorError, parse_prior
from foedus.expr.tree import Group
from foedus.text.codes import Code
from foedus.text.source import Span
from foedus.text.suggest import closest
from foedus.units import Unit, UnitError, parse_unit


def read_cites(node: Node | None, draft: Draft) -> tuple[Citation, ...]:
    """Citations, each of a source that exists."""
    if node is None:
        return ()
    items = node.items if isinstance(node, Sequence) else (node,)
    found = (_citation(item, draft) for item in items)
    return tuple(citation for citation in found if citation is not None)


def _citation(node: Node, draft: Draft) -> Citation | None:
    if isinstance(node, Scalar):
        name, _, row = node.text.partition("#")
        begin = node.offsets()[0]
        if not _knows_source(name, Span(node.span.source, begin, begin + len(name)), draft):
            return None
        return Citation(draft.source_prefix + name, row, span=node.span)
    if not isinstance(node, Mapping):
        return None
    source = node.scalar("source")
    if source is None or not _knows_source(source.text, source.span, draft):
        return None
    if not _verify_position(node, draft):
        return None
    start, end = number(node.get("start")), number(node.get("end"))
    quote = node.get("quote")
    words = None
    if isinstance(quote, Mapping):
        words = (quote.text("exact"), quote.text("prefix"), quote.text("suffix"))
    return Citation(
        draft.source_prefix + source.text,
        "",
        None if start is None else int(start),
        None if end is None else int(end),
        node.text("sha256"),
        words,
        local_text(node.get("at")),
        node.span,
    )


def _verify_position(node: Mapping, draft: Draft) -> bool:
    """A passage has a start and an end after it; only then has it a digest."""
    for key, other in (("start", "end"), ("end", "start"), ("sha256", "start")):
        entry = node.entry(key)
        if entry is not None and not node.has(other):
            draft.diagnostics.error(
                Code.MISSING_KEY,
                entry.key.span,
                f"the citation has `{key}` but no `{other}`",
                label=f"needs `{other}:`",
                help="give both `start:` and `end:`, counted in characters from 0, end excluded",
            )
            return False
    start, end = node.scalar("start"), node.scalar("end")
    if start is not None and end is not None and float(start.text) >= float(end.text):
        draft.diagnostics.error(
            Code.CITATION_OUTSIDE_DOCUMENT,
            end.span,
            f"the passage ends at {end.text}, where it has not begun",
            other=[(start.span, "begins here")],
            help="count in characters from 0; `end:` is one past the last character",
        )
        return False
    return True


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
        if not node.has("cites"):
            draft.diagnostics.error(
                Code.VALUE_WITHOUT_SOURCE,
                key.span,
                f"{what} is `{grounds.grade}` but cites nothing",
                help="add `cites:`, or grade it `judged` or `assumed` with `because:`",
            )
    elif not grounds.grade and not node.has("grade"):
        draft.diagnostics.error(
            Code.VALUE_WITHOUT_SOURCE,
            key.span,
            f"{what} does not say how well it is known",
            help="add `grade:` (measured, reported, judged, assumed) with `cites:` or `because:`",
        )
    elif grounds.grade in ("judged", "assumed") and not node.has("because"):
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
        return _fixed(value, unit, draft)
    prior = node.get("prior")
    if isinstance(prior, Mapping):
        return class_prior(prior, unit, draft)
    if not isinstance(prior, Scalar):
        return None
    try:
        parsed, exposure = parse_prior(prior.text, is_share=unit.name == "share")
    except PriorError as fault:
        report_part(Code.BAD_PRIOR, prior, fault, draft)
        return None
    return _in_days(parsed, exposure, unit, prior, draft)


def _fixed(value: Scalar, unit: Unit, draft: Draft) -> Prior | None:
    inside = float(value.text) * unit.factor
    if not math.isfinite(inside):
        draft.diagnostics.error(
            Code.BAD_NUMBER,
            value.span,
            f"`{value.text}` {unit.name} is too large a number",
            help="give a smaller number",
        )
        return None
    if unit.name == "share" and not 0 <= inside <= 1:
        draft.diagnostics.error(
            Code.BAD_NUMBER,
            value.span,
            f"a share cannot be `{value.text}`",
            help="a share lies from 0 to 1: write `0.3` for 30 per cent",
        )
        return None
    return Fixed(inside)


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
    text = written.text if written else class_words(node.get("prior"), draft)
    spec = ParameterSpec(name, groups, prior, key.span)
    return Parameter(
        spec, unit.name, unit.factor, text, grounds,
        local_text(node.get("doc")), is_default, mechanism,
    )  # fmt: skip
