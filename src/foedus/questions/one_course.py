"""One course of a case, to be read: what holds in it, what happens, what each question comes to.

Its number is that of a run in every atom of a design. Which atom holds in it is drawn by the
priors, from the noise of that run, so that courses read one after the other come from all
explanations, each as often as its prior says.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foedus.engine import clocks
from foedus.engine.layout import labels_at, places
from foedus.engine.world import Happening
from foedus.expr.tree import Group
from foedus.frozen import dataclass
from foedus.jump.model import Atom, DrawSpec, EventKind, JumpModel
from foedus.questions.design import Design
from foedus.questions.paths import Path, path_of
from foedus.questions.worlds import normalised
from foedus.text.diagnostic import SettingsError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a question comes to in one course.

    `value` is 1 or 0 for a probability, days for a length of time, and None where what is waited
    for never comes; where the question's condition fails, `is_given` is false and there is none.
    """

    question: str
    value: float | None
    is_given: bool


@dataclass(frozen=True, slots=True)
class OneCourse:
    """A course with its place among all: the run of this number in an atom, of so many `draws`."""

    number: int
    draws: int
    seed: int
    engine: str
    atom: Atom
    events: tuple[Happening, ...]
    outcomes: tuple[Outcome, ...]


def one_course(design: Design, engine: str, number: int) -> OneCourse:
    """The course of a number, from 0; only this run is made.

    The same as the run of that number of that atom among all `paths`. Raises `SettingsError` where
    the design has no such run, `ModelError` where it leaves what the case allows.
    """
    verify_number(number, design.draws)
    atom = atom_of(design, number)
    path = path_of(design, engine, atom, number)
    outcomes = (
        Outcome(monitor.name, float(value) if given and not np.isnan(value) else None, bool(given))
        for monitor, value, given in zip(
            design.model.monitors, path.value, path.given, strict=True
        )
    )  # fmt: skip
    return OneCourse(
        number, design.draws, design.seed, engine, atom, tuple(happenings(design.model, path)),
        tuple(outcomes),
    )  # fmt: skip


def verify_number(number: int, draws: int) -> None:
    """Raise `SettingsError` where of so many courses none has the number."""
    if not 0 <= number < draws:
        raise SettingsError(
            f"no course has the number {number}: they go from 0 to {draws - 1}, "
            "with more --draws further"
        )


def atom_of(design: Design, number: int) -> Atom:
    """The atom that holds in a course, drawn by the priors of the design's atoms."""
    keys = clocks.run_keys(design.seed, number)
    chance = clocks.uniform(keys, clocks.label_key("atom", (), "one course"), 0)
    sums = np.cumsum(normalised(design.atoms))
    return design.atoms[min(int(np.searchsorted(sums, chance)), len(design.atoms) - 1)]


def happenings(model: JumpModel, path: Path) -> Iterator[Happening]:
    """The events of a path, each with its labels and with its draws by name."""
    acts = [act for kind in model.kinds for act in _acts_of(kind)]
    drawn = iter(path.drawn.tolist())
    for time, act, index, forced in zip(path.time, path.act, path.index, path.forced, strict=True):
        name, groups, specs = acts[act]
        place = np.unravel_index(index, [group.size for group in groups])
        draws = {spec.name: [next(drawn) for _ in places(spec.groups)] for spec in specs}
        labels = labels_at(groups, tuple(map(int, place)))
        yield Happening(float(time), name, labels, draws, bool(forced))


def _acts_of(kind: EventKind) -> Iterator[tuple[str, tuple[Group, ...], tuple[DrawSpec, ...]]]:
    """Name, groups and draws of a kind and of its options, in the order of `acts_of`."""
    yield kind.name, kind.groups, kind.draws
    for option in kind.options:
        yield f"{kind.name}.{option.name}", kind.groups, option.draws
