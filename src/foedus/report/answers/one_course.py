"""One course told from end to end: dated events in the words of the case, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from foedus.case.case import Case
from foedus.case.dynamics import DrawSpec, Each, EventKind
from foedus.engine.layout import labels_at, places
from foedus.engine.world import Happening
from foedus.frozen import dataclass
from foedus.questions.one_course import OneCourse, Outcome
from foedus.report.answers.dated import date_of
from foedus.report.answers.summary import NARROW
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import (
    show_clock_time,
    show_count,
    show_duration,
    show_figure,
    show_instant,
)
from foedus.report.layout import display_width, heading, pad, wrap
from foedus.report.phrases.answer_text import measure_of
from foedus.report.phrases.names import (
    atom_parts,
    clause,
    event_name,
    headed,
    label_name,
    plain_name,
    question_name,
    reading_name,
)

DIGITS = 3
"""Significant digits of what was drawn."""

MOST_DRAWN = 8
"""Values drawn at the indices of one draw that are told; of more only how many there are."""


@dataclass(frozen=True, slots=True)
class Told:
    """Events of one kind that follow each other within a day: its words, labels, and draws."""

    date: str
    time: str
    what: str
    labels: tuple[str, ...]
    details: tuple[str, ...]


def show_one_course(case: Case, course: OneCourse, language: str = "en", width: int = 80) -> str:
    """The course as plain text: what holds in it, what happens when, what the questions come to.

    Regular updates and choices that change nothing are counted and not told; what follows each
    other within a day, is of one kind and drew nothing stands on one line, at the first's time.
    """
    title = say(language, "course.title", title=headed(case, language), number=course.number)
    lines = wrap(title, width)
    lines.append("=" * max(display_width(line) for line in lines))
    for sentence in _first(case, course, language):
        lines += wrap(sentence, width)
    told = list(_told(case, course, language))
    lines += ["", *_lines(told, language, width)] if told else []
    lines += wrap(say(language, "course.nothing"), width) if not told else []
    for sentence in left_out(case, course, language):
        lines += ["", *wrap(sentence, width)]
    lines += ends(case, course, language, width)
    return "\n".join(lines) + "\n"


def one_course_record(case: Case, course: OneCourse) -> dict[str, Any]:
    """The course for machines, every event with its moment in days and as a date."""
    return {
        "case": case.name,
        "engine": course.engine,
        "draws": course.draws,
        "seed": course.seed,
        "course": course.number,
        "atom": course.atom.name,
        "components": sorted(course.atom.components),
        "explanation": explanation_of(case, course),
        "events": [event_record(case, one) for one in course.events],
        "questions": [
            {"name": one.question, "value": one.value, "counts": one.is_given}
            for one in course.outcomes
        ],
    }  # fmt: skip


def event_record(case: Case, one: Happening) -> dict[str, Any]:
    """An event for machines."""
    return {
        "time": one.time, "date": date_of(case, one.time), "event": one.name,
        "index": list(one.labels), "draws": one.draws,
    }  # fmt: skip


def explanation_of(case: Case, course: OneCourse) -> str | None:
    """The name of the explanation that is true in the course."""
    readings = (one.explanation for one in case.explanations.values())
    return next((one.name for one in readings if course.atom.name in one.atoms), None)


def _first(case: Case, course: OneCourse, language: str) -> Iterator[str]:
    yield say(language, "course.basis")
    belief = next((one for one in case.atoms if one.atom.name == course.atom.name), None)
    explanation = explanation_of(case, course)
    if belief is not None and explanation is not None:
        yield say(
            language, "course.holds", parts=atom_parts(case, belief, language),
            name=reading_name(case, explanation, language),
        )  # fmt: skip
    yield say(
        language, "course.which", seed=course.seed, draws=show_count(course.draws, language),
        last=show_count(course.draws - 1, language),
    )  # fmt: skip
    yield say(language, "course.drawn")


# Events ------------------------------------------------------------------------------------------


def _kind_of(case: Case, name: str) -> EventKind:
    return case.events[name if name in case.events else name.rpartition(".")[0]].kind


def is_update(case: Case, one: Happening) -> bool:
    """Whether an event comes at regular times."""
    return isinstance(_kind_of(case, one.name).timing, Each)


def changes_nothing(case: Case, one: Happening) -> bool:
    """Whether an event is a choice that has no effect: doing nothing is written as one."""
    kind = _kind_of(case, one.name)
    if one.name == kind.name:
        return bool(kind.options)
    option = next(each for each in kind.options if f"{kind.name}.{each.name}" == one.name)
    return not option.effects


def left_out(case: Case, course: OneCourse, language: str) -> Iterator[str]:
    """What of a course is not told."""
    updates = sum(is_update(case, one) for one in course.events)
    idle = sum(changes_nothing(case, one) for one in course.events)
    if updates or idle:
        yield say(
            language, "course.left-out", updates=show_count(updates, language),
            idle=show_count(idle, language), all=show_count(len(course.events), language),
        )  # fmt: skip


def _told(case: Case, course: OneCourse, language: str) -> Iterator[Told]:
    """What is told, one line each."""
    clock = case.clock

    def line_of(one: Happening) -> tuple[str, str, tuple[str, ...], str]:
        instant = clock.instant(one.time)
        date = show_instant(instant, clock.zone, language, style="short")
        time = show_clock_time(instant, clock.zone, language)
        draws = tuple(draws_of(case, one, language))
        return date, one.name, draws, time if draws else ""

    shown = [
        one for one in course.events if not is_update(case, one) and not changes_nothing(case, one)
    ]
    for (date, name, draws, _), together in groupby(shown, line_of):
        events = list(together)
        time = show_clock_time(clock.instant(events[0].time), clock.zone, language)
        what = clause(event_name(case, name, language))
        times: tuple[str, ...] = ()
        if not events[0].labels and len(events) > 1:
            times = (say(language, "course.times", count=len(events)),)
        labels = (
            ", ".join(label_name(case, label, language) for label in one.labels) for one in events
        )
        actor = actor_of(case, name, language)
        yield Told(date, time, what, tuple(filter(None, labels)), (*actor, *times, *draws))


def actor_of(case: Case, name: str, language: str) -> tuple[str, ...]:
    """Who acts, or else the person to whom it happens, unless an index says it.

    A mechanism says `he` of whoever is bound to its needs.
    """
    kind = _kind_of(case, name)
    who = kind.actor or kind.recipient
    if who is None or who in kind.index_names:
        return ()
    if kind.actor is None and (who not in case.actors or case.actors[who].kind != "person"):
        return ()
    return (label_name(case, who, language),)


def draws_of(case: Case, one: Happening, language: str) -> Iterator[str]:
    """What was drawn with an event, by the names that the case gives it, but not what is none."""
    kind = _kind_of(case, one.name)
    options = {f"{kind.name}.{option.name}": option.draws for option in kind.options}
    for spec in options.get(one.name, kind.draws):
        rows = zip(places(spec.groups), one.draws[spec.name], strict=True)
        found = [(at, value) for at, value in rows if value != 0.0 or spec.over is not None]
        if len(found) > MOST_DRAWN:
            values = say(language, "course.values", count=len(found))
            yield say(language, "course.draw", name=plain_name(spec.name), value=values)
            continue
        for at, value in found:
            labels = (label_name(case, label, language) for label in labels_at(spec.groups, at))
            name = plain_name(spec.name) + (f"[{', '.join(labels)}]" if at else "")
            shown = _drawn(case, spec, value, language)
            yield say(language, "course.draw", name=name, value=shown)


def _drawn(case: Case, spec: DrawSpec, value: float, language: str) -> str:
    if spec.over is not None:
        return label_name(case, spec.over.label(int(value)), language)
    if spec.distribution == "bernoulli":
        return say(language, "course.yes")
    return show_figure(value, language, DIGITS)


def _lines(told: list[Told], language: str, width: int) -> Iterator[str]:
    """A line for each, its date only where that is new."""
    dates = max(display_width(one.date) for one in told)
    times = max(display_width(one.time) for one in told)
    before = ""
    for one in told:
        what = f"{one.what}: {', '.join(one.labels)}" if one.labels else one.what
        if one.details:
            what = say(language, "course.detail", what=what, details="; ".join(one.details))
        date = "" if one.date == before else one.date
        before = one.date
        if width < NARROW:
            yield from wrap(one.date, width) if date else ()
            yield from wrap(what, width, f"  {pad(one.time, times, is_right=True)}  ", "    ")
        else:
            head = f"{pad(date, dates, is_right=True)}  {pad(one.time, times, is_right=True)}  "
            yield from wrap(what, width, head, " " * (len(head) + 2))


# Answers -----------------------------------------------------------------------------------------


def ends(case: Case, course: OneCourse, language: str, width: int) -> Iterator[str]:
    """What each question comes to in a course."""
    if course.outcomes:
        yield from heading(say(language, "course.ends"), width)
    for one in course.outcomes:
        yield from _outcome_lines(case, one, language, width)


def _outcome_lines(case: Case, one: Outcome, language: str, width: int) -> list[str]:
    name, value = question_name(case, one.question, language), _outcome(case, one, language)
    name = name if name.endswith("?") else f"{name}:"
    return wrap(f"{name} {value}", width, "", "    ")


def _outcome(case: Case, one: Outcome, language: str) -> str:
    """What a question comes to: yes, no, a length of time, a number, or why there is none."""
    if not one.is_given:
        return say(language, "course.no-case")
    if one.value is None:
        return say(language, "course.never")
    measure = measure_of(case.questions[one.question])
    if measure == "probability":
        return say(language, "course.yes" if one.value else "course.no")
    if measure == "duration":
        return show_duration(one.value, None, language)
    number = show_figure(one.value, language, 6)
    return say(language, "per-day", number=number) if measure == "rate" else number
