"""What `foedus run` prints: the case, what is known, answers, what they rest on, figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from foedus.case.case import Case
from foedus.infer.verdict.no_verdict import NoVerdict
from foedus.questions.answers import Answer, Answers
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_days, show_period, show_share, show_written_date
from foedus.report.layout import (
    display_width,
    fits,
    heading,
    item,
    letters,
    pad,
    table,
    wrap,
    wrap_to,
)
from foedus.report.phrases.answer_text import (
    NOTHING,
    AnswerText,
    is_cut_off,
    measure_of,
    show_answer,
    show_values,
)
from foedus.report.phrases.basis import of_record, show_basis
from foedus.report.phrases.key_events import key_events
from foedus.report.phrases.known import known_sentence
from foedus.report.phrases.names import headed, question_name, reading_name
from foedus.report.phrases.no_verdict import no_verdict_sentence

MAIN = 8
"""Questions that are answered first; the first ones of the case are its main ones."""

NARROW = 60
"""Below so many columns tables become lists."""


def show_run(
    case: Case, answers: Answers, language: str = "en", width: int = 80,
    figures: Sequence[str] = (), unweighed: NoVerdict | None = None, verdict: Iterable[str] = (),
    what_if: Iterable[str] = (),
) -> str:  # fmt: skip
    """The summary of a run, in plain text.

    `figures` are the files that were written, the page first; `unweighed` is why its record has no
    `verdict`, which is given in lines (`verdict_in_short`), so that nothing of it is loaded where
    there is none; and so is the `what_if` (`what_if_in_short`).
    """
    lines = [*_what_the_case_is(case, language, width), *_what_is_known(case, language, width)]
    if unweighed is not None:
        lines += wrap(no_verdict_sentence(case, unweighed, language), width)
    lines += verdict
    main, others = answers.questions[:MAIN], answers.questions[MAIN:]
    lines += heading(say(language, of_record(case, "run.answers")), width)
    if main:
        lines += show_answers(case, main, language, width)
    lines += _how_to_read(
        "run.reading" if main else "run.none-asked", answers.questions, language, width
    )
    if main and len(case.explanations) > 1:
        lines += heading(say(language, "run.explanations"), width)
        lines += show_explanations(case, main, language, width)
    if others:
        lines += heading(say(language, "run.others"), width)
        lines += show_answers(case, others, language, width)
    lines += what_if
    lines += heading(say(language, "run.rests"), width)
    for sentence in show_basis(case, answers, language):
        lines += item(sentence, width)
    lines += heading(say(language, "run.figures"), width)
    lines += _written(figures, language, width)
    return "\n".join(lines) + "\n"


def _written(files: Sequence[str], language: str, width: int) -> Iterator[str]:
    """Where the page is, and which figures stand beside it."""
    if not files:
        yield from wrap(say(language, "run.no-figures"), width)
        return
    page, *others = files
    yield from wrap(page, width, "  ")
    names = dict.fromkeys(PurePath(name).stem for name in others)
    if names:
        yield from wrap(say(language, "run.beside", names=", ".join(names)), width)


def _what_the_case_is(case: Case, language: str, width: int) -> Iterator[str]:
    start = show_days(case.clock, 0.0, language)
    end = show_days(case.clock, case.clock.horizon, language)
    title = say(language, "run.title", title=headed(case, language), start=start, end=end)
    lines = wrap(title, width)
    yield from lines
    yield "=" * max(display_width(line) for line in lines)
    yield from wrap(first_sentence(case.doc.get(language)), width) if case.doc else ()


def first_sentence(text: str) -> str:
    """A text up to its first full stop that ends a sentence."""
    flat = " ".join(text.split())
    head, stop, _ = flat.partition(". ")
    return head + stop.rstrip()


def _what_is_known(case: Case, language: str, width: int) -> Iterator[str]:
    yield from heading(say(language, "run.known"), width)
    if not case.evidence and not case.claims:
        yield from wrap(say(language, "run.none-known"), width)
        return
    yield from wrap(known_sentence(case, language), width)
    events = key_events(case, language)
    if events:
        yield from wrap(say(language, "run.key"), width)
    zone = case.clock.zone
    dates = [show_period(event.happened, zone, language, style="short") for event in events]
    column = max((display_width(date) for date in dates), default=0)
    for event, date in zip(events, dates, strict=True):
        text = event.what
        if event.known.start >= event.happened.end:
            known = show_period(event.known, zone, language, style="short")
            text += f" ({say(language, 'run.known-date', date=known)})"
        if width < NARROW:
            yield from wrap(f"{date}: {text}", width, "  ", "    ")
        else:
            yield from wrap(text, width, f"  {pad(date, column)}  ", " " * (column + 4))


def show_answers(
    case: Case, answers: Sequence[Answer], language: str = "en", width: int = 80
) -> list[str]:
    """Answers as a table of value and range, the words under each; on narrow pages as a list.

    A dash stands where no range is known: the value again would be taken for certainty.
    """
    shown = []
    for answer in answers:
        text = show_answer(case.questions[answer.name], answer, language)
        if is_without_range(answer):
            text = replace(text, range=NOTHING)
        shown.append((question_name(case, answer.name, language), text))
    if width < NARROW:
        return [line for name, text in shown for line in _as_list(name, text, width)]
    columns = [display_width(say(language, "run.columns.value")),
               display_width(say(language, "run.columns.range"))]  # fmt: skip
    for _, text in shown:
        columns[0] = max(columns[0], display_width(text.value))
        columns[1] = max(columns[1], display_width(text.range))
    first = width - sum(columns) - 4
    head = [pad("", first), pad(say(language, "run.columns.value"), columns[0], is_right=True),
            pad(say(language, "run.columns.range"), columns[1], is_right=True)]  # fmt: skip
    lines = ["  ".join(head)]
    for name, text in shown:
        cells = wrap_to(name, first)
        numbers = (pad(text.value, columns[0], is_right=True),
                   pad(text.range, columns[1], is_right=True))  # fmt: skip
        lines.append("  ".join((pad(cells[0], first), *numbers)))
        lines += cells[1:]
        for note in (text.words, *text.notes):
            lines += wrap(note, width, "    ") if note else []
    return lines


def is_without_range(answer: Answer) -> bool:
    """Whether the runs were too few to tell what the assumptions leave open from chance."""
    return answer.estimate.value is not None and answer.estimate.low is None


def show_simulated(
    case: Case, answers: Sequence[Answer], as_of: str | None, language: str, width: int
) -> list[str]:
    """Answers below what they rest on, with how to read them; `as_of` is a day as it was typed."""
    day = None if as_of is None else show_written_date(as_of, language)
    title = say(language, "simulate.before" if day is None else "simulate.as-of", day=day)
    lines = [*heading(title, width)[1:], *show_answers(case, answers, language, width), ""]
    return [*lines, *_how_to_read("simulate.reading", answers, language, width)]


def _how_to_read(
    sentence: str, answers: Sequence[Answer], language: str, width: int
) -> Iterator[str]:
    """What the columns mean, and the dashes and the bounds where there are any."""
    yield from wrap(say(language, sentence), width)
    if any(is_without_range(answer) for answer in answers):
        yield from wrap(say(language, "simulate.too-few"), width)
    if any(is_cut_off(answer) for answer in answers):
        yield from wrap(say(language, "run.at-least"), width)


def _as_list(name: str, text: AnswerText, width: int) -> Iterator[str]:
    yield from wrap(name, width)
    span = "" if text.range in (text.value, NOTHING) else f" ({text.range})"
    yield from wrap(f"{text.value}{span}", width, "  ")
    for note in (text.words, *text.notes):
        if note:
            yield from wrap(note, width, "    ")


def show_explanations(
    case: Case, answers: Sequence[Answer], language: str, width: int
) -> list[str]:
    """The value of each answer together and under each rival explanation, which go by letters."""
    names = list(dict.fromkeys(name for answer in answers for name in answer.by_explanation))
    named = letters(len(names))
    lines: list[str] = []
    for name, letter in zip(names, named, strict=True):
        weight = next(a.by_explanation[name].weight for a in answers if name in a.by_explanation)
        text = say(language, "run.letter", letter=letter, name=reading_name(case, name, language),
                   weight=show_share(weight, None, language))  # fmt: skip
        lines += wrap(text, width, "  ", "     ")
    together = say(language, "run.together")
    rows = [["", together, *named]]
    for answer in answers:
        measure = measure_of(case.questions[answer.name])
        estimates = [answer.estimate, *(answer.by_explanation[name].estimate for name in names)]
        values = show_values(answer, estimates, measure, language)
        rows.append([question_name(case, answer.name, language), *values])
    right = range(1, len(rows[0]))
    if width >= NARROW and fits(rows, width):
        return [*lines, *table(rows, width, right=right)]
    for row in rows[1:]:
        lines += wrap(row[0], width)
        pairs = zip(rows[0][1:], row[1:], strict=True)
        lines += wrap("  ".join(f"{letter}: {value}" for letter, value in pairs), width, "    ")
    return lines
