"""A model and its record made ready: which clocks the record holds, and which items move them.

The record tells of event kinds or of their options. Each instance of one is a strand: a stream of
firings of which the record knows all, some or nothing. The items' own noise (which date, when
within it, what was measured) is keyed by the item's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from foedus.engine.arithmetic import Evaluate
from foedus.engine.closures import condition, evaluator
from foedus.engine.dependencies import find_dependencies
from foedus.engine.prepare import Prepared, prepare
from foedus.engine.timing import Instance
from foedus.frozen import dataclass
from foedus.jump.model import EventKind, JumpModel, Rate, Waiting
from foedus.jump.record import Assertion, Record, Sighting, Target
from foedus.text.diagnostic import InternalError

STREAMS = ("happened", "absent", "no-report")
"""Items about firings; the others are looked up in the state."""


@dataclass(frozen=True, slots=True, eq=False)
class Tracked:
    """A kind, or one option of it, that the record tells of.

    Its strands are numbered from `first`, in index order. `items` are those about it, in file
    order.
    """

    number: int
    kind_number: int
    option: int | None
    first: int
    instances: tuple[Instance, ...]
    coverage: int | None
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PreparedItem:
    """An item of the record with its keys.

    `orders` are the instances it may be about. It happens after the items `before`; those in
    `after` wait for it. Those `against` say of all that it may be about that it did not happen.
    """

    number: int
    sighting: Sighting
    tracked: int | None
    orders: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    against: tuple[tuple[int, Sighting], ...]
    expression: Evaluate | None
    date_key: int
    time_key: int
    place_key: int
    draw_keys: dict[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class PreparedClaim:
    """A claim with what it is about: cells of counters, or an expression."""

    assertion: Assertion
    counters: tuple[int, ...]
    expression: Evaluate | None


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """What the record is about, before functions are made.

    `by_kind` are the tracked of each kind's number; `strand_items` the items about each strand.
    """

    tracked: tuple[Tracked, ...]
    by_kind: dict[int, tuple[Tracked, ...]]
    strand_items: tuple[tuple[int, ...], ...]


def group(prepared: Prepared, record: Record) -> Grouping:
    """Which kinds and options the record tells of, and the strands of each."""
    names = dict.fromkeys((one.target.kind, one.target.option) for one in record.coverages)
    names |= dict.fromkeys(
        (one.target.kind, one.target.option)
        for one in record.sightings
        if one.target is not None and one.kind in STREAMS
    )
    numbers = {kind.name: number for number, kind in enumerate(prepared.model.kinds)}
    tracked: list[Tracked] = []
    strand_items: list[tuple[int, ...]] = []
    for name, option in names:
        kind = prepared.model.kinds[numbers[name]]
        instances = prepared.by_kind[name]
        items = tuple(_items_about(record, name, option))
        tracked.append(
            Tracked(
                len(tracked), numbers[name], option_number(kind, option), len(strand_items),
                instances, _coverage_of(record, name, option), items,
            )
        )  # fmt: skip
        strand_items.extend(
            tuple(i for i in items if _is_about(record.sightings[i].target, one.labels))
            for one in instances
        )
    by_kind = {
        number: tuple(one for one in tracked if one.kind_number == number)
        for number in sorted({one.kind_number for one in tracked})
    }
    return Grouping(tuple(tracked), by_kind, tuple(strand_items))


def option_number(kind: EventKind, option: str | None) -> int | None:
    """The place of an option among those of its kind."""
    if option is None:
        return None
    return [one.name for one in kind.options].index(option)


def _items_about(record: Record, kind: str, option: str | None) -> Iterator[int]:
    for number, one in enumerate(record.sightings):
        target = one.target
        is_about = target is not None and (target.kind, target.option) == (kind, option)
        if is_about and one.kind in STREAMS:
            yield number


def _coverage_of(record: Record, kind: str, option: str | None) -> int | None:
    for number, one in enumerate(record.coverages):
        if (one.target.kind, one.target.option) == (kind, option):
            return number
    return None


def _is_about(target: Target | None, labels: tuple[str, ...]) -> bool:
    return target is not None and (target.labels is None or target.labels == labels)


def weighing_kinds(grouping: Grouping) -> frozenset[int]:
    """Kinds of which the record tells option by option: their choices are weighed all the time."""
    return frozenset(one.kind_number for one in grouping.tracked if one.option is not None)


def prepare_items(
    prepared: Prepared, record: Record, grouping: Grouping
) -> tuple[PreparedItem, ...]:
    """Every item with its keys, and which of them come in a fixed order."""
    before = [_before(number, record, grouping) for number in range(len(record.sightings))]
    about = {i: one for one in grouping.tracked for i in one.items}
    return tuple(
        _prepared_item(prepared, number, one, about.get(number), before, _against(one, record))
        for number, one in enumerate(record.sightings)
    )


def _prepared_item(
    prepared: Prepared,
    number: int,
    one: Sighting,
    tracked: Tracked | None,
    before: list[tuple[int, ...]],
    against: tuple[tuple[int, Sighting], ...],
) -> PreparedItem:
    layout, owner = prepared.names.layout, f"item:{one.id}"
    orders: tuple[int, ...] = ()
    if tracked is not None:
        instances = tracked.instances
        orders = tuple(i for i, it in enumerate(instances) if _is_about(one.target, it.labels))
    return PreparedItem(
        number=number,
        sighting=one,
        tracked=None if tracked is None else tracked.number,
        orders=orders,
        before=before[number],
        after=tuple(other for other, those in enumerate(before) if number in those),
        against=against,
        expression=condition(one.expression, prepared.names),
        date_key=layout.key(owner, (), "date"),
        time_key=layout.key(owner, (), "time"),
        place_key=layout.key(owner, (), "place"),
        draw_keys={name: layout.key(owner, (), f"draw {name}") for name, _ in one.draws},
    )


def _before(number: int, record: Record, grouping: Grouping) -> tuple[int, ...]:
    """The items after which one happens: that which it follows, and earlier ones of its strand.

    Where a record is complete, its items are all there is, one after the other; where firings are
    reported by chance, two items with overlapping dates may come in any order.
    """
    one = record.sightings[number]
    if one.kind != "happened":
        return ()
    found = {
        other
        for other, that in enumerate(record.sightings)
        if that.id == one.follows and that.kind == "happened"
    }
    for tracked in grouping.tracked:
        if number not in tracked.items or tracked.coverage is None:
            continue
        if record.coverages[tracked.coverage].reported is not None:
            continue
        own = (one.start, number)
        for other in tracked.items:
            that = record.sightings[other]
            if that.kind == "happened" and that.target == one.target and (that.start, other) < own:
                found.add(other)
    return tuple(sorted(found))


def _against(one: Sighting, record: Record) -> tuple[tuple[int, Sighting], ...]:
    """The items that deny what one says happened, if their dates hold its date."""
    if one.kind != "happened" or one.target is None:
        return ()
    return tuple(
        (number, other)
        for number, other in enumerate(record.sightings)
        if other.kind == "absent" and other.target is not None and other.target.holds(one.target)
    )


def prepare_claims(prepared: Prepared, record: Record) -> tuple[PreparedClaim, ...]:
    """Every claim with what is looked up to see whether it is true."""
    return tuple(
        PreparedClaim(
            one,
            () if one.target is None else _counters(prepared, one.target),
            None if one.expression is None else evaluator(one.expression, prepared.names),
        )
        for one in record.assertions
    )


def _counters(prepared: Prepared, target: Target) -> tuple[int, ...]:
    cells = prepared.names.layout.counters[target.name].cells
    instances = prepared.by_kind[target.kind]
    return tuple(cells[one.order] for one in instances if _is_about(target, one.labels))


def is_filter(kind: EventKind) -> bool:
    """Whether items about a kind can only be seen to be met: it has no hazard to weigh them by."""
    timing = kind.timing
    if isinstance(timing, Waiting):
        return timing.distribution == "fixed"
    return not isinstance(timing, Rate)


def prepare_wider(model: JumpModel, weighing: frozenset[int]) -> Prepared:
    """The model made ready, its clocks looked at also when the options of `weighing` may change."""
    prepared = prepare(model)
    dependencies = find_dependencies(model, prepared.names.layout, prepared.instances, weighing)
    return replace(prepared, dependencies=dependencies)


def reporting_cells(record: Record, prepared: Prepared) -> dict[int, int]:
    """The cell of the reporting probability of each coverage that has one."""
    found = {}
    for number, one in enumerate(record.coverages):
        if one.reported is not None:
            block = prepared.names.layout.parameters[one.reported]
            if block.sizes:
                raise InternalError(f"`{one.reported}` has an index")
            found[number] = block.first
    return found
