"""The sentences of a verdict: what it rests on, what would turn it, how sure one may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf, log

from foedus.case.case import Case
from foedus.infer.calibration.recording import untold
from foedus.infer.islands.pool import FEWEST
from foedus.infer.islands.standings import LEAST_WEIGHT
from foedus.infer.verdict.decibels import between, is_clear, spread_between
from foedus.infer.verdict.verdict import Verdict, Weight
from foedus.jump.lower_record import lower_record
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import (
    show_count,
    show_days,
    show_factor,
    show_figure,
    show_share,
)
from foedus.report.language.words import show_range
from foedus.report.phrases.basis import confidence_of, doubtful_sentence
from foedus.report.phrases.kept_words import show_whose_odds, when_made
from foedus.report.phrases.names import origin_name, plain_name, reading_name
from foedus.report.phrases.pieces import dated_piece, piece_name
from foedus.report.verdict.common_words import (
    common_sentences,
    rests_on_assumptions,
    with_common_priors,
)
from foedus.report.verdict.weight_words import show_decibels, show_weight, show_with_error

OUTSIDE = 0.01
"""A record that is less probable than this share of those from an explanation is unexplained."""

UNNOTICED = 0.001
"""Standard errors of log odds below it are not spelt out."""

NEXT_TO_NOTHING = 0.001
"""Bits; of a clue that is expected to tell less, it is not said how much less."""

LITTLE_BIAS = 1.25
"""How many times likelier to be reported a piece may be without anybody noticing; our judgement."""

SHOWN = 0.05
"""Decibels that are shown as something other than none."""

FEW = 5
"""Pieces of evidence that are named for and against."""

DISBELIEVED = 0.5
"""An origin that was likelier right than not before the record, and is less likely so after it."""


def whose_priors(case: Case, verdict: Verdict, language: str) -> Iterator[str]:
    """That the prior odds are an analyst's, if so, and what was done with them."""
    yield from show_whose_odds(case, language)
    if verdict.is_judged_anew:
        yield say(language, "verdict.anew")


def verdict_sentences(
    case: Case, verdict: Verdict, language: str, *, is_whole: bool = False
) -> Iterator[str]:
    """What the verdict is and what it rests on; with every number named in words if whole."""
    yield _decision(case, verdict, language)
    yield from _broken_off(case, verdict, language)
    yield from _disbelieved(case, verdict, language)
    yield from _kept(case, verdict, language)
    yield from common_sentences(case, verdict, language, is_whole=is_whole)
    percentiles = verdict.basis.percentiles
    if percentiles is None:
        yield say(language, "verdict.no-reference")
        return
    yield from _accounting(case, percentiles, language)
    claims, items = untold(lower_record(case))
    left = [
        say(language, f"verdict.untold.{what}", count=count)
        for what, count in (("claims", claims), ("items", len(items)))
        if count
    ]
    if left:
        yield say(language, "verdict.untold", parts=", ".join(left))


def _accounting(case: Case, percentiles: Mapping[str, float], language: str) -> Iterator[str]:
    """Which explanations account for the record, in one sentence if several, and which do not."""
    shown = {
        name: {"name": reading_name(case, name, language), "share": show_share(one, None, language)}
        for name, one in percentiles.items()
    }
    fine = [name for name, one in percentiles.items() if OUTSIDE <= one <= 1.0 - OUTSIDE]
    if len(fine) > 1:
        parts = (say(language, "verdict.accounts.one", **shown[name]) for name in fine)
        yield say(language, "verdict.accounts.several", parts=", ".join(parts))
    for name, one in percentiles.items():
        if name not in fine:
            yield say(
                language, f"verdict.{'fails' if one < OUTSIDE else 'too-well'}", **shown[name]
            )
        elif len(fine) == 1:
            yield say(language, "verdict.accounts", **shown[name])


def _decision(case: Case, verdict: Verdict, language: str) -> str:
    turning, weight = verdict.turning, verdict.basis.log_odds
    names = leader_and_rival(case, verdict, language)
    shown = show_weight(weight, language)
    spread = sorted({flip.name for flip in turning.turned if flip.kind == "spread"})
    if weight == inf:
        found = "impossible" if verdict.method == "exact" else "unmet"
        return say(language, f"verdict.{found}", leader=names["leader"])
    if verdict.says < 0:
        return say(language, "verdict.by-prior", **names, weight=shown)
    if weight < 0.0:
        return say(language, "verdict.undecided-by-prior", **names, weight=shown)
    if weight <= LEAST_WEIGHT:
        return say(language, "verdict.undecided", **names, weight=shown)
    if spread:
        listed = ", ".join(f"`{name}`" for name in spread)
        return say(language, "verdict.unsettled", **names, weight=shown, names=listed)
    if verdict.decides:
        return say(language, "verdict.decides", **names, weight=shown)
    error = show_decibels(verdict.accuracy.odds_error, language)
    return say(language, "verdict.noisy", **names, weight=shown, error=error)


def _broken_off(case: Case, verdict: Verdict, language: str) -> Iterator[str]:
    """Of each explanation that the record rules out, the piece at which it does."""
    for one in verdict.standings:
        if not one.is_rival or one.log_evidence > -inf:
            continue
        piece = next((w for w in verdict.weights if w.log_weight[one.name] == -inf), None)
        if piece is not None:
            yield say(
                language, "verdict.broken-off", name=reading_name(case, one.name, language),
                piece=dated_piece(case, piece, language),
            )  # fmt: skip


def _disbelieved(case: Case, verdict: Verdict, language: str) -> Iterator[str]:
    """Of each origin that the record was weighed without, more or less, how much hung on it."""
    for one in verdict.origins:
        if one.prior >= DISBELIEVED > one.posterior:
            yield say(
                language, "verdict.disbelieved", name=origin_name(case, one.origin, language),
                prior=show_share(one.prior, 0.005, language),
                posterior=show_share(one.posterior, 0.005, language),
            )  # fmt: skip


def _kept(case: Case, verdict: Verdict, language: str) -> Iterator[str]:
    if verdict.kept is not None:
        yield say(
            language,
            "verdict.kept",
            **when_made(verdict.kept, language),
            case=case.source.in_commands,
        )


def warning_sentences(case: Case, verdict: Verdict, language: str) -> Iterator[str]:
    """What must stand beside a verdict told in short: that it rests on assumptions, and which
    explanations do not account for the record."""
    if rests_on_assumptions(verdict.basis):
        yield with_common_priors(case, verdict, language)
    strange = {
        name: share for name, share in (verdict.basis.percentiles or {}).items()
        if not OUTSIDE <= share <= 1.0 - OUTSIDE
    }  # fmt: skip
    yield from _accounting(case, strange, language)


def for_and_against(
    case: Case, verdict: Verdict, language: str, most: int = FEW
) -> Iterator[tuple[str, list[str]]]:
    """What speaks most for the leader against the runner-up, and what against: in words, since ids
    say nothing by themselves."""
    names = leader_and_rival(case, verdict, language)
    for what, pieces in zip(("for", "against"), strongest(verdict, most), strict=True):
        listed = [_one_piece(case, one, verdict, language) for one in pieces]
        if listed:
            yield say(language, f"verdict.{what}-it", **names), listed


def weight_notes(case: Case, verdict: Verdict, language: str) -> Iterator[str]:
    """How the weights of `for_and_against` read: their unit, and what the sampling leaves open."""
    if any(pieces for _, pieces in for_and_against(case, verdict, language)):
        yield say(language, "verdict.decibels")
        if any(one.runs is not None for one in verdict.weights):
            yield say(language, "verdict.plus-minus")


def _one_piece(case: Case, piece: Weight, verdict: Verdict, language: str) -> str:
    """A piece with its id, or a silence with the day up to which it lasted, and what it weighs."""
    shown = _show_for(piece, verdict, language)
    name = piece_name(case, piece.id, language)
    if piece.arrival == "silence":
        date = show_days(case.clock, piece.day, language, style="short")
        return say(language, "verdict.one-silence", piece=name, date=date, decibels=shown)
    return say(language, "verdict.one", piece=name, id=piece.id, decibels=shown)


def strongest(verdict: Verdict, most: int) -> tuple[list[Weight], list[Weight]]:
    """So many pieces, silences too, that speak most for the leader against the runner-up, and most
    against, of those that sampling alone would not make weigh so much."""
    leader, rival = verdict.turning.leader, verdict.turning.rival
    clear = [one for one in verdict.weights if is_clear_of_rival(one, verdict)]
    ranked = sorted(clear, key=lambda one: -between(one, leader, rival))
    favours = [one for one in ranked[:most] if between(one, leader, rival) >= SHOWN]
    opposes = [one for one in reversed(ranked[-most:]) if between(one, leader, rival) <= -SHOWN]
    return favours, opposes


def is_clear_of_rival(piece: Weight, verdict: Verdict) -> bool:
    """Whether it is clear that a piece tells the leader and the runner-up apart."""
    two = (verdict.turning.leader, verdict.turning.rival)
    return is_clear(piece, between(piece, *two), spread_between(piece, *two))


def favouring(verdict: Verdict) -> list[Weight]:
    """The pieces of the record, silences among them, that favour the leader over the runner-up."""
    leader, rival = verdict.turning.leader, verdict.turning.rival
    return [one for one in verdict.weights if between(one, leader, rival) >= SHOWN]


def _show_for(piece: Weight, verdict: Verdict, language: str) -> str:
    """By how many decibels a piece speaks for the leader against the runner-up, with its error."""
    leader, rival = verdict.turning.leader, verdict.turning.rival
    weight = piece.log_weight[leader] - piece.log_weight[rival]
    error = spread_between(piece, leader, rival).error
    return show_with_error(weight, error, language)


def leader_and_rival(case: Case, verdict: Verdict, language: str) -> dict[str, str]:
    """The names of the two that a verdict is about, for `say`."""
    return {
        "leader": reading_name(case, verdict.turning.leader, language),
        "rival": reading_name(case, verdict.turning.rival, language),
    }


def clue_sentences(case: Case, verdict: Verdict, language: str) -> Iterator[str]:
    """What to look up next, the most telling first."""
    clues = {clue.name: clue for clue in case.clues}
    for gain in verdict.clues:
        shares = {name: show_share(chance, 0.01, language) for name, chance in gain.chances.items()}
        chances = ", ".join(
            say(
                language, "verdict.clue-chance", share=share,
                name=reading_name(case, name, language),
            )
            for name, share in shares.items()
        )  # fmt: skip
        if len(shares) > 1 and len(set(shares.values())) == 1:
            chances = say(language, "verdict.clue-same", share=next(iter(shares.values())))
        label = clues[gain.clue].label.get(language) or plain_name(gain.clue)
        label = label if label.endswith("?") else f"{label}:"
        bits = _show_bits(gain.nats / log(2.0), language)
        yield say(language, "verdict.clue", name=label, count=bits, chances=chances)


def _show_bits(bits: float, language: str) -> str:
    """How much a clue is expected to tell; of next to nothing, only that it is less than that."""
    if bits < NEXT_TO_NOTHING:
        return say(language, "verdict.below", figure=show_figure(NEXT_TO_NOTHING, language, 1))
    return show_figure(bits, language, 2)


def confidence_sentence(case: Case, verdict: Verdict, language: str) -> str:
    """How likely the leader is, and, apart from that, how good the basis is."""
    leader = next(one for one in verdict.standings if one.name == verdict.turning.leader)
    known = len(verdict.turning.decided)
    turned = say(
        language, "verdict.reason-turned", count=len(verdict.turning.turned),
        all=show_count(known, language),
    )  # fmt: skip
    reasons = [doubtful_sentence(case, language), turned]
    is_weighed = verdict.decides and not verdict.turning.turned and not _is_hardly_met(verdict)
    if is_weighed and falls_to_little_bias(verdict):
        is_weighed = False
        factor = show_factor(log(verdict.turning.reporting_bias or 1.0), language, 3)
        reasons.append(say(language, "verdict.reason.bias", factor=factor))
    if is_weighed and rests_on_assumptions(verdict.basis):
        is_weighed = False
        reasons.append(say(language, "verdict.reason.assumed"))
    reason = "; ".join([*reasons, _error_clause(verdict, language)])
    confidence = confidence_of(case, is_weighed=is_weighed)
    return say(
        language, "verdict.confidence", leader=reading_name(case, leader.name, language),
        words=show_range(leader.low, leader.high, language),
        confidence=say(language, f"confidence.{confidence}"), reason=reason,
    )  # fmt: skip


def _error_clause(verdict: Verdict, language: str) -> str:
    """How far the computation can be off: an error, or how few particles it came down to."""
    accuracy = verdict.accuracy
    if verdict.method == "exact":
        bound = show_figure(max(accuracy.largest_error, UNNOTICED), language, 1)
        return say(language, "verdict.reason.bound", bound=bound)
    if verdict.basis.log_odds == inf:
        size = show_figure(accuracy.smallest_size or 0.0, language, 2)
        return say(language, "verdict.reason.size", size=size)
    return say(language, "verdict.reason.error", error=_show_error(accuracy.odds_error, language))


def _is_hardly_met(verdict: Verdict) -> bool:
    """Whether what rules explanations out is that no run met the record, where hardly any could."""
    size = verdict.accuracy.smallest_size
    return size is not None and size < FEWEST and verdict.basis.log_odds == inf


def falls_to_little_bias(verdict: Verdict) -> bool:
    """Whether a bias in reporting that would go unnoticed leaves nothing of the lead."""
    bias = verdict.turning.reporting_bias
    return bias is not None and bias < LITTLE_BIAS


def _show_error(error: float, language: str) -> str:
    """A standard error; of one that nobody could notice, only that it is smaller than that."""
    if error < UNNOTICED:
        return say(language, "verdict.below", figure=show_figure(UNNOTICED, language, 1))
    return show_figure(error, language, 2)
