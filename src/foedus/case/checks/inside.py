"""Does the state stay within its bounds?"""

from __future__ import annotations

from foedus.case.bounds import Reach, with_draws
from foedus.case.case import Case, StateVariable
from foedus.case.dynamics import Assignment, DrawSpec, VariableSpec
from foedus.expr.enclosure import INFINITE, Interval
from foedus.expr.interval import Context, bounds, refine, truth
from foedus.expr.tree import LabelType
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Span


def state_stays_inside(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """Starts, effects and probabilities of draws proved to lie outside."""
    starts_lie_inside(case, found, diagnostics)
    acts_stay_inside(case, found, diagnostics)


def starts_lie_inside(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """Starts proved to lie outside."""
    for variable in case.state.values():
        _verify_start(variable, found.context, diagnostics)


def acts_stay_inside(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """Effects and probabilities of draws proved to lie outside."""
    for kind in (happening.kind for happening in case.events.values()):
        if kind.name not in found.possible or kind.name in found.assumed:
            continue
        context = found.context if kind.guard is None else refine(found.context, kind.guard)
        _verify_effects(case, kind.effects, kind.draws, context, diagnostics)
        for option in kind.options:
            if option.guard is not None and truth(option.guard, context) is False:
                continue
            inner = context if option.guard is None else refine(context, option.guard)
            _verify_effects(case, option.effects, option.draws, inner, diagnostics)


def _verify_start(variable: StateVariable, context: Context, diagnostics: Diagnostics) -> None:
    spec, span = variable.spec, variable.spec.start.span or variable.spec.span
    if spec.kind in ("flag", "label") or span is None:
        return
    message = f"`{spec.name}` starts outside its bounds"
    verify_inside(message, span, bounds(spec.start, context), spec, diagnostics)


def _verify_effects(
    case: Case, effects: tuple[Assignment, ...], draws: tuple[DrawSpec, ...], context: Context,
    diagnostics: Diagnostics,
) -> None:  # fmt: skip
    for draw in draws:
        _verify_draw(draw, context, diagnostics)
    inner = with_draws(context, draws)
    for effect in effects:
        spec = case.state[effect.variable].spec
        span = effect.value.span or effect.span
        if spec.kind == "flag" or isinstance(effect.value.type, LabelType) or span is None:
            continue
        there = inner if effect.condition is None else refine(inner, effect.condition)
        message = f"`{effect.variable}` would always leave its bounds"
        verify_inside(message, span, bounds(effect.value, there), spec, diagnostics)


def _verify_draw(draw: DrawSpec, context: Context, diagnostics: Diagnostics) -> None:
    places = {"bernoulli": 0, "geometric": 0, "binomial": 1}
    if draw.distribution not in places:
        return
    argument = draw.arguments[places[draw.distribution]]
    value, span = bounds(argument, context), argument.span or draw.span
    if span is None or (value.low <= 1 and value.high >= 0):
        return
    diagnostics.error(
        Code.LEAVES_BOUNDS,
        span,
        f"the probability of `{draw.name}` is never one",
        label=_shown(value),
        help="a probability lies from 0 to 1",
    )


def verify_inside(
    message: str, span: Span, value: Interval, spec: VariableSpec, diagnostics: Diagnostics
) -> None:
    """Note, with a message, a value that lies outside the bounds of a variable in all courses."""
    low = -INFINITE if spec.low is None else spec.low
    high = INFINITE if spec.high is None else spec.high
    if value.low > value.high or (value.low <= high and value.high >= low):
        return
    parts = [f"at least {spec.low:g}"] if spec.low is not None else []
    parts += [f"at most {spec.high:g}"] if spec.high is not None else []
    diagnostics.error(
        Code.LEAVES_BOUNDS,
        span,
        message,
        label=_shown(value),
        other=[(spec.span, " and ".join(parts))] if spec.span else [],
        help="change the value or the bounds; write `min(..., ...)` or `max(..., ...)` if it is to "
        "stop there",
    )


def _shown(value: Interval) -> str:
    if value.low == value.high:
        return f"this is {value.low:g}"
    if value.high > 1e300 or value.low < -1e300:
        return f"above {value.low:g}" if value.high > 1e300 else f"below {value.high:g}"
    return f"between {value.low:g} and {value.high:g}"
