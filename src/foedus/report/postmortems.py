"""Several frozen forecasts side by side: the scores of each, and what each said of a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from statistics import fmean

from foedus.questions.frozen import Settled
from foedus.questions.scores import Murphy, murphy
from foedus.questions.settling import SettledForecast
from foedus.report.contest import show_calibration
from foedus.report.layout import wrap
from foedus.report.postmortem import is_of_requests, mean_scores, postmortem_record
from foedus.report.table import show_table
from foedus.text.render import counted

BINS = 5
FEWEST = 25
"""How well fewer answers are calibrated cannot be seen: there would be under five to a bin."""

_NOTE = (
    "Lower is better: the Brier and the logarithmic score of chances, the continuous ranked "
    "probability score of numbers in their unit. Forecasts are numbered as in the first table; "
    "those of one question stand or fall together, and are no independent proof."
)


def show_postmortems(settled: Sequence[SettledForecast], width: int) -> str:
    """The forecasts with their mean scores, then each question with what every one said of it."""
    head = f"{len(settled)} forecasts, digests verified"
    blocks = [head, _forecasts(settled, width)]
    asked = _asked(settled)
    if asked:
        blocks.append(_questions(asked, width))
    chances = _chances(settled)
    if chances:
        brier, log = mean_scores(chances)
        questions = sum(1 for each in asked.values() if each[0][1].brier is not None)
        mean = (
            f"Mean of {counted(len(chances), 'answer')} to {counted(questions, 'question')} of "
            f"yes or no: Brier "
            f"{brier:.3f}, logarithmic {log:.3f}; a coin gets 0.250 and 0.693."
        )
        blocks.append("\n".join(wrap(mean, width)))
    parts = _calibration(chances)
    if parts is not None:
        blocks.append(show_calibration("The probabilities", parts, width))
    blocks.append("\n".join(wrap(_NOTE, width)))
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def _forecasts(settled: Sequence[SettledForecast], width: int) -> str:
    rows = []
    for number, one in enumerate(settled, 1):
        chances = _chances([one])
        scores = [f"{each:.3f}" for each in mean_scores(chances)] if chances else ["", ""]
        rows.append(
            (
                str(number), one.path.name, str(one.record["case"]),
                _basis(one), str(one.record["made"])[:10],
                str(len(chances)), *scores,
            )
        )  # fmt: skip
    heads = ("", "file", "case", "known by", "frozen", "answers", "Brier", "log")
    return show_table(heads, rows, width, right="rllllrrr")


def _basis(one: SettledForecast) -> str:
    """The day by which was known what a forecast rests on, in a word or two."""
    if is_of_requests(one.record):
        return "each request"
    return str(one.record.get("as_of") or "nothing known")


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


def _questions(asked: Asked, width: int) -> str:
    rows = []
    for (case, question), answers in asked.items():
        first = answers[0][1]
        is_chance = first.brier is not None
        said = ", ".join(f"{number}: {_said(answer)}" for number, answer in answers)
        scores = [one.brier if is_chance else one.crps for _, one in answers]
        known = [score for score in scores if score is not None]
        came = "never" if first.came.value is None else f"{first.came.value:.4g}"
        if is_chance:
            came = "yes" if first.came.value else "no"
        mean = f"{fmean(known):{'.3f' if is_chance else '.3g'}}" if known else ""
        rows.append((case, question, said, came, mean))
    heads = ("case", "question", "forecasts", "came", "mean score")
    return show_table(heads, rows, width, right="lllrr")


def _said(answer: Settled) -> str:
    value = answer.forecast or 0.0
    return f"{100 * value:.0f} %" if answer.brier is not None else f"{value:.3g}"


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
    brier, log = mean_scores(chances) if chances else (None, None)
    parts = _calibration(chances)
    return {
        "forecasts": [
            {"file": one.path.name, **postmortem_record(one.record, one.questions)}
            for one in settled
        ],
        "answers": len(chances),
        "brier": brier,
        "log": log,
        "calibration": None if parts is None else {**asdict(parts), "score": parts.score},
    }
