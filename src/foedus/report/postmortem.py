"""What was forecast, what came, and how far apart they were, in a table and a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from statistics import fmean
from typing import Any

from foedus.questions.frozen import Settled, coin
from foedus.questions.requests.freezing import BASE_RATE
from foedus.report.layout import wrap
from foedus.report.table import show_table


def show_postmortem(record: Mapping[str, Any], settled: Sequence[Settled], width: int) -> str:
    """The questions whose end is known, with the scores of the model and of the sources."""
    as_of = record.get("as_of")
    basis = f"from what was known by {as_of}" if as_of else "from nothing of the record"
    if is_of_requests(record):
        basis = "from requests decided before each"
    head = f"{record['case']}: forecast {basis}, frozen {record['made']}, digest verified"
    blocks = ["\n".join(wrap(head, width))]
    chances = [one for one in settled if one.brier is not None]
    numbers = [one for one in settled if one.crps is not None]
    if chances:
        blocks.append(_chances(chances, width))
        mean = _mean_of_requests if is_of_requests(record) else _mean
        blocks.append("\n".join(wrap(mean(chances), width)))
    if numbers:
        blocks.append(_numbers(numbers, width))
    said = [one for one in settled if one.sources]
    if said and not is_of_requests(record):
        blocks.append(_sources(said, width))
        note = (
            "What sources said is read out of their words by whoever coded them; a probability "
            "stands for the words."
        )
        blocks.append("\n".join(wrap(note, width)))
    if not settled:
        nothing = "Nothing that was asked is known to have come or not."
        if is_of_requests(record):
            nothing += " `foedus history import aid-requests FILE` takes in a table that says so."
        blocks.append("\n".join(wrap(nothing, width)))
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def is_of_requests(record: Mapping[str, Any]) -> bool:
    """Whether it is a frozen forecast of requests (`foedus history forecast --freeze`)."""
    return "requests" in record


def _mean_of_requests(chances: Sequence[Settled]) -> str:
    """The mean scores beside those of the base rate, which was frozen with the forecast."""
    brier, log = mean_scores(chances)
    base_brier, base_log = base_rate_scores(chances)
    return (
        f"Mean of {len(chances)}: Brier {brier:.3f}, logarithmic {log:.3f}; the base rate of "
        f"earlier requests gets {base_brier:.3f} and {base_log:.3f}. Lower is better. Answers to "
        "one request stand or fall together."
    )


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


def _mean(chances: Sequence[Settled]) -> str:
    """The mean scores beside a coin's, and without what was certain when the forecast was made."""
    brier, log = mean_scores(chances)
    flat_brier, flat_log = coin(chances)
    note = (
        f"Mean of {len(chances)}: Brier {brier:.3f}, logarithmic {log:.3f}; a coin gets "
        f"{flat_brier:.3f} and {flat_log:.3f}. Lower is better."
    )
    unsure = uncertain(chances)
    if 0 < len(unsure) < len(chances):
        brier, log = mean_scores(unsure)
        note += (
            f" Of the {len(unsure)} that were not held for certain: Brier {brier:.3f}, "
            f"logarithmic {log:.3f}."
        )
    return f"{note} So few questions of one case prove little."


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


def _chances(settled: Sequence[Settled], width: int) -> str:
    rows = [
        (one.question, _percent(one.forecast or 0.0), "yes" if one.came.value else "no",
         f"{one.brier:.3f}", f"{one.log:.3f}", one.came.cites)
        for one in settled
    ]  # fmt: skip
    heads = ("question", "forecast", "came", "Brier", "log", "rests on")
    return show_table(heads, rows, width, right="lrlrrl")


def _numbers(settled: Sequence[Settled], width: int) -> str:
    rows = [
        (one.question, f"{one.forecast:.3g}", f"{one.came.value:.4g}", f"{one.crps:.3g}",
         _percent(one.rank or 0.0), one.came.cites)
        for one in settled
    ]  # fmt: skip
    heads = ("question", "forecast", "came", "CRPS", "forecast below it", "rests on")
    return show_table(heads, rows, width, right="lrrrrl")


def _sources(settled: Sequence[Settled], width: int) -> str:
    rows = []
    for one in settled:
        came = "yes" if one.came.value else "no"
        rows.append((one.question, "the model", _percent(one.forecast or 0.0), came,
                     f"{one.brier:.3f}"))  # fmt: skip
        rows += [
            ("", reading.source, _percent(reading.probability), came, f"{score:.3f}")
            for reading, score, _ in one.sources
        ]
    heads = ("question", "who", "said", "came", "Brier")
    return show_table(heads, rows, width, right="llrlr")


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
