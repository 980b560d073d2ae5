"""A course that agrees with the record, told: what the record holds, what the model fills in.

What the record holds is told item by item. Of what is filled in, the kinds of events that come
often are summed up between two other lines, or month by month where there are none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from foedus.case.case import Case, Item
from foedus.engine.world import Happening
from foedus.frozen import dataclass
from foedus.questions.given_course import GivenCourse, Met
from foedus.report.answers.dated import date_of
from foedus.report.answers.one_course import (
    actor_of,
    changes_nothing,
    draws_of,
    ends,
    event_record,
    is_update,
    one_course_record,
)
from foedus.report.answers.summary import NARROW
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import (
    show_clock_time,
    show_count,
    show_days,
    show_instant,
    show_share,
    show_share_range,
)
from foedus.report.language.words import term_of
from foedus.report.layout import display_width, heading, pad, wrap
from foedus.report.phrases.kept_words import when_made
from foedus.report.phrases.names import (
    atom_parts,
    clause,
    event_name,
    headed,
    item_name,
    label_name,
    reading_name,
    show_citation,
)

OFTEN = 4
"""A kind of event that the model fills in more often than this is summed up, but for those of its
events with which chance drew something."""

MOST_LABELS = 3
"""Labels of what is summed up that are named."""

RECORD, FILLED_IN = "■", "·"


@dataclass(frozen=True, slots=True)
class Line:
    """Something at a moment (days), and whether the record holds it."""

    time: float
    what: str
    is_held: bool


def show_given_course(case: Case, given: GivenCourse, language: str = "en", width: int = 80) -> str:
    """The course as plain text: what is known, what happens when, what the questions come to."""
    title = say(
        language, "given.title", title=headed(case, language), number=given.told.number,
        known=_known_by(case, given, language),
    )  # fmt: skip
    lines = wrap(title, width)
    lines.append("=" * max(display_width(line) for line in lines))
    for sentence in _first(case, given, language):
        lines += wrap(sentence, width)
    told = list(_lines(case, given, language))
    day = given.as_of
    before = [one for one in told if day is None or one.time < day]
    lines += ["", *_shown(case, before, told, language, width)]
    if day is not None and day < case.clock.horizon:
        known = show_days(case.clock, day, language)
        lines += heading(say(language, "given.forecast", date=known), width)
        lines += _shown(case, told[len(before) :], told, language, width)
    for sentence in _not_told(case, given, language):
        lines += ["", *wrap(sentence, width)]
    lines += ends(case, given.told, language, width)
    return "\n".join(lines) + "\n"


def given_course_record(case: Case, given: GivenCourse) -> dict[str, Any]:
    """The course for machines: every event with the item that it is, and items that are none."""
    items = _items(case)
    plain = one_course_record(case, given.told)
    met = {one.event: one.item for one in given.met if one.event is not None}
    standing = given.standing
    day = given.as_of
    return {
        **plain,
        "as_of": None if day is None else date_of(case, day),
        "probability": None if standing is None else standing.posterior,
        "probability_range": None if standing is None else [standing.low, standing.high],
        "courses": given.distinct,
        "made": None if given.made is None else given.made.made,
        "events": [
            {
                **event_record(case, one),
                "from": _source(one, place in met, day),
                "item": met.get(place),
                "cites": _all_cites(items, met.get(place)),
            }
            for place, one in enumerate(given.told.events)
        ],
        "seen": [
            {
                "item": one.item, "time": one.time,
                "date": None if one.time is None else date_of(case, one.time),
                "cites": _all_cites(items, one.item),
            }
            for one in given.met
            if one.event is None
        ],
        "disbelieved": list(given.disbelieved),
        "claims": list(given.claims),
    }  # fmt: skip


def _source(one: Happening, is_met: bool, day: float | None) -> str:
    """Where an event comes from."""
    if is_met:
        return "record"
    return "forecast" if day is not None and one.time >= day else "model"


def _items(case: Case) -> dict[str, Item]:
    return {one.id: one for one in (*case.evidence, *case.outcomes)}


def _all_cites(items: dict[str, Item], item: str | None) -> list[str]:
    return [] if item is None else [show_citation(one) for one in items[item].cites]


# First -------------------------------------------------------------------------------------------


def _known_by(case: Case, given: GivenCourse, language: str) -> str:
    """Up to when the record is known."""
    if given.as_of is None:
        return say(language, "given.whole")
    date = show_days(case.clock, given.as_of, language)
    return say(language, "given.by", date=date)


def _first(case: Case, given: GivenCourse, language: str) -> Iterator[str]:
    """What the reader must know before the course."""
    course, standing = given.told, given.standing
    known = _known_by(case, given, language)
    yield say(language, "given.basis", known=known)
    if standing is not None:
        belief = next(one for one in case.atoms if one.atom.name == course.atom.name)
        yield say(
            language, "given.holds", parts=atom_parts(case, belief, language),
            name=reading_name(case, standing.name, language), known=known,
            share=show_share(standing.posterior, None, language),
            word=say(language, f"word.{term_of(standing.posterior).name}"),
            range=show_share_range(standing.low, standing.high, language),
        )  # fmt: skip
    yield say(
        language, "given.which", count=given.distinct, seed=course.seed,
        last=show_count(course.draws - 1, language),
    )  # fmt: skip
    if given.endings:
        yield say(language, "given.endings", items=", ".join(given.endings))
    if given.made is not None:
        yield say(language, "given.made", **when_made(given.made, language))
    yield say(language, "given.marks", record=RECORD, filled=FILLED_IN)


# Events ------------------------------------------------------------------------------------------


def _lines(case: Case, given: GivenCourse, language: str) -> Iterator[Line]:
    """What is told, in order: items, single events, and events that come often, summed up."""
    items, events = _items(case), given.told.events
    held = {one.event: one for one in given.met if one.event is not None}
    filled = [
        (one.time, one)
        for place, one in enumerate(events)
        if place not in held and not is_update(case, one) and not changes_nothing(case, one)
    ]
    counts = Counter(one.name for _, one in filled)
    seen = [(one.time, one) for one in given.met if one.event is None and one.time is not None]
    known = [(one.time, one) for one in held.values() if one.time is not None]
    waiting: list[Happening] = []
    every: list[tuple[float, Happening | Met]] = [*filled, *seen, *known]
    for time, one in sorted(every, key=lambda pair: pair[0]):
        if (
            isinstance(one, Happening)
            and counts[one.name] > OFTEN
            and not any(draws_of(case, one, language))
        ):
            if waiting and not _is_one_stretch(case, given, waiting[0].time, time):
                yield _summed(case, waiting, language)
                waiting = []
            waiting.append(one)
            continue
        if waiting:
            yield _summed(case, waiting, language)
            waiting = []
        if isinstance(one, Happening):
            yield Line(time, _event(case, one, language), False)
        else:
            event = None if one.event is None else events[one.event]
            yield Line(time, _item(case, items[one.item], event, language), True)
    if waiting:
        yield _summed(case, waiting, language)


def _is_one_stretch(case: Case, given: GivenCourse, first: float, last: float) -> bool:
    """Whether two moments may be summed up together: of one month, and both known or both not."""
    months = {date_of(case, time)[:7] for time in (first, last)}
    sides = {given.as_of is None or time < given.as_of for time in (first, last)}
    return len(months) == len(sides) == 1


def _event(case: Case, one: Happening, language: str, *more: str) -> str:
    """An event in words, with who acts and what was drawn in brackets."""
    what = clause(event_name(case, one.name, language))
    labels = ", ".join(label_name(case, label, language) for label in one.labels)
    what = f"{what}: {labels}" if labels else what
    details = (*actor_of(case, one.name, language), *draws_of(case, one, language), *more)
    if not details:
        return what
    return say(language, "course.detail", what=what, details="; ".join(details))


def _item(case: Case, item: Item, event: Happening | None, language: str) -> str:
    """What the record says, with its item and its sources in brackets."""
    cites = [show_citation(one, language) for one in item.cites]
    first = cites[0] if cites else ""
    if len(cites) > 1:
        first = say(language, "given.more", first=first, count=len(cites) - 1)
    source = say(language, "given.item", item=item.id, cites=first) if first else item.id
    if event is not None:
        return _event(case, event, language, source)
    what = say(language, "given.seen", what=item_name(case, item, language))
    return say(language, "course.detail", what=what, details=source)


def _summed(case: Case, events: Sequence[Happening], language: str) -> Line:
    """Events that come often, kind by kind, from the first of them on.

    Which few they were is said only of less than a day.
    """
    parts, is_long = [], events[-1].time - events[0].time >= 1.0
    for name, times in Counter(one.name for one in events).items():
        what = clause(event_name(case, name, language))
        labels = list(dict.fromkeys(one.labels for one in events if one.name == name))
        is_named = bool(labels[0]) and len(labels) <= MOST_LABELS and not is_long
        if is_named:
            places = (", ".join(label_name(case, one, language) for one in at) for at in labels)
            what = f"{what}: {', '.join(places)}"
        details = list(actor_of(case, name, language))
        if times > (len(labels) if is_named else 1):
            details.append(say(language, "course.times", count=times))
        if details:
            what = say(language, "course.detail", what=what, details="; ".join(details))
        parts.append(what)
    what = "; ".join(parts)
    if is_long:
        until = _day(case, events[-1].time, language)
        what = say(language, "given.until", date=until, what=what)
    return Line(events[0].time, what, False)


def _day(case: Case, time: float, language: str) -> str:
    """The day of a moment."""
    return show_instant(case.clock.instant(time), case.clock.zone, language, style="short")


def _hour(case: Case, time: float, language: str) -> str:
    """The time of day of a moment."""
    return show_clock_time(case.clock.instant(time), case.clock.zone, language)


def _shown(
    case: Case, told: Sequence[Line], beside: Sequence[Line], language: str, width: int
) -> Iterator[str]:
    """A line for each, its date only where that is new; as far in as all that stands `beside`."""
    if not told:
        yield from wrap(say(language, "course.nothing"), width)
    dates = max((display_width(_day(case, one.time, language)) for one in beside), default=0)
    times = max((display_width(_hour(case, one.time, language)) for one in beside), default=0)
    before = ""
    for one in told:
        day, mark = _day(case, one.time, language), RECORD if one.is_held else FILLED_IN
        date, before = "" if day == before else day, day
        head = f"{pad(_hour(case, one.time, language), times, is_right=True)}  {mark} "
        if width < NARROW:
            yield from wrap(date, width) if date else ()
            yield from wrap(one.what, width, f"  {head}", "    ")
        else:
            head = f"{pad(date, dates, is_right=True)}  {head}"
            yield from wrap(one.what, width, head, " " * display_width(head))


# What is not told --------------------------------------------------------------------------------


def _not_told(case: Case, given: GivenCourse, language: str) -> Iterator[str]:
    """What did not happen, what is not believed, and what is left out."""
    items, absent = _items(case), [one for one in given.met if one.time is None]
    if absent:
        yield say(language, "given.absent", what="; ".join(_absent(case, items, absent, language)))
    if given.disbelieved:
        what = (f"{item_name(case, items[one], language)} ({one})" for one in given.disbelieved)
        yield say(language, "given.disbelieved", what="; ".join(what))
    updates = sum(is_update(case, one) for one in given.told.events)
    idle = sum(changes_nothing(case, one) for one in given.told.events)
    yield say(
        language, "given.left-out", updates=show_count(updates, language),
        idle=show_count(idle, language), all=show_count(len(given.told.events), language),
        often=OFTEN, claims=show_count(len(given.claims), language),
    )  # fmt: skip


def _absent(
    case: Case, items: dict[str, Item], absent: Sequence[Met], language: str
) -> Iterator[str]:
    for one in absent:
        yield f"{item_name(case, items[one.item], language)} ({one.item})"
