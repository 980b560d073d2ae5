"""From a case to its record as mathematics. Cannot fail on a checked case."""

from __future__ import annotations

from collections.abc import Iterable

from foedus.case.case import Case, Citation, Claim, EventReference, Item
from foedus.case.case import Record as Completeness
from foedus.dates import Period
from foedus.expr.tree import Expression, LabelValue, Position
from foedus.jump.record import (
    Assertion,
    AssertionKind,
    Coverage,
    ErrorForm,
    Measurement,
    Record,
    Sighting,
    SpeakerModel,
    Target,
    Window,
)
from foedus.text.diagnostic import InternalError

READINGS = ("component", "explanation", "set")


def lower_record(case: Case) -> Record:
    """The record of a checked case."""
    reliable = [origin for origin in case.origins.values() if origin.reliability is not None]
    own = [one.reliability.spec for one in reliable if one.reliability is not None]
    for speaker in case.speakers.values():
        own.extend((speaker.candour.spec, *(parameter.spec for _, parameter in speaker.interest)))
    return Record(
        sightings=(
            *(_sighting(item, False, case) for item in case.evidence),
            *(_sighting(item, True, case) for item in case.outcomes),
        ),
        coverages=tuple(_coverage(one, case) for one in case.records.values()),
        assertions=tuple(_assertion(claim, case) for claim in case.claims),
        speakers=tuple(
            SpeakerModel(
                speaker.actor,
                speaker.candour.spec.name,
                tuple((name, parameter.spec.name) for name, parameter in speaker.interest),
            )
            for speaker in case.speakers.values()
        ),
        tables=case.unit_tables,
        parameters=tuple(own),
        reliabilities=tuple(
            (one.name, one.reliability.spec.name) for one in reliable if one.reliability is not None
        ),
    )


def _sighting(item: Item, is_outcome: bool, case: Case) -> Sighting:
    measured = None if item.measured is None else _with_error(f"{item.measured!r} {item.error}")
    return Sighting(
        id=item.id,
        kind=item.kind,
        windows=tuple(_window(period, weight, case) for period, weight in item.when),
        known=case.clock.days(item.known.end),
        target=None if item.event is None else target_of(item.event, case),
        expression=item.expression,
        measured=measured,
        draws=tuple((name, _with_error(written)) for name, written in item.draws),
        follows=item.follows,
        origins=_origins(item.cites, case),
        is_established=bool(item.established),
        is_outcome=is_outcome,
        span=item.span,
    )


def _window(period: Period, weight: float, case: Case) -> Window:
    return Window(case.clock.days(period.start), case.clock.days(period.end), weight)


def _with_error(written: str) -> Measurement:
    """A number as it is written in a case: `1`, `2030 factor 1.3`, `2030 sd 100`."""
    value, *error = written.split()
    if not error:
        return Measurement(float(value))
    forms: dict[str, ErrorForm] = {"sd": "sd", "factor": "factor"}
    return Measurement(float(value), forms[error[0]], float(error[1]))


def target_of(event: EventReference, case: Case) -> Target:
    """The event kind, option or instance that a case names."""
    labels = None if event.indices is None else tuple(map(_label, event.indices))
    if event.name in case.events:
        groups = case.events[event.name].kind.groups
        return Target(event.name, None, labels if groups else ())
    kind, _, option = event.name.rpartition(".")
    groups = case.events[kind].kind.groups
    return Target(kind, option, labels if groups else ())


def _label(index: Expression) -> str:
    if isinstance(index, Position):
        return _label(index.value)
    if isinstance(index, LabelValue):
        return index.label
    value = getattr(index, "value", None)
    if isinstance(value, float | int):
        return str(int(value))
    raise InternalError("an item of the record names an index that is not a label")


def _coverage(record: Completeness, case: Case) -> Coverage:
    target = target_of(EventReference(record.event, None, record.event), case)
    start, end, span = 0.0, case.clock.horizon, record.complete or record.during
    if span is not None:
        start = max(start, case.clock.days(span.start))
        end = min(end, case.clock.days(span.end))
    lag = record.lag if record.reported is None else record.delay
    return Coverage(target, start, end, lag, record.reported)


def _assertion(claim: Claim, case: Case) -> Assertion:
    kinds: dict[str, AssertionKind] = {
        "event": "event", "value": "value", "retraction": "retraction",
    }  # fmt: skip
    return Assertion(
        id=claim.id,
        by=claim.by,
        kind=kinds.get(claim.kind, "reading"),
        asserts=claim.asserts,
        start=case.clock.days(claim.at.start),
        end=case.clock.days(claim.at.end),
        known=case.clock.days(claim.known.end),
        atoms=_atoms(claim, case),
        target=None if claim.event is None else target_of(claim.event, case),
        expression=claim.value,
        number=claim.number,
        origins=_origins(claim.cites, case),
        supersedes=claim.supersedes,
        repeats=claim.repeats,
        retracts=claim.retracts,
    )


def _atoms(claim: Claim, case: Case) -> frozenset[str]:
    """The atoms in which a claim about the whole story is true."""
    if claim.kind not in READINGS:
        return frozenset()
    if claim.kind == "component":
        atoms = (belief.atom for belief in case.atoms)
        return frozenset(atom.name for atom in atoms if claim.asserts in atom.components)
    readings = case.explanations if claim.kind == "explanation" else case.sets
    return frozenset(readings[claim.asserts].explanation.atoms)


def _origins(cites: Iterable[Citation], case: Case) -> tuple[str, ...]:
    """Who is behind the sources cited, each once, in order."""
    found = (case.sources[cite.source].origin for cite in cites if cite.source in case.sources)
    return tuple(dict.fromkeys(origin for origin in found if origin is not None))
