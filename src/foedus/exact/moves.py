"""What can come of an event: every state it can lead to, with its probability.

The order of things is that of the reference engine, whose guards, effects and start values are used
here as they are: an act is carried out, clocks look at the state it left, and immediates fire one
at a time until none is pending. Where that engine draws at random, all outcomes are followed:
options of a choice with the probabilities of the multinomial logit model, draws with their laws.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from math import exp, floor, inf, isfinite

from foedus.engine.closures import Names, evaluator
from foedus.engine.course import AT_ONCE
from foedus.engine.failure import EvaluationError
from foedus.engine.firing import Act, Change, counters_of
from foedus.engine.interventions import is_part
from foedus.engine.prepare import Prepared
from foedus.engine.start import flat_parameters, start_state
from foedus.engine.timing import Instance, bind
from foedus.engine.world import Parameters, empty_world
from foedus.exact.draws import MOST_VALUES, FiniteDraw, draws_of
from foedus.exact.finite import Finite
from foedus.exact.hazards import hazard_of
from foedus.exact.refusal import NotExactError
from foedus.frozen import dataclass
from foedus.jump.model import Atom, Immediate, Rate, Waiting

State = tuple[float, ...]
"""Cells of the model's state, then counters, then stages passed of Erlang waiting times."""

STEP_ROUNDING = 1e-9
"""How far from a whole number of steps a share may land."""


@dataclass(frozen=True, slots=True)
class Firing:
    """What happened: an act (`kind` or `kind.option`) of an instance, with its draws."""

    name: str
    order: int
    draws: tuple[tuple[str, tuple[float, ...]], ...] = ()


Happened = tuple[Firing, ...]
Pending = tuple[int, ...]
Node = tuple[State, Pending, Happened]
Outcomes = dict[tuple[State, Happened], float]
"""Probabilities of states, and of what happened on the way to them."""


class Moves:
    """The moves of a model at given parameters in one atom.

    `watched` are the names of acts (`kind`, `kind.option`) that are noted as they happen, the
    `measured` ones among them with their draws; all others leave no trace but the state.
    """

    def __init__(
        self,
        prepared: Prepared,
        theta: Parameters,
        atom: Atom,
        finite: Finite,
        watched: frozenset[str] = frozenset(),
        measured: frozenset[str] = frozenset(),
    ) -> None:
        self.prepared, self.finite, self.atom = prepared, finite, atom
        self.watched, self.measured = watched, measured
        layout = prepared.names.layout
        world = self.world = empty_world(
            ((0, 0),) * len(prepared.model.kinds),
            len(prepared.instances),
            sum(one.count for one in layout.counters.values()),
        )
        world.parameters = flat_parameters(prepared.model, theta)
        world.components = [name in atom.components for name in prepared.model.components]
        self.parts = [is_part(one.kind, prepared.names, world) for one in prepared.instances]
        self.cells = sum(block.count for block in layout.variables.values())
        self.immediates = [
            one
            for one in prepared.instances
            if isinstance(one.kind.timing, Immediate) and self.parts[one.number]
        ]
        self.timed = [
            one
            for one in prepared.instances
            if isinstance(one.kind.timing, Rate | Waiting) and self.parts[one.number]
        ]
        self._hazards = [hazard_of(kind, prepared.names) for kind in prepared.model.kinds]
        self._draws: dict[int, dict[str, tuple[FiniteDraw, ...]]] = {}
        self._pending: dict[State, Pending] = {}
        self.stages = self._stages()
        self.slot = {
            number: self.cells + len(finite.counters) + place
            for place, number in enumerate(self.stages)
        }

    def at(self, theta: Parameters) -> Moves:
        """The same moves at parameters that differ in what hazards read only."""
        other = copy(self)
        layout = self.prepared.names.layout
        other.world = empty_world(
            (), len(self.prepared.instances), sum(n.count for n in layout.counters.values())
        )
        other.world.parameters = flat_parameters(self.prepared.model, theta)
        other.world.components = self.world.components
        return other

    def _stages(self) -> dict[int, int]:
        """The number of stages of waiting times with more than one, by instance."""
        found: dict[int, int] = {}
        for one in self.timed:
            timing = one.kind.timing
            if isinstance(timing, Waiting) and timing.distribution != "exponential":
                bind(self.world, one)
                shape = float(self._arguments(one)[0])
                if not (shape >= 1.0 and floor(shape) == shape):
                    law, cure = timing.distribution, "a whole number of stages is needed"
                    what = f"the `{law}` time that `{one.kind.name}` waits is of shape {shape:g}"
                    if law == "gamma":  # an `erlang` of such a shape stops runs, too
                        cure += "; or simulate instead"
                    raise NotExactError(what, cure, one.kind.span)
                if shape > 1.0:
                    found[one.number] = int(shape)
        return found

    def _arguments(self, one: Instance) -> tuple[float, ...]:
        timing = one.kind.timing
        assert isinstance(timing, Waiting)
        return tuple(
            float(evaluator(argument, self.prepared.names)(self.world))
            for argument in timing.arguments
        )

    # Looking at a state --------------------------------------------------------------------------

    def enter(self, state: State) -> None:
        """Let the world be in a state."""
        world = self.world
        world.values[:] = state[: self.cells]
        for place, (cell, _) in enumerate(self.finite.counters, self.cells):
            world.firings[cell] = int(state[place])

    def is_on(self, one: Instance) -> bool:
        """Whether an instance's guard holds in the state that was entered."""
        bind(self.world, one)
        guard = self.prepared.guards[one.kind_number]
        return guard is None or bool(guard(self.world))

    def hazard(self, one: Instance, state: State) -> float:
        """How fast an instance's clock rings, or passes a stage, in the state that was entered."""
        try:
            if not self.is_on(one):
                return 0.0
            found = self._hazards[one.kind_number](self.world)
        except EvaluationError as fault:
            raise self._fault(fault, one) from None
        found *= self.stages.get(one.number, 1)
        if not 0.0 <= found < inf:
            what = f"the hazard is {found:g} per day"
            raise self._fault(EvaluationError(what, one.kind.span), one)
        return found

    def waiting(self, state: State) -> Pending:
        """The immediates whose guard holds in a state."""
        if not self.immediates:
            return ()
        known = self._pending.get(state)
        if known is None:
            self.enter(state)
            known = tuple(one.number for one in self.immediates if self._guarded(one))
            self._pending[state] = known
        return known

    def _guarded(self, one: Instance) -> bool:
        try:
            return self.is_on(one)
        except EvaluationError as fault:
            raise self._fault(fault, one) from None

    def _fault(self, fault: EvaluationError, one: Instance) -> NotExactError:
        subject = fault.about(one.title).subject
        cure = "this can happen in some course of the case: exclude it, for instance by a guard"
        return NotExactError(f"{subject}: {fault.message}", cure, fault.span)

    # Moving --------------------------------------------------------------------------------------

    def start(self, kinds: tuple[int, ...], known: Mapping[int, float] | None = None) -> Outcomes:
        """How a run begins: the state at 0 after the kinds dated then, and all immediates.

        `known` are values of cells that stand in the place of the case's own.
        """
        self.world.values.clear()
        start_state(self.prepared.starts, self.world)
        for cell, value in (known or {}).items():
            self.world.values[cell] = value
        extra = (0.0,) * (len(self.finite.counters) + len(self.stages))
        state = self._rounded((*self.world.values, *extra))
        return self._instant({(state, self.waiting(state), ()): 1.0}, kinds)

    def instant(self, state: State, kinds: tuple[int, ...], time: float) -> Outcomes:
        """What comes of an instant at which kinds stand in the calendar, in that order."""
        self.world.time = time
        return self._instant({(state, (), ()): 1.0}, kinds)

    def ring(self, state: State, one: Instance) -> Outcomes:
        """What comes of an instance's clock ringing; of an Erlang clock, of a stage that passes."""
        slot = self.slot.get(one.number)
        if slot is not None and state[slot] < self.stages[one.number] - 1:
            return {((*state[:slot], state[slot] + 1.0, *state[slot + 1 :]), ()): 1.0}
        if slot is not None:
            state = (*state[:slot], 0.0, *state[slot + 1 :])
        return self._settle(self._after(one, {(state, (), ()): 1.0}))

    def _instant(self, nodes: dict[Node, float], kinds: tuple[int, ...]) -> Outcomes:
        for number in kinds:
            for one in self.prepared.by_kind[self.prepared.model.kinds[number].name]:
                if self.parts[one.number]:
                    nodes = self._where_guarded(one, nodes)
        return self._settle(nodes)

    def _where_guarded(self, one: Instance, nodes: dict[Node, float]) -> dict[Node, float]:
        idle: dict[Node, float] = {}
        firing: dict[Node, float] = {}
        for node, mass in nodes.items():
            self.enter(node[0])
            (firing if self._guarded(one) else idle)[node] = mass
        for node, mass in self._after(one, firing).items():
            idle[node] = idle.get(node, 0.0) + mass
        return idle

    def _settle(self, nodes: dict[Node, float]) -> Outcomes:
        settled: Outcomes = {}
        for _ in range(AT_ONCE + 1):
            waiting: dict[int, dict[Node, float]] = {}
            for node, mass in nodes.items():
                state, pending, happened = node
                if pending:
                    rest = (state, pending[1:], happened)
                    group = waiting.setdefault(pending[0], {})
                    group[rest] = group.get(rest, 0.0) + mass
                else:
                    key = (state, happened)
                    settled[key] = settled.get(key, 0.0) + mass
            if not waiting:
                return settled
            nodes = {}
            for number, group in waiting.items():
                for node, mass in self._after(self.prepared.instances[number], group).items():
                    nodes[node] = nodes.get(node, 0.0) + mass
        name = self.prepared.instances[next(iter(waiting))].kind.name
        what = f"more than {AT_ONCE:,} firings at one instant, by `{name}` among others"
        raise NotExactError(what, "let immediate events come to an end")

    def _after(self, one: Instance, nodes: dict[Node, float]) -> dict[Node, float]:
        """All that can come of one firing of an instance in each of some nodes."""
        found: dict[Node, float] = {}
        try:
            for (state, pending, happened), mass in nodes.items():
                before = self.waiting(state)
                for chance, landed, firing in self._outcomes(one, state):
                    now = self.waiting(landed)
                    fresh = (number for number in now if number not in before)
                    still = (number for number in pending if number in now)
                    node = (
                        landed,
                        tuple(sorted({*fresh, *still})),
                        happened if firing is None else (*happened, firing),
                    )
                    found[node] = found.get(node, 0.0) + mass * chance
        except EvaluationError as fault:
            raise self._fault(fault, one) from None
        return found

    def _outcomes(
        self, one: Instance, state: State
    ) -> Iterator[tuple[float, State, Firing | None]]:
        """Each outcome of a firing: its chance, the state it leaves, and what was noted."""
        for share, act in self._acts(one, state):
            if act is None:
                yield share, state, None
                continue
            deed = self.prepared.deeds[one.kind_number]
            is_noted = act.name in self.watched or one.kind.name in self.watched
            for chance, drawn in self._drawn(one, act, state):
                self.enter(state)
                bind(self.world, one)
                self.world.draws = {name: list(values) for name, values in drawn}
                changes: list[Change] = []
                for effect in act.effects:
                    effect(self.world, changes)
                landed = list(state)
                for cell, value in changes:
                    landed[cell] = value
                counted = counters_of(deed, act, one)
                for place, (cell, cap) in enumerate(self.finite.counters, self.cells):
                    if cell in counted and (cap is None or landed[place] < cap):
                        landed[place] += 1.0
                after = self._reset(self._rounded(tuple(landed)))
                kept = drawn if act.name in self.measured else ()
                noted = Firing(act.name, one.order, kept) if is_noted else None
                yield share * chance, after, noted

    def _acts(self, one: Instance, state: State) -> list[tuple[float, Act | None]]:
        """The acts that an actor may choose, with their probabilities [McFadden 1974]."""
        deed = self.prepared.deeds[one.kind_number]
        if not deed.options:
            return [(1.0, deed.act)]
        self.enter(state)
        bind(self.world, one)
        open_: list[tuple[float, Act]] = []
        for option in deed.options:
            if option.guard is not None and not option.guard(self.world):
                continue
            utility = option.utility(self.world)
            if not isfinite(utility):
                what = f"the utility of `{option.act.name}` is {utility:g}"
                raise EvaluationError(what, option.span)
            open_.append((utility, option.act))
        if not open_:
            return [(1.0, None)]
        best = max(utility for utility, _ in open_)
        weights = [exp(utility - best) for utility, _ in open_]
        return [(w / sum(weights), act) for w, (_, act) in zip(weights, open_, strict=True)]

    def _drawn(
        self, one: Instance, act: Act, state: State
    ) -> list[tuple[float, tuple[tuple[str, tuple[float, ...]], ...]]]:
        """Every way in which the draws of an act can come out, with its probability."""
        found: list[tuple[float, tuple[tuple[str, tuple[float, ...]], ...]]] = [(1.0, ())]
        for draw in self._draws_of(one.kind_number)[act.name]:
            longer = []
            for chance, drawn in found:
                self.enter(state)
                bind(self.world, one)
                self.world.draws = {name: list(values) for name, values in drawn}
                ways: list[tuple[float, tuple[float, ...]]] = [(chance, ())]
                for law in draw.laws(self.world):
                    ways = [(c * p, (*values, v)) for c, values in ways for v, p in law]
                    if len(ways) > MOST_VALUES:
                        what = f"the draw `{draw.spec.name}` has too many combinations of values"
                        raise NotExactError(what, "simulate instead", draw.spec.span)
                longer += [(c, (*drawn, (draw.spec.name, values))) for c, values in ways]
            found = longer
        return found

    def _draws_of(self, number: int) -> dict[str, tuple[FiniteDraw, ...]]:
        known = self._draws.get(number)
        if known is None:
            kind, layout = self.prepared.model.kinds[number], self.prepared.names.layout
            known = self._draws[number] = {
                name: tuple(
                    FiniteDraw(spec, Names(layout, {one.name: one for one in specs}))
                    for spec in specs
                )
                for name, specs in draws_of(kind)
            }
        return known

    def _reset(self, state: State) -> State:
        """Let waiting times whose guard no longer holds forget their stages."""
        for number, slot in self.slot.items():
            one = self.prepared.instances[number]
            timing = one.kind.timing
            if state[slot] and isinstance(timing, Waiting) and not timing.resumes:
                self.enter(state)
                if not self.is_on(one):
                    state = (*state[:slot], 0.0, *state[slot + 1 :])
        return state

    def _rounded(self, state: State) -> State:
        """Shares as whole numbers of steps, so that sums of steps meet."""
        for cell, steps in self.finite.steps:
            whole = round(state[cell] * steps)
            if abs(state[cell] * steps - whole) > STEP_ROUNDING:
                spec = next(
                    spec
                    for spec in self.prepared.model.variables
                    if cell in self.prepared.names.layout.variables[spec.name].cells
                )
                what = f"`{spec.name}` becomes {state[cell]:g}, between its {steps} steps"
                raise NotExactError(what, "let effects move it by whole steps", spec.span)
            state = (*state[:cell], whole / steps, *state[cell + 1 :])
        return state
