"""How long leaders last, in tables and records."""

from __future__ import annotations

from itertools import pairwise
from math import exp

from foedus.history.lasting import FEWEST, HORIZONS, Lasting, Survival
from foedus.history.store import missing
from foedus.history.survival import Hazards
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import as_written
from foedus.report.layout import wrap
from foedus.report.outside_view.datasets import show_sources
from foedus.report.outside_view.table import show_table
from foedus.report.phrases.class_words import show_class, show_column, show_value

CHI_SQUARED_95 = 3.841
NORMAL_95 = 1.96
SOURCES = ("archigos", "reign-regimes", "vdem", "ucdp-acd")


def show_survival(answer: Survival, width: int, language: str) -> str:
    """Groups side by side, ways out, and the hazard model, with how soon half are out first."""
    head = say(language, "lasting.head")
    if answer.wheres:
        where = "; ".join(show_class(each, language) for each in answer.wheres)
        head = say(language, "lasting.head-where", where=where)
    lines = [head, *_halves(answer, language)]
    if answer.log_rank is not None:
        apart = "differ" if answer.log_rank > CHI_SQUARED_95 else "alike"
        value = as_written(f"{answer.log_rank:.1f}", language)
        lines.append(say(language, f"lasting.{apart}", value=value))
    blocks = ["\n".join(wrap(line, width)) for line in lines]
    blocks += [_groups(answer, width, language), _ends(answer, width, language)]
    if answer.small:
        few = "; ".join(_name(name, language) for name in answer.small)
        note = say(language, "lasting.small", fewest=FEWEST, names=few)
        blocks.append("\n".join(wrap(note, width)))
    blocks.append(_model(answer, width, language))
    used = [name for name in SOURCES if not missing([name])]
    blocks.append("\n".join(wrap(show_sources(used, language), width)))
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def _name(group: str, language: str) -> str:
    return say(language, "class.all") if group == "all" else show_class(group, language)


def _halves(answer: Survival, language: str) -> list[str]:
    """Within how many years half are out; nothing where fewer than half are known to be."""
    medians = [
        (_name(each.name, language), as_written(f"{each.curve.median:.1f}", language))
        for each in answer.groups
        if each.curve.median is not None
    ]
    if not medians:
        return []
    if len(answer.groups) == 1:
        return [say(language, "lasting.half", median=medians[0][1])]
    groups = [say(language, "lasting.years", median=half, name=name) for name, half in medians]
    return [say(language, "lasting.half-of", groups="; ".join(groups))]


def _groups(answer: Survival, width: int, language: str) -> str:
    names = ("ends", "head-years", "per-year")
    heads = (
        say(language, "lasting.leaders"), "n", *(say(language, f"lasting.{one}") for one in names),
        "95 %", say(language, "lasting.median"),
        *(say(language, "lasting.after", time=f"{time:g}") for time in HORIZONS),
    )  # fmt: skip
    rows = [_group(each, language) for each in answer.groups]
    return show_table(heads, rows, width, right="lrrrrlrrrr")


def _group(each: Lasting, language: str) -> tuple[str, ...]:
    median = each.curve.median
    numbers = (
        f"{each.ends / each.years:.3f}", f"{each.low:.3f}–{each.high:.3f}",
        "" if median is None else f"{median:.1f}",
    )  # fmt: skip
    return (
        _name(each.name, language), str(each.spells), f"{each.ends:.0f}", f"{each.years:.0f}",
        *(as_written(number, language) for number in numbers),
        *(f"{100 * each.curve.at(time):.0f} %" for time in HORIZONS),
    )  # fmt: skip


def _ends(answer: Survival, width: int, language: str) -> str:
    """The share that has ended in each way by the last horizon, and by the first."""
    causes = sorted({cause for each in answer.groups for cause in each.incidence.causes})
    first, last = f"{HORIZONS[0]:g}", f"{HORIZONS[-1]:g}"
    heads = (
        say(language, "lasting.ended", first=first, last=last),
        *(show_value("end", cause, language) for cause in causes),
    )
    rows = []
    for each in answer.groups:
        shares = (
            f"{100 * each.incidence.at(cause, HORIZONS[0]):.0f} %, "
            f"{100 * each.incidence.at(cause, HORIZONS[-1]):.0f} %"
            if cause in each.incidence.causes
            else ""
            for cause in causes
        )
        rows.append((_name(each.name, language), *shares))
    return show_table(heads, rows, width, right="l" + "r" * len(causes))


def _model(answer: Survival, width: int, language: str) -> str:
    model = answer.hazards
    what = say(language, "lasting.hazard")
    if answer.end:
        what = say(language, "lasting.hazard-of", end=show_value("end", answer.end, language))
    rows = [
        (
            _period(start, end, language), as_written(f"{exp(log_rate):.4f}", language),
            _range(float(log_rate), float(error), 4, language),
        )
        for (start, end), log_rate, error in zip(
            _edges(model), model.log_rates, model.log_rate_errors, strict=True
        )
    ]  # fmt: skip
    heads = (what, say(language, "lasting.per-year"), "95 %")
    text = show_table(heads, rows, width, right="lrl")
    if model.names:
        effects = [
            (
                show_column(name, language), as_written(f"×{exp(b):.2f}", language),
                _range(float(b), float(error), 2, language),
            )
            for name, b, error in zip(model.names, model.effects, model.effect_errors, strict=True)
        ]  # fmt: skip
        heads = (say(language, "lasting.times"), say(language, "lasting.factor"), "95 %")
        text += "\n" + show_table(heads, effects, width, right="lrl")
    return text


def _range(log_value: float, error: float, digits: int, language: str) -> str:
    low, high = exp(log_value - NORMAL_95 * error), exp(log_value + NORMAL_95 * error)
    return as_written(f"{low:.{digits}f}–{high:.{digits}f}", language)


def _edges(model: Hazards) -> list[tuple[str, str]]:
    """Where each period of years in office starts and ends; the last one has no end."""
    edges = ["0", *(f"{edge:g}" for edge in model.cuts), ""]
    return list(pairwise(edges))


def _period(start: str, end: str, language: str = "en") -> str:
    start, end = as_written(start, language), as_written(end, language)
    if end:
        return say(language, "lasting.span", start=start, end=end)
    return say(language, "lasting.rest", start=start)


def survival_record(answer: Survival) -> dict[str, object]:
    """The answer for `--json`."""
    model = answer.hazards
    return {
        "where": list(answer.wheres),
        "groups": [
            {
                "name": each.name, "spells": each.spells, "ends": each.ends, "years": each.years,
                "rate": each.ends / each.years, "low": each.low, "high": each.high,
                "median": each.curve.median,
                "survival": {str(time): each.curve.at(time) for time in HORIZONS},
                "ended": {
                    cause: {str(time): each.incidence.at(cause, time) for time in HORIZONS}
                    for cause in each.incidence.causes
                },
            }
            for each in answer.groups
        ],
        "small": list(answer.small),
        "log_rank": answer.log_rank,
        "hazard": {
            "end": answer.end or None,
            "periods": [
                {"years": _period(*edges), "rate": exp(rate), "log_error": float(error)}
                for edges, rate, error in zip(
                    _edges(model), model.log_rates, model.log_rate_errors, strict=True
                )
            ],
            "effects": [
                {"name": name, "factor": exp(b), "log_error": float(error)}
                for name, b, error in zip(
                    model.names, model.effects, model.effect_errors, strict=True
                )
            ],
            "log_likelihood": model.log_likelihood,
        },
    }  # fmt: skip
