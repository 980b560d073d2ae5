"""The evidence of a record, stage by stage, in each atom: exactly, or a refusal that says why.

The oracle for estimates by particles, and the method of choice where a case is small. Between two
stages the difference of the log evidence is the weight of what became known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from math import inf, log

import numpy as np
from scipy.special import logsumexp

from foedus.engine.closures import evaluator
from foedus.engine.prepare import Prepared, prepare
from foedus.engine.world import Parameters
from foedus.exact.again import States
from foedus.exact.filtering import Filter, LogProbability
from foedus.exact.finite import finite
from foedus.exact.moves import Moves
from foedus.exact.parameters import known_parameters, over_logs, read_in, verify_few
from foedus.exact.refusal import NotExactError, Refusal
from foedus.exact.sightings import Sightings
from foedus.exact.solve import LIMIT, too_many
from foedus.exact.space import Numbers, Space, explore, values_of
from foedus.exact.tables import Tables
from foedus.frozen import dataclass
from foedus.jump.model import Atom, JumpModel
from foedus.jump.record import Assertion, Record
from foedus.jump.stages import Stage

SIZES = (30, 300, 3_000, 30_000)
"""Numbers of states that are listed, the smallest that is enough."""

ENOUGH = 1e-8
"""The share of courses outside the states listed that more states need not improve."""

TOO_MUCH = 1e-3
"""One that is too large where as many states as allowed have been listed."""

MOST_DATES = 64
"""Combinations of alternative dates that are gone through."""

WeighClaim = Callable[[Assertion, Parameters, Numbers], Numbers]
"""The log probability of a claim being made (state,), given the parameters and what it is about in
each state at its time (state,): 1 or 0 where it is true or not, the number where it claims one; for
a retraction that of the reading it takes back, nan where it takes back something else. Raises
`NotExactError` where that is not all it hangs on."""


@dataclass(frozen=True, slots=True)
class AtomEvidence:
    """The log evidence of each stage in an atom, parameters integrated out, with error bounds."""

    atom: str
    stages: tuple[LogProbability, ...]


def log_evidence(
    model: JumpModel,
    record: Record,
    atoms: Sequence[Atom],
    stages: Sequence[Stage],
    *,
    settings: Mapping[str, float | list[float]] | None = None,
    weigh_claim: WeighClaim | None = None,
    claim_parameters: Iterable[str] = (),
    with_tables: bool = True,
    limit: int = LIMIT,
) -> tuple[AtomEvidence, ...] | Refusal:
    """The log probability of each stage of a record in each atom.

    Without `weigh_claim` claims weigh nothing; `claim_parameters` are those it reads. At most two
    parameters (of those the model, the record's reporting and the claims read) may be uncertain.
    The reliability of origins is not looked at: leave items out of a stage, or in. Tables of many
    units, if there are any, are known at every stage, so that the log evidence of the first is
    theirs: with it as the start, all else is weighed with parameters estimated from many cases.
    """
    try:
        prepared = prepare(model)
        tables = Tables(model, record, limit) if with_tables and record.tables else None
        return tuple(
            _in_atom(
                _Task(prepared, record, atom, tuple(stages), weigh_claim, tables, limit),
                settings or {}, frozenset(claim_parameters),
            )
            for atom in atoms
        )  # fmt: skip
    except NotExactError as refused:
        return refused.refusal


@dataclass(frozen=True, slots=True)
class _Task:
    prepared: Prepared
    record: Record
    atom: Atom
    stages: tuple[Stage, ...]
    weigh_claim: WeighClaim | None
    tables: Tables | None
    limit: int

    @property
    def end(self) -> float:
        """How far states must be known."""
        return max((stage.end for stage in self.stages), default=0.0)

    @property
    def claims(self) -> tuple[Assertion, ...]:
        """The claims that are weighed."""
        return () if self.weigh_claim is None else self.record.assertions


def _in_atom(
    task: _Task, settings: Mapping[str, float | list[float]], claimed: frozenset[str]
) -> AtomEvidence:
    reported = {one.reported for one in task.record.coverages if one.reported is not None}
    used = read_in(task.prepared.model, task.atom) | reported | claimed
    if task.tables is not None:
        used |= task.tables.parameters
    more = task.record.parameters
    known = known_parameters(task.prepared.model, task.atom, settings, used, more)
    verify_few(known.free)
    errors: dict[tuple[float, ...], list[float]] = {}
    states = record_states(task.prepared, task.record, task.atom, task.end, task.claims, task.limit)

    def evaluate(theta: Parameters) -> Numbers:
        found = _stage_by_stage(task, states, theta)
        logs = np.array([one.value for one in found])
        errors[known.values_in(theta)] = [min(1.0, one.error) for one in found]
        return logs

    grid = over_logs(known, evaluate, is_sharp=task.tables is not None)
    slips = np.array([errors[values] for values in grid.values])
    with np.errstate(invalid="ignore"):  # what cannot be at any node has no posterior
        masses = grid.weights[:, None] * np.exp(grid.results - grid.means)
    total = grid.errors + np.nansum(masses * slips, axis=0)
    values = zip(grid.means, total, strict=True)
    return AtomEvidence(
        task.atom.name,
        tuple(LogProbability(float(v), float(e) if v > -inf else 0.0) for v, e in values),
    )


def _stage_by_stage(task: _Task, states: RecordStates, theta: Parameters) -> list[LogProbability]:
    known = LogProbability(0.0, 0.0)
    if task.tables is not None:
        known = task.tables.log_likelihood(theta, task.atom)
    if all(stage.arrival == "start" for stage in task.stages):
        return [known for _ in task.stages]
    found: dict[tuple[object, ...], LogProbability] = {}
    results = []
    for stage in task.stages:
        claims = stage.claims if task.claims else frozenset()
        key = (stage.items, stage.silent_until, claims, stage.arrival == "start")
        if key not in found:
            found[key] = states.probability(task.record, stage, theta, task.weigh_claim)
        own = found[key]
        results.append(LogProbability(known.value + own.value, known.error + own.error))
    return results


def record_states(
    prepared: Prepared,
    record: Record,
    atom: Atom,
    end: float,
    claims: Sequence[Assertion] = (),
    limit: int = LIMIT,
) -> RecordStates:
    """The states of a model up to `end` with all that a record (and claims) can ask of them."""
    asked = [one.expression for one in record.sightings if one.expression is not None]
    asked += [one.expression for one in claims if one.expression is not None]
    targets = [one.target for one in claims if one.target is not None]
    watched = {one.target.name for one in record.coverages}
    watched |= {one.target.name for one in record.sightings if one.target is not None}
    measured = {one.target.name for one in record.sightings if one.target is not None and one.draws}
    made = finite(prepared.model, (), asked, (one.name for one in targets))

    def listed(size: int, in_turn: bool) -> States:
        def build(theta: Parameters) -> Space:
            moves = Moves(prepared, theta, atom, made, frozenset(watched), frozenset(measured))
            return explore(moves, size, end, in_turn=in_turn)

        return States(prepared.model, build, lambda _: True)

    sizes = [size for size in SIZES if size < limit]
    return RecordStates(tuple((listed(n, False), listed(n, True)) for n in (*sizes, limit)))


@dataclass(frozen=True, slots=True)
class RecordStates:
    """Spaces of growing size: the record says how many states matter, and it may be very few.

    Each as states are found, and in turn (`explore`), where that leaves no room for what comes of
    dates.
    """

    by_size: tuple[tuple[States, States], ...]

    def probability(
        self,
        record: Record,
        stage: Stage,
        theta: Parameters,
        weigh_claim: WeighClaim | None = None,
    ) -> LogProbability:
        """As `stage_probability`, in as many states as it takes."""
        return self.in_enough(record, stage, theta, weigh_claim)[1]

    def in_enough(
        self,
        record: Record,
        stage: Stage,
        theta: Parameters,
        weigh_claim: WeighClaim | None = None,
    ) -> tuple[Space, LogProbability]:
        """As many states as it takes, with the same."""
        for plain, in_turn in self.by_size:
            for states in (plain, in_turn):
                space = states.at(theta)
                found = stage_probability(space, record, stage, theta, weigh_claim)
                if space.is_whole or found.outside <= ENOUGH:
                    return space, found
                if not space.dates_lead_outside:
                    break
        if found.outside > TOO_MUCH:
            raise too_many(space)
        return space, found


def stage_probability(
    space: Space,
    record: Record,
    stage: Stage,
    theta: Parameters,
    weigh_claim: WeighClaim | None,
) -> LogProbability:
    """The log probability of one stage at given parameters (in days and per day)."""
    if stage.arrival == "start":
        return LogProbability(0.0, 0.0)
    looks = [] if weigh_claim is None else _claims(space, record, stage, theta, weigh_claim)
    logs, errors, outside = [], [], 0.0
    for weight, dates in _dates(record, stage):
        sightings = Sightings(space.moves.prepared, record, stage, _shares(record, theta), dates)
        found = Filter(space, sightings, stage.end, looks).log_probability()
        logs.append(log(weight) + found.value)
        errors.append(found.error)
        outside = max(outside, found.outside)
    return LogProbability(float(logsumexp(logs)), max(errors), outside)


def _dates(record: Record, stage: Stage) -> list[tuple[float, dict[int, int]]]:
    """The combinations of dates that items may have, with their weights."""
    open_ = [
        (number, one)
        for number, one in enumerate(record.sightings)
        if one.id in stage.items and one.kind == "happened" and len(one.windows) > 1
    ]
    ways = list(product(*(range(len(one.windows)) for _, one in open_)))
    if len(ways) > MOST_DATES:
        named = ", ".join(f"`{one.id}`" for _, one in open_)
        what = f"the dates of {named} can be combined in {len(ways):,} ways"
        raise NotExactError(what, "use particles")
    found = []
    for way in ways:
        weight = 1.0
        for (_, one), place in zip(open_, way, strict=True):
            weight *= one.windows[place].weight
        if weight > 0.0:
            found.append((weight, {n: place for (n, _), place in zip(open_, way, strict=True)}))
    return found


def _shares(record: Record, theta: Parameters) -> dict[int, float]:
    """The reporting probability of each coverage that has one."""
    found = {}
    for number, one in enumerate(record.coverages):
        if one.reported is not None:
            share = theta[one.reported]
            if isinstance(share, list) or not 0.0 <= share <= 1.0:
                what = f"`{one.reported}` is {share}, which is no probability"
                raise NotExactError(what, "give it a prior within 0..1")
            found[number] = share
    return found


def _claims(
    space: Space, record: Record, stage: Stage, theta: Parameters, weigh: WeighClaim
) -> list[tuple[float, Numbers]]:
    """Claims as looks at the state when they were made: log probabilities in each state."""
    horizon = space.moves.prepared.model.horizon
    return [
        (
            min(one.end, horizon),
            weigh(one, theta, _truths(space, record, one)),
        )
        for one in record.assertions
        if one.id in stage.claims
    ]


def _truths(space: Space, record: Record, one: Assertion) -> Numbers:
    moves = space.moves
    if one.retracts is not None:
        said = next(other for other in record.assertions if other.id == one.retracts)
        if said.kind == "reading":  # true or false all along
            return _truths(space, record, said)
    if one.kind == "reading":
        is_true = moves.atom.name in one.atoms
        return np.full(space.size, 1.0 if is_true else 0.0)
    if one.target is not None:
        layout = moves.prepared.names.layout
        cells = layout.counters[one.target.name].cells
        instances = moves.prepared.by_kind[one.target.kind]
        labels = one.target.labels
        own = [cells[it.order] for it in instances if labels is None or labels == it.labels]
        return space.values(lambda m: float(any(m.world.firings[cell] for cell in own)))
    if one.expression is not None:
        read = evaluator(one.expression, moves.prepared.names)
        return values_of(space, read, f"claim `{one.id}`")
    return np.full(space.size, np.nan)
