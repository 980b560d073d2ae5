"""Reference classes and their rates in words, tables and records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from foedus.history.classes import OWN, classes_of
from foedus.history.rates import QUANTILES, Answer, Rate
from foedus.history.requests_at_hand import NAME, imported_table
from foedus.history.store import Provenance, missing
from foedus.history.units import Measure
from foedus.report.layout import wrap
from foedus.report.table import show_table
from foedus.text.render import counted

KINDS = {
    "share": "How many of so many: in a case a prior (`unit: share`) or an `outside` view",
    "rate": "How many in so many years: in a case a prior (`unit: per year`)",
    "length": "How long: not for a case to name",
}


def show_measures(measures: Sequence[Measure], width: int) -> str:
    """What can be asked of history, what must be imported first, and what a case can name of it."""
    lines = wrap("What can be asked (`foedus history rate QUESTION`)", width)
    for kind, words in KINDS.items():
        lines += ["", *wrap(words, width)]
        for measure in measures:
            if measure.kind == kind:
                lines += _measure(measure, width)
    return "\n".join(lines) + "\n"


def _measure(measure: Measure, width: int) -> Iterator[str]:
    yield from wrap(f"{measure.name}: {measure.title}", width, "  ", "      ")
    if lacking := missing(measure.needs):
        yield from wrap(f"first: foedus history import {', '.join(lacking)}", width, "      ")
    if measure.name in OWN:
        yield from wrap(f"in a case: {measure.name}, which takes `where`", width, "      ")
    elif named := classes_of(measure.name):
        shown = (f"{name} ({where})" if where else name for name, where in named.items())
        yield from wrap(f"in a case: {'; '.join(shown)}", width, "      ")


def measure_record(measure: Measure) -> dict[str, object]:
    """A question to history, for `--json`."""
    return {
        "name": measure.name, "title": measure.title, "kind": measure.kind, "unit": measure.unit,
        "columns": dict(measure.columns), "needs": list(measure.needs),
        "missing": list(missing(measure.needs)), "cites": list(measure.cites),
        "note": measure.note,
    }  # fmt: skip


def show_rate(answer: Answer, width: int) -> str:
    """The classes side by side, with what to make of their differences."""
    measure = answer.measure
    head = f"How often {measure.title}" if measure.kind != "length" else measure.title.capitalize()
    if answer.before is not None:
        head += f", as known before {answer.before.isoformat()}"
    blocks = ["\n".join(wrap(head, width)), _table(answer.nested, measure, width)]
    if answer.groups:
        blocks.append(_table(answer.groups, measure, width))
    notes = [*_undated(answer), *_spread(answer)]
    notes += [f"Note: {measure.note}."] if measure.note else []
    notes.append(f"Source: {', '.join(_used(measure))} (`foedus cite NAME`).")
    if own := _own_table(measure):
        notes.append(own_table_words(own))
    blocks += ["\n".join(wrap(note, width)) for note in notes]
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def _table(rates: Sequence[Rate], measure: Measure, width: int) -> str:
    if measure.kind == "length":
        heads = ("class", "n", *(f"{q:.0%}" for q in QUANTILES))
        rows = [
            (each.words, str(each.tally.units), *(f"{x:.3g}" for x in each.quantiles or ()))
            for each in rates
        ]
        return show_table(heads, rows, width, right="lrrrrrr")
    exposure = "n" if measure.kind == "share" else "years"
    unit = measure.unit if measure.kind == "rate" else "share"
    heads = ("class", "k", exposure, unit, "95 %", "pooled", "95 %", "own")
    rows = [_row(each, measure) for each in rates]
    return show_table(heads, rows, width, right="lrrrlrlr")


def _row(each: Rate, measure: Measure) -> tuple[str, ...]:
    show = _percent if measure.kind == "share" else _per_year
    count = f"{each.tally.at_risk:.0f}" if measure.kind == "share" else f"{each.tally.at_risk:.1f}"
    value, pooled = each.tally.estimate, each.pooled
    assert value is not None
    assert each.low is not None
    assert each.high is not None
    assert pooled is not None
    return (
        each.words, f"{each.tally.happened:.0f}", count, show(value),
        f"{show(each.low)}–{show(each.high)}", show(pooled.value),
        f"{show(pooled.low)}–{show(pooled.high)}", f"{pooled.own_weight:.0%}",
    )  # fmt: skip


def _percent(share: float) -> str:
    percent = 100 * share
    if percent > 99.0:
        return f"{percent:.1f}".removesuffix(".0")
    return f"{percent:.2g}" if 0.01 <= percent < 1.0 else f"{percent:.0f}"


def _per_year(rate: float) -> str:
    return f"{rate:.2g}"


def _undated(answer: Answer) -> list[str]:
    """How many were left out since their dates do not say whether they were known in time."""
    if not answer.undated:
        return []
    was = "was" if answer.undated == 1 else "were"
    return [
        f"{answer.undated} more of all may have been known by then, and {was} left out: the dates "
        "are not precise enough to say."
    ]


def _spread(answer: Answer) -> list[str]:
    """How much the answer depends on the choice of class, in a sentence."""
    if answer.measure.kind == "length" or len(answer.nested) < 2:
        return [_LEGEND] if answer.measure.kind != "length" else []
    low, high = answer.spread
    show = _percent if answer.measure.kind == "share" else _per_year
    sign = " %" if answer.measure.kind == "share" else ""
    last = answer.nested[-1]
    assert last.pooled is not None
    inner = [each.pooled.value for each in answer.nested if each.pooled is not None]
    return [
        f"The choice of class moves the answer from {show(low)} to {show(high)}{sign} as counted, "
        f"from {show(min(inner))} to {show(max(inner))}{sign} pooled.",
        _LEGEND,
    ]


_LEGEND = (
    "Pooled: what the class says when the wider ones are believed, too, as far as they prove "
    "alike; own: how much of that is the class's own cases. Shares in per cent."
)


def rate_record(answer: Answer) -> dict[str, object]:
    """The answer for `--json`."""
    measure = answer.measure
    low, high = answer.spread if measure.kind != "length" else (None, None)
    own = _own_table(measure)
    return {
        "question": measure.name, "kind": measure.kind, "unit": measure.unit,
        "before": None if answer.before is None else answer.before.isoformat(),
        "classes": [_rate_record(each) for each in answer.nested],
        "groups": [_rate_record(each) for each in answer.groups],
        "spread": None if low is None else [low, high],
        "undated": answer.undated, "cites": _used(measure), "note": measure.note,
        "table": None if own is None else asdict(own),
    }  # fmt: skip


def _used(measure: Measure) -> list[str]:
    """What was counted: our own table, or of the data that it may rest on those that are there."""
    return [name for name in measure.cites if not measure.needs or not missing([name])]


def _own_table(measure: Measure) -> Provenance | None:
    """The table of requests that the user has imported, where one was counted."""
    return imported_table() if NAME in measure.cites else None


def own_table_words(own: Provenance) -> str:
    """That requests were taken from a table which the user has imported."""
    rows = counted(own.rows, "row")
    return f"Requests: from {own.file} ({rows}), which was imported, in place of those that ship."


def _rate_record(each: Rate) -> dict[str, object]:
    record: dict[str, object] = {
        "class": each.words, "k": each.tally.happened, "n": each.tally.at_risk,
        "units": each.tally.units, "estimate": each.tally.estimate, "low": each.low,
        "high": each.high,
    }  # fmt: skip
    if each.quantiles is not None:
        record["quantiles"] = dict(zip(map(str, QUANTILES), each.quantiles, strict=True))
    if each.pooled is not None:
        record["pooled"] = {
            "value": each.pooled.value, "low": each.pooled.low, "high": each.pooled.high,
            "own_weight": each.pooled.own_weight,
        }  # fmt: skip
    return record
