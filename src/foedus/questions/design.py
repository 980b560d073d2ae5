"""The nested design: parameters outside, runs inside, and the same noise for every atom.

Outer draw `j` (from 0) draws the parameters. Under each, `inner` runs are made; the `i`-th has run
number `j * inner + i`, in every atom. So atoms share parameters' noise and runs' noise, and a
difference between explanations is not blurred by chance. Work is dealt out in blocks of whole outer
draws; the size of a block depends on nothing but the design, and results come back in order, so
that no answer depends on how many workers there are.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol, TypeVar

from foedus.engine import compiler
from foedus.engine.reference import Parameters, Prepared, Watch, prepare, simulate_run
from foedus.engine.sampling import draw_parameters
from foedus.frozen import dataclass
from foedus.jump.model import Atom, Intervention, JumpModel, Rate

FEWEST_IN_BLOCK, MOST_IN_BLOCK = 200, 4000
"""About so many runs are dealt out at once: enough to fill the lanes, few enough to share out."""

BLOCKS = 64
"""The work is dealt out in about so many blocks, if these are neither too small nor too large."""

INNER = 10
"""Runs under each draw of the parameters, if there are enough draws for it."""

Task = TypeVar("Task")
Result = TypeVar("Result")


class Executor(Protocol):
    """Applies the function that `start()` gives to every task, and yields the results in order.

    `start` is called once in each worker, so that costly preparation is done there and not sent.
    """

    def __call__(
        self, start: Callable[[], Callable[[Task], Result]], tasks: Sequence[Task]
    ) -> Iterator[Result]: ...


def one_by_one(
    start: Callable[[], Callable[[Task], Result]], tasks: Sequence[Task]
) -> Iterator[Result]:
    """The plain loop: the executor without workers."""
    work = start()
    return map(work, tasks)


@dataclass(frozen=True, slots=True)
class Design:
    """What is simulated: everything that the numbers depend on.

    `thetas` are parameters to use, (atom, outer), where they are not to be drawn from the priors.
    """

    model: JumpModel
    atoms: tuple[Atom, ...]
    seed: int
    outer: int
    inner: int
    set_values: Mapping[str, float | list[float]]
    interventions: tuple[Intervention, ...] = ()
    watch: Watch | None = None
    is_checked: bool = False
    thetas: tuple[tuple[Parameters, ...], ...] = ()

    @property
    def draws(self) -> int:
        """Runs of each atom."""
        return self.outer * self.inner


@dataclass(frozen=True, slots=True)
class Block:
    """Some outer draws of one atom, the last excluded."""

    atom: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Columns:
    """The runs of a block, in order: one column for each question.

    `samples` has the watched expressions (run, time, expression), flat.
    """

    values: tuple[array[float], ...]
    waited: tuple[array[float], ...]
    vacuous: tuple[bytes, ...]
    samples: array[float]
    events: int


RunBlock = Callable[[Block], Columns]


def share(draws: int, inner: int | None) -> tuple[int, int]:
    """Outer draws and inner runs for about `draws` runs: at least 2 of each, rounded up."""
    if draws < 1 or (inner is not None and inner < 2):
        raise ValueError("there must be at least 1 draw, and 2 inner runs")
    inside = max(2, min(INNER, draws // 50)) if inner is None else inner
    return max(2, -(-draws // inside)), inside


def blocks(design: Design) -> list[Block]:
    """The work, in order: atom by atom, outer draw by outer draw."""
    wanted = len(design.atoms) * design.draws // BLOCKS
    step = max(1, min(max(wanted, FEWEST_IN_BLOCK), MOST_IN_BLOCK) // design.inner)
    return [
        Block(atom, first, min(first + step, design.outer))
        for atom in range(len(design.atoms))
        for first in range(0, design.outer, step)
    ]


def parameters_of(design: Design, atom: Atom, draw: int) -> Parameters:
    """The parameters of an outer draw: from their priors, or as they were set."""
    if design.thetas:
        return design.thetas[design.atoms.index(atom)][draw]
    theta = draw_parameters(design.model, atom, design.seed, draw)
    return theta | dict(design.set_values)


def start_reference(design: Design) -> RunBlock:
    """The function that simulates a block with the reference engine."""
    return partial(_run_block, prepare(design.model, design.is_checked), design)


def _run_block(prepared: Prepared, design: Design, block: Block) -> Columns:
    atom = design.atoms[block.atom]
    questions = range(len(design.model.monitors))
    values = tuple(array("d") for _ in questions)
    waited = tuple(array("d") for _ in questions)
    vacuous = tuple(bytearray() for _ in design.interventions)
    samples, events = array("d"), 0
    for draw in range(block.first, block.last):
        theta = parameters_of(design, atom, draw)
        for run in range(draw * design.inner, (draw + 1) * design.inner):
            result = simulate_run(
                prepared,
                theta,
                atom,
                design.seed,
                run,
                interventions=design.interventions,
                watch=design.watch,
            )
            events += result.events
            for number in questions:
                values[number].append(result.values[number])
                waited[number].append(result.waited[number])
            for place, missed in enumerate(result.vacuous):
                vacuous[place].append(missed)
            for sample in result.samples:
                samples.extend(sample)
    return Columns(values, waited, tuple(map(bytes, vacuous)), samples, events)


def starter(engine: str) -> Callable[[Design], RunBlock]:
    """How to start an engine, by name. Raises `ValueError` for an unknown one."""
    if engine == "reference":
        return start_reference
    if engine == "native":
        from foedus.questions.native import start_native

        return start_native
    raise ValueError(f"no engine is called `{engine}`: {', '.join(RUNNING)}")


RUNNING = ("reference", "native")
"""The engines that make runs."""

ENGINES = (*RUNNING, "exact")
"""The engines there are; the last one makes no runs (see `questions.exact`)."""


def default_engine() -> str:
    """The engine used where none is named: compiled code, if it can be made here."""
    return "native" if compiler.is_there() else "reference"


def has_steps(model: JumpModel) -> bool:
    """Whether some rate is held between ticks, so that answers depend on the step."""
    return any(isinstance(kind.timing, Rate) and kind.timing.every for kind in model.kinds)


def with_half_steps(model: JumpModel) -> JumpModel:
    """The model with every held rate worked out twice as often."""
    kinds = []
    for kind in model.kinds:
        timing = kind.timing
        if isinstance(timing, Rate) and timing.every is not None:
            kind = replace(kind, timing=replace(timing, every=timing.every / 2.0))
        kinds.append(kind)
    return replace(model, kinds=tuple(kinds))
