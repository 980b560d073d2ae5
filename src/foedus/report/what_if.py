"""`foedus whatif`: what a decision changes, how far it is from the expected, what that rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from math import inf, isfinite
from string import ascii_uppercase

from foedus.case.case import Case
from foedus.questions.estimates import Estimate
from foedus.questions.what_if import Change
from foedus.questions.worlds import Comparison, Turned
from foedus.report.answer_text import NOTHING, Measure, measure_of, show_estimate_of
from foedus.report.catalogue import say
from foedus.report.layout import fits, heading, item, table, wrap
from foedus.report.names import question_name, reading_name
from foedus.report.numbers import (
    show_count,
    show_duration,
    show_estimate,
    show_figure,
    show_share,
)

MOSTLY_VACUOUS = 0.05
"""A what-if that could not be made in more runs than this says so in its first line."""

FAR = 0.05
"""What happens by itself in fewer runs is far from what the case expects, when it is forced."""

CLEAR = 2.0
"""A difference is clear of chance from so many standard errors on."""


def show_change(case: Case, change: Change, language: str = "en", width: int = 80) -> str:
    """What one decision changes, in every question."""
    title = say(language, "what-if.title", what_if=name_of(case, change.what_if, language))
    lines = heading(title, width)[1:]
    for sentence in warnings(case, change, language):
        lines += wrap(sentence, width)
    lines += wrap(say(language, "what-if.level.start"), width)
    lines += ["", *show_comparisons(case, change.questions, {}, language, width), ""]
    lines += wrap(say(language, "what-if.reading"), width)
    for sentence in _basis(case, change, language):
        lines += item(sentence, width)
    return "\n".join(lines) + "\n"


def show_table(case: Case, changes: Sequence[Change], language: str = "en", width: int = 80) -> str:
    """Decisions against questions: the answers as they are, and what each decision changes."""
    title = say(language, "what-if.table.title", title=case.title.get(language))
    lines = heading(title, width)[1:]
    letters = dict(zip(range(len(changes)), ascii_uppercase, strict=False))
    for place, letter in letters.items():
        name = name_of(case, changes[place].what_if, language)
        lines += wrap(say(language, "what-if.table.letter", letter=letter, name=name), width)
    rows = [["", say(language, "what-if.table.as-it-is"), *letters.values()]]
    for number, first in enumerate(changes[0].questions):
        measure = measure_of(case.questions[first.name])
        cells = [
            _short(changes[place].questions[number].difference, measure, language)
            for place in letters
        ]
        value = show_estimate_of(first.factual, measure, language)[0]
        rows.append([question_name(case, first.name, language), value, *cells])
    lines += ["", *_as_table(rows, width), ""]
    lines += wrap(say(language, "what-if.table.reading"), width)
    return "\n".join(lines) + "\n"


def change_record(case: Case, change: Change) -> dict[str, object]:
    """What one decision changes, as the JSON contract has it."""
    return {
        "case": change.case,
        "what_if": change.what_if,
        "level": "interventional",
        "engine": change.engine,
        "outer": change.outer,
        "inner": change.inner,
        "seed": change.seed,
        "seconds": change.seconds,
        "events": change.events,
        "questions": [comparison_record(one) for one in change.questions],
        "vacuous": list(change.vacuous),
        "naturals": [asdict(one) for one in change.naturals],
        "parting": None if change.parting is None else asdict(change.parting),
        "warnings": warnings(case, change, "en"),
    }


def comparison_record(one: Comparison, necessity: float | None = None) -> dict[str, object]:
    """One question in both worlds, for machines."""
    difference = one.difference
    return {
        "name": one.name,
        "kind": one.kind,
        "factual": one.factual.value,
        "counterfactual": one.counterfactual.value,
        "difference": difference.value,
        "low": difference.low,
        "high": difference.high,
        "error": difference.error,
        "necessity": necessity,
        "gain": one.gain if one.gain is not None and isfinite(one.gain) else None,
        "turned": None if one.turned is None else asdict(one.turned),
        "by_explanation": {name: asdict(part) for name, part in one.by_explanation.items()},
    }


def name_of(case: Case, name: str, language: str) -> str:
    """What a what-if is called, as a sentence."""
    what_if = case.what_ifs[name]
    return what_if.label.get(language) if what_if.label else name.replace("-", " ")


def warnings(case: Case, change: Change, language: str) -> list[str]:
    """What must be said first: far from what is expected, or mostly without effect."""
    found = []
    missed = max(change.vacuous, default=0.0)
    if missed > MOSTLY_VACUOUS:
        found.append(say(language, "what-if.vacuous", share=show_share(missed, None, language)))
    for natural in change.naturals:
        expected = natural.share if natural.kind == "force" else 1.0 - natural.share
        if expected < FAR:
            shown = show_share(natural.share, natural.error, language)
            reason = say(language, f"what-if.natural.{natural.kind}", share=shown)
            found.append(say(language, "what-if.far", reason=reason))
    return found


def show_comparisons(
    case: Case, questions: Sequence[Comparison], necessity: Mapping[str, float], language: str,
    width: int,
) -> Iterator[str]:  # fmt: skip
    """What a decision moves, question by question; then what it does not."""
    still, few = [], []
    for one in questions:
        name = question_name(case, one.name, language)
        if one.difference.value is None:
            few.append(name)
        elif not is_clear(one.difference) and one.name not in necessity:
            still.append(name)
        else:
            yield from wrap(name, width)
            for line in _moved(case, one, language):
                yield from wrap(line, width, "    ")
            if one.name in necessity:
                share = show_share(necessity[one.name], one.difference.error, language)
                line = say(language, "what-if.necessity", share=share)
                yield from wrap(line, width, "    ")
    for key, names in (("what-if.still", still), ("what-if.nothing", few)):
        if names:
            yield from wrap(say(language, key, names="; ".join(names)), width)


def _as_table(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    if fits(rows, width):
        yield from table(rows, width, right=range(1, len(rows[0])))
        return
    for row in rows[1:]:
        yield from wrap(row[0], width)
        pairs = zip(rows[0][1:], row[1:], strict=True)
        yield from wrap("  ".join(f"{head}: {cell}" for head, cell in pairs), width, "    ")


def _moved(case: Case, one: Comparison, language: str) -> Iterator[str]:
    measure = measure_of(case.questions[one.name])
    before, after = (
        show_estimate_of(estimate, measure, language)[0]
        for estimate in (one.factual, one.counterfactual)
    )
    yield say(
        language, "what-if.moved", factual=before, changed=after,
        difference=show_difference(one.difference, measure, language),
        range=_range(one.difference, measure, language),
    )  # fmt: skip
    if one.turned is not None:
        yield from _turned(one.turned, language)
    if one.by_explanation:
        parts = [
            say(
                language, "what-if.under-one", name=reading_name(case, name, language),
                difference=show_difference(part, measure, language),
            )
            for name, part in one.by_explanation.items()
        ]  # fmt: skip
        yield say(language, "what-if.under", parts="; ".join(parts))


def _turned(turned: Turned, language: str) -> Iterator[str]:
    yes = show_share(turned.to_yes, turned.to_yes_error, language)
    no = show_share(turned.to_no, turned.to_no_error, language)
    if turned.to_yes > 0.0 and turned.to_no > 0.0:
        yield say(language, "what-if.turned", yes=yes, no=no)
    elif turned.to_yes > 0.0:
        yield say(language, "what-if.turned-to-yes", yes=yes)
    elif turned.to_no > 0.0:
        yield say(language, "what-if.turned-to-no", no=no)


def is_clear(difference: Estimate) -> bool:
    """Whether a difference is clear of chance."""
    if difference.value is None or difference.value == 0.0:
        return False
    return abs(difference.value) > CLEAR * (difference.error or 0.0)


def show_difference(difference: Estimate, measure: Measure, language: str) -> str:
    """A difference with its sign and error; in words where there is none, or none resolved."""
    if difference.value is None:
        return NOTHING
    if difference.value == 0.0 and not difference.error:
        return say(language, "what-if.no-change")
    number = _signed(difference.value, difference.error, measure, language)
    if measure == "probability":
        number = say(language, "what-if.points", number=number)
    if not is_clear(difference):
        return say(language, "what-if.unresolved", number=number)
    return number


def _short(difference: Estimate, measure: Measure, language: str) -> str:
    """A difference for the cell of a table."""
    if difference.value is None:
        return NOTHING
    if difference.value == 0.0 and not difference.error:
        return "0"
    if not is_clear(difference):
        return "·"
    return _plain(difference.value, difference.error, measure, language)


def _signed(value: float, error: float | None, measure: Measure, language: str) -> str:
    shown = _plain(value, error, measure, language)
    if not error:
        return shown
    margin = _margin(error, measure, language)
    return say(language, "what-if.with-error", value=shown, error=margin)


def _plain(value: float, error: float | None, measure: Measure, language: str) -> str:
    sign = "−" if value < 0.0 else "+"
    size = abs(value)
    if measure == "probability":
        scaled = None if error is None else 100.0 * error
        return sign + show_estimate(100.0 * size, scaled, language)
    if measure == "duration":
        return sign + show_duration(size, error, language)
    shown = show_estimate(size, error, language)
    return sign + (say(language, "per-day", number=shown) if measure == "rate" else shown)


def _margin(error: float, measure: Measure, language: str) -> str:
    if measure == "duration":
        return show_duration(error, None, language)
    return show_figure(100.0 * error if measure == "probability" else error, language, 1)


def _range(difference: Estimate, measure: Measure, language: str) -> str:
    low, high = difference.low, difference.high
    if difference.value is None or low is None or high is None:
        return NOTHING
    if low == high == 0.0:
        return "0"
    first, last = (_plain(side, difference.error, measure, language) for side in (low, high))
    return first if first == last else say(language, "range.spaced", low=first, high=last)


def _basis(case: Case, change: Change, language: str) -> Iterator[str]:
    for natural in change.naturals:
        share = show_share(natural.share, natural.error, language)
        yield say(language, f"what-if.natural.{natural.kind}", share=share)
    if change.parting is not None:
        parted = show_share(change.parting.shares[-1], None, language)
        yield say(language, "what-if.parted", share=parted)
    gains = [one.gain for one in change.questions if one.gain is not None and one.gain < inf]
    if gains:
        low, high = (show_figure(side, language) for side in (min(gains), max(gains)))
        key = "what-if.gain" if low != high else "what-if.gain-one"
        yield say(language, key, low=low, high=high, gain=low)
    atoms = sum(1 for belief in case.atoms if belief.atom.prior > 0.0) or 1
    yield say(
        language, "what-if.runs", total=show_count(change.outer * change.inner * atoms, language),
        outer=show_count(change.outer, language), inner=show_count(change.inner, language),
        atoms=atoms, seed=change.seed, engine=change.engine,
    )  # fmt: skip
