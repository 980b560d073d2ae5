"""What of a model can be a state of a Markov chain, and what cannot.

Besides the state's own cells a chain's state holds how often those events have happened that
something asks about (up to the number it is compared with), and how many stages of an Erlang
waiting time have passed. Values that vary continuously (`level`), the time since an event, rates
that follow the time, and waiting times with memory of other shapes have no such state: the model is
refused, by the name the case gives the thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import floor

from foedus.case.reads import expressions_of
from foedus.engine.layout import lay_out
from foedus.exact.refusal import NotExactError
from foedus.expr import tree
from foedus.frozen import dataclass
from foedus.jump.model import (
    DrawSpec,
    EventKind,
    Immediate,
    JumpModel,
    Monitor,
    Rate,
    VariableSpec,
    Waiting,
)

SIMULATE = "let runs do it (without `exact`)"
FINITE_DRAWS = ("bernoulli", "integer", "binomial", "categorical")


@dataclass(frozen=True, slots=True)
class Finite:
    """What a state of the chain holds besides the cells of the model's state.

    `counters` are the counted cells with the number beyond which they are no longer counted (None
    if they are counted without end); `steps` are cells of shares with their number of steps.
    """

    counters: tuple[tuple[int, int | None], ...]
    steps: tuple[tuple[int, int], ...]


def finite(
    model: JumpModel,
    monitors: Iterable[Monitor],
    more: Iterable[tree.Expression] = (),
    happened: Iterable[str] = (),
) -> Finite:
    """What the chain has to hold so that questions, and what is asked besides, can be answered.

    `happened` names acts of which it is asked whether they have happened.

    Raises `NotExactError` where the model is not one of finitely many states.
    """
    layout = lay_out(model)
    for spec in model.variables:
        _verify_variable(spec)
    for kind in model.kinds:
        _verify_kind(kind)
    asked = [node for monitor in monitors for node in _asked(monitor)]
    asked += list(more)
    for node in asked:
        if tree.mentions_time(node):
            what = "a question asks for the time or for `since(...)`, which is no state"
            raise NotExactError(what, SIMULATE, node.span)
    inside = [node for kind in model.kinds for node in expressions_of(kind)]
    caps: dict[int, int | None] = {}
    for node in (*inside, *asked):
        for name, cap in _counted(node):
            for cell in layout.counters[name].cells:
                known = caps.get(cell, 0)
                caps[cell] = None if cap is None or known is None else max(cap, known)
    for name in happened:
        for cell in layout.counters[name].cells:
            caps.setdefault(cell, 1)
    steps = tuple(
        (cell, spec.steps)
        for spec in model.variables
        if spec.kind == "share" and spec.steps is not None
        for cell in layout.variables[spec.name].cells
    )
    return Finite(tuple(sorted(caps.items())), steps)


def _verify_variable(spec: VariableSpec) -> None:
    if spec.kind == "level":
        what = f"`{spec.name}` is a level, which has no end of values"
        cure = f"make it a count, or a share with `steps:`; or {SIMULATE}"
        raise NotExactError(what, cure, spec.span)
    if spec.kind == "share" and spec.steps is None:
        what = f"`{spec.name}` is a share without steps, which has no end of values"
        raise NotExactError(what, f"add `steps: 10`; or {SIMULATE}", spec.span)


def _verify_kind(kind: EventKind) -> None:
    title = f"the event `{kind.name}`"
    for node in expressions_of(kind):
        if any(isinstance(part, tree.Since) for part in tree.walk(node)):
            what = f"{title} reads `since(...)`, which is no state"
            raise NotExactError(what, SIMULATE, node.span)
    timing = kind.timing
    if isinstance(timing, Rate) and timing.every is not None:
        what = f"the rate of {title} is held between ticks (`every:`)"
        raise NotExactError(what, SIMULATE, kind.span)
    if isinstance(timing, Waiting):
        _verify_waiting(title, timing, kind)
    if isinstance(timing, Rate | Waiting | Immediate):
        guard = () if kind.guard is None else (kind.guard,)
        own = (*guard, timing.hazard) if isinstance(timing, Rate) else guard
        if any(tree.mentions_time(node) for node in own):
            raise NotExactError(f"{title} depends on the time", SIMULATE, kind.span)
    for draw in (*kind.draws, *(one for option in kind.options for one in option.draws)):
        _verify_draw(title, draw)


def _verify_waiting(title: str, timing: Waiting, kind: EventKind) -> None:
    if timing.distribution not in ("exponential", "erlang", "gamma"):
        law = f"a `{timing.distribution}` time, which is no sum of exponential stages"
        what = f"{title} waits {law}"
        raise NotExactError(what, f"use `erlang(stages, mean)`; or {SIMULATE}", kind.span)
    for argument in timing.arguments:
        moving = tree.Variable | tree.Firings | tree.Time
        if any(isinstance(part, moving) for part in tree.walk(argument)):
            what = f"the waiting time of {title} is fixed by the state in which it begins"
            raise NotExactError(what, f"write it as `rate:`; or {SIMULATE}", argument.span)


def _verify_draw(title: str, draw: DrawSpec) -> None:
    if draw.distribution not in FINITE_DRAWS:
        what = f"{title} draws `{draw.name}` from `{draw.distribution}`, which has no end of values"
        known = ", ".join(f"`{name}`" for name in FINITE_DRAWS)
        raise NotExactError(what, f"use one of {known}; or {SIMULATE}", draw.span)


# Counters ----------------------------------------------------------------------------------------


def _asked(monitor: Monitor) -> Iterator[tree.Expression]:
    """What a question asks that must be seen in the state; expected numbers of firings need not."""
    if not is_expected_firings(monitor):
        yield monitor.expression
    yield from (node for node in (monitor.origin, monitor.given) if node is not None)


def is_expected_firings(monitor: Monitor) -> bool:
    """Whether a question asks for the mean of a weighted sum of numbers of firings.

    Its answer is the expected number, which needs no counter: the rates are added up over time.
    """
    node = monitor.expression
    return (
        monitor.kind == "mean"
        and monitor.given is None
        and any(isinstance(part, tree.Firings) for part in tree.walk(node))
        and _is_linear(node)
    )


def _is_linear(node: tree.Expression) -> bool:
    if isinstance(node, tree.Firings):
        return not any(isinstance(part, tree.Variable) for part in tree.walk(node))
    if isinstance(node, tree.Negative):
        return _is_linear(node.value)
    if isinstance(node, tree.Quantifier):
        return node.name == "sum" and node.condition is None and _is_linear(node.body)
    if isinstance(node, tree.Binary):
        if node.operator in ("+", "-"):
            return _is_linear(node.left) and _is_linear(node.right)
        if node.operator == "*":
            one, other = node.left, node.right
            return (isinstance(one, tree.Number) and _is_linear(other)) or (
                isinstance(other, tree.Number) and _is_linear(one)
            )
    return False


def _counted(node: tree.Expression) -> Iterator[tuple[str, int | None]]:
    """The counters that an expression reads, and up to which number each matters."""
    if isinstance(node, tree.Firings):
        yield node.kind, None
        return
    if isinstance(node, tree.Binary):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            is_compared = node.operator in ("==", "!=", "<", "<=", ">", ">=")
            if is_compared and isinstance(one, tree.Firings) and isinstance(other, tree.Number):
                yield one.kind, max(0, floor(other.value) + 1)
                return
    for child in tree.children(node):
        yield from _counted(child)
