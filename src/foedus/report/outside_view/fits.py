"""What past calls teach about a body, in tables, records, and as a file of priors."""

from __future__ import annotations

from foedus.questions.fits.calls import Share
from foedus.questions.fits.fit import MECHANISM, Basis, CallsFit, Learned, Level
from foedus.report.language.catalogue import CATALOGUES, say
from foedus.report.language.numbers import as_written, show_count, show_date, show_number_range
from foedus.report.layout import item, wrap
from foedus.report.outside_view.table import show_table
from foedus.report.phrases.class_words import show_body
from foedus.report.phrases.written import show_belief
from foedus.units import UNITS

TABLE = "Requests of governments for military help, 1956-2023 (aid-requests)"


def show_fit(fit: CallsFit, width: int, language: str = "en") -> str:
    """The chance of the next call, the shrinkage, the laws that were learned, and what was not."""
    body = show_body(fit.body, language)
    day = "" if fit.before is None else show_date(fit.before, language)
    head = say(
        language, "fit.head-before" if day else "fit.head", mechanism=MECHANISM, body=body, day=day
    )
    share, low, high = (
        percent(each, language)
        for each in (fit.next_call.mean, fit.next_call.low, fit.next_call.high)
    )
    chance = say(
        language, "fit.next", body=body, share=f"{share} %", range=f"{low}–{high} %", count=fit.used
    )
    unseen = "; ".join(
        say(language, "fit.unseen", refusals=count, share=f"{percent(each.mean, language)} %")
        for count, each in fit.unseen.items()
    )
    trace = say(language, "fit.trace", shares=unseen)
    blocks = ["\n".join(wrap(line, width)) for line in (head, chance, trace)]
    blocks += [_levels(fit, width, language)]
    blocks.append("\n".join(wrap(say(language, "fit.levels"), width)))
    blocks += [_laws(fit, width, language), _refused(fit, width, language)]
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def percent(share: float, language: str) -> str:
    """A share in whole per cent; small and large ones with a digit more."""
    text = f"{100 * share:.0f}" if 0.01 <= share <= 0.99 else f"{100 * share:.2g}"
    return as_written(text, language)


def ranged(share: Share, language: str) -> str:
    """A share with its 80 % range, in per cent."""
    low, high = percent(share.low, language), percent(share.high, language)
    return f"{percent(share.mean, language)} ({low}–{high})"


def _levels(fit: CallsFit, width: int, language: str) -> str:
    rows = []
    for depth, level in enumerate(fit.levels):
        counted = percent(level.granted / level.calls, language) if level.calls else "–"
        others = ranged(level.others, language) if depth else "–"
        rows.append(
            (
                _group(level, depth, language), str(level.granted), str(level.calls), counted,
                others, ranged(level.learned, language),
            )
        )  # fmt: skip
    names = ("group", "granted", "calls", "share", "others", "learned")
    heads = [say(language, f"fit.{name}") for name in names]
    return show_table(heads, rows, width, right="lrrrrr")


def _group(level: Level, depth: int, language: str) -> str:
    """All, the kind of body, whoever leads it, and the body itself."""
    if not depth:
        return say(language, "class.all")
    if f"fit.group-{level.words}" in CATALOGUES[language]:
        return say(language, f"fit.group-{level.words}")
    body = show_body(level.words, language)
    return say(language, "fit.group-led", body=body) if depth == LED else body


LED = 2
"""The level of groups by who leads."""


def show_basis(basis: Basis, language: str = "en") -> str:
    """The calls or cases that a law rests on."""
    return say(
        language, f"fit.basis-{basis.kind}", own=basis.own, of=basis.of,
        everywhere=basis.everywhere,
    )  # fmt: skip


def _laws(fit: CallsFit, width: int, language: str) -> str:
    lines = wrap(say(language, "fit.laws"), width)
    for one in fit.learned:
        middle, low, high = (
            _value(one, each, language) for each in (one.middle, one.low, one.high)
        )
        spread = f"{low}–{high}"
        if one.low < 0.0:
            spread = show_number_range(one.low, one.high, language)
        told = say(
            language, "fit.law", name=one.name, middle=middle, range=spread,
            unit=_unit(one, language), law=show_belief(one.law, language),
            before=show_belief(one.before, language), kept=f"{100 * one.kept:.0f} %",
            basis=show_basis(one.rests_on, language),
        )  # fmt: skip
        lines += item(f"{told}.", width)
    return "\n".join([*lines, *wrap(say(language, "fit.beforehand"), width)])


def _value(one: Learned, value: float, language: str) -> str:
    """A value of a parameter: a share in per cent, days, troops or a bare number."""
    if one.unit == "share":
        return percent(value, language)
    if abs(value) >= 100.0:
        return show_count(int(float(f"{value:.2g}")), language)
    return as_written(f"{value:.2g}", language)


def _unit(one: Learned, language: str) -> str:
    """The unit as it follows a number; nothing for a bare one."""
    if one.unit == "share":
        return " %"
    return f" {say(language, f'unit.{UNITS[one.unit].name}', count=2)}".rstrip()


def _refused(fit: CallsFit, width: int, language: str) -> str:
    """The parameters that were not learned, each reason once."""
    lines = wrap(say(language, "fit.refused"), width)
    reasons = {name: show_reason(why, language) for name, why in fit.refused.items()}
    for why in dict.fromkeys(reasons.values()):
        names = ", ".join(name for name, reason in reasons.items() if reason == why)
        lines += item(say(language, "fit.reason", names=names, why=why), width)
    return "\n".join(lines)


def show_reason(why: str | Basis, language: str = "en") -> str:
    """Why a parameter was not learned."""
    if isinstance(why, Basis):
        return say(language, "fit.reason-spread", basis=show_basis(why, language))
    return say(language, f"fit.reason-{why}")


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
    basis = show_basis(one.rests_on)
    return f"learned from {TABLE}, what was known{day}: {basis}; {one.before} beforehand"


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
                "rests_on": show_basis(one.rests_on),
            }
            for one in fit.learned
        ],
        "not_learned": {name: show_reason(why) for name, why in fit.refused.items()},
    }  # fmt: skip
