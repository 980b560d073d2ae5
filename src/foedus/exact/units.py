"""The likelihood of tables of many units, by the scheme in which their rows observe the process.

Each unit is an independent course of the case's events. Where the first row says in which state a
unit is (`panel`, `exact`, `terminal`, and a `set` of one), the likelihood is conditional on it, all
other variables standing as the case starts; where it does not (`misclassified`, `normal`), the unit
begins as the case starts, at the time of its first row. Between rows the law of the state moves by
uniformisation; a row weighs it [Jackson2011]_:

- `panel`, `set`: the states that were seen stay;
- `exact`: no change until the row, then one at its density (per the table's unit of time); a row
  with the same state says only that nothing has changed;
- `terminal`: an end is entered exactly then, from whatever state was before; other rows as `panel`;
- `misclassified`: each state by how likely it is to be seen as what was seen;
- `normal`: each state by the density of the value.

References
----------
.. [Jackson2011] C. H. Jackson (2011), Multi-state models for panel data: the msm package for R,
   Journal of Statistical Software 38(8) [section 1.4].
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log, pi, sqrt

import numpy as np
from scipy.sparse import csr_array

from foedus.engine.closures import evaluator
from foedus.engine.prepare import Prepared
from foedus.engine.world import Parameters
from foedus.exact.again import States
from foedus.exact.course import leaving
from foedus.exact.filtering import LogProbability
from foedus.exact.finite import finite
from foedus.exact.moves import Moves, Outcomes, State
from foedus.exact.refusal import NotExactError
from foedus.exact.space import Numbers, Space, Truths, explore_from
from foedus.exact.uniformisation import Generator, evolve, generator, poisson
from foedus.expr.tree import Expression
from foedus.jump.model import Atom
from foedus.jump.record import History, UnitTable

DENSE = 64
"""Up to so many states, transition matrices of all lengths of time are made at once."""

MOST_ENTRIES = 30_000_000
"""Numbers held for that."""

ROUNDING = 4.5e-16
"""The relative error of an exponential of -x is less than this times 1 + x."""

HIDDEN = ("misclassified", "normal")


def unit_states(prepared: Prepared, atom: Atom, table: UnitTable, limit: int) -> States:
    """The states that units of a table can be in, at any parameters."""

    def build(theta: Parameters) -> Space:
        moves = Moves(prepared, theta, atom, finite(prepared.model, ()))
        space = explore_from(moves, _starts(moves, table).values(), limit)
        if space.stops:
            raise NotExactError(
                f"units of the table `{table.name}` have no calendar, but something is dated",
                "let units be moved by rates only",
            )
        if not space.is_whole:
            what = f"more than {limit:,} states can be reached by units of `{table.name}`"
            raise NotExactError(what, "give counts a `max:`")
        return space

    return States(prepared.model, build)


def _starts(moves: Moves, table: UnitTable) -> dict[tuple[str, ...], Outcomes]:
    """How units begin, by what their first rows say."""
    prepared = moves.prepared
    cell = prepared.names.layout.variables[table.variable].first
    found: dict[tuple[str, ...], Outcomes] = {}
    for parts in dict.fromkeys(one.found[0] for one in table.histories):
        if table.scheme in HIDDEN or len(parts) > 1:
            found[parts] = moves.start(())
        else:
            found[parts] = moves.start((), {cell: value_of(prepared, table, parts[0])})
    return found


def value_of(prepared: Prepared, table: UnitTable, text: str) -> float:
    """The value of a table's variable that is written so."""
    spec = next(one for one in prepared.model.variables if one.name == table.variable)
    if spec.kind == "label":
        return float(prepared.names.layout.label_number(text))
    if spec.kind == "flag":
        return 1.0 if text == "true" else 0.0
    return float(text)


Alike = tuple[History, int]
"""A history, and how many units have it."""


def alike(table: UnitTable) -> tuple[Alike, ...]:
    """The histories of a table's units, those that look alike from their first rows on counted."""
    known: dict[object, History] = {}
    counts: Counter[object] = Counter()
    for one in table.histories:
        key = tuple(time - one.times[0] for time in one.times), one.found
        known.setdefault(key, one)
        counts[key] += 1
    return tuple((one, counts[key]) for key, one in known.items())


class UnitLikelihood:
    """A table of units in a space that `unit_states` gives; `units` if they are known already."""

    def __init__(self, space: Space, table: UnitTable, units: Sequence[Alike] = ()) -> None:
        self.space, self.table, self.moves = space, table, space.moves
        self.units = units or alike(table)
        prepared = self.moves.prepared
        self.spec = next(s for s in prepared.model.variables if s.name == table.variable)
        cell = prepared.names.layout.variables[table.variable].first
        place = {state: number for number, state in enumerate(space.states)}
        self.starts = {
            parts: self._law(one, place) for parts, one in _starts(self.moves, table).items()
        }
        self.observed = space.values(lambda m: float(m.world.values[cell]))
        self._prepare_steps()
        self._weights: dict[tuple[str, ...], Numbers] = {}

    def _law(self, outcomes: Outcomes, place: dict[State, int]) -> Numbers:
        law = np.zeros(self.space.size)
        for (state, _), mass in outcomes.items():
            law[place[state]] += mass
        return law

    def _value(self, text: str) -> float:
        return value_of(self.moves.prepared, self.table, text)

    # Between rows --------------------------------------------------------------------------------

    def _prepare_steps(self) -> None:
        rates, seen = self.space.rates, self.observed
        ends = np.isin(seen, [self._value(name) for name in self.table.ends])
        self._changes = seen[rates.sources] != seen[rates.targets]
        self._enters = ends[rates.targets] & ~ends[rates.sources]
        self._steppers: dict[str, _Stepper] = {}
        self._jumps: dict[str, tuple[Numbers | csr_array, float]] = {}

    def _step(self, law: Numbers, length: float, way: str) -> tuple[Numbers, float]:
        """The law after some days, and the bound on the error of its sum.

        `all` moves go on, or those that leave the variable as it is (`same`), or those that do not
        lead to an end (`open`).
        """
        stepper = self._steppers.get(way)
        if stepper is None:
            chosen = {"all": np.ones_like(self._changes), "same": ~self._changes}
            moves = chosen.get(way, ~self._enters)
            out = leaving(self.space, self.space.rates)
            stepper = self._steppers[way] = _Stepper(self.space, out, moves, self.table)
        return stepper.step(law, length)

    def _jump(self, law: Numbers, found: tuple[str, ...], slip: float) -> tuple[Numbers, float]:
        """The density of a change right then to what was found, per the table's unit of time."""
        way = "change" if self.table.scheme == "exact" else "end"
        if way not in self._jumps:
            moves = self.table.day * _moves(
                self.space, self._changes if way == "change" else self._enters
            )
            largest = float(moves.max()) if moves.nnz else 0.0
            few = self.space.size <= DENSE
            self._jumps[way] = moves.toarray() if few else moves, largest
        jump, largest = self._jumps[way]
        return (jump @ law) * self._weight(found), slip * largest

    # Rows ----------------------------------------------------------------------------------------

    def log_likelihood(self) -> LogProbability:
        """The log likelihood of all units together."""
        value = error = 0.0
        for one, count in self.units:
            own = self._unit(one)
            value, error = value + count * own.value, error + count * own.error
            if value == -np.inf:
                return LogProbability(value, 0.0)
        return LogProbability(value, error)

    def _unit(self, one: History) -> LogProbability:
        law, value, error = self._first(one.found[0])
        before = one.found[0]
        for start, end, found in zip(one.times, one.times[1:], one.found[1:], strict=False):
            law, slip = self._row(law, end - start, before, found)
            mass = float(law.sum())
            if mass <= 0.0:
                return LogProbability(-np.inf, 0.0)
            law, value, error = law / mass, value + log(mass), error + slip / mass
            before = found
        return LogProbability(value, error)

    def _first(self, found: tuple[str, ...]) -> tuple[Numbers, float, float]:
        """The law after the first row, and what that row weighs."""
        if self.table.scheme not in HIDDEN and len(found) == 1:
            return self.starts[found], 0.0, 0.0
        law = self.starts[found] * self._weight(found)
        mass = float(law.sum())
        return (law / mass, log(mass), 0.0) if mass > 0.0 else (law, -np.inf, 0.0)

    def _row(
        self, law: Numbers, length: float, before: tuple[str, ...], found: tuple[str, ...]
    ) -> tuple[Numbers, float]:
        """The law after a row, not scaled to one, and the bound on the error of its mass."""
        scheme = self.table.scheme
        if scheme == "exact":
            law, slip = self._step(law, length, "same")
            return (law, slip) if found == before else self._jump(law, found, slip)
        if scheme == "terminal" and found[0] in self.table.ends:
            law, slip = self._step(law, length, "open")
            return self._jump(law, found, slip)
        law, slip = self._step(law, length, "all")
        weight = self._weight(found)
        return law * weight, slip * float(weight.max(initial=0.0))

    def _weight(self, found: tuple[str, ...]) -> Numbers:
        """How likely each state is to be seen as what was seen (state,)."""
        known = self._weights.get(found)
        if known is None:
            known = self._weights[found] = self._likelihood(found)
        return known

    def _likelihood(self, found: tuple[str, ...]) -> Numbers:
        table = self.table
        if table.scheme == "normal":
            weight = np.zeros(self.space.size)
            for name, mean, spread in table.reads:
                centre, sd = self._number(mean), self._number(spread)
                if sd <= 0.0:
                    what = f"the sd of `{name}` in the table `{table.name}` is {sd:g}"
                    raise NotExactError(what, "give it a prior above 0", spread.span)
                z = (float(found[0]) - centre) / sd
                density = np.exp(-0.5 * z * z) / (sd * sqrt(2.0 * pi))
                weight[self.observed == self._value(name)] = density
            return weight
        if table.scheme == "misclassified":
            return self._chances(found[0])
        return np.isin(self.observed, [self._value(name) for name in found]).astype(np.float64)

    def _chances(self, seen: str) -> Numbers:
        """How likely each state is to be seen as one; what is not said is seen as it is."""
        weight = np.zeros(self.space.size)
        names = {true for true, _, _ in self.table.seen_as}
        for value in np.unique(self.observed):
            own = [(s, e) for true, s, e in self.table.seen_as if self._value(true) == value]
            chances = {other: self._number(expression) for other, expression in own}
            rest = 1.0 - sum(chances.values())
            here = self.observed == value
            if min([*chances.values(), rest]) < -1e-12:
                what = f"the chances of what a state of `{self.table.name}` is seen as exceed 1"
                raise NotExactError(what, "give them smaller priors", own[0][1].span)
            if seen in chances:
                weight[here] = chances[seen]
            elif seen not in names and not self._is_value(seen):
                weight[here] = 0.0
            elif self._value(seen) == value:
                weight[here] = max(0.0, rest)
        return weight

    def _is_value(self, text: str) -> bool:
        if self.spec.kind == "label":
            return text in self.spec.labels
        return True

    def _number(self, expression: Expression) -> float:
        return float(evaluator(expression, self.moves.prepared.names)(self.moves.world))


def _moves(space: Space, chosen: Truths) -> csr_array:
    rates = space.rates
    entries = rates.weights[chosen], (rates.targets[chosen], rates.sources[chosen])
    return csr_array(entries, shape=(space.size, space.size))


class _Stepper:
    """Moves a law on by lengths of time, those of a table prepared together if states are few.

    Where no move goes on, as between exact times with nothing hidden, states only lose mass.
    """

    def __init__(self, space: Space, out: Numbers, chosen: Truths, table: UnitTable) -> None:
        moves = _moves(space, chosen)
        self.made: Generator = generator(moves, out)
        self.out, self.is_still = out, moves.nnz == 0
        self.size, self.table = space.size, table
        self._matrices: dict[float, Numbers] | None = None
        self._slip = 0.0

    def step(self, law: Numbers, length: float) -> tuple[Numbers, float]:
        """The law after some days, and the bound on the error of its sum."""
        if self.is_still:
            lost = self.out * length
            return law * np.exp(-lost), ROUNDING * float(law @ (1.0 + lost))
        if self._matrices is None:
            self._matrices = self._prepare()
        matrix = self._matrices.get(length)
        if matrix is not None:
            return matrix @ law, self._slip * float(law.sum())
        after = evolve(self.made, law, 0.0, length)
        return after.law, after.error

    def _prepare(self) -> dict[float, Numbers]:
        gaps = [np.diff(one.times) for one in self.table.histories]
        lengths = np.unique(np.concatenate([*gaps, np.zeros(0)]))
        if self.size > DENSE or lengths.size == 0:
            return {}
        firsts = [poisson(self.made.rate * float(length)) for length in lengths]
        last = max(first + weights.size for first, weights in firsts)
        if last * self.size**2 > MOST_ENTRIES:
            return {}
        powers = np.empty((last, self.size, self.size))
        powers[0] = np.eye(self.size)
        for number in range(1, last):
            powers[number] = self.made.chances @ powers[number - 1]
        self._slip = 3e-14 + last * 2.3e-16
        return {
            float(length): np.tensordot(weights, powers[first : first + weights.size], 1)
            for length, (first, weights) in zip(lengths, firsts, strict=True)
        }
