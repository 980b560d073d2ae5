"""Verdicts side by side: under several files of priors, or before and after an edit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import hypot, isfinite

from foedus.case.case import Case
from foedus.infer.verdict.no_verdict import NoVerdict
from foedus.infer.verdict.verdict import Verdict, Weight
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_share, show_share_range
from foedus.report.layout import heading, item, wrap
from foedus.report.phrases.names import reading_name
from foedus.report.phrases.no_verdict import no_verdict_sentence
from foedus.report.phrases.pieces import piece_name
from foedus.report.verdict.verdict_words import warning_sentences
from foedus.report.verdict.weight_words import show_decibels, show_weight

CLEAR = 3.0
"""So many Monte Carlo errors apart, two numbers differ."""

MOST = 10
"""Pieces of evidence whose weight changed that are named."""


def show_verdicts(
    case: Case,
    found: Sequence[tuple[str, Verdict | NoVerdict]],
    language: str = "en",
    width: int = 80,
    commands: Mapping[str, str] | None = None,
) -> str:
    """Each verdict in short, under the name it goes by; or why there is none.

    `commands` are those that may lead to one, by the same names.
    """
    there = [verdict for _, verdict in found if isinstance(verdict, Verdict)]
    title = "verdict.agree" if len(there) == len(found) else "verdict.agree-some"
    if len({verdict.turning.leader for verdict in there}) > 1:
        title = "verdict.disagree"
    lines = heading(say(language, title), width)[1:]
    if any(verdict.is_judged_anew for verdict in there):
        lines += wrap(say(language, "verdict.anew-each"), width)
    for name, verdict in found:
        if isinstance(verdict, Verdict):
            lines += show_by_name(case, name, verdict, language, width)
        else:
            text = say(language, "verdict.analyst-without", file=name)
            lines += item(text, width)
            lines += wrap(no_verdict_sentence(case, verdict, language), width, "    ")
            if commands and name in commands:
                again = say(language, "verdict.try-again", command=commands[name])
                lines += wrap(again, width, "    ", "      ")
    return "\n".join(lines) + "\n"


def show_by_name(
    case: Case, name: str, verdict: Verdict, language: str = "en", width: int = 80
) -> Iterator[str]:
    """Who leads under a name, what speaks against relying on it, and how probable each is."""
    yield from item(_in_short(case, name, verdict, language), width)
    for sentence in warning_sentences(case, verdict, language):
        yield from wrap(sentence, width, "    ")
    for standing in verdict.standings:
        if standing.is_rival:
            text = say(
                language, "verdict.one-posterior",
                name=reading_name(case, standing.name, language),
                posterior=show_share(standing.posterior, 0.005, language),
                range=show_share_range(standing.low, standing.high, language),
            )  # fmt: skip
            yield from wrap(text, width, "    ", "      ")


def _in_short(case: Case, name: str, verdict: Verdict, language: str) -> str:
    turning = verdict.turning
    sentence = "verdict.analyst" if verdict.decides else "verdict.analyst-undecided"
    if verdict.says < 0:
        sentence = "verdict.analyst-by-prior"
    return say(
        language, sentence, file=name,
        leader=reading_name(case, turning.leader, language),
        rival=reading_name(case, turning.rival, language),
        weight=show_weight(verdict.basis.log_odds, language),
    )  # fmt: skip


def show_change(
    cases: Sequence[Case], old: Verdict, new: Verdict, language: str = "en", width: int = 80, *,
    is_kept_otherwise: bool = False,
) -> Iterator[str]:  # fmt: skip
    """What an edit did to the weights of single pieces of evidence, the greatest first.

    They are those for the new leader against the runner-up, so that both must have been there;
    `cases` are the old and the new one. All silences are one piece, which comes first, also unmoved
    where the record is kept otherwise.
    """
    leader, rival = new.turning.leader, new.turning.rival
    known = {one.name for one in old.standings}
    if strange := [name for name in (leader, rival) if name not in known]:
        name = reading_name(cases[1], strange[0], language)
        yield from item(say(language, "verdict.incomparable", name=name), width)
        return
    told = list(_changes(cases, old, new, language, is_kept_otherwise))
    if told:
        first, second = (reading_name(cases[1], name, language) for name in (leader, rival))
        intro = say(language, "verdict.changes", leader=first, rival=second)
        yield from item(intro, width)
    for line in told:
        yield from item(line, width, "  ")


def _changes(
    cases: Sequence[Case], old: Verdict, new: Verdict, language: str, is_kept_otherwise: bool
) -> Iterator[str]:
    """What is gone, what is new, and what weighs otherwise, each in words."""
    leader, rival = new.turning.leader, new.turning.rival
    noise = CLEAR * hypot(old.accuracy.odds_error, new.accuracy.odds_error)
    first, last = (_silence(one, leader, rival) for one in (old, new))
    if is_kept_otherwise or _differ(first, last, noise):
        yield _moved(say(language, "verdict.silence"), first, last, language)
    before = {one.id: one for one in old.weights if one.arrival != "silence"}
    after = {one.id: one for one in new.weights if one.arrival != "silence"}
    for name in sorted(before.keys() - after.keys()):
        shown = show_decibels(_ratio(before[name], leader, rival), language, signed=True)
        named = _named(cases[0], name, language)
        yield say(language, "verdict.gone", name=named, decibels=shown)
    for name in after:
        if name not in before:
            shown = show_decibels(_ratio(after[name], leader, rival), language, signed=True)
            named = _named(cases[1], name, language)
            yield say(language, "verdict.come", name=named, decibels=shown)
    moved = [
        (name, _ratio(before[name], leader, rival), _ratio(after[name], leader, rival))
        for name in after if name in before
    ]  # fmt: skip
    moved = [one for one in moved if _differ(one[1], one[2], noise)]
    for name, first, last in sorted(moved, key=lambda one: -abs(one[2] - one[1]))[:MOST]:
        yield _moved(_named(cases[1], name, language), first, last, language)


def _named(case: Case, piece: str, language: str) -> str:
    """A piece in words, with its id."""
    return say(language, "verdict.piece", what=piece_name(case, piece, language), id=piece)


def _moved(name: str, first: float, last: float, language: str) -> str:
    return say(
        language, "verdict.moved", name=name, old=show_decibels(first, language, signed=True),
        new=show_decibels(last, language, signed=True),
    )  # fmt: skip


def _differ(first: float, last: float, noise: float) -> bool:
    return isfinite(first) and isfinite(last) and abs(last - first) > noise


def _ratio(weight: Weight, leader: str, rival: str) -> float:
    return _over(weight.log_weight[leader], weight.log_weight[rival])


def _silence(verdict: Verdict, leader: str, rival: str) -> float:
    """What all silences weigh together."""
    own = [one.log_weight for one in verdict.weights if one.arrival == "silence"]
    return _over(sum(one[leader] for one in own), sum(one[rival] for one in own))


def _over(one: float, other: float) -> float:
    """The log of a ratio; nothing where both are ruled out."""
    return 0.0 if one == other else one - other
