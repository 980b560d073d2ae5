"""Several frozen forecasts side by side: the scores of each, and what each said of a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from math import log
from statistics import fmean

from foedus.questions.frozen import Settled
from foedus.questions.scores import Murphy, murphy
from foedus.questions.settling import SettledForecast
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import as_written
from foedus.report.layout import wrap
from foedus.report.outside_view.asked_words import NO_CASES, Cases, show_asked
from foedus.report.outside_view.contest import show_calibration
from foedus.report.outside_view.postmortem import (
    heads_of,
    is_of_requests,
    mean_scores,
    postmortem_record,
    show_came,
    show_number_that_came,
    show_score,
)
from foedus.report.outside_view.table import show_table

BINS = 5
COIN = (0.25, log(2.0))
"""The scores of a coin: Brier and logarithmic."""
FEWEST = 25
"""How well fewer answers are calibrated cannot be seen: there would be under five to a bin."""


def show_postmortems(
    settled: Sequence[SettledForecast], width: int, language: str, cases: Cases = NO_CASES
) -> str:
    """The forecasts with their mean scores, then each question with what every one said of it.

    A question of one of the `cases` at hand is told in words.
    """
    blocks = ["\n".join(wrap(say(language, "settle.several", count=len(settled)), width))]
    asked, chances = _asked(settled), _chances(settled)
    if chances:
        brier, nats = (show_score(score, language) for score in mean_scores(chances))
        questions = sum(1 for each in asked.values() if each[0][1].brier is not None)
        mean = say(
            language, "settle.mean-several", brier=brier, log=nats,
            answers=say(language, "settle.answers", count=len(chances)),
            questions=say(language, "settle.questions", count=questions),
            base_brier=show_score(COIN[0], language), base_log=show_score(COIN[1], language),
        )  # fmt: skip
        blocks.append("\n".join(wrap(mean, width)))
    blocks.append(_forecasts(settled, width, language))
    if asked:
        blocks.append(_questions(asked, cases, width, language))
    parts = _calibration(chances)
    if parts is not None:
        what = say(language, "scores.probabilities")
        blocks.append(show_calibration(what, parts, width, language))
    blocks.append("\n".join(wrap(say(language, "settle.note"), width)))
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def _forecasts(settled: Sequence[SettledForecast], width: int, language: str) -> str:
    rows = []
    for number, one in enumerate(settled, 1):
        chances = _chances([one])
        scores = ["", ""]
        if chances:
            scores = [show_score(each, language) for each in mean_scores(chances)]
        rows.append(
            (
                str(number), one.path.name, str(one.record["case"]), _basis(one, language),
                str(one.record["made"])[:10], str(len(chances)), *scores,
            )
        )  # fmt: skip
    heads = ["", *heads_of("file case known made answers-head brier log", language)]
    return show_table(heads, rows, width, right="rllllrrr")


def _basis(one: SettledForecast, language: str) -> str:
    """The day by which was known what a forecast rests on, in a word or two."""
    if is_of_requests(one.record):
        return say(language, "settle.each-request")
    return str(one.record.get("as_of") or say(language, "settle.nothing-known"))


Asked = dict[tuple[str, str], list[tuple[int, Settled]]]
"""Case and question, with the numbers of the forecasts that answer it and their answers."""


def _asked(settled: Sequence[SettledForecast]) -> Asked:
    found: Asked = {}
    for number, one in enumerate(settled, 1):
        for answer in one.questions:
            found.setdefault((str(one.record["case"]), answer.question), []).append(
                (number, answer)
            )
    return found


def _questions(asked: Asked, cases: Cases, width: int, language: str) -> str:
    rows = []
    for (case, question), answers in asked.items():
        first = answers[0][1]
        is_chance = first.brier is not None
        said = "; ".join(f"{number}: {_said(answer, language)}" for number, answer in answers)
        scores = [one.brier if is_chance else one.crps for _, one in answers]
        known = [score for score in scores if score is not None]
        if is_chance:
            came = show_came(first.came.value, language)
        else:
            came = show_number_that_came(first.came.value, language)
        mean = f"{fmean(known):{'.3f' if is_chance else '.3g'}}" if known else ""
        named = f"{case}: {show_asked(cases, case, question, language)}"
        rows.append((named, said, came, as_written(mean, language)))
    heads = heads_of("question forecasts came mean-score", language)
    return show_table(heads, rows, width, right="llrr")


def _said(answer: Settled, language: str) -> str:
    value = answer.forecast or 0.0
    text = f"{100 * value:.0f} %" if answer.brier is not None else f"{value:.3g}"
    return as_written(text, language)


def _chances(settled: Sequence[SettledForecast]) -> list[Settled]:
    return [one for each in settled for one in each.questions if one.brier is not None]


def _calibration(chances: Sequence[Settled]) -> Murphy | None:
    """How well the chances are calibrated; None where they are too few."""
    if len(chances) < FEWEST:
        return None
    return murphy(
        [one.forecast or 0.0 for one in chances], [one.came.value or 0.0 for one in chances], BINS
    )


def postmortems_record(settled: Sequence[SettledForecast]) -> dict[str, object]:
    """The post-mortems of several forecasts for `--json`."""
    chances = _chances(settled)
    brier, nats = mean_scores(chances) if chances else (None, None)
    parts = _calibration(chances)
    return {
        "forecasts": [
            {"file": one.path.name, **postmortem_record(one.record, one.questions)}
            for one in settled
        ],
        "answers": len(chances),
        "brier": brier,
        "log": nats,
        "calibration": None if parts is None else {**asdict(parts), "score": parts.score},
    }
