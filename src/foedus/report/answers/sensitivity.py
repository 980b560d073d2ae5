"""`foedus sensitivity`: what drives the answers, as a table under each question."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from foedus.case.case import Case
from foedus.questions.sensitivity import EXPLANATION, OTHERS, Drivers, Effect, Sensitivity
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import (
    show_count,
    show_duration,
    show_estimate,
    show_figure,
    show_number,
    show_share,
)
from foedus.report.layout import fits, heading, table, wrap
from foedus.report.phrases.answer_text import Measure, measure_of
from foedus.report.phrases.kept_words import show_courses_made
from foedus.report.phrases.names import headed, parameter_name, question_name

CLEAR = 2.0
"""So many standard errors off nothing, an effect is clear of chance."""

MOST = 6
"""So many of the strongest assumptions are shown for each question, and all others together."""


def show_sensitivity(case: Case, found: Sensitivity, language: str = "en", width: int = 80) -> str:
    """What drives each answer: shares of its uncertainty, and which way each assumption pushes."""
    lines = heading(say(language, "drivers.title", title=headed(case, language)), width)[1:]
    reading = "drivers.reading-record" if found.is_given_record else "drivers.reading"
    lines += wrap(say(language, reading), width)
    for drivers in found.questions:
        lines += ["", *wrap(question_name(case, drivers.question, language), width)]
        lines += _question(case, drivers, language, width)
    ending, what = ("-record", "varying") if found.is_given_record else ("", "uncertain")
    uncertain = say(language, f"drivers.{what}", count=found.uncertain)
    basis = say(
        language, f"drivers.basis{ending}", rows=show_count(found.rows, language),
        uncertain=uncertain,
        runs=show_count(found.runs, language), seed=found.seed, engine=found.engine,
    )  # fmt: skip
    basis = " ".join([basis, *show_courses_made(found.made, language)])
    return "\n".join([*lines, "", *wrap(basis, width)]) + "\n"


def sensitivity_record(found: Sensitivity) -> dict[str, object]:
    """What drives the answers, for machines; of a slope also how large it is at most."""
    questions = []
    for drivers in found.questions:
        effects = [{**asdict(one), "slope_at_most": _slope_at_most(one)} for one in drivers.effects]
        questions.append({**asdict(drivers), "effects": effects})
    return {**asdict(found), "questions": questions}


def _slope_at_most(effect: Effect) -> float | None:
    """How large a slope is at most, up or down, by two standard errors; None without one."""
    if effect.slope is None or effect.slope_error is None:
        return None
    return abs(effect.slope) + CLEAR * effect.slope_error


def shown_effects(drivers: Drivers) -> tuple[Effect, ...]:
    """The effects worth showing: the strongest that are clear of chance, then all others."""
    clear = [one for one in drivers.effects if one.input != OTHERS and is_clear(one)]
    others = [one for one in drivers.effects if one.input == OTHERS]
    return (*clear[:MOST], *others)


def is_clear(effect: Effect) -> bool:
    """Whether a share is larger than two of its standard errors."""
    return effect.total > CLEAR * effect.total_error


def input_name(name: str, language: str) -> str:
    """What an input is called."""
    special = {EXPLANATION: "drivers.explanation", OTHERS: "drivers.others"}
    return say(language, special[name]) if name in special else name


def input_words(case: Case, name: str, language: str) -> tuple[str, str]:
    """What an input is called in words, and its name where that is another."""
    shown = input_name(name, language)
    if shown != name:
        return shown, ""
    words = parameter_name(case, name, language)
    return words, "" if words == name else name


def _question(case: Case, drivers: Drivers, language: str, width: int) -> Iterator[str]:
    if drivers.mean is None or drivers.spread is None:
        yield from wrap(say(language, "drivers.undefined"), width, "  ")
        return
    measure = measure_of(case.questions[drivers.question])
    value = _amount(drivers.mean, drivers.spread / 10.0, measure, language)
    spread = _step(drivers.spread, None, measure, language)
    yield from wrap(say(language, "drivers.spread", value=value, spread=spread), width, "  ")
    if drivers.is_conditional:
        yield from wrap(say(language, "drivers.both"), width, "  ")
    shown = shown_effects(drivers)
    if not drivers.effects:
        yield from wrap(say(language, "drivers.nothing"), width, "  ")
    elif all(one.input == OTHERS for one in shown) and not any(is_clear(one) for one in shown):
        yield from wrap(say(language, "drivers.unresolved"), width, "  ")
    else:
        yield from _table(case, shown, measure, drivers.spread, language, width)
        hidden = len(drivers.effects) - len(shown)
        if hidden:
            yield from wrap(say(language, "drivers.more", count=hidden), width, "  ")


def _table(
    case: Case, effects: Sequence[Effect], measure: Measure, spread: float, language: str,
    width: int,
) -> Iterator[str]:  # fmt: skip
    """The effects; steps of a length of time are in the unit of the answer's `spread`."""
    columns = ("share", "alone", "step")
    rows = [["", *(say(language, f"drivers.column.{one}") for one in columns)]]
    for effect in effects:
        step, (words, name) = "", input_words(case, effect.input, language)
        if effect.slope is not None and effect.slope_error is not None:
            step = _step(effect.slope, effect.slope_error, measure, language, spread)
        rows.append([
            say(language, "drivers.input", words=words, name=name) if name else words,
            _share(effect.total, effect.total_error, language),
            _share(effect.first, effect.first_error, language),
            step,
        ])  # fmt: skip
    if fits(rows, width - 2):
        for line in table(rows, width - 2, right=(1, 2, 3)):
            yield f"  {line}"
        return
    for row in rows[1:]:
        yield from wrap(row[0], width, "  ")
        pairs = zip(rows[0][1:], row[1:], strict=True)
        yield from wrap("; ".join(f"{a}: {b}" for a, b in pairs if b), width, "    ")


def _share(value: float, error: float, language: str) -> str:
    """A share with its error, in whole percents; what chance makes negative is nothing."""
    shown = show_number(100.0 * min(max(value, 0.0), 1.0), language, places=0)
    margin = show_number(max(100.0 * error, 1.0), language, places=0)
    text = say(language, "drivers.with-error", value=shown, error=margin)
    return say(language, "share", number=text)


def _amount(value: float, error: float, measure: Measure, language: str) -> str:
    if measure == "probability":
        return show_share(min(max(value, 0.0), 1.0), None, language)
    if measure == "duration":
        return show_duration(value, error, language)
    shown = show_estimate(value, error, language)
    return say(language, "per-day", number=shown) if measure == "rate" else shown


def _step(
    value: float, error: float | None, measure: Measure, language: str, like: float | None = None
) -> str:
    """A change of an answer, with a sign if it has an error; where it is noise, the most it may be.

    That is two standard errors beyond what was found, rounded up.
    """
    if error is not None and error > 0.0 and abs(value) <= CLEAR * error:
        most = _rounded_up(abs(value) + CLEAR * error)
        step = _step(most, None, measure, language, like)
        return say(language, "drivers.at-most", step=step)
    if value == 0.0:
        return "0"
    sign = "" if error is None else ("+" if value > 0.0 else "−")
    if measure == "probability":
        number = show_figure(100.0 * abs(value), language, 2)
        return say(language, "drivers.points", count=sign + number)
    if measure == "duration":
        return sign + show_duration(abs(value), error, language, like)
    shown = show_figure(abs(value), language, 2)
    return sign + (say(language, "per-day", number=shown) if measure == "rate" else shown)


def _rounded_up(value: float) -> float:
    """A positive number with two significant digits, no less than it."""
    power = math.floor(math.log10(value)) - 1
    digits = math.ceil(round(value / 10.0**power, 6))
    return float(f"{digits}e{power}")
