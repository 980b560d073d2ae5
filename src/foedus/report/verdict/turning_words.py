"""The sentences on what would turn a verdict, and on what would not."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, log

from foedus.case.case import Case
from foedus.infer.verdict.flips import Flip
from foedus.infer.verdict.verdict import Verdict
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_factor
from foedus.report.phrases.names import named_number, origin_name, reading_name
from foedus.report.phrases.pieces import piece_name
from foedus.report.verdict.verdict_words import FEW, favouring, leader_and_rival
from foedus.report.verdict.weight_words import NO_FACTOR, show_decibels, show_weight

NUMBERS = ("spread", "parameter")
"""Changes of what is believed about a number."""

GROUPS = ("acts", "origin", "source", "item", "spread", "parameter")


def turning_sentences(
    case: Case, verdict: Verdict, language: str, most: int | None = None
) -> Iterator[str]:
    """What would turn the verdict.

    With `most` only so many of the changes that turn it are named, those that turn it furthest.
    """
    turning = verdict.turning
    names = leader_and_rival(case, verdict, language)
    odds = turning.prior_odds
    if 0.0 < odds < inf:
        sentence = "verdict.prior-odds" if odds < 1.0 else "verdict.prior-odds-less"
        factor = show_factor(abs(log(odds)), language)
        if factor != NO_FACTOR:
            yield say(language, sentence, **names, factor=factor)
    if turning.reporting_bias is None:
        yield say(language, "verdict.bias-none")
    elif turning.reporting_bias == inf:
        yield say(language, "verdict.bias-infinite", rival=names["rival"])
    else:
        factor = show_factor(log(turning.reporting_bias), language, 3)
        if factor != NO_FACTOR:
            count = len(favouring(verdict))
            yield say(language, "verdict.bias", leader=names["leader"], factor=factor, count=count)
    turned = sorted(turning.turned, key=lambda one: one.log_odds or 0.0)
    for flip in turned[:most]:
        yield _turned_sentence(case, verdict, flip, language)
    if len(turned[:most]) < len(turned):
        yield say(language, "verdict.turns-more", count=len(turned) - len(turned[:most]))


def bounded_sentence(case: Case, verdict: Verdict, language: str) -> Iterator[str]:
    """How many changes leave the leader in front by nobody knows how much, but by at least what."""
    bounded = [flip.at_least for flip in verdict.turning.changes if flip.at_least is not None]
    if bounded:
        yield say(
            language, f"verdict.bounded-flips{_way(verdict)}", count=len(bounded),
            leader=reading_name(case, verdict.turning.leader, language),
            least=show_decibels(min(bounded), language),
        )  # fmt: skip


def open_sentences(case: Case, verdict: Verdict, language: str) -> Iterator[str]:
    """Of which changes it is not known how far, or whether, they turn the verdict."""
    yield from bounded_sentence(case, verdict, language)
    decided = verdict.turning.decided
    unknown = [flip for flip in verdict.turning.changes if flip not in decided]
    if unknown:
        names = "; ".join(flip_words(case, flip, language) for flip in unknown[:FEW])
        if len(unknown) > FEW:
            more = len(unknown) - FEW
            names = say(language, "verdict.unknown-more", names=names, count=more)
        yield say(
            language, f"verdict.unknown-flips{_way(verdict)}", count=len(unknown), names=names
        )  # fmt: skip


def _way(verdict: Verdict) -> str:
    """What ends the id of a sentence on something not worked out: exactly, no courses are drawn."""
    return ".exact" if verdict.method == "exact" else ""


def _turned_sentence(case: Case, verdict: Verdict, flip: Flip, language: str) -> str:
    """A change that turns the verdict; by how much only where the runner-up then leads."""
    change = flip_words(case, flip, language)
    leader = reading_name(case, flip.leader or "", language)
    if flip.leader != verdict.turning.rival or flip.log_odds is None:
        return say(language, "verdict.turns-third", change=change, leader=leader)
    weight = show_weight(flip.log_odds, language)
    return say(language, "verdict.turns", change=change, leader=leader, weight=weight)


def staying_sentence(case: Case, verdict: Verdict, language: str) -> str:
    """The sentence before `staying_groups`."""
    return say(
        language, "verdict.stays", leader=reading_name(case, verdict.turning.leader, language),
        rival=reading_name(case, verdict.turning.rival, language),
    )  # fmt: skip


def staying_groups(verdict: Verdict, language: str) -> Iterator[str]:
    """The kinds of changes that turn nothing, each with the leads that they leave."""
    turning = verdict.turning
    for group in GROUPS:
        kept = [
            flip.log_odds for flip in turning.changes
            if flip.kind == group and flip.log_odds is not None and flip.leader == turning.leader
        ]  # fmt: skip
        if kept:
            low, high = (
                show_decibels(one, language, signed=True) for one in (min(kept), max(kept))
            )
            yield say(
                language, "verdict.stays-one" if low != high else "verdict.stays-one-same",
                group=say(language, f"flip.group.{group}"), low=low, high=high,
            )  # fmt: skip


def flip_name(case: Case, flip: Flip, language: str) -> str:
    """What is changed, where words stand beside it already."""
    name = flip.name
    if flip.kind == "origin":
        name = origin_name(case, name, language)
    elif flip.kind in NUMBERS:
        name = f"`{name}`"
    return say(language, f"flip.{flip.kind}.{flip.change}", name=name)


def flip_words(case: Case, flip: Flip, language: str) -> str:
    """What is changed, in a sentence: with its words, since a name says nothing by itself."""
    if flip.kind in NUMBERS:
        name = named_number(case, flip.name, language)
    elif flip.kind == "item":
        what = piece_name(case, flip.name, language)
        name = say(language, "flip.item.named", what=what, id=flip.name)
    else:
        return flip_name(case, flip, language)
    return say(language, f"flip.{flip.kind}.{flip.change}", name=name)
