"""Every piece of evidence by explanation, in decibels, for the analyst's desk: CSV or Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from math import inf, isnan, log
from pathlib import Path

from foedus.case.case import Case
from foedus.infer.verdict.decibels import against_average, decibels, spreads_against_average
from foedus.infer.verdict.verdict import Verdict, Weight
from foedus.report.files import write_files
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_days, show_factor
from foedus.report.phrases.names import reading_name
from foedus.report.phrases.pieces import piece_name
from foedus.report.verdict.verdict_words import (
    confidence_sentence,
    verdict_sentences,
    whose_priors,
)
from foedus.report.verdict.weight_words import show_with_error

LEAST = log(1.12)
"""Less (half a decibel) is called no difference; in nats."""


def write_table(case: Case, verdict: Verdict, path: Path, language: str = "en") -> None:
    """Write the table to a file, `.csv` or `.md` by its name, as a whole or not at all.

    What the verdict rests on comes first: as rows without numbers, or as a list.
    """
    told = [
        *whose_priors(case, verdict, language),
        *verdict_sentences(case, verdict, language, is_whole=True),
        confidence_sentence(case, verdict, language),
    ]
    if path.suffix == ".csv":
        head, *rows = verdict_rows(case, verdict, language, show_plainly)
        blank = [""] * (len(head) - 3)
        basis = [[say(language, "table.basis"), "", one, *blank] for one in told]
        text = as_csv([head, *basis, *rows])
    else:
        text = "".join(f"- {one}\n" for one in told) + "\n"
        text += as_markdown(verdict_rows(case, verdict, language))
    write_files(path.parent, {path.name: text.encode("utf-8")})


def show_plainly(decibels: float) -> str:
    """A number as programs read it, in any language; nothing where it was ruled out before."""
    return "" if isnan(decibels) else f"{round(decibels, 2) + 0.0:.2f}"


def verdict_rows(
    case: Case, verdict: Verdict, language: str, show: Callable[[float], str] | None = None
) -> list[list[str]]:
    """The head, a row for each piece in the order in which it became known, and the total.

    `show` writes decibels, and standard errors in columns of their own where runs were sampled; as
    the language does if None, with the errors beside them.
    """

    is_sampled = any(weight.runs is not None for weight in verdict.weights)

    def numbers(weight: Weight) -> list[str]:
        moved = against_average(weight, verdict.standings)
        spreads = spreads_against_average(weight, verdict.standings)
        if show is not None:
            found = [show(value) for value in moved.values()]
            return found + [show(spreads[name].error) for name in moved if is_sampled]
        return [
            show_with_error(value / decibels(1.0), spreads[name].error, language)
            for name, value in moved.items()
        ]

    rivals = [one for one in verdict.standings if one.is_rival]
    names = [reading_name(case, one.name, language) for one in rivals]
    if show is not None and is_sampled:
        names += [say(language, "table.error", name=name) for name in names]
    columns = ("id", "known", "what")
    head = [*(say(language, f"table.{column}") for column in columns), *names]
    rows = [[*head, say(language, "table.because")]]
    for weight in verdict.weights:
        rows.append(
            [
                weight.id,
                show_days(case.clock, weight.day, language, style="short"),
                piece_name(case, weight.id, language),
                *numbers(weight),
                because(case, weight, verdict, language),
            ]
        )
    total = Weight("", "item", 0.0, {one.name: one.log_evidence for one in verdict.standings})
    rows.append(
        [
            say(language, "table.total"),
            "",
            say(language, "table.total-what"),
            *numbers(total),
            because(case, total, verdict, language),
        ]
    )
    return rows


def because(case: Case, weight: Weight, verdict: Verdict, language: str) -> str:
    """Why a piece of evidence (without an id: all of it) moves the explanations apart."""
    sentence = "table.sentence" if weight.id else "table.sentence-total"
    rivals = [one.name for one in verdict.standings if one.is_rival]
    rivals = [name for name in rivals if not isnan(weight.log_weight[name])]
    if not rivals:
        return say(language, "table.sentence-none")
    first = max(rivals, key=lambda name: weight.log_weight[name])
    last = min(rivals, key=lambda name: weight.log_weight[name])
    names = {
        "first": reading_name(case, first, language),
        "last": reading_name(case, last, language),
    }
    high, low = weight.log_weight[first], weight.log_weight[last]
    if high == low or high - low < LEAST:
        return say(language, "table.sentence-none")
    if low == -inf:
        return say(language, "table.sentence-never", last=names["last"])
    factor = show_factor(high - low, language)
    return say(language, sentence, most=factor, **names)


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    """Rows as CSV."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(rows)
    return target.getvalue()


def as_markdown(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table, numbers to the right."""
    safe = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    head, *body = safe
    numbers = range(3, len(head) - 1)
    rule = ["---:" if place in numbers else "---" for place in range(len(head))]
    lines = [head, rule, *body]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
