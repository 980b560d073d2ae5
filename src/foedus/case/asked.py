"""Reading what is asked: questions, what-ifs, clues, and the statements of a source."""

from __future__ import annotations

import math
from collections.abc import Mapping as MappingOf
from typing import get_args

from foedus.case.case import Clue, Question, QuestionKind, Statement, WhatIf
from foedus.case.class_prior import read_outside, read_precedents
from foedus.case.draft import (
    Draft,
    entries,
    local_text,
    number,
    read_date,
    report_outside,
    section,
    section_of,
    unknown_name,
)
from foedus.case.dynamics import Intervention, InterventionKind
from foedus.case.fit import NUMBER
from foedus.case.formula import Place, event_reference, expression, target
from foedus.case.mechanisms import Instance, can_replace
from foedus.case.node import Entry, Mapping, Scalar
from foedus.case.values import read_cites
from foedus.dates import Period
from foedus.expr.scope import ParameterSymbol, VariableSymbol
from foedus.expr.tree import BOOLEAN, Expression, Number, NumberType
from foedus.text.codes import Code
from foedus.text.source import Span

QUESTION_KINDS: tuple[QuestionKind, ...] = get_args(QuestionKind)
OVER_A_TIME = ("average", "integral", "maximum", "minimum")


def read_questions(draft: Draft) -> dict[str, Question]:
    """The questions, their dates in days."""
    found: dict[str, Question] = {}
    for key, node in section(draft, "questions"):
        question = _question(key, node, draft)
        if question is None:
            draft.broken.add(key.text)
        else:
            found[key.text] = question
    return found


def _question(key: Scalar, node: Mapping, draft: Draft) -> Question | None:
    kind = next(kind for kind in QUESTION_KINDS if node.get(kind) is not None)
    written = node.scalar(kind)
    if written is None or draft.clock is None:
        return None
    is_condition = kind in ("probability", "time-until")
    asked = expression(written, draft.scope(), draft, BOOLEAN if is_condition else None, "question")
    if asked is not None and not is_condition and not isinstance(asked.type, NumberType):
        draft.diagnostics.error(
            Code.TYPE_MISMATCH,
            written.span,
            f"`{written.text}` is not a number, so it has no {kind}",
            help="ask for the `probability:` of a condition instead",
        )
        return None
    times = _times(key, node, kind, draft)
    given = _condition(node.scalar("given"), draft)
    origin = _condition(node.scalar("from"), draft)
    outside = read_outside(node.get("outside"), draft) if kind == "probability" else None
    _verify_outside(node, kind, draft)
    if asked is None or times is None:
        return None
    at, start, end = times
    return Question(
        key.text, kind, asked, at, start, end, origin, given, local_text(node.get("label")),
        local_text(node.get("doc")), written.span, outside,
    )  # fmt: skip


def _verify_outside(node: Mapping, kind: QuestionKind, draft: Draft) -> None:
    """How often such a thing happens stands beside a probability, not beside anything else."""
    entry = node.entry("outside")
    if entry is not None and kind != "probability":
        draft.diagnostics.error(
            Code.CONFLICTING_KEYS,
            entry.key.span,
            f"`outside` does not go with `{kind}`",
            help="use it with `probability`",
        )


def _condition(node: Scalar | None, draft: Draft) -> Expression | None:
    return None if node is None else expression(node, draft.scope(), draft, BOOLEAN, "question")


def _times(
    key: Scalar, node: Mapping, kind: QuestionKind, draft: Draft
) -> tuple[float | None, float, float] | None:
    """`at`, start and end in days; a date means its end, an interval both its ends."""
    assert draft.clock is not None
    horizon = draft.clock.horizon
    at, by = _day(node, "at", draft), _day(node, "by", draft)
    between = read_date(node.get("between"), draft)
    wanted = {"probability": ("at", "by", "between"), "mean": ("at",), "time-until": ("by",)}
    allowed = wanted.get(kind, ("between",))
    for other in ("at", "by", "between"):
        place = node.entry(other)
        if place is not None and other not in allowed:
            draft.diagnostics.error(
                Code.CONFLICTING_KEYS,
                place.key.span,
                f"`{other}` does not go with `{kind}`",
                help=f"use {' or '.join(f'`{name}:`' for name in allowed)}",
            )
            return None
    origin = node.entry("from")
    if origin is not None and kind != "time-until":
        draft.diagnostics.error(
            Code.CONFLICTING_KEYS,
            origin.key.span,
            f"`from` does not go with `{kind}`",
            help="use it with `time-until`, or write `given:`",
        )
        return None
    if kind in wanted and not any(node.has(name) for name in allowed):
        draft.diagnostics.error(
            Code.MISSING_KEY,
            key.span,
            f"the question `{key.text}` does not say when",
            label=f"needs {' or '.join(f'`{name}:`' for name in allowed)}",
            help=f"add {' or '.join(f'`{name}:`' for name in allowed)} with a date",
        )
        return None
    if kind in OVER_A_TIME and not node.has("between"):
        return None, 0.0, horizon
    if between is not None:
        _verify_within(node, "between", between, draft)
        return None, draft.clock.days(between.start), draft.clock.days(between.end)
    if at is not None:
        return at, 0.0, at
    return None if by is None else (None, 0.0, by)


def _day(node: Mapping, key: str, draft: Draft) -> float | None:
    period = read_date(node.get(key), draft)
    if period is None or draft.clock is None:
        return None
    _verify_within(node, key, period, draft)
    return draft.clock.days(period.end)


def _verify_within(node: Mapping, key: str, period: Period, draft: Draft) -> None:
    place = node.get(key)
    clock = draft.clock
    if clock is None or place is None:
        return
    is_before = period.start < clock.start if key == "between" else period.end <= clock.start
    if is_before or period.end > clock.end:
        cure = "write a date within the clock, or change `clock:`"
        report_outside(place.span, "the date lies", is_before, cure, draft)


def read_what_ifs(
    draft: Draft,
    instances: list[Instance],
    units: dict[str, float],
    replaced: MappingOf[str, str],
) -> dict[str, WhatIf]:
    """The what-ifs. `units` holds, per parameter, how many internal units its written unit is.

    In a world in which mechanisms are `replaced`, only those that replace them: the others may be
    about what is not there.
    """
    found: dict[str, WhatIf] = {}
    for key, node in section(draft, "what-if"):
        replaces = _replacements(node, instances, draft)
        if replaced and dict(replaces) != replaced:
            continue
        interventions = _interventions(node, draft, units)
        if not interventions and not _tries(node):
            draft.diagnostics.error(
                Code.WHAT_IF_CHANGES_NOTHING,
                key.span,
                f"the what-if `{key.text}` changes nothing",
                label="no decision is named",
                help="add `forbid:`, `force:`, `set:` or `replace:`",
            )
        _verify_when(key, node, draft)
        found[key.text] = WhatIf(
            key.text, tuple(interventions), tuple(replaces), local_text(node.get("label")),
            local_text(node.get("doc")), key.span, read_precedents(node.get("precedents"), draft),
        )  # fmt: skip
    return found


def _replacements(node: Mapping, instances: list[Instance], draft: Draft) -> list[tuple[str, str]]:
    by_prefix = {instance.use.prefix: instance for instance in instances}
    found: list[tuple[str, str]] = []
    for entry in node.mapping("replace"):
        instance = by_prefix.get(entry.key.text)
        if instance is None:
            known = tuple(by_prefix)
            unknown_name(
                Code.UNKNOWN_MECHANISM, "mechanism in use", entry.key, known, "uses", draft
            )
        elif isinstance(entry.value, Scalar) and can_replace(entry.value, instance, draft):
            found.append((entry.key.text, entry.value.text))
    return found


def _tries(node: Mapping) -> bool:
    return any(node.has(key) for key in ("forbid", "force", "set", "replace"))


def _verify_when(key: Scalar, node: Mapping, draft: Draft) -> None:
    force = node.entry("force")
    if force is not None and not node.has("at") and not node.has("when"):
        draft.diagnostics.error(
            Code.MISSING_KEY,
            force.key.span,
            f"the what-if `{key.text}` forces an event but does not say when",
            label="needs `at:` or `when:`",
            help="add `at:` with a clock time, or `when:` with a condition",
        )


def _interventions(node: Mapping, draft: Draft, units: dict[str, float]) -> list[Intervention]:
    period = read_date(node.get("at"), draft)
    at = None if period is None or draft.clock is None else draft.clock.days(period.start)
    if period is not None:
        _verify_within(node, "at", period, draft)
    when = node.scalar("when")
    condition = (
        None if when is None else expression(when, draft.scope(), draft, BOOLEAN, "question")
    )
    found: list[Intervention] = []
    for kind in ("forbid", "force"):
        for item in node.items(kind):
            if not isinstance(item, Scalar):
                continue
            event = event_reference(item, draft)
            if event is not None:
                name: InterventionKind = "forbid" if kind == "forbid" else "force"
                found.append(
                    Intervention(name, event.name, event.indices, at, condition, span=item.span)
                )
    for entry in entries(node, "set"):
        setting = _setting(entry, draft, units, at, condition)
        if setting is not None:
            found.append(setting)
    return found


def _setting(
    entry: Entry,
    draft: Draft,
    units: dict[str, float],
    at: float | None,
    condition: Expression | None,
) -> Intervention | None:
    symbol = draft.symbols.get(entry.key.text)
    if not isinstance(entry.value, Scalar):
        return None
    if isinstance(symbol, ParameterSymbol):
        return _parameter_setting(entry, symbol.name, units, draft, at, condition)
    place = _place(entry.key, draft)
    if place is None:
        return None
    value_node = expression(entry.value, draft.scope(), draft, place.type, "effect")
    if value_node is None:
        return None
    return Intervention(
        "set-state", place.variable, place.indices, at, condition, value_node, entry.key.span
    )


def _place(key: Scalar, draft: Draft) -> Place | None:
    """The state that a key names; without an index, all that go by the name."""
    symbol = draft.symbols.get(key.text)
    if isinstance(symbol, VariableSymbol) and symbol.groups:
        return Place(symbol.name, None, symbol.type)
    return target(key, draft.scope(), draft)


def _parameter_setting(
    entry: Entry,
    name: str,
    units: dict[str, float],
    draft: Draft,
    at: float | None,
    condition: Expression | None,
) -> Intervention | None:
    written = entry.value
    assert isinstance(written, Scalar)
    is_number = written.is_plain and NUMBER.fullmatch(written.text)
    value = float(written.text) * units.get(name, 1.0) if is_number else math.nan
    if not math.isfinite(value):
        draft.diagnostics.error(
            Code.WRONG_TYPE,
            written.span,
            f"the parameter `{name}` can be set to a number only",
            help="give a number in the parameter's own unit",
        )
        return None
    constant = Number(value, NumberType())
    return Intervention("set-parameter", name, None, at, condition, constant, entry.key.span)


def read_clues(draft: Draft) -> tuple[Clue, ...]:
    """What could still be looked up."""
    found: list[Clue] = []
    for key, node in section(draft, "clues"):
        happened, state = node.scalar("happened"), node.scalar("state")
        event = None if happened is None else event_reference(happened, draft)
        condition = _condition(state, draft)
        by = _day(node, "by", draft) or _day(node, "at", draft)
        if event is not None or condition is not None:
            found.append(
                Clue(key.text, event, condition, by, local_text(node.get("label")),
                     local_text(node.get("doc")))
            )  # fmt: skip
    return tuple(found)


def read_statements(
    draft: Draft, elements: dict[str, frozenset[str]], questions: dict[str, Question]
) -> tuple[Statement, ...]:
    """What a source says. `elements` lists, per kind, the names that can carry a statement."""
    found: list[Statement] = []
    for key, node in section(draft, "statements"):
        carried: list[tuple[str, str]] = []
        for item in node.items("carried-by"):
            if isinstance(item, Scalar):
                carrier = _carrier(item, elements, draft)
                if carrier is not None:
                    carried.append(carrier)
        for item in node.items("asks"):
            if isinstance(item, Scalar) and item.text not in questions:
                unknown_name(
                    Code.UNKNOWN_NAME, "question", item, tuple(questions), "questions", draft
                )
        paragraph = number(node.get("paragraph"))
        found.append(
            Statement(
                key.text,
                None if paragraph is None else int(paragraph),
                local_text(node.get("says")),
                node.text("role"),
                tuple(carried),
                tuple(i.text for i in node.items("asks") if isinstance(i, Scalar)),
                node.text("answered-by"),
                local_text(node.get("hedge")),
                read_cites(node.get("cites"), draft),
            )
        )
    return tuple(found)


def _carrier(
    item: Scalar, elements: dict[str, frozenset[str]], draft: Draft
) -> tuple[str, str] | None:
    kind, _, name = item.text.partition(":")
    begin, source = item.offsets()[0], item.span.source
    middle = begin + len(kind)
    if kind not in elements:
        place = Scalar(Span(source, begin, middle), kind, True)
        unknown_name(Code.UNKNOWN_WORD, "kind of element", place, tuple(elements), "", draft)
        return None
    if name not in elements[kind]:
        # What is declared but could not be read has been reported where it stands.
        if name not in draft.symbols:
            place = Scalar(Span(source, middle + 1, middle + 1 + len(name)), name, True)
            known = tuple(sorted(elements[kind]))
            unknown_name(Code.UNKNOWN_NAME, kind, place, known, section_of(kind), draft)
        return None
    return kind, name
