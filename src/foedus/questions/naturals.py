"""How often what a decision forces, forbids or sets happens by itself.

What is forbidden from a day on happens only if it does so from then on: what went before is not
taken away, and nor is a dated event of that very instant, which comes first in it (semantics 2).
All else happens if it does at any time; so does what is forbidden when a condition first holds, of
which it is not told whether it came before. A truth or a label that is set on a
day is told of, too: how often it is so by itself on that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, nextafter

from foedus.engine.interventions import find_target
from foedus.expr.show import show_expression
from foedus.expr.tree import (
    BOOLEAN,
    Binary,
    BooleanType,
    Conditional,
    Expression,
    Firings,
    Group,
    GroupDomain,
    IndexVariable,
    LabelType,
    Number,
    NumberType,
    Quantifier,
    Variable,
    label_type,
    walk,
)
from foedus.frozen import dataclass
from foedus.jump.model import Dated, Intervention, JumpModel, Monitor
from foedus.questions.estimates import Numbers, Truths
from foedus.questions.worlds import share_of_runs


@dataclass(frozen=True, slots=True)
class Natural:
    """How often the target of an intervention, as it is `written`, happens by itself.

    By the end of the clock.
    """

    target: str
    kind: str
    share: float
    error: float | None


def on_events(interventions: Sequence[Intervention]) -> tuple[Intervention, ...]:
    """Those interventions that force or forbid an event, or set a truth or a label on a day."""
    return tuple(
        one for one in interventions if one.kind in ("force", "forbid") or _is_told_of(one)
    )


def _is_told_of(one: Intervention) -> bool:
    value = one.value
    if one.kind != "set-state" or one.at is None or value is None:
        return False
    if isinstance(value.type, BooleanType):  # nothing is the opposite of itself
        return not any(
            isinstance(part, Variable) and part.name == one.target for part in walk(value)
        )
    return isinstance(value.type, LabelType)


def written(one: Intervention) -> str:
    """The event that an intervention is on, as cases write it: `answer`, `answer.help[bora]`."""
    labels = ", ".join(show_expression(index) for index in one.indices or ())
    return f"{one.target}[{labels}]" if labels else one.target


def natural_monitors(
    model: JumpModel, interventions: Sequence[Intervention]
) -> tuple[Monitor, ...]:
    """How often the event of each intervention on one has happened by when, for `happens`."""
    return tuple(
        Monitor(f"natural {place} by {end:g}", "mean", _told(model, one), end, 0.0, end)
        for place, one in enumerate(on_events(interventions))
        for end in _ends(model, one)
    )


def happens(
    model: JumpModel, interventions: Sequence[Intervention], counts: Sequence[Numbers]
) -> list[Truths]:
    """In which runs the event of each intervention on one happens by itself.

    `counts` are the values of the `natural_monitors`, an array over runs each, and so is every
    result.
    """
    left, found = iter(counts), []
    for one in on_events(interventions):
        last, *before = (next(left) for _ in _ends(model, one))
        found.append(last > (before[0] if before else 0.0))
    return found


def naturals(
    interventions: Sequence[Intervention], happened: Sequence[Truths], weights: Numbers
) -> tuple[Natural, ...]:
    """In what share of the runs, over all atoms."""
    return tuple(
        Natural(written(one), one.kind, *share_of_runs(each, weights))
        for one, each in zip(on_events(interventions), happened, strict=True)
    )


def _ends(model: JumpModel, one: Intervention) -> tuple[float, ...]:
    """When its firings are counted: at last, and where it is forbidden only from a day on, of those
    that are not taken away."""
    if one.kind == "set-state" and one.at is not None:
        return (one.at,)
    if one.kind != "forbid" or one.at is None:
        return (model.horizon,)
    kind, _ = find_target(model, one.target)
    # A question sees the state after its instant, in which all but dated events are taken away.
    last = one.at if isinstance(kind.timing, Dated) else nextafter(one.at, -inf)
    return (model.horizon, min(last, model.horizon)) if last >= 0.0 else (model.horizon,)


def _told(model: JumpModel, one: Intervention) -> Expression:
    return _so(model, one) if one.kind == "set-state" else _firings(model, one)


def _so(model: JumpModel, one: Intervention) -> Expression:
    """1 where what is set is so already (in all places, if none is named), else 0."""
    assert one.value is not None
    spec = next(each for each in model.variables if each.name == one.target)
    indices, loop = _places(spec.groups, one)
    same: Expression = Binary(
        "==", Variable(one.target, indices, one.value.type), one.value, BOOLEAN
    )
    for name, group in reversed(loop):
        same = Quantifier("all", name, GroupDomain(group), None, same, BOOLEAN)
    whole = NumberType(0, True)
    return Conditional(same, Number(1.0, whole), Number(0.0, whole), whole)


def _places(
    groups: Sequence[Group], one: Intervention
) -> tuple[tuple[Expression, ...], list[tuple[str, Group]]]:
    """The indices meant, and a loop over all where none is named."""
    if one.indices is not None:
        return one.indices, []
    loop = [(f"index {place}", group) for place, group in enumerate(groups)]
    return tuple(IndexVariable(name, group, label_type(group)) for name, group in loop), loop


def _firings(model: JumpModel, one: Intervention) -> Expression:
    """How often the target (all of its instances, if none is named) has happened."""
    kind, _ = find_target(model, one.target)
    indices, loop = _places(kind.groups, one)
    fired: Expression = Firings(one.target, indices)
    for name, group in reversed(loop):
        fired = Quantifier("sum", name, GroupDomain(group), None, fired, NumberType(0, True))
    return fired
