"""Decisions against questions: the answers as they are, and what each decision changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foedus.case.case import Case
from foedus.questions.other_worlds import OtherWorld
from foedus.questions.what_if import Change
from foedus.report.language.catalogue import say
from foedus.report.layout import fits, heading, letters, table, wrap
from foedus.report.phrases.answer_text import NOTHING, measure_of
from foedus.report.phrases.differences import STILL, bounded, show_both, show_short
from foedus.report.phrases.names import headed, question_name
from foedus.report.what_if.what_if import level_of, name_of, warnings


def show_table(
    case: Case, changes: Sequence[Change | OtherWorld], language: str = "en", width: int = 80
) -> str:
    """Decisions against questions, all on one level; what must be said first of each decision."""
    title = say(language, "what-if.table.title", title=headed(case, language))
    lines = heading(title, width)[1:]
    lines += [*wrap(level_of(case, changes[0], language), width), ""]
    named = letters(len(changes))
    for letter, change in zip(named, changes, strict=True):
        name = name_of(case, change.what_if, language)
        lines += wrap(say(language, "what-if.table.letter", letter=letter, name=name), width)
        for sentence in warnings(case, change, language):
            lines += wrap(sentence, width, "   ")
    rows = [["", say(language, "what-if.table.as-it-is"), *named]]
    for number, first in enumerate(changes[0].questions):
        measure = measure_of(case.questions[first.name])
        cells = [
            bounded(one, show_short(one.difference, measure, language), language)
            for one in (change.questions[number] for change in changes)
        ]
        value = show_both(first, measure, language)[0]
        rows.append([question_name(case, first.name, language), value, *cells])
    is_table = fits(rows, width)
    if is_table:
        lines += ["", *table(rows, width, right=range(1, len(rows[0]))), ""]
    else:
        lines += ["", *_one_by_one(rows, language, width), ""]
    reading = "what-if.table.reading" if is_table else "what-if.table.reading-list"
    lines += wrap(say(language, reading), width)
    return "\n".join(lines) + "\n"


def _one_by_one(rows: Sequence[Sequence[str]], language: str, width: int) -> Iterator[str]:
    """Where the decisions are too many for a table: of each question what is clearly changed."""
    for name, value, *cells in rows[1:]:
        yield from wrap(name, width)
        named = list(zip(rows[0][2:], cells, strict=True))
        told = [
            f"{letter}\N{NO-BREAK SPACE}{cell}"
            for letter, cell in named
            if cell not in (*STILL, NOTHING)
        ]
        told = told or [say(language, "what-if.table.still")]
        without = [letter for letter, cell in named if cell == NOTHING]
        if without:
            told.append(say(language, "what-if.table.no-answer", letters=", ".join(without)))
        shown = "; ".join(told)
        line = say(language, "what-if.table.row", value=value, changes=shown)
        yield from wrap(line, width, "    ")
