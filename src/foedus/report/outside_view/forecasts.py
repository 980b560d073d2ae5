"""Forecasts of requests for help, in words, tables and records."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foedus.history.store import Provenance
from foedus.questions.requests.model import Estimate, Forecast, Note
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_count
from foedus.report.layout import wrap
from foedus.report.outside_view.history import own_table_words
from foedus.report.outside_view.table import show_table

LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
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
        "notes": [show_note(note) for note in one.notes],
    }  # fmt: skip


def show_forecasts(
    forecasts: Sequence[Forecast],
    lacking: Sequence[str],
    own: Provenance | None,
    width: int,
    language: str,
) -> str:
    """A table of forecasts, and what they rest on: data that are `lacking`, and the user's `own`
    table of requests, if there is one."""
    blocks = ["\n".join(wrap(_head(forecasts, language), width))]
    names = ("case", "granted", "partial", "refused", "days", "in-office")
    heads = [say(language, f"forecast.{name}") for name in names]
    rows = [_row(one) for one in forecasts]
    blocks.append(show_table(heads, rows, width, right="lrrrrr").rstrip())
    unseen = sorted(forecasts[0].unseen) if forecasts else []
    if unseen:
        columns = [say(language, "forecast.had-there-been")]
        columns += [say(language, "forecast.unseen", refusals=count) for count in unseen]
        more = [
            (one.asked.case_id, *(f"{100 * one.unseen[count][0]:.0f}" for count in unseen))
            for one in forecasts
        ]
        blocks.append(show_table(columns, more, width, right="lrr").rstrip())
    notes = [
        say(language, "forecast.not-shown") if own is None else own_table_words(own, language),
        say(language, "forecast.legend"), *_common(forecasts, language),
    ]  # fmt: skip
    if lacking:
        notes.append(say(language, "forecast.lacking", names=", ".join(lacking)))
    blocks += ["\n".join(wrap(note, width)) for note in notes]
    return "\n\n".join(blocks) + "\n"


def _head(forecasts: Sequence[Forecast], language: str) -> str:
    """What was asked, and from how many earlier requests it is answered."""
    rests = sorted({one.learned_from for one in forecasts})
    earlier = [show_count(count, language) for count in (rests[:1] + rests[1:][-1:])]
    return say(language, "forecast.head", count=len(forecasts), earlier="–".join(earlier) or "0")


def _row(one: Forecast) -> tuple[str, ...]:
    low, median, high = one.delay.quantiles(np.array([0.1, 0.5, 0.9]))
    shares = (one.granted, one.partial, one.refused)
    days = f"{median:.0f} ({low:.0f}–{high:.0f})"
    return (one.asked.case_id, *map(_share, shares), days, _share(one.in_office))


def _share(estimate: Estimate) -> str:
    return f"{100 * estimate.value:.0f} ({100 * estimate.low:.0f}–{100 * estimate.high:.0f})"


def show_note(note: Note, language: str = "en") -> str:
    """What a reader should know about the basis of a forecast, as a clause."""
    told = dict(note.told)
    if note.name == "lacking":
        names = str(told["names"]).split()
        told["names"] = ", ".join(say(language, f"forecast.covariate-{name}") for name in names)
    return say(language, f"forecast.note-{note.name}", **told)


def _common(forecasts: Sequence[Forecast], language: str) -> list[str]:
    """Each note once, with the cases it is about."""
    cases: dict[Note, list[str]] = {}
    for one in forecasts:
        for note in one.notes:
            cases.setdefault(note, []).append(one.asked.case_id)
    found = []
    for note, names in cases.items():
        who = ", ".join(names[:MOST_NAMED])
        if len(names) == len(forecasts):
            who = say(language, "forecast.all")
        elif len(names) > MOST_NAMED:
            who = say(language, "forecast.more", names=who, more=len(names) - MOST_NAMED)
        found.append(say(language, "forecast.of", who=who, note=show_note(note, language)))
    return found
