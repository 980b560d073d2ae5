"""How long leaders last, in tables and records."""

from __future__ import annotations

from math import exp

from foedus.history.lasting import FEWEST, HORIZONS, Lasting, Survival
from foedus.history.survival import Hazards
from foedus.report.layout import wrap
from foedus.report.table import show_table

CHI_SQUARED_95 = 3.841
NORMAL_95 = 1.96


def show_survival(answer: Survival, width: int) -> str:
    """Groups side by side, ways out, and the hazard model."""
    which = " and ".join(answer.wheres)
    head = "How long leaders last in office" + (f", {which}" if which else "")
    blocks = ["\n".join(wrap(head, width)), _groups(answer, width), _ends(answer, width)]
    if answer.small:
        few = ", ".join(answer.small)
        note = f"Left out of the comparison, with fewer than {FEWEST} ends each: {few}."
        blocks.append("\n".join(wrap(note, width)))
    if answer.log_rank is not None:
        apart = "differ" if answer.log_rank > CHI_SQUARED_95 else "are not shown to differ"
        note = f"Log-rank {answer.log_rank:.1f} on one degree of freedom: the two groups {apart}."
        blocks.append("\n".join(wrap(note, width)))
    blocks.append(_model(answer, width))
    blocks.append("Source: archigos, reign-regimes, vdem, ucdp-acd (`foedus cite NAME`).")
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def _groups(answer: Survival, width: int) -> str:
    heads = ("leaders", "n", "ends", "years", "per year", "95 %", "median",
             *(f"after {time:g}" for time in HORIZONS))  # fmt: skip
    rows = [_group(each) for each in answer.groups]
    return show_table(heads, rows, width, right="lrrrrlrrrr")


def _group(each: Lasting) -> tuple[str, ...]:
    median = each.curve.median
    return (
        each.name, str(each.spells), f"{each.ends:.0f}", f"{each.years:.0f}",
        f"{each.ends / each.years:.3f}", f"{each.low:.3f}–{each.high:.3f}",
        "" if median is None else f"{median:.1f}",
        *(f"{100 * each.curve.at(time):.0f} %" for time in HORIZONS),
    )  # fmt: skip


def _ends(answer: Survival, width: int) -> str:
    """The share that has ended in each way by the last horizon, and by the first."""
    causes = sorted({cause for each in answer.groups for cause in each.incidence.causes})
    heads = (f"ended within {HORIZONS[0]:g} and {HORIZONS[-1]:g} years", *causes)
    rows = []
    for each in answer.groups:
        shares = (
            f"{100 * each.incidence.at(cause, HORIZONS[0]):.0f} %, "
            f"{100 * each.incidence.at(cause, HORIZONS[-1]):.0f} %"
            if cause in each.incidence.causes
            else ""
            for cause in causes
        )
        rows.append((each.name, *shares))
    return show_table(heads, rows, width, right="l" + "r" * len(causes))


def _model(answer: Survival, width: int) -> str:
    model = answer.hazards
    what = f"the end ({answer.end})" if answer.end else "the end"
    rows = [
        (name, f"{exp(log_rate):.4f}", _range(float(log_rate), float(error), 4))
        for name, log_rate, error in zip(
            _periods(model), model.log_rates, model.log_rate_errors, strict=True
        )
    ]
    heads = (f"hazard of {what}, by years in office", "per year", "95 %")
    text = show_table(heads, rows, width, right="lrl")
    if model.names:
        effects = [
            (name, f"×{exp(b):.2f}", _range(float(b), float(error), 2))
            for name, b, error in zip(model.names, model.effects, model.effect_errors, strict=True)
        ]
        heads = ("times the hazard, for one more (or yes)", "factor", "95 %")
        text += "\n" + show_table(heads, effects, width, right="lrl")
    return text


def _range(log_value: float, error: float, digits: int) -> str:
    low, high = exp(log_value - NORMAL_95 * error), exp(log_value + NORMAL_95 * error)
    return f"{low:.{digits}f}–{high:.{digits}f}"


def _periods(model: Hazards) -> list[str]:
    edges = [0.0, *model.cuts]
    ends = [*(f"{edge:g}" for edge in model.cuts), ""]
    return [
        f"{start:g} to {end}" if end else f"{start:g} and more"
        for start, end in zip(edges, ends, strict=True)
    ]


def survival_record(answer: Survival) -> dict[str, object]:
    """The answer for `--json`."""
    model = answer.hazards
    return {
        "where": list(answer.wheres),
        "groups": [
            {
                "name": each.name, "spells": each.spells, "ends": each.ends, "years": each.years,
                "rate": each.ends / each.years, "low": each.low, "high": each.high,
                "median": each.curve.median,
                "survival": {str(time): each.curve.at(time) for time in HORIZONS},
                "ended": {
                    cause: {str(time): each.incidence.at(cause, time) for time in HORIZONS}
                    for cause in each.incidence.causes
                },
            }
            for each in answer.groups
        ],
        "small": list(answer.small),
        "log_rank": answer.log_rank,
        "hazard": {
            "end": answer.end or None,
            "periods": [
                {"years": name, "rate": exp(rate), "log_error": float(error)}
                for name, rate, error in zip(
                    _periods(model), model.log_rates, model.log_rate_errors, strict=True
                )
            ],
            "effects": [
                {"name": name, "factor": exp(b), "log_error": float(error)}
                for name, b, error in zip(
                    model.names, model.effects, model.effect_errors, strict=True
                )
            ],
            "log_likelihood": model.log_likelihood,
        },
    }  # fmt: skip
