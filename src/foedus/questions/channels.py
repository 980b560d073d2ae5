"""The channels of a decision: the parameters through which what it touches acts on, or is acted on.

A channel stands in the effects of the event that is forced or forbidden, or in what another event
hangs on (when it comes, a choice, an effect) if that reads what the event or the setting changes:
one step away, and no further. How far an answer hangs on a channel is told by the runs in which it
is low (the lowest fifth of its values, around the 10th percentile) and high (the highest fifth).
What comes along with it, as far as parameters go together, comes along here.

References
----------
.. [Kish1965] L. Kish (1965), Survey Sampling, Wiley, section 11.7.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from foedus.engine.interventions import find_target
from foedus.engine.world import Parameters
from foedus.expr.tree import Expression, Firings, Parameter, Since, Variable, walk
from foedus.frozen import dataclass
from foedus.jump.model import (
    Assignment,
    DrawSpec,
    EventKind,
    Intervention,
    JumpModel,
    Monitor,
    Rate,
    Waiting,
)
from foedus.questions.estimates import Estimate, Numbers, Truths, weighted_quantiles
from foedus.questions.runs import Runs
from foedus.questions.worlds import Worlds, difference_of

FIFTH = 0.2
TENTH = 0.1


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel and what the decision changes where it is low and where it is high.

    `at_low` and `at_high` are its 10th and 90th percentile, in days and per day; the differences
    are by question. `draws` says, by question, on how many draws of the parameters the side with
    fewer of them rests, uneven weights taken into account ([Kish1965]_): where they are few, that
    all are alike means little.
    """

    parameter: str
    at_low: float
    at_high: float
    low: tuple[Estimate, ...]
    high: tuple[Estimate, ...]
    draws: tuple[float, ...]


def channels(
    worlds: Worlds, monitors: Sequence[Monitor], values: dict[str, Numbers]
) -> tuple[Channel, ...]:
    """The differences where each channel is low and high.

    `values` has the channels by name, (atom, outer); one that does not vary is left out.
    """
    if not monitors:
        return ()
    counts = np.stack(list(worlds.factual.counts))
    counted = counts.any(axis=0).mean(axis=-1)  # (atom, outer): how much of a draw counts at all
    found = []
    for name, each in values.items():
        masses = (worlds.weights[:, None] * counted).ravel()
        levels = (TENTH, FIFTH, 1.0 - FIFTH, 1.0 - TENTH)
        quantiles = weighted_quantiles(each.ravel(), masses, levels)
        lowest, low, high, highest = (np.nan if one is None else one for one in quantiles)
        if not low < high:
            continue
        found.append(
            Channel(
                name, lowest, highest,
                _differences(worlds, monitors, each <= low),
                _differences(worlds, monitors, each >= high),
                tuple(
                    min(_draws(worlds, number, side) for side in (each <= low, each >= high))
                    for number in range(len(monitors))
                ),
            )
        )  # fmt: skip
    return tuple(found)


def _differences(
    worlds: Worlds, monitors: Sequence[Monitor], chosen: Truths
) -> tuple[Estimate, ...]:
    """What the decision changes in the outer draws that are chosen (atom, outer)."""
    few = replace(
        worlds, factual=_only(worlds.factual, chosen), changed=_only(worlds.changed, chosen)
    )
    return tuple(difference_of(few, monitor, number) for number, monitor in enumerate(monitors))


def _draws(worlds: Worlds, number: int, chosen: Truths) -> float:
    """On how many of the chosen draws (atom, outer) the answer to a question rests, in effect."""
    counts = worlds.factual.counts[number] & worlds.changed.counts[number]
    masses = np.where(chosen, worlds.weights[:, None] * counts.mean(axis=-1), 0.0)
    squares = float((masses * masses).sum())
    return float(masses.sum()) ** 2 / squares if squares > 0.0 else 0.0


def _only(runs: Runs, chosen: Truths) -> Runs:
    return replace(runs, counts=[each & chosen[:, :, None] for each in runs.counts])


def values_of(names: Sequence[str], thetas: Sequence[Sequence[Parameters]]) -> dict[str, Numbers]:
    """The values of parameters by name, (atom, outer); of one with indices, the mean over them."""
    return {
        name: np.array([[float(np.mean(theta[name])) for theta in row] for row in thetas])
        for name in names
    }


def channels_of(model: JumpModel, interventions: Sequence[Intervention]) -> tuple[str, ...]:
    """The names of the channels of a decision, in the order of the model."""
    written: set[str] = set()
    fired: set[str] = set()
    names: set[str] = set()
    for one in interventions:
        if one.kind == "set-parameter" or one.kind == "set-state":
            written.add(one.target)
        else:
            kind, place = find_target(model, one.target)
            fired.add(one.target)
            for effects, draws in _acts(kind, place):
                written |= {effect.variable for effect in effects}
                inside = [effect.value for effect in effects]
                inside += [argument for draw in draws for argument in draw.arguments]
                names |= {name for each in inside for name in _parameters(each)}
    for parts in _ways(model):
        if any(_reads(node, written, fired) for part in parts for node in walk(part)):
            names |= {name for part in parts for name in _parameters(part)}
    return tuple(spec.name for spec in model.parameters if spec.name in names)


def _acts(
    kind: EventKind, place: int | None
) -> Iterator[tuple[tuple[Assignment, ...], tuple[DrawSpec, ...]]]:
    options = kind.options if place is None else (kind.options[place],)
    yield kind.effects, kind.draws
    for option in options:
        yield option.effects, option.draws


def _ways(model: JumpModel) -> Iterator[list[Expression]]:
    """What an event hangs on, piece by piece: when it comes, each choice, each effect.

    What opens a clock or an option hangs together with how fast it runs or how good it is.
    """
    for kind in model.kinds:
        guard = [] if kind.guard is None else [kind.guard]
        if isinstance(kind.timing, Rate):
            yield [*guard, kind.timing.hazard]
        elif isinstance(kind.timing, Waiting):
            yield [*guard, *kind.timing.arguments]
        for option in kind.options:
            yield [*guard, *([] if option.guard is None else [option.guard]), option.utility]
        for effects, draws in _acts(kind, None):
            yield from ([effect.value] for effect in effects)
            yield [argument for draw in draws for argument in draw.arguments]


def _parameters(node: Expression) -> Iterator[str]:
    return (part.name for part in walk(node) if isinstance(part, Parameter))


def _reads(part: Expression, written: set[str], fired: set[str]) -> bool:
    if isinstance(part, Variable | Parameter):
        return part.name in written
    if isinstance(part, Firings | Since):
        return part.kind in fired
    return False
