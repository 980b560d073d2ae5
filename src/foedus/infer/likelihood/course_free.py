"""Which uncertain numbers change no course of events, and which parts of the weight they change.

An event kind with a complete record, all of whose items are known and believed, never happens by
itself: its rate is weighed, not simulated. A parameter that is read nowhere else bears on the
accounts of that kind (its items and its silence) and on nothing that happens in a run. So do the
numbers of speakers, on their claims. Parameters that share an account belong to one block.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foedus.case.dynamics import EventKind
from foedus.case.reads import Names, expressions_of, names_in
from foedus.expr.tree import Expression
from foedus.frozen import dataclass
from foedus.infer.likelihood.claims import speakings
from foedus.infer.likelihood.coordinates import Coordinates, hangs_on
from foedus.infer.particles.target import Block
from foedus.jump.model import JumpModel, Rate
from foedus.jump.record import Record
from foedus.jump.stages import Stage

SLACK = 3.0
"""Days at the end of a stage of which the record need not know yet."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The order of the parts of a weight: items, silences, claims."""

    record: Record

    def of_kind(self, kind: str) -> Iterator[int]:
        """The parts that are about an event kind or its options."""
        sightings, coverages = self.record.sightings, self.record.coverages
        for number, one in enumerate(sightings):
            if one.target is not None and one.target.kind == kind:
                yield number
        for number, coverage in enumerate(coverages):
            if coverage.target.kind == kind:
                yield len(sightings) + number

    def claims(self) -> Iterator[tuple[int, str]]:
        """Each claim's part, and its id."""
        first = len(self.record.sightings) + len(self.record.coverages)
        for number, claim in enumerate(self.record.assertions):
            yield first + number, claim.id


@dataclass(frozen=True, slots=True)
class Reading:
    """What each event kind reads, and what is read elsewhere; the same at all stages.

    `everything` are all parameters of a kind, `weighed` those that only say how soon it happens or
    which option is taken, `looked_at` those that items, claims and starts read. `asked` are kinds
    whose firings something asks for.
    """

    everything: dict[str, frozenset[str]]
    weighed: dict[str, frozenset[str]]
    looked_at: frozenset[str]
    asked: frozenset[str]
    of_speakers: dict[str, set[int]]


def read_all(model: JumpModel, record: Record) -> Reading:
    """What is read where in a model and its record."""
    everything, weighed, firings = {}, {}, Names()
    for kind in model.kinds:
        of_kind = names_in(expressions_of(kind))
        firings |= of_kind
        everything[kind.name] = of_kind.parameters
        quiet = _weighed(kind)
        loud = names_in(one for one in expressions_of(kind) if one not in quiet).parameters
        weighed[kind.name] = names_in(quiet).parameters - loud
    seen = [one.expression for one in record.sightings]
    looked_at = names_in([*seen, *(one.expression for one in record.assertions)])
    told = frozenset(one.target.kind for one in record.assertions if one.target is not None)
    starts = names_in(spec.start for spec in model.variables).parameters
    reported = {one.reported for one in record.coverages if one.reported is not None}
    return Reading(
        everything, weighed, looked_at.parameters | starts | reported,
        firings.events | looked_at.events | told, _speakers(record),
    )  # fmt: skip


def blocks_of(
    model: JumpModel, record: Record, system: Coordinates, stage: Stage, reading: Reading
) -> tuple[Block, ...]:
    """The blocks of scores that change no course at a stage."""
    bearing = _bearing(model, record, stage, reading)
    bearing.update(reading.of_speakers)
    open_ones = {
        name: [c.coordinate for c in system.cells if c.name == name and c.coordinate is not None]
        for name in bearing
    }
    return tuple(
        Block(
            np.array(sorted(p for name in names for p in open_ones[name]), np.int64),
            np.array(sorted(accounts), np.int64),
        )
        for names, accounts in _connected({n: bearing[n] for n in bearing if open_ones[n]})
    )


def _bearing(
    model: JumpModel, record: Record, stage: Stage, reading: Reading
) -> dict[str, set[int]]:
    """Parameters of the model that change no course, and the accounts that each bears on."""
    loud, quiet, accounts = set(reading.looked_at), dict[str, set[int]](), Accounts(record)
    for kind in model.kinds:
        if not is_held(kind, record, stage, reading):
            loud |= reading.everything[kind.name]
            continue
        loud |= reading.everything[kind.name] - reading.weighed[kind.name]
        for name in reading.weighed[kind.name]:
            quiet.setdefault(name, set()).update(accounts.of_kind(kind.name))
    return {name: found for name, found in quiet.items() if name not in loud}


def _weighed(kind: EventKind) -> list[Expression]:
    """What only says how soon, and which option."""
    found: list[Expression] = [option.utility for option in kind.options]
    return [*found, kind.timing.hazard] if isinstance(kind.timing, Rate) else found


def is_held(kind: EventKind, record: Record, stage: Stage, reading: Reading) -> bool:
    """Whether all that a kind does in a run of a stage is given by the record.

    What it does by itself, if anything, then has no effect and is nowhere asked for.
    """
    if not isinstance(kind.timing, Rate):
        return False
    whole = _is_known(kind.name, None, record, stage)
    if not kind.options:
        return whole
    if whole or kind.name in reading.asked:
        return whole
    return all(
        not option.effects or _is_known(kind.name, option.name, record, stage)
        for option in kind.options
    )


def _is_known(kind: str, option: str | None, record: Record, stage: Stage) -> bool:
    """Whether a complete record holds every firing up to the end of a stage, come what may."""
    covered = any(
        (one.target.kind, one.target.option) == (kind, option) and not one.target.labels
        and one.reported is None and one.start <= 0.0 and until >= stage.end - SLACK
        for one, until in zip(record.coverages, stage.silent_until, strict=True)
    )  # fmt: skip
    stated = {origin for origin, _ in record.reliabilities}
    items = (
        one for one in record.sightings
        if not one.is_outcome and one.target is not None
        and (one.target.kind, one.target.option) == (kind, option)
    )  # fmt: skip
    return covered and all(one.id in stage.items and hangs_on(one) not in stated for one in items)


def _speakers(record: Record) -> dict[str, set[int]]:
    """The numbers of speakers, and the claims that each bears on."""
    found: dict[str, set[int]] = {}
    speaking = speakings(record)
    for account, claim in Accounts(record).claims():
        for name in (speaking[claim].candour, speaking[claim].interest):
            if name is not None:
                found.setdefault(name, set()).add(account)
    return found


def _connected(bearing: dict[str, set[int]]) -> Iterator[tuple[list[str], set[int]]]:
    """Groups of names that share accounts, directly or through others, with their accounts."""
    groups: list[tuple[list[str], set[int]]] = []
    for name, accounts in bearing.items():
        names, joined = [name], set(accounts)
        apart = []
        for others, theirs in groups:
            if theirs & joined:
                names, joined = [*others, *names], joined | theirs
            else:
                apart.append((others, theirs))
        groups = [*apart, (names, joined)]
    yield from groups
