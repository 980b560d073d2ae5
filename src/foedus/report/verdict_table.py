"""Every piece of evidence by explanation, in decibels, for the analyst's desk: CSV or Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from math import exp, inf, isnan
from pathlib import Path

from foedus.case.case import Case
from foedus.infer.decibels import against_average, decibels
from foedus.infer.verdict import Verdict, Weight
from foedus.report.catalogue import say
from foedus.report.files import write_files
from foedus.report.names import reading_name
from foedus.report.numbers import show_days, show_figure
from foedus.report.pieces import piece_name
from foedus.report.verdict_words import show_decibels

LEAST_FACTOR = 1.12
"""A smaller factor (half a decibel) is called no difference."""


def write_table(case: Case, verdict: Verdict, path: Path, language: str = "en") -> None:
    """Write the table to a file, `.csv` or `.md` by its name, as a whole or not at all."""
    rows = verdict_rows(case, verdict, language)
    text = as_csv(rows) if path.suffix == ".csv" else as_markdown(rows)
    write_files(path.parent, {path.name: text.encode("utf-8")})


def verdict_rows(case: Case, verdict: Verdict, language: str) -> list[list[str]]:
    """The head, a row for each piece in the order in which it became known, and the total."""
    rivals = [one for one in verdict.standings if one.is_rival]
    names = [reading_name(case, one.name, language) for one in rivals]
    columns = ("id", "known", "what")
    head = [*(say(language, f"table.{column}") for column in columns), *names]
    rows = [[*head, say(language, "table.because")]]
    for weight in verdict.weights:
        moved = against_average(weight, verdict.standings)
        rows.append(
            [
                weight.id,
                show_days(case.clock, weight.day, language, style="short"),
                piece_name(case, weight.id, language),
                *(show_decibels(v / decibels(1.0), language, signed=True) for v in moved.values()),
                because(case, weight, verdict, language),
            ]
        )
    total = Weight("", "item", 0.0, {one.name: one.log_evidence for one in verdict.standings})
    moved = against_average(total, verdict.standings)
    rows.append(
        [
            say(language, "table.total"),
            "",
            say(language, "table.total-what"),
            *(show_decibels(v / decibels(1.0), language, signed=True) for v in moved.values()),
            because(case, total, verdict, language),
        ]
    )
    return rows


def because(case: Case, weight: Weight, verdict: Verdict, language: str) -> str:
    """Why a piece of evidence moves the explanations apart, in a sentence."""
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
    if high == low or exp(min(high - low, 700.0)) < LEAST_FACTOR:
        return say(language, "table.sentence-none")
    if low == -inf:
        return say(language, "table.sentence-never", last=names["last"])
    factor = show_figure(exp(min(high - low, 700.0)), language, 2)
    return say(language, "table.sentence", most=factor, **names)


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
