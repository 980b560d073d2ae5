"""What past calls teach about a body, in tables, records, and as a file of priors."""

from __future__ import annotations

from collections.abc import Mapping

from foedus.questions.fits.calls import Share
from foedus.questions.fits.fit import MECHANISM, CallsFit, Learned
from foedus.report.layout import wrap
from foedus.report.table import show_table

TABLE = "Requests of governments for military help, 1956-2023 (aid-requests)"


def show_fit(fit: CallsFit, width: int) -> str:
    """The shrinkage, the laws that were learned, and what was not."""
    day = f", as known before {fit.before.isoformat()}" if fit.before is not None else ""
    head = f"What past calls teach about `{MECHANISM}` for {fit.body}{day}"
    low, high = percent(fit.next_call.low), percent(fit.next_call.high)
    chance = (
        f"The next call on {fit.body} is taken up with probability {percent(fit.next_call.mean)} % "
        f"({low}–{high}, 80 %), from {fit.used} calls in all."
    )
    unseen = "; ".join(
        f"had there been {count} refusals more, {percent(share.mean)} %"
        for count, share in fit.unseen.items()
    )
    trace = f"Refusals leave less trace than operations: {unseen}."
    blocks = ["\n".join(wrap(line, width)) for line in (head, chance, trace)]
    blocks += [_levels(fit, width), "\n".join(wrap(_LEVELS, width)), _laws(fit, width)]
    blocks += ["\n".join(wrap(_LAWS, width)), _refused(fit.refused, width)]
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


_LEVELS = (
    "Per cent, with the 80 % range. Others say: what the group is like as far as the calls outside "
    "it tell; learned: with its own calls, and of the body itself after what they left behind."
)
_LAWS = (
    "Left: how much of the spread beforehand is left. Beforehand: what was believed before any "
    "call, for reasons that do not rest on the table."
)


def percent(share: float) -> str:
    """A share in whole per cent; small and large ones with a digit more."""
    return f"{100 * share:.0f}" if 0.01 <= share <= 0.99 else f"{100 * share:.2g}"


def ranged(share: Share) -> str:
    """A share with its 80 % range, in per cent."""
    return f"{percent(share.mean)} ({percent(share.low)}–{percent(share.high)})"


def _levels(fit: CallsFit, width: int) -> str:
    rows = []
    for depth, level in enumerate(fit.levels):
        counted = percent(level.granted / level.calls) if level.calls else "–"
        others = ranged(level.others) if depth else "–"
        rows.append(
            (
                "  " * depth + level.words, str(level.granted), str(level.calls), counted, others,
                ranged(level.learned),
            )
        )  # fmt: skip
    heads = ("group", "taken up", "calls", "share", "others say", "learned")
    return show_table(heads, rows, width, right="lrrrrr")


def _laws(fit: CallsFit, width: int) -> str:
    rows = [
        (one.name, one.unit if one.unit != "none" else "", one.law, one.before,
         f"{100 * one.kept:.0f} %", one.rests_on)
        for one in fit.learned
    ]  # fmt: skip
    heads = ("parameter", "unit", "learned", "beforehand", "left", "rests on")
    return show_table(heads, rows, width, right="llllrl")


def _refused(refused: Mapping[str, str], width: int) -> str:
    """The parameters that were not learned, each reason once."""
    lines = wrap("Not learned, so that the mechanism's own priors stay:", width)
    for why in dict.fromkeys(refused.values()):
        names = ", ".join(name for name, reason in refused.items() if reason == why)
        lines += wrap(f"- {names}: {why}.", width, "", "  ")
    return "\n".join(lines)


def priors_file(fit: CallsFit, prefix: str) -> str:
    """The laws as a file for `--priors`, under the prefix that a case gives the mechanism."""
    day = f" before {fit.before.isoformat()}" if fit.before is not None else ""
    lines = [
        f'title: "{MECHANISM} for {fit.body}, learned from past calls{day}"',
        "parameters:",
    ]
    for one in fit.learned:
        lines += [f"  {prefix}.{one.name}:", f'    prior: "{one.law}"']
        if one.unit != "none":
            lines.append(f"    unit: {one.unit}")
        lines += ["    grade: judged", f'    because: "{_because(one, day)}"']
    return "\n".join(lines) + "\n"


def _because(one: Learned, day: str) -> str:
    return f"learned from {TABLE}, what was known{day}: {one.rests_on}; {one.before} beforehand"


def share_record(share: Share) -> dict[str, float]:
    """A share for `--json`."""
    return {"mean": share.mean, "low": share.low, "high": share.high}


def fit_record(fit: CallsFit) -> dict[str, object]:
    """The fit for `--json`."""
    return {
        "mechanism": MECHANISM,
        "body": fit.body,
        "before": None if fit.before is None else fit.before.isoformat(),
        "calls": fit.used,
        "next_call": share_record(fit.next_call),
        "with_unseen_refusals": {
            str(count): share_record(share) for count, share in fit.unseen.items()
        },
        "levels": [
            {
                "group": level.words, "granted": level.granted, "calls": level.calls,
                "others_say": share_record(level.others), "learned": share_record(level.learned),
            }
            for level in fit.levels
        ],
        "learned": [
            {
                "name": one.name, "unit": one.unit, "prior": one.law, "beforehand": one.before,
                "middle": one.middle, "low": one.low, "high": one.high, "spread_left": one.kept,
                "rests_on": one.rests_on,
            }
            for one in fit.learned
        ],
        "not_learned": dict(fit.refused),
    }  # fmt: skip
