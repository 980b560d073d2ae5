"""Reference classes and their rates in words, tables and records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from foedus.history.bodies import ADDRESSEES, BODIES
from foedus.history.classes import OWN, classes_of
from foedus.history.pooling import Pooled
from foedus.history.rates import QUANTILES, Answer, Rate
from foedus.history.requests_at_hand import NAME, imported_table
from foedus.history.store import Provenance, missing
from foedus.history.units import Measure
from foedus.report.language.catalogue import CATALOGUES, say
from foedus.report.language.numbers import (
    as_written,
    show_count,
    show_date,
    show_number,
    show_number_range,
    significant_places,
)
from foedus.report.layout import wrap
from foedus.report.outside_view.datasets import show_sources
from foedus.report.outside_view.table import show_table
from foedus.report.phrases.class_words import show_class, show_column, show_counted, show_value

KINDS = ("share", "rate", "length")


def show_measures(measures: Sequence[Measure], width: int, language: str) -> str:
    """What can be asked of history, what must be imported first, and what a case can name of it."""
    lines = wrap(say(language, "history.asked"), width)
    for kind in KINDS:
        lines += ["", *wrap(say(language, f"history.kind-{kind}"), width)]
        for measure in measures:
            if measure.kind == kind:
                lines += _measure(measure, width, language)
    return "\n".join(lines) + "\n"


def _measure(measure: Measure, width: int, language: str) -> Iterator[str]:
    asked = f"{measure.name}: {show_counted(measure.name, language)}"
    yield from wrap(asked, width, "  ", "      ")
    if lacking := missing(measure.needs):
        first = say(language, "history.first", names=", ".join(lacking))
        yield from wrap(first, width, "      ")
    if measure.name in OWN:
        in_case = say(language, "history.in-case-where", name=measure.name)
        yield from wrap(in_case, width, "      ")
    elif named := classes_of(measure.name):
        shown = (
            f"{name} ({show_class(where, language)})" if where else name
            for name, where in named.items()
        )  # fmt: skip
        yield from wrap(say(language, "history.in-case", names="; ".join(shown)), width, "      ")


def measure_record(measure: Measure) -> dict[str, object]:
    """A question to history, for `--json`."""
    return {
        "name": measure.name, "title": show_counted(measure.name), "kind": measure.kind,
        "unit": measure.unit, "columns": dict(measure.columns), "needs": list(measure.needs),
        "missing": list(missing(measure.needs)), "cites": list(measure.cites),
        "note": _note(measure, "en"),
    }  # fmt: skip


def _note(measure: Measure, language: str) -> str:
    return say(language, f"rate.note-{measure.note}") if measure.note else ""


def show_rate(answer: Answer, width: int, language: str = "en") -> str:
    """What was asked, the answer in a sentence, and the classes side by side, with what to make of
    their differences."""
    measure = answer.measure
    head = show_counted(measure.name, language)
    if measure.kind != "length":
        head = say(language, "rate.how-often", what=head)
    if answer.before is not None:
        head = say(language, "rate.before", head=head, day=show_date(answer.before, language))
    first = [head[0].upper() + head[1:], _answer(answer, language)]
    notes = [*_undated(answer, language), *_spread(answer, language)]
    if measure.note:
        notes.append(say(language, "rate.note", note=_note(measure, language)))
    notes.append(show_sources(_used(measure), language))
    if own := _own_table(measure):
        notes.append(own_table_words(own, language))
    blocks = ["\n".join(wrap(line, width)) for line in first]
    blocks.append(_table(answer.nested, measure, width, language))
    if answer.groups:
        blocks.append(_table(answer.groups, measure, width, language, is_split=True))
    blocks += ["\n".join(wrap(note, width)) for note in notes]
    if len(answer.nested) == 1 and not answer.groups:
        blocks.append(_columns(measure, width, language))
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def _answer(answer: Answer, language: str) -> str:
    """The narrowest class in a sentence."""
    measure, last = answer.measure, answer.nested[-1]
    where = "; ".join(show_class(_where(each), language) for each in answer.nested[1:])
    narrow = "-narrow" if where else ""
    if last.quantiles is not None:
        low, half, high = (_number(last.quantiles[place], language) for place in (0, 2, 4))
        return say(
            language, f"rate.length{narrow}", number=show_count(last.tally.units, language),
            half=say(language, f"rate.unit-{measure.unit}", count=half), low=low, high=high,
            where=where,
        )  # fmt: skip
    value, pooled = last.tally.estimate, last.pooled
    assert value is not None
    assert pooled is not None
    sign = " %" if measure.kind == "share" else ""
    return say(
        language, f"rate.{measure.kind}{narrow}",
        share=_show(value, measure, language) + sign, range=_range(last, measure, language) + sign,
        happened=show_count(round(last.tally.happened), language), where=where,
        number=show_count(round(last.tally.at_risk), language), unit=_unit(measure, language),
        pooled=_show(pooled.value, measure, language) + sign,
        pooled_range=_range(pooled, measure, language) + sign,
    )  # fmt: skip


def _where(each: Rate) -> str:
    """What narrows a class, without the `and` that ties it to the wider one."""
    return each.words.removeprefix("and ")


def _unit(measure: Measure, language: str) -> str:
    return "" if measure.kind == "share" else say(language, f"rate.unit-{measure.unit}")


def _table(
    rates: Sequence[Rate], measure: Measure, width: int, language: str, *, is_split: bool = False
) -> str:
    """The classes, or the groups into which the narrowest is split by a column."""
    column = rates[0].words.partition(" = ")[0]
    first = show_column(column, language) if is_split else say(language, "rate.head-class")
    names = [
        show_value(column, each.words.partition(" = ")[2], language) if is_split
        else _class(each, place, language)
        for place, each in enumerate(rates)
    ]  # fmt: skip
    if measure.kind == "length":
        heads = [first, "n", *(f"{100 * q:.0f} %" for q in QUANTILES)]
        rows = [
            (name, str(each.tally.units), *(_number(x, language) for x in each.quantiles or ()))
            for name, each in zip(names, rates, strict=True)
        ]
        return show_table(heads, rows, width, right="lrrrrrr")
    exposure = "n" if measure.kind == "share" else say(language, "rate.head-years")
    unit = say(language, f"rate.head-{measure.kind}")
    pooled, own = (say(language, f"rate.head-{name}") for name in ("pooled", "own"))
    heads = [first, "k", exposure, unit, "95 %", pooled, "95 %", own]
    rows = [(name, *_row(each, measure, language)) for name, each in zip(names, rates, strict=True)]
    return show_table(heads, rows, width, right="lrrrlrlr")


def _class(each: Rate, place: int, language: str) -> str:
    if not place:
        return say(language, "class.all")
    where = show_class(_where(each), language)
    return say(language, "rate.and", where=where) if place > 1 else where


def _row(each: Rate, measure: Measure, language: str) -> tuple[str, ...]:
    years = each.tally.at_risk
    count = f"{years:.1f}" if measure.kind == "rate" and years < 1000.0 else f"{years:.0f}"
    value, pooled = each.tally.estimate, each.pooled
    assert value is not None
    assert pooled is not None
    return (
        f"{each.tally.happened:.0f}", as_written(count, language),
        _show(value, measure, language), _range(each, measure, language),
        _show(pooled.value, measure, language), _range(pooled, measure, language),
        f"{100 * pooled.own_weight:.0f} %",
    )  # fmt: skip


def _range(found: Rate | Pooled, measure: Measure, language: str) -> str:
    """An interval, its lower end no finer than the upper one."""
    assert found.low is not None
    assert found.high is not None
    if measure.kind == "share":
        if (
            found.low > 0.99 or found.high < 0.01
        ):  # all of it so near to the end that it takes decimals
            return "–".join(_show(side, measure, language) for side in (found.low, found.high))
        return show_number_range(100 * found.low, 100 * found.high, language)
    places = significant_places(found.high, 2, trim=True)
    least = max(places, significant_places(found.low, 1, trim=True)) if found.low else 0
    low, high = (
        show_number(side, language, places=at)
        for side, at in ((found.low, least), (found.high, places))
    )
    return say(language, "range", low=low, high=high)


def _show(value: float, measure: Measure, language: str) -> str:
    """A share in per cent, without its sign, or a rate."""
    if measure.kind == "rate":
        return as_written(f"{value:.2g}", language)
    percent = 100 * value
    if percent > 99.0:
        return as_written(f"{percent:.1f}".removesuffix(".0"), language)
    text = f"{percent:.2g}" if 0.01 <= percent < 1.0 else f"{percent:.0f}"
    return as_written(text, language)


def _number(value: float, language: str) -> str:
    return as_written(f"{value:.3g}", language)


def _undated(answer: Answer, language: str) -> list[str]:
    """How many were left out since their dates do not say whether they were known in time."""
    return [say(language, "rate.undated", count=answer.undated)] if answer.undated else []


def _spread(answer: Answer, language: str) -> list[str]:
    """How much the answer depends on the choice of class, and what the columns mean."""
    measure = answer.measure
    if measure.kind == "length":
        return []
    notes = []
    if len(answer.nested) > 1:
        inner = [each.pooled.value for each in answer.nested if each.pooled is not None]
        ends = (*answer.spread, min(inner), max(inner))
        low, high, pooled_low, pooled_high = (_show(end, measure, language) for end in ends)
        sign = " %" if measure.kind == "share" else ""
        notes.append(
            say(
                language, "rate.spread", low=low, high=high + sign, pooled_low=pooled_low,
                pooled_high=pooled_high + sign,
            )
        )  # fmt: skip
    legend = say(language, "rate.legend")
    unit = "rate.per-cent" if measure.kind == "share" else "rate.per"
    return [*notes, f"{legend} {say(language, unit, unit=_unit(measure, language))}"]


def _columns(measure: Measure, width: int, language: str) -> str:
    """What a class can be narrowed or split by, as it is typed and in words."""
    example = next(
        (f"{name} = {_values(name)[0]}" for name in measure.columns if _values(name)),
        "year >= 1990",
    )
    lines = wrap(say(language, "rate.columns", example=example), width)
    for name in measure.columns:
        values, words = ", ".join(_values(name)), show_column(name, language)
        form = "rate.column-values" if values else "rate.column"
        lines += wrap(
            say(language, form, name=name, words=words, values=values), width, "  ", "    "
        )
    return "\n".join(lines)


def _values(column: str) -> list[str]:
    """The words that a column may hold."""
    if column == "body":
        return [*BODIES, *(name for name in ADDRESSEES if name not in BODIES)]
    start = f"value.{column}."
    return [name.removeprefix(start) for name in CATALOGUES["en"] if name.startswith(start)]


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
        "undated": answer.undated, "cites": _used(measure), "note": _note(measure, "en"),
        "table": None if own is None else asdict(own),
    }  # fmt: skip


def _used(measure: Measure) -> list[str]:
    """What was counted: our own table, or of the data that it may rest on those that are there."""
    return [name for name in measure.cites if not measure.needs or not missing([name])]


def _own_table(measure: Measure) -> Provenance | None:
    """The table of requests that the user has imported, where one was counted."""
    return imported_table() if NAME in measure.cites else None


def own_table_words(own: Provenance, language: str) -> str:
    """That requests were taken from a table which the user has imported."""
    return say(language, "rate.own-table", file=own.file, count=own.rows)


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
