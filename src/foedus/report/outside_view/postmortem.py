"""What was forecast, what came, and how far apart they were, in a table and a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from statistics import fmean
from typing import Any

from foedus.questions.frozen import Settled, coin
from foedus.questions.requests.freezing import BASE_RATE
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import as_written, show_written_date
from foedus.report.layout import wrap
from foedus.report.outside_view.asked_words import NO_CASES, Cases, show_asked
from foedus.report.outside_view.table import show_table

Asked = Callable[[str], str]
"""A question by its id, in words."""


def show_postmortem(
    record: Mapping[str, Any],
    settled: Sequence[Settled],
    width: int,
    language: str,
    cases: Cases = NO_CASES,
) -> str:
    """The questions whose end is known, with the scores of the model and of the sources.

    A question of one of the `cases` at hand is told in words.
    """
    asked = partial(show_asked, cases, str(record["case"]), language=language)
    blocks = ["\n".join(wrap(_head(record, language), width))]
    chances = [one for one in settled if one.brier is not None]
    numbers = [one for one in settled if one.brier is None]
    if chances:
        mean = _mean_of_requests if is_of_requests(record) else _mean
        blocks.append("\n".join(wrap(mean(chances, language), width)))
        blocks.append(_chances(chances, asked, width, language))
    if numbers:
        blocks.append(_numbers(numbers, asked, width, language))
    said = [one for one in settled if one.sources]
    if said and not is_of_requests(record):
        blocks.append(_sources(said, asked, width, language))
        blocks.append("\n".join(wrap(say(language, "settle.words"), width)))
    if not settled:
        form = "settle.nothing-requests" if is_of_requests(record) else "settle.nothing"
        blocks.append("\n".join(wrap(say(language, form), width)))
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def _head(record: Mapping[str, Any], language: str) -> str:
    """What was forecast, from what, and when it was frozen."""
    day = record.get("as_of")
    form = "settle.head" if day else "settle.head-nothing"
    form = "settle.head-requests" if is_of_requests(record) else form
    return say(
        language, form, case=record["case"],
        day=show_written_date(day or "", language),
        made=show_written_date(record["made"], language),
    )  # fmt: skip


def is_of_requests(record: Mapping[str, Any]) -> bool:
    """Whether it is a frozen forecast of requests (`foedus history forecast --freeze`)."""
    return "requests" in record


def _mean_of_requests(chances: Sequence[Settled], language: str) -> str:
    """The mean scores beside those of the base rate, which was frozen with the forecast."""
    scores = (*mean_scores(chances), *base_rate_scores(chances))
    brier, log, base_brier, base_log = (show_score(score, language) for score in scores)
    return say(
        language, "settle.mean-requests", count=len(chances), brier=brier, log=log,
        base_brier=base_brier, base_log=base_log,
    )  # fmt: skip


def show_score(score: float, language: str) -> str:
    """A score with three decimals."""
    return as_written(f"{score:.3f}", language)


def base_rate_scores(chances: Sequence[Settled]) -> tuple[float, float]:
    """The mean Brier and logarithmic score of the base rate that was frozen with a forecast."""
    scores = [
        (score, penalty)
        for one in chances
        for reading, score, penalty in one.sources
        if reading.source == BASE_RATE
    ]
    briers, logs = zip(*scores, strict=True)
    return fmean(briers), fmean(logs)


def _mean(chances: Sequence[Settled], language: str) -> str:
    """The mean scores beside a coin's, and without what was certain when the forecast was made."""
    scores = (*mean_scores(chances), *coin(chances))
    brier, log, base_brier, base_log = (show_score(score, language) for score in scores)
    unsure = uncertain(chances)
    is_apart = 0 < len(unsure) < len(chances)
    own = mean_scores(unsure) if is_apart else (0.0, 0.0)
    unsure_brier, unsure_log = (show_score(score, language) for score in own)
    return say(
        language, "settle.mean-unsure" if is_apart else "settle.mean", count=len(chances),
        brier=brier, log=log, base_brier=base_brier, base_log=base_log, unsure=len(unsure),
        unsure_brier=unsure_brier, unsure_log=unsure_log,
    )  # fmt: skip


def uncertain(chances: Sequence[Settled]) -> list[Settled]:
    """The answers that left something open: others say what the record had settled by then."""
    return [one for one in chances if one.forecast not in (0.0, 1.0)]


def mean_scores(settled: Sequence[Settled]) -> tuple[float, float]:
    """The mean Brier and logarithmic score of the answers that have them; at least one must."""
    briers = [one.brier for one in settled if one.brier is not None]
    logs = [one.log for one in settled if one.log is not None]
    return fmean(briers), fmean(logs)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def show_came(value: float | None, language: str) -> str:
    """Whether what was asked came."""
    return say(language, "settle.yes" if value else "settle.no")


def show_number_that_came(value: float | None, language: str) -> str:
    """The number that a question asked for, or that it never came."""
    return say(language, "settle.never") if value is None else as_written(f"{value:.4g}", language)


def heads_of(names: str, language: str) -> list[str]:
    """Heads of columns by their names."""
    return [say(language, f"settle.{name}") for name in names.split()]


def _chances(settled: Sequence[Settled], asked: Asked, width: int, language: str) -> str:
    rows = [
        (
            asked(one.question), _percent(one.forecast or 0.0), show_came(one.came.value, language),
            as_written(f"{one.brier:.3f}", language), as_written(f"{one.log:.3f}", language),
            one.came.cites,
        )
        for one in settled
    ]  # fmt: skip
    heads = heads_of("question forecast came brier log cites", language)
    return show_table(heads, rows, width, right="lrlrrl")


def _numbers(settled: Sequence[Settled], asked: Asked, width: int, language: str) -> str:
    rows = [
        (
            asked(one.question), as_written(f"{one.forecast:.3g}", language),
            show_number_that_came(one.came.value, language),
            "" if one.crps is None else as_written(f"{one.crps:.3g}", language),
            "" if one.rank is None else _percent(one.rank), one.came.cites,
        )
        for one in settled
    ]  # fmt: skip
    heads = heads_of("question forecast came crps rank cites", language)
    return show_table(heads, rows, width, right="lrrrrl")


def _sources(settled: Sequence[Settled], asked: Asked, width: int, language: str) -> str:
    rows = []
    model = say(language, "scorer.the model")
    for one in settled:
        came = show_came(one.came.value, language)
        own = as_written(f"{one.brier:.3f}", language)
        rows.append((asked(one.question), model, _percent(one.forecast or 0.0), came, own))
        rows += [
            ("", reading.source, _percent(reading.probability), came, show_score(score, language))
            for reading, score, _ in one.sources
        ]
    return show_table(
        heads_of("question who said came brier", language), rows, width, right="llrlr"
    )


def postmortem_record(record: Mapping[str, Any], settled: Sequence[Settled]) -> dict[str, object]:
    """The post-mortem for `--json`."""
    chances = [one for one in settled if one.brier is not None]
    means = mean_scores(chances) if chances else (None, None)
    unsure = uncertain(chances)
    open_means = mean_scores(unsure) if unsure else (None, None)
    return {
        "case": record["case"],
        "as_of": record.get("as_of"),
        "made": record["made"],
        "digest": record["digest"],
        "questions": [
            {
                **{name: value for name, value in asdict(one).items() if name != "sources"},
                "sources": [
                    {**asdict(reading), "brier": score, "log": penalty}
                    for reading, score, penalty in one.sources
                ],
            }
            for one in settled
        ],
        "brier": means[0],
        "log": means[1],
        "uncertain": {"questions": len(unsure), "brier": open_means[0], "log": open_means[1]},
    }
