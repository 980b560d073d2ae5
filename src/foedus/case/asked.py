"""Reading what is asked: questions, what-ifs, clues, and the statements of a source."""

from __future__ import annotations

from typing import get_args

from foedus.case.case import Clue, Question, QuestionKind, Statement, WhatIf
from foedus.case.draft import Draft, entries, local_text, number, read_date, section, unknown_name
from foedus.case.dynamics import Intervention, InterventionKind
from foedus.case.formula import event_reference, expression, target
from foedus.case.node import Entry, Mapping, Scalar
from foedus.case.values import read_cites
from foedus.dates import Period
from foedus.expr.scope import ParameterSymbol
from foedus.expr.tree import BOOLEAN, Expression, Number, NumberType
from foedus.text.codes import Code

QUESTION_KINDS: tuple[QuestionKind, ...] = get_args(QuestionKind)
OVER_A_TIME = ("average", "integral", "maximum", "minimum")


def read_questions(draft: Draft) -> dict[str, Question]:
    """The questions, their dates in days."""
    found: dict[str, Question] = {}
    for key, node in section(draft, "questions"):
        question = _question(key, node, draft)
        if question is not None:
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
            f"the {kind} of something that is not a number",
            help="ask for the `probability:` of a condition instead",
        )
        return None
    times = _times(key, node, kind, draft)
    given = _condition(node.scalar("given"), draft)
    origin = _condition(node.scalar("from"), draft)
    if asked is None or times is None:
        return None
    at, start, end = times
    return Question(
        key.text, kind, asked, at, start, end, origin, given, local_text(node.get("label")),
        local_text(node.get("doc")), written.span,
    )  # fmt: skip


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
    if kind in wanted and not any(node.get(name) is not None for name in allowed):
        draft.diagnostics.error(
            Code.MISSING_KEY,
            key.span,
            f"the question `{key.text}` does not say when",
            help=f"add {' or '.join(f'`{name}:`' for name in allowed)}",
        )
        return None
    if kind in OVER_A_TIME and between is None and node.get("between") is None:
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
    if period.end <= clock.start or period.end > clock.end:
        side = "before the clock starts" if period.end <= clock.start else "after the clock ends"
        draft.diagnostics.error(
            Code.OUTSIDE_CLOCK,
            place.span,
            f"the date lies {side}",
            help="ask about a date within the clock, or change `clock:`",
        )


def read_what_ifs(
    draft: Draft, uses: tuple[str, ...], units: dict[str, float]
) -> dict[str, WhatIf]:
    """The what-ifs. `units` holds, per parameter, how many internal units its written unit is."""
    found: dict[str, WhatIf] = {}
    for key, node in section(draft, "what-if"):
        interventions = _interventions(node, draft, units)
        replaces = []
        for entry in node.mapping("replace"):
            if entry.key.text not in uses:
                unknown_name(
                    Code.UNKNOWN_MECHANISM, "mechanism in use", entry.key, uses, "uses", draft
                )
            elif isinstance(entry.value, Scalar):
                replaces.append((entry.key.text, entry.value.text))
        if not interventions and not node.mapping("replace") and not _tries(node):
            draft.diagnostics.error(
                Code.WHAT_IF_CHANGES_NOTHING,
                key.span,
                f"the what-if `{key.text}` changes nothing",
                help="add `forbid:`, `force:`, `set:` or `replace:`",
            )
        _verify_when(key, node, draft)
        found[key.text] = WhatIf(
            key.text, tuple(interventions), tuple(replaces), local_text(node.get("label")),
            local_text(node.get("doc")), key.span,
        )  # fmt: skip
    return found


def _tries(node: Mapping) -> bool:
    return any(node.get(key) is not None for key in ("forbid", "force", "set"))


def _verify_when(key: Scalar, node: Mapping, draft: Draft) -> None:
    force = node.entry("force")
    if force is not None and node.get("at") is None and node.get("when") is None:
        draft.diagnostics.error(
            Code.MISSING_KEY,
            force.key.span,
            f"`{key.text}` forces an event but does not say when",
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
        try:
            value = float(entry.value.text) * units.get(symbol.name, 1.0)
        except ValueError:
            draft.diagnostics.error(
                Code.WRONG_TYPE,
                entry.value.span,
                "a parameter can only be set to a number",
                help="give the number in the parameter's own unit",
            )
            return None
        number_node = Number(value, NumberType())
        return Intervention(
            "set-parameter", symbol.name, None, at, condition, number_node, entry.key.span
        )
    place = target(entry.key, draft.scope(), draft)
    if place is None:
        return None
    value_node = expression(entry.value, draft.scope(), draft, place.type, "effect")
    if value_node is None:
        return None
    return Intervention(
        "set-state", place.variable, place.indices, at, condition, value_node, entry.key.span
    )


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
    if kind not in elements:
        known = tuple(elements)
        unknown_name(
            Code.UNKNOWN_WORD,
            "kind of element",
            Scalar(item.span.part(0, len(kind)), kind, True),
            known,
            "statements",
            draft,
        )
        return None
    if name not in elements[kind]:
        place = Scalar(item.span.part(len(kind) + 1, len(item.text)), name, True)
        unknown_name(
            Code.UNKNOWN_NAME, kind, place, tuple(sorted(elements[kind])), f"{kind}s", draft
        )
        return None
    return kind, name
