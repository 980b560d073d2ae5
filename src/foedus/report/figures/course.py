"""The course of the main state variables, and of what nobody can see: what to watch, and show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from foedus.case.case import Case
from foedus.case.reads import expressions_of
from foedus.engine.reference import Watch
from foedus.expr.tree import (
    BOOLEAN,
    PLAIN,
    Binary,
    Expression,
    LabelType,
    LabelValue,
    NumberType,
    Variable,
    walk,
)
from foedus.questions.fans import Fan
from foedus.report.figures.fan_panels import (
    UNWEIGHED,
    Both,
    Weighed,
    draw_panels,
    is_condition,
    is_still,
    observations,
)
from foedus.report.figures.style import Figure
from foedus.report.figures.time_axis import busy_days

MOST = 8
"""Panels of a figure."""

EARLY, LATE = 48, 24
"""Times at which the busy weeks and the rest are looked at."""


def watch_of(case: Case) -> Watch:
    """What to sample for these figures: main and unseen expressions, at times dense in busy weeks.

    Main are the offices and the numbers that the questions ask about and the record measures: the
    more often, the earlier. Give it to `simulate`, and its fans to `draw_course` and `draw_unseen`.
    """
    return Watch((*main_expressions(case), *unseen_expressions(case)), moments(case))


def main_expressions(case: Case, most: int = MOST) -> tuple[Expression, ...]:
    """The expressions worth watching: what the first question asks, then the most looked at.

    Being asked about counts 1, measured 2, claimed 1, and read by events up to 4.
    """
    found: Counter[Expression] = Counter()
    first: list[Expression] = []
    for question in case.questions.values():
        parts = _watchable(case, question.expression)
        first = first or parts
        found.update(dict.fromkeys(parts, 1))
    for item in case.evidence:
        if item.kind == "value" and item.expression is not None:
            found.update(dict.fromkeys(_watchable(case, item.expression), 2))
    for claim in case.claims:
        if claim.kind == "value" and claim.value is not None:
            found.update(dict.fromkeys(_watchable(case, claim.value), 1))
    readers = Counter(
        part for happening in case.events.values()
        for part in {p for e in expressions_of(happening.kind) for p in _watchable(case, e)}
    )  # fmt: skip
    for part in found:
        found[part] += min(4, readers[part] // 3)
    others = [part for part, _ in found.most_common() if part not in first]
    return (*first, *others)[:most]


def unseen_expressions(case: Case) -> tuple[Expression, ...]:
    """The expressions that only courses show, since nobody can see them: those without an index.

    Of one that has one of several labels, how probable each is that it does not begin with.
    """
    found: list[Expression] = []
    for name, state in case.state.items():
        spec = state.spec
        if not spec.is_latent or spec.groups:
            continue
        if not spec.labels:
            found.append(Variable(name, (), BOOLEAN if spec.kind == "flag" else PLAIN))
            continue
        variable = Variable(name, (), LabelType(spec.labels))
        values = [LabelValue(label, LabelType(spec.labels)) for label in spec.labels]
        others = values if not isinstance(spec.start, LabelValue) else [
            one for one in values if one.label != spec.start.label
        ]  # fmt: skip
        found += [Binary("==", variable, one, BOOLEAN) for one in others]
    return tuple(found[:MOST])


def _watchable(case: Case, expression: Expression) -> list[Expression]:
    """Offices' holders and plain numbers in an expression that may be shown, each once."""
    found: dict[Expression, None] = {}
    offices = {office.variable for office in case.offices.values()}
    for node in walk(expression):
        if (
            isinstance(node, Binary)
            and node.operator in ("==", "!=")
            and isinstance(node.left, Variable)
            and node.left.name in offices
            and isinstance(node.right, LabelValue)
        ):
            found[Binary("==", node.left, node.right, BOOLEAN)] = None
        elif isinstance(node, Variable) and not node.indices and node.name in case.state:
            is_number = isinstance(node.type, NumberType)
            if is_number and not case.state[node.name].spec.is_latent:
                found[Variable(node.name, (), node.type)] = None
    return list(found)


def moments(case: Case) -> tuple[float, ...]:
    """Times worth looking at, dense in the busy weeks (days)."""
    end, busy = case.clock.horizon, busy_days(case)
    if busy is None or end < 3.0 * busy:
        return tuple(end * step / (EARLY + LATE) for step in range(EARLY + LATE + 1))
    early = [busy * step / EARLY for step in range(EARLY)]
    return (*early, *(busy + (end - busy) * step / LATE for step in range(LATE + 1)))


def draw_course(
    case: Case,
    watched: Sequence[Expression],
    fans: Sequence[Fan],
    language: str = "en",
    given: Weighed = UNWEIGHED,
) -> Figure | None:
    """A panel for each watched expression that moves or was observed, or None without any.

    `given` are the same over courses that agree with the record, where these were found. What
    nobody can see has a figure of its own (`draw_unseen`).
    """
    unseen = unseen_expressions(case)
    shown = [
        (expression, (fan, given.fans.get(expression)))
        for expression, fan in zip(watched, fans, strict=True)
        if expression not in unseen
    ]
    shown = [one for one in shown if observations(case, one[0]) or not _are_still(*one)]
    if not shown:
        return None
    headed = next((expression for expression, _ in shown if is_condition(expression)), None)
    return draw_panels(case, "course", shown, headed, language, given=given)


def draw_unseen(
    case: Case,
    watched: Sequence[Expression],
    fans: Sequence[Fan],
    language: str = "en",
    given: Weighed = UNWEIGHED,
) -> Figure | None:
    """A panel for each watched expression that nobody can see, or None without any that moves.

    Only given the record: what assumptions alone say of it rests on nothing that was ever seen.
    The title is of what the record moves most.
    """
    unseen = unseen_expressions(case)
    shown: list[tuple[Expression, Both]] = [
        (expression, (fan, given.fans[expression]))
        for expression, fan in zip(watched, fans, strict=True)
        if expression in unseen and expression in given.fans
    ]
    shown = [one for one in shown if not _are_still(*one)]
    if not shown:
        return None
    chances = {one: both for one, both in shown if is_condition(one)}
    headed = max(chances, key=lambda one: _moved(chances[one]), default=shown[0][0])
    return draw_panels(case, "unseen", shown, headed, language, given=given)


def _are_still(expression: Expression, both: Both) -> bool:
    return all(fan is None or is_still(expression, fan) for fan in both)


def _moved(both: Both) -> float:
    """How far the record moves how probable something is at the end."""
    assumed, weighed = both
    return 0.0 if weighed is None else abs(weighed.mean[-1] - assumed.mean[-1])
