"""Forecasts of requests for help, in words, tables and records."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foedus.history.store import Provenance
from foedus.questions.requests.model import Estimate, Forecast
from foedus.report.history import own_table_words
from foedus.report.layout import wrap
from foedus.report.table import show_table

LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
NOT_SHOWN = (
    "Whether help comes is not shown to be forecast better than by the base rate of earlier "
    "requests, on 52 that were kept aside (`foedus history scores`)."
)
"""What the rule of SDR 7 says of the decision; the tests hold it to the scores."""
MOST_NAMED = 6
"""So many cases of a note are named; the others are counted."""


def forecast_record(one: Forecast) -> dict[str, object]:
    """A forecast as the JSON contract has it, with more beside it."""
    days = dict(zip(LEVELS, one.delay.quantiles(np.array(LEVELS)).tolist(), strict=True))
    return {
        "case_id": one.asked.case_id,
        "granted": one.granted.value,
        "partial": one.partial.value,
        "refused": one.refused.value,
        "days_median": days[0.5],
        "in_office_1y": one.in_office.value,
        "intervals": {
            name: [estimate.low, estimate.high]
            for name, estimate in (
                ("granted", one.granted), ("partial", one.partial), ("refused", one.refused),
                ("in_office_1y", one.in_office),
            )
        },
        "days_quantiles": {str(level): count for level, count in days.items()},
        "with_unseen_refusals": {
            str(count): dict(zip(("granted", "partial", "refused"), shares, strict=True))
            for count, shares in one.unseen.items()
        },
        "learned_from": one.learned_from,
        "notes": list(one.notes),
    }  # fmt: skip


def show_forecasts(
    forecasts: Sequence[Forecast], lacking: Sequence[str], own: Provenance | None, width: int
) -> str:
    """A table of forecasts, and what they rest on: data that are `lacking`, and the user's `own`
    table of requests, if there is one."""
    heads = ("case", "granted", "partial", "refused", "days, if granted", "in office after a year")
    rows = [_row(one) for one in forecasts]
    blocks = [show_table(heads, rows, width, right="lrrrrr").rstrip()]
    unseen = sorted(forecasts[0].unseen) if forecasts else []
    if unseen:
        columns = ("granted, had there been", *(f"{count} refusals more" for count in unseen))
        more = [
            (one.asked.case_id, *(f"{100 * one.unseen[count][0]:.0f}" for count in unseen))
            for one in forecasts
        ]
        blocks.append(show_table(columns, more, width, right="lrr").rstrip())
    notes = [
        "Per cent, with the 95 % range that the model's own uncertainty leaves; days with the "
        "80 % range. Refusals leave less trace than operations: the second table adds some that "
        "nobody recorded.",
        *_common(forecasts),
    ]
    if lacking:
        notes.append(
            f"Without {', '.join(lacking)} (`foedus history import`): fewer covariates, wider "
            "answers."
        )
    notes.append(NOT_SHOWN if own is None else own_table_words(own))
    blocks += ["\n".join(wrap(note, width)) for note in notes]
    return "\n\n".join(blocks) + "\n"


def _row(one: Forecast) -> tuple[str, ...]:
    low, median, high = one.delay.quantiles(np.array([0.1, 0.5, 0.9]))
    shares = (one.granted, one.partial, one.refused)
    days = f"{median:.0f} ({low:.0f}–{high:.0f})"
    return (one.asked.case_id, *map(_share, shares), days, _share(one.in_office))


def _share(estimate: Estimate) -> str:
    return f"{100 * estimate.value:.0f} ({100 * estimate.low:.0f}–{100 * estimate.high:.0f})"


def _common(forecasts: Sequence[Forecast]) -> list[str]:
    """Each note once, with the cases it is about."""
    cases: dict[str, list[str]] = {}
    for one in forecasts:
        for note in one.notes:
            cases.setdefault(note, []).append(one.asked.case_id)
    found = []
    for note, names in cases.items():
        who = "All" if len(names) == len(forecasts) else ", ".join(names[:MOST_NAMED])
        more = len(names) - MOST_NAMED
        found.append(f"{who}{f' and {more} more' if who != 'All' and more > 0 else ''}: {note}.")
    return found
