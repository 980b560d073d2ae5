"""Reading an event kind: who, when, how fast, what follows."""

from __future__ import annotations

from foedus.case.draft import (
    Draft,
    entries,
    read_date,
    read_duration,
    report_outside,
    truth,
    unknown_name,
)
from foedus.case.dynamics import (
    Assignment,
    Dated,
    DrawSpec,
    Each,
    EventKind,
    Immediate,
    Option,
    Rate,
    Timing,
    Waiting,
)
from foedus.case.formula import distribution, draw_of, effect, expression
from foedus.case.node import Entry, Mapping, Scalar
from foedus.case.reads import mentions_time
from foedus.case.tables import index_groups
from foedus.dates import Period
from foedus.expr.scope import DrawSymbol, IndexSymbol, Scope, Symbol
from foedus.expr.tree import (
    BOOLEAN,
    Binary,
    Expression,
    Firings,
    Group,
    IndexVariable,
    Not,
    Number,
    NumberType,
    Since,
    Time,
    label_type,
    walk,
)
from foedus.text.codes import Code
from foedus.text.source import Span


def read_event(
    key: Scalar,
    node: Mapping,
    name: str,
    index_names: tuple[str, ...],
    groups: tuple[Group, ...],
    draft: Draft,
) -> EventKind | None:
    """An event kind under its qualified name, or None if a part that it needs is wrong."""
    symbols: dict[str, Symbol] = {
        n: IndexSymbol(n, g) for n, g in zip(index_names, groups, strict=True)
    }
    scope = draft.scope().inside(symbols)
    faults = len(draft.diagnostics.found)
    guard = _guard(node, scope, draft)
    if truth(node.get("once")):
        indices = tuple(
            IndexVariable(n, g, label_type(g)) for n, g in zip(index_names, groups, strict=True)
        )
        fired = Binary(">", Firings(name, indices), Number(0.0, NumberType()), BOOLEAN)
        again = Not(fired)
        guard = again if guard is None else Binary("and", guard, again, BOOLEAN, guard.span)
    timing = read_timing(key, node, scope, draft)
    draws, inner = read_draws(node, scope, draft)
    effects = read_effects(node, inner, draft)
    options = _options(node, scope, draft)
    _verify_timing_keys(node, timing, draft)
    if timing is None or any(d.is_error for d in draft.diagnostics.found[faults:]):
        return None
    return EventKind(
        name, groups, index_names, guard, timing, draws, effects, options, draft.gate,
        read_person(node.scalar("by"), index_names, draft),
        read_person(node.scalar("to"), index_names, draft),
        node.text("plover") or None, span=key.span,
    )  # fmt: skip


def _guard(node: Mapping, scope: Scope, draft: Draft) -> Expression | None:
    written = node.scalar("when")
    return None if written is None else expression(written, scope, draft, BOOLEAN, "condition")


def read_person(node: Scalar | None, index_names: tuple[str, ...], draft: Draft) -> str | None:
    """Who acts or receives: an actor, an index variable, or what a mechanism's need stands for."""
    if node is None:
        return None
    if node.text in draft.people:
        return draft.people[node.text]
    if node.text in index_names:
        return node.text
    if node.text in draft.broken:
        return None
    unknown_name(Code.UNKNOWN_ACTOR, "actor", node, tuple(draft.people), "actors", draft)
    return None


def read_timing(key: Scalar, node: Mapping, scope: Scope, draft: Draft) -> Timing | None:
    """When the kind rings."""
    rate, after = node.scalar("rate"), node.scalar("after")
    if rate is not None:
        return _rate(rate, node, scope, draft)
    if after is not None:
        if after.text.strip() == "immediately":
            return Immediate()
        found = distribution(after, scope, draft)
        return None if found is None else Waiting(*found, truth(node.get("resume")))
    if node.get("each") is not None:
        step = read_duration(node.get("each"), draft)
        if step is not None and step <= 0:
            place = node.get("each")
            _report_step(place.span if place else key.span, draft)
            return None
        return None if step is None else Each(step)
    return _dated(node, draft)


def _rate(rate: Scalar, node: Mapping, scope: Scope, draft: Draft) -> Rate | None:
    hazard = expression(rate, scope, draft, NumberType(-1), "rate")
    every = read_duration(node.get("every"), draft)
    if hazard is None:
        return None
    if mentions_time(hazard) and every is None:
        if node.has("every"):
            return None
        draft.diagnostics.error(
            Code.RATE_NEEDS_STEP,
            _time_in(hazard) or rate.span,
            "a rate that mentions time needs a step",
            label="changes between events",
            help="add `every: 1 day` (or shorter): the rate is held between steps, and answers "
            "are also given at half the step",
        )
        return None
    if every is not None and every <= 0:
        place = node.scalar("every") or rate
        _report_step(place.span, draft)
        return None
    return Rate(hazard, every)


def _time_in(hazard: Expression) -> Span | None:
    return next((n.span for n in walk(hazard) if isinstance(n, Time | Since) and n.span), None)


def _report_step(place: Span, draft: Draft) -> None:
    draft.diagnostics.error(
        Code.BAD_DURATION,
        place,
        "a step must be longer than 0",
        help="write a length of time such as `1 day`",
    )


def _verify_timing_keys(node: Mapping, timing: Timing | None, draft: Draft) -> None:
    for key, home in (("every", "rate"), ("resume", "after")):
        entry = node.entry(key)
        if entry is not None and node.get(home) is None:
            draft.diagnostics.error(
                Code.CONFLICTING_KEYS,
                entry.key.span,
                f"`{key}` goes with `{home}` only",
                help=f"remove it, or give a `{home}:`",
            )


def _dated(node: Mapping, draft: Draft) -> Dated | None:
    times: list[float] = []
    for item in node.items("at"):
        period: Period | None = read_date(item, draft)
        if period is None or draft.clock is None:
            return None
        if period.precision not in ("day", "minute", "second"):
            draft.diagnostics.error(
                Code.BAD_DATE,
                item.span,
                f"`{period.text}` is longer than a day, so it says no moment",
                help="write a day or a clock time; a day means its first instant",
            )
            return None
        if not draft.clock.start <= period.start < draft.clock.end:
            is_before = period.start < draft.clock.start
            cure = "write a date within the clock, or put the event under `background`"
            report_outside(item.span, "the event lies", is_before, cure, draft)
            return None
        times.append(draft.clock.days(period.start))
    return Dated(tuple(sorted(times)))


def read_draws(node: Mapping, scope: Scope, draft: Draft) -> tuple[tuple[DrawSpec, ...], Scope]:
    """The random draws of an event, and the scope in which its effects are written."""
    found: list[DrawSpec] = []
    symbols: dict[str, Symbol] = {}
    for entry in entries(node, "draw"):
        written = entry.value
        names: tuple[str, ...] = ()
        groups: tuple[Group, ...] = ()
        if isinstance(written, Mapping):
            index = index_groups(written.get("per"), draft.groups, draft)
            inner = written.scalar("as")
            if index is None or inner is None:
                continue
            names, groups = index
            written = inner
        if not isinstance(written, Scalar):
            continue
        bound: dict[str, Symbol] = {
            name: IndexSymbol(name, group) for name, group in zip(names, groups, strict=True)
        }
        spec = draw_of(entry.key.text, written, names, groups, scope.inside(bound), draft)
        if spec is not None and spec.type is not None:
            found.append(spec)
            symbols[entry.key.text] = DrawSymbol(entry.key.text, groups, spec.type)
    lost = {entry.key.text for entry in node.mapping("draw")} - set(symbols)
    return tuple(found), Scope(symbols, broken=frozenset(lost), outer=scope)


def read_effects(node: Mapping, scope: Scope, draft: Draft) -> tuple[Assignment, ...]:
    """What an event changes."""
    found: list[Assignment] = []
    for entry in entries(node, "then"):
        assignment = _assignment(entry, scope, draft)
        if assignment is not None:
            found.append(assignment)
    return tuple(found)


def _assignment(entry: Entry, scope: Scope, draft: Draft) -> Assignment | None:
    return effect(entry.key, entry.value, scope, draft) if isinstance(entry.value, Scalar) else None


def _options(node: Mapping, scope: Scope, draft: Draft) -> tuple[Option, ...]:
    found: list[Option] = []
    for entry in entries(node, "choose"):
        inner = entry.value
        if not isinstance(inner, Mapping):
            continue
        written = inner.scalar("utility")
        utility = (
            None if written is None
            else expression(written, scope, draft, NumberType(0), "utility")
        )  # fmt: skip
        guard = _guard(inner, scope, draft)
        draws, deeper = read_draws(inner, scope, draft)
        effects = read_effects(inner, deeper, draft)
        if utility is not None:
            found.append(Option(entry.key.text, guard, utility, draws, effects, entry.key.span))
    return tuple(found)
