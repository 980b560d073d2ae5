"""What `foedus weigh` prints: first what a verdict rests on, then the rest; in short for `run`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf, isfinite

from foedus.case.case import Case
from foedus.infer.islands.standings import Standing
from foedus.infer.verdict.decibels import (
    against_average,
    decibels,
    is_clear,
    spreads_against_average,
)
from foedus.infer.verdict.verdict import Verdict, Weight
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import (
    show_days,
    show_estimate,
    show_figure,
    show_number,
    show_share,
    show_share_range,
)
from foedus.report.layout import fits, heading, item, letters, table, wrap
from foedus.report.phrases.names import (
    headed,
    named_number,
    origin_name,
    reading_name,
)
from foedus.report.phrases.pieces import dated_piece
from foedus.report.verdict.turning_words import (
    open_sentences,
    staying_groups,
    staying_sentence,
    turning_sentences,
)
from foedus.report.verdict.verdict_words import (
    FEW,
    clue_sentences,
    confidence_sentence,
    for_and_against,
    verdict_sentences,
    weight_notes,
    whose_priors,
)
from foedus.report.verdict.weight_words import show_decibels

SMALL = 1.0
"""Decibels; a piece of evidence that moves no explanation by more is not printed."""

REGISTER = 8
"""Assumptions that are named."""

NAMED = 3
"""Pieces for and against, and changes that turn it, that are named where it is told in short."""


def show_verdict(case: Case, verdict: Verdict, language: str = "en", width: int = 80) -> str:
    """A verdict in plain text."""
    lines = [*_title(case, verdict, language, width)]
    lines += heading(say(language, "verdict.basis"), width)
    lines += _basis(case, verdict, language, width)
    lines += heading(say(language, "verdict.standings"), width)
    lines += _standings(case, verdict, language, width)
    lines += heading(say(language, "verdict.items"), width)
    lines += _weights(case, verdict, language, width)
    lines += heading(say(language, "verdict.flips"), width)
    for sentence in turning_sentences(case, verdict, language):
        lines += item(sentence, width)
    if staying := list(staying_groups(verdict, language)):
        lines += item(staying_sentence(case, verdict, language), width)
        for sentence in staying:
            lines += item(sentence, width, "  ")
    for sentence in open_sentences(case, verdict, language):
        lines += item(sentence, width)
    lines += _register(case, verdict, language, width)
    lines += _origins(case, verdict, language, width)
    if verdict.clues:
        lines += heading(say(language, "verdict.clues"), width)
        for sentence in clue_sentences(case, verdict, language):
            lines += item(sentence, width)
        lines += wrap(say(language, "verdict.clues-note"), width)
    lines += ["", *wrap(_how(verdict, language), width)]
    if (apart := _apart(verdict, language)) is not None:
        lines += wrap(apart, width)
    return "\n".join(lines) + "\n"


def verdict_in_short(case: Case, verdict: Verdict, language: str, width: int = 80) -> Iterator[str]:
    """A verdict in few lines: how it stands, what speaks for and against it, what would turn it."""
    yield from heading(say(language, "verdict.question"), width)
    for sentence in whose_priors(case, verdict, language):
        yield from item(sentence, width)
    yield from _basis(case, verdict, language, width)
    yield ""
    yield from _standings(case, verdict, language, width)
    yield ""
    yield from _for_and_against(case, verdict, language, width, NAMED)
    for sentence in turning_sentences(case, verdict, language, NAMED):
        yield from item(sentence, width)
    for sentence in open_sentences(case, verdict, language):
        yield from item(sentence, width)
    yield from wrap(say(language, "verdict.more", case=case.source.in_commands), width)


def _for_and_against(
    case: Case, verdict: Verdict, language: str, width: int, most: int
) -> Iterator[str]:
    for sentence, pieces in for_and_against(case, verdict, language, most):
        yield from item(sentence, width)
        for piece in pieces:
            yield from item(piece, width, "  ")
    for note in weight_notes(case, verdict, language):
        yield from wrap(note, width)


def _basis(case: Case, verdict: Verdict, language: str, width: int) -> Iterator[str]:
    for sentence in verdict_sentences(case, verdict, language):
        yield from item(sentence, width)
    yield from item(confidence_sentence(case, verdict, language), width)


def _title(case: Case, verdict: Verdict, language: str, width: int) -> Iterator[str]:
    title = say(language, "verdict.title", title=headed(case, language))
    lines = wrap(title, width)
    yield from lines
    yield "=" * max(len(line) for line in lines)
    if verdict.as_of is not None:
        date = show_days(case.clock, verdict.as_of, language)
        yield from wrap(say(language, "verdict.as-of", date=date), width)
    if whose := " ".join(whose_priors(case, verdict, language)):
        yield from wrap(whose, width)


def _standings(case: Case, verdict: Verdict, language: str, width: int) -> Iterator[str]:
    head = ["", *(say(language, f"verdict.columns.{c}") for c in COLUMNS)]
    rivals = [one for one in verdict.standings if one.is_rival]
    sets = [one for one in verdict.standings if not one.is_rival]
    never = say(language, "verdict.never" if verdict.method == "exact" else "verdict.not-met")
    rows = [head, *(_standing(case, one, never, language) for one in rivals)]
    yield from _table_or_list(rows, width)
    if sets:
        yield ""
        yield from wrap(say(language, "verdict.sets"), width)
        yield from _table_or_list(
            [head, *(_standing(case, s, never, language) for s in sets)], width
        )
    note = "verdict.standings-exact" if verdict.method == "exact" else "verdict.standings-note"
    yield from wrap(say(language, note), width)


COLUMNS = ("prior", "evidence", "posterior", "range")


def _standing(case: Case, one: Standing, never: str, language: str) -> list[str]:
    evidence = never
    if one.log_evidence > -inf:
        evidence = say(
            language, "verdict.estimate", value=show_number(one.log_evidence, language, places=1),
            error=show_number(one.error, language, places=1 if one.error >= 0.095 else 2),
        )  # fmt: skip
    return [
        reading_name(case, one.name, language),
        show_share(one.prior, None, language),
        evidence,
        show_share(one.posterior, max(0.005, (one.high - one.low) / 4.0), language),
        show_share_range(one.low, one.high, language),
    ]


def _table_or_list(rows: list[list[str]], width: int) -> Iterator[str]:
    if fits(rows, width):
        yield from table(rows, width, right=range(1, len(rows[0])))
        return
    for row in rows[1:]:
        yield from wrap(row[0], width)
        pairs = zip(rows[0][1:], row[1:], strict=True)
        listed = ", ".join(f"{name}\N{NO-BREAK SPACE}{value}" for name, value in pairs)
        yield from wrap(listed, width, "    ")


def _weights(case: Case, verdict: Verdict, language: str, width: int) -> Iterator[str]:
    rivals = [one for one in verdict.standings if one.is_rival]
    named = letters(len(rivals))
    for letter, one in zip(named, rivals, strict=True):
        yield from wrap(f"{letter}  {reading_name(case, one.name, language)}", width, "  ", "     ")
    shown, small = [], 0
    for weight in verdict.weights:
        moved = against_average(weight, verdict.standings)
        if any(abs(value) > SMALL for value in moved.values()):
            values = _decibels(weight, moved, verdict, language)
            shown.append([dated_piece(case, weight, language), *values])
        else:
            small += 1
    if shown:
        yield from _table_or_list([["", *named], *shown], width)
    step, factor = show_number(10.0, language, places=0), show_number(10.0, language, places=0)
    yield from wrap(say(language, "verdict.items-note", step=step, factor=factor), width)
    if any(weight.runs is not None for weight in verdict.weights):
        yield from wrap(say(language, "verdict.items-error"), width)
    if small:
        limit = show_number(SMALL, language, places=0)
        yield from wrap(say(language, "verdict.small", count=small, limit=limit), width)
    yield ""
    yield from _for_and_against(case, verdict, language, width, FEW)


def _decibels(
    weight: Weight, moved: Mapping[str, float], verdict: Verdict, language: str
) -> list[str]:
    """What a piece weighs for each; in parentheses where sampling alone could make as much."""
    spreads, found = spreads_against_average(weight, verdict.standings), []
    for name, value in moved.items():
        shown = show_decibels(value / decibels(1.0), language, signed=True)
        is_plain = not isfinite(value) or is_clear(weight, value, spreads[name])
        found.append(shown if is_plain else f"({shown})")
    return found


def _register(case: Case, verdict: Verdict, language: str, width: int) -> Iterator[str]:
    known = [one for one in verdict.marginals if one.moves is not None and isfinite(one.moves)]
    if not known:
        return
    yield from heading(say(language, "verdict.register"), width)
    moving = [one for one in known if not one.is_noise]
    for one in moving[:REGISTER]:
        shown = show_decibels(one.moves or 0.0, language, signed=True)
        name = named_number(case, one.name, language)
        yield from item(say(language, "verdict.register-one", name=name, decibels=shown), width)
    if len(moving) < len(known):
        what = "verdict.register-noise" if moving else "verdict.register-nothing"
        yield from item(say(language, what, count=len(known) - len(moving)), width)


def _origins(case: Case, verdict: Verdict, language: str, width: int) -> Iterator[str]:
    if not verdict.origins:
        return
    yield from heading(say(language, "verdict.origins"), width)
    for one in verdict.origins:
        yield from item(
            say(
                language, "verdict.origin", name=origin_name(case, one.origin, language),
                prior=show_share(one.prior, 0.005, language),
                posterior=show_share(one.posterior, 0.005, language),
            ),
            width,
        )  # fmt: skip


def _apart(verdict: Verdict, language: str) -> str | None:
    """What the particles do not say reliably, though they tell the explanations apart."""
    found = [one for one in verdict.marginals if one.is_unsettled]
    if verdict.method == "exact" or not found:
        return None
    worst = max(found, key=lambda one: one.rhat)
    return say(
        language, "verdict.apart", count=len(found), all=len(verdict.marginals),
        name=worst.name, rhat=show_figure(worst.rhat, language, 2),
    )  # fmt: skip


def _how(verdict: Verdict, language: str) -> str:
    accuracy = verdict.accuracy
    if verdict.method == "exact" or accuracy.smallest_overlap is None:
        return say(language, "verdict.how-exact")
    how = say(
        language, "verdict.how", particles=show_number(accuracy.particles, language, places=0),
        islands=accuracy.islands, seed=verdict.seed,
        size=show_estimate(accuracy.smallest_size or 0.0, None, language),
        overlap=show_figure(accuracy.smallest_overlap, language, 2),
        rhat="–" if accuracy.rhat is None else show_figure(accuracy.rhat, language, 3),
    )  # fmt: skip
    return f"{how} {say(language, 'verdict.lost', count=accuracy.lost)}" if accuracy.lost else how
