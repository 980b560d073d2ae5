"""`foedus whatif`: what a decision changes, how far it is from the expected, what that rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from math import isfinite

from foedus.case.case import Case
from foedus.expr.show import show_expression
from foedus.questions.estimates import estimate_record
from foedus.questions.naturals import Natural
from foedus.questions.other_worlds import OtherWorld
from foedus.questions.placed import Placed
from foedus.questions.what_if import Change
from foedus.questions.worlds import Comparison, Turned
from foedus.report.answers.dated import parting_record
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_count, show_days, show_figure, show_share
from foedus.report.layout import heading, item, wrap
from foedus.report.phrases.answer_text import Measure, measure_of
from foedus.report.phrases.differences import (
    is_clear,
    show_both,
    show_compared,
    show_difference,
    show_range,
)
from foedus.report.phrases.kept_words import show_whose_odds
from foedus.report.phrases.names import (
    event_name,
    label_name,
    question_name,
    reading_name,
    state_name,
)
from foedus.report.phrases.precedents import precedents_record, show_precedents
from foedus.report.what_if.cause_words import show_causes, show_unmoved
from foedus.report.what_if.channel_words import show_channel_basis, show_channels, show_value

MOSTLY_VACUOUS = 0.05
"""A what-if that could not be made in more runs than this says so in its first line."""

FAR = 0.05
"""What happens by itself in fewer runs is far from what the case expects, when it is forced."""

LEAST_GAIN = 1.05
"""A coupling that is worth less is not spoken of."""


def show_change(case: Case, change: Change, language: str = "en", width: int = 80) -> str:
    """What one decision changes, in every question."""

    def causes(one: Comparison) -> Iterable[str]:
        return show_causes(change.causation, one.name, language)

    lines = head(case, change, language, width)
    if is_void(change):
        return "\n".join(lines) + "\n"
    shown = show_comparisons(case, change, causes, frozenset(), language, width)
    lines += ["", *shown, ""]
    lines += wrap(say(language, "what-if.reading"), width)
    for sentence in _basis(case, change, language):
        lines += item(sentence, width)
    return "\n".join(lines) + "\n"


def head(case: Case, found: Change | OtherWorld, language: str, width: int) -> list[str]:
    """The title, what must be said first, what its author says of it, and on which level the answer
    stands."""
    title = say(language, "what-if.title", what_if=name_of(case, found.what_if, language))
    lines = heading(title, width)[1:]
    for sentence in (*show_whose_odds(case, language), *warnings(case, found, language)):
        lines += wrap(sentence, width)
    doc = case.what_ifs[found.what_if].doc.get(language)
    if doc:
        lines += wrap(_as_sentence(doc), width)
    lines += wrap(show_precedents(case, found.what_if, language), width)
    return lines + wrap(level_of(case, found, language), width)


def _as_sentence(text: str) -> str:
    words = " ".join(text.split())
    return words[:1].upper() + words[1:] + ("" if words[-1] in ".?!" else ".")


def level_of(case: Case, found: Change | OtherWorld, language: str) -> str:
    """What is given, and from when on the decision is another."""
    if isinstance(found, Change):
        return say(language, "what-if.level.start")
    if found.as_of is None:
        return say(language, "what-if.level.record")
    date = show_days(case.clock, found.as_of, language)
    return say(language, "what-if.level.policy", date=date)


def change_record(case: Case, change: Change) -> dict[str, object]:
    """What one decision changes, as the JSON contract has it."""
    return {
        "case": change.case,
        "what_if": change.what_if,
        "level": change.level,
        "engine": change.engine,
        "outer": change.outer,
        "inner": change.inner,
        "seed": change.seed,
        "seconds": change.seconds,
        "events": change.events,
        "questions": [comparison_record(one) for one in change.questions],
        "vacuous": list(change.vacuous),
        "naturals": [asdict(one) for one in change.naturals],
        "placed": [asdict(one) for one in change.placed],
        "causation": [asdict(one) for one in change.causation],
        "drawn": None if change.drawn is None else list(change.drawn),
        "channels": [asdict(one) for one in change.channels],
        "parting": parting_record(case, change.parting),
        "precedents": precedents_record(case, change.what_if),
        "warnings": warnings(case, change, "en"),
    }


def comparison_record(one: Comparison, necessity: float | None = None) -> dict[str, object]:
    """One question in both worlds, for machines."""
    difference = estimate_record(one.difference)
    return {
        "name": one.name,
        "kind": one.kind,
        "factual": one.factual.value,
        "counterfactual": one.counterfactual.value,
        "difference": difference["value"],
        "low": difference["low"],
        "high": difference["high"],
        "error": difference["error"],
        "no_range": difference["no_range"],
        "necessity": necessity,
        "gain": one.gain if one.gain is not None and isfinite(one.gain) else None,
        "is_alike": one.is_alike,
        "runs": list(one.runs),
        "never": None if one.never is None else list(one.never),
        "turned": None if one.turned is None else asdict(one.turned),
        "by_explanation": {
            name: estimate_record(part) for name, part in one.by_explanation.items()
        },
    }


def name_of(case: Case, name: str, language: str) -> str:
    """What a what-if is called, as a sentence."""
    what_if = case.what_ifs[name]
    return what_if.label.get(language) if what_if.label else name.replace("-", " ")


def warnings(case: Case, found: Change | OtherWorld, language: str) -> list[str]:
    """What must be said first: far from what is expected, or mostly without effect."""
    told = []
    if not _has_record(case):
        told.append(say(language, "what-if.no-record"))
    elif found.drawn is not None:
        is_later = found.level == "forecast"
        key = "what-if.replaced-from-day" if is_later else "what-if.replaced"
        told.append(say(language, key))
    missed = max(found.vacuous, default=0.0)
    if missed > MOSTLY_VACUOUS:
        key = "what-if.vacuous" if len(found.vacuous) == 1 else "what-if.vacuous-part"
        told.append(say(language, key, share=show_share(missed, None, language)))
        told += _needed(case, found.what_if, language)
    for target, kind, share in _happened(found):
        if kind == "forbid" and share == 0.0:
            which = which_event(case, found, target, language)
            told.append(say(language, "what-if.nothing-to-forbid", which=which))
    for natural in found.naturals:
        expected = 1.0 - natural.share if natural.kind == "forbid" else natural.share
        if expected < FAR:
            reason = show_natural(case, found, natural, language)
            told.append(say(language, "what-if.far", reason=reason))
    for one in found.placed:
        if min(one.share, 1.0 - one.share) < FAR:
            reason = show_placed(case, found, one, language)
            told.append(say(language, "what-if.far", reason=reason))
    return told


def _has_record(case: Case) -> bool:
    return bool(case.evidence or case.claims or case.unit_tables)


def _needed(case: Case, name: str, language: str) -> Iterator[str]:
    """Of each event that a decision brings about, when it can happen at all."""
    for change in case.what_ifs[name].interventions:
        kind, _, _ = change.target.rpartition(".")
        happening = case.events.get(change.target) or case.events.get(kind)
        guard = None if happening is None else happening.kind.guard
        if change.kind == "force" and guard is not None:
            yield say(
                language, "what-if.needed", name=event_name(case, change.target, language),
                guard=show_expression(guard),
            )  # fmt: skip


def is_void(found: Change | OtherWorld) -> bool:
    """Whether no part of a decision could be made in any run, so that there is nothing to say."""
    return min(found.vacuous, default=0.0) >= 1.0


def _happened(found: Change | OtherWorld) -> Sequence[tuple[str, str, float]]:
    """How often the events of a decision happen by themselves in the runs that are compared."""
    if isinstance(found, OtherWorld):
        return found.happened
    return [(one.target, one.kind, one.share) for one in found.naturals]


def show_natural(case: Case, found: Change | OtherWorld, natural: Natural, language: str) -> str:
    """How often what is forced or forbidden happens by itself."""
    is_sure = natural.kind == "forbid" and natural.share == 1.0
    return say(
        language, f"what-if.natural.{natural.kind}{'-all' if is_sure else ''}",
        which=which_event(case, found, natural.target, language),
        share=show_share(natural.share, natural.error, language),
    )  # fmt: skip


def show_placed(case: Case, found: Change | OtherWorld, one: Placed, language: str) -> str:
    """How far out a parameter is set, of what is believed of it."""
    side, share = ("above", one.share) if one.share >= 0.5 else ("below", 1.0 - one.share)
    return say(
        language, f"what-if.placed.{side}{'-all' if share == 1.0 else ''}", name=one.parameter,
        value=show_value(case, found, one.parameter, one.value, language),
        share=show_share(share, None, language),
    )  # fmt: skip


def which_event(case: Case, found: Change | OtherWorld, target: str, language: str) -> str:
    """Which event it is, in brackets, where a decision is on several."""
    if len(found.naturals) < 2:
        return ""
    event, _, labels = target.removesuffix("]").partition("[")
    named = state_name if event in case.state else event_name
    names = [named(case, event, language)]
    names += [label_name(case, label, language) for label in labels.split(", ") if label]
    return f" ({': '.join(names)})"


def show_comparisons(
    case: Case, found: Change | OtherWorld, causes: Callable[[Comparison], Iterable[str]],
    kept: frozenset[str], language: str, width: int,
) -> Iterator[str]:  # fmt: skip
    """What a decision moves, question by question; then what it does not.

    `causes` says what is to be said of causation; the questions `kept` are shown even if not moved,
    in short if moved in no run.
    """
    still, few, firm = [], [], []
    most = max((max(one.runs) for one in found.questions), default=0)
    for number, one in enumerate(found.questions):
        name = question_name(case, one.name, language)
        if one.difference.value is None:
            few.append(name)
        elif not is_clear(one.difference) and one.name not in kept:
            still.append(name)
        elif one.difference.value == 0.0 and not one.difference.error:
            firm.append(one.name)
        else:
            yield from wrap(name, width)
            lines = [*_moved(case, one, most, language), *causes(one)]
            lines += show_channels(case, found, one.name, number, language)
            for line in lines:
                yield from wrap(line, width, "    ")
    if firm and isinstance(found, OtherWorld):
        yield from wrap(show_unmoved(case, found, firm, language), width)
    for key, names in (("what-if.still", still), ("what-if.nothing", few)):
        if names:
            yield from wrap(say(language, key, names="; ".join(names)), width)


def _moved(case: Case, one: Comparison, most: int, language: str) -> Iterator[str]:
    """What a decision moves in one answer; `most` runs count where a question has no condition."""
    measure = measure_of(case.questions[one.name])
    before, after = show_both(one, measure, language)
    is_apart = not one.is_alike and one.difference.low is not None
    yield say(
        language, "what-if.moved-apart" if is_apart else "what-if.moved",
        factual=before, changed=after,
        difference=show_compared(one, measure, language),
        range=show_range(one.difference, measure, language),
    )  # fmt: skip
    if one.runs != (most, most):
        factual, changed = (show_count(count, language) for count in one.runs)
        whole = show_count(most, language)
        yield say(language, "what-if.runs-that-count", factual=factual, changed=changed, most=whole)
    if one.turned is not None:
        yield from _turned(one.turned, language)
    if any(part.value or part.error for part in one.by_explanation.values()):
        yield _under_each(case, one, measure, language)
    if one.gain is not None and isfinite(one.gain) and abs(one.gain - 1.0) > LEAST_GAIN - 1.0:
        yield say(language, "what-if.gain", gain=show_figure(one.gain, language))


def _under_each(case: Case, one: Comparison, measure: Measure, language: str) -> str:
    """The difference under each explanation; in short where all say the same."""
    shown = {
        name: show_difference(part, measure, language) for name, part in one.by_explanation.items()
    }
    if set(shown.values()) == {show_difference(one.difference, measure, language)}:
        return say(language, "what-if.under-all")
    parts = [
        say(
            language, "what-if.under-one", name=reading_name(case, name, language), difference=part
        )
        for name, part in shown.items()
    ]  # fmt: skip
    return say(language, "what-if.under", parts="; ".join(parts))


def _turned(turned: Turned, language: str) -> Iterator[str]:
    yes = show_share(turned.to_yes, turned.to_yes_error, language)
    no = show_share(turned.to_no, turned.to_no_error, language)
    if turned.to_yes > 0.0 and turned.to_no > 0.0:
        yield say(language, "what-if.turned", yes=yes, no=no)
    elif turned.to_yes > 0.0:
        yield say(language, "what-if.turned-to-yes", yes=yes)
    elif turned.to_no > 0.0:
        yield say(language, "what-if.turned-to-no", no=no)


def show_replaced(case: Case, found: Change | OtherWorld, language: str) -> Iterator[str]:
    """What stands behind a mechanism in the place of another, and what does not."""
    if found.drawn is None:
        return
    yield say(language, "what-if.odds")
    is_later = found.level == "forecast"  # of which no record tells yet
    if _has_record(case) and not is_later:
        yield say(language, "what-if.odds-weighed")
    if isinstance(found, OtherWorld):
        yield say(language, "what-if.shared")
        if is_later:
            yield say(language, "what-if.goes-on")
        if found.drawn:
            names = ", ".join(found.drawn)
            yield say(language, "what-if.drawn", count=len(found.drawn), names=names)


def _basis(case: Case, change: Change, language: str) -> Iterator[str]:
    for natural in change.naturals:
        yield show_natural(case, change, natural, language)
    for one in change.placed:
        yield show_placed(case, change, one, language)
    yield from show_replaced(case, change, language)
    yield show_channel_basis(change.channels, language)
    if change.parting is not None:
        parted = show_share(change.parting.shares[-1], None, language)
        yield say(language, "what-if.parted", share=parted)
    atoms = sum(1 for belief in case.atoms if belief.atom.prior > 0.0) or 1
    yield say(
        language, "what-if.runs",
        total=say(language, "what-if.pairs", count=change.outer * change.inner * atoms),
        outer=say(language, "run.outer", count=change.outer),
        inner=say(language, "run.inner", count=change.inner),
        atoms="" if atoms == 1 else say(language, "what-if.atoms", count=atoms),
        seed=change.seed, engine=change.engine,
    )  # fmt: skip
