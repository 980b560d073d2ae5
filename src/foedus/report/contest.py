"""How well requests for help are forecast: tables for the page and the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

from foedus.questions.requests.elsewhere import Elsewhere, elsewhere
from foedus.questions.requests.scoring import FIRST_YEAR, IN_NEITHER_TABLE, Contest, Scored
from foedus.questions.scores import Murphy
from foedus.report.layout import heading, wrap
from foedus.report.table import show_table


def show_contests(contests: Sequence[Contest], width: int) -> str:
    """Every contest with its verdict and the calibration of the model."""
    blocks: list[str] = []
    for contest in contests:
        since = f", from {FIRST_YEAR} on" if contest.way == "by time" else ""
        title = f"{contest.way.capitalize()}: {contest.requests} requests{since}"
        blocks.append("\n".join(heading(title, width)).lstrip("\n"))
        blocks.append(_table(contest, width))
        lines = _verdict(contest)
        if contest.way == IN_NEITHER_TABLE:
            lines += [_beside(one) for one in elsewhere(contests[0], contest)]
            lines.append(_granted_beside(contests[0], contest))
        blocks += ["\n".join(wrap(line, width)) for line in lines]
        for what, parts in (
            ("The model's probability that it is granted", contest.granted),
            ("The model's probability that the asker is in office after a year", contest.in_office),
        ):
            blocks.append(show_calibration(what, parts, width))
    blocks.append("\n".join(wrap(_LEGEND, width)))
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


_LEGEND = (
    "Lower is better. Brier score of three categories (0 to 2) and of two (0 to 1), logarithmic "
    "score in nats, continuous ranked probability score of log(1 + days). Behind: by how much a "
    "rival's logarithmic score of the decision lies above the model's, with one standard error."
)


def _table(contest: Contest, width: int) -> str:
    heads = ("forecaster", "decision: Brier", "log", "behind", "fate: Brier", "log", "days: CRPS")
    rows = [
        (
            one.name, f"{one.decision_brier:.3f}", f"{one.decision_log:.3f}",
            "" if one.behind == 0.0 else f"{one.behind:.2f}±{one.behind_error:.2f}",
            f"{one.fate_brier:.3f}", f"{one.fate_log:.3f}", f"{one.days_crps:.3f}",
        )
        for one in contest.scored
    ]  # fmt: skip
    return show_table(heads, rows, width, right="lrrrrrr")


def _verdict(contest: Contest) -> list[str]:
    """What the table says, whether it flatters the model or not."""
    found = []
    leads: dict[str, Callable[[Scored], tuple[float, float]]] = {
        "decision": lambda one: (one.behind, one.behind_error),
        "fate of the asker": lambda one: (one.fate_behind, one.fate_behind_error),
        "days to the first troops": lambda one: (one.days_behind, one.days_behind_error),
    }
    for what, lead in leads.items():
        rivals = [(one.name, *lead(one)) for one in contest.scored[1:]]
        better = [name for name, behind, _ in rivals if behind <= 0.0]
        close = [name for name, behind, error in rivals if 0.0 < behind < 2.0 * error]
        line = (
            f"Of the {what} the model does better than every rival"
            if not better
            else f"Of the {what} the model does not beat {', '.join(better)}"
        )
        if close:
            line += (
                "; its lead is less than two standard errors, and may be chance, over "
                + ", ".join(close)
            )
        found.append(f"{line}.")
    return found


def _beside(one: Elsewhere) -> str:
    """What the rule that was set first says of requests that are in neither table."""
    verdict = (
        f"The {one.of} is forecast as well as in the tables"
        if one.is_as_good
        else f"That the {one.of} is forecast as well as in the tables is not shown"
    )
    differs = f"{'worse' if one.worse > 0.0 else 'better'} by {abs(one.worse):.2f}"
    return (
        f"{verdict}: logarithmic score {one.outside:.3f} against {one.inside:.3f} leaving out one "
        f"at a time, {differs}±{one.worse_error:.2f}; lead over the base rate "
        f"{one.lead:.2f}±{one.lead_error:.2f}. A loss of less than {2.0 * one.worse_error:.2f} "
        "would not be noticed."
    )


def _granted_beside(inside: Contest, outside: Contest) -> str:
    """Of whether it is granted, yes or no: the model and the base rate, there and in the tables."""
    here, there = (
        [one.granted_brier for one in held.scored if one.name in ("the model", "base rate")]
        for held in (inside, outside)
    )
    return (
        f"Whether it is granted, yes or no: Brier {there[0]:.3f}, the base rate {there[1]:.3f}; in "
        f"the tables, leaving out one at a time, {here[0]:.3f} and {here[1]:.3f}."
    )


def show_calibration(what: str, parts: Murphy, width: int) -> str:
    """Murphy's parts, and the reliability diagram as rows of a table."""
    head = (
        f"{what}: Brier {parts.score:.3f} = reliability {parts.reliability:.3f} - resolution "
        f"{parts.resolution:.3f} + uncertainty {parts.uncertainty:.3f} + within bins "
        f"{parts.within:.3f}"
    )
    rows = [
        (f"{100 * one.forecast:.0f} %", f"{100 * one.came:.0f} %", str(one.cases), _bar(one.came))
        for one in parts.bins
    ]
    table = show_table(("said", "came", "cases", "0 to 100 %"), rows, width, right="rrrl")
    return "\n".join(wrap(head, width)) + "\n\n" + table


def _bar(share: float) -> str:
    return "#" * round(20 * share)


def contests_record(contests: Sequence[Contest]) -> dict[str, object]:
    """Every contest for `--json`, and how requests in neither table compare with those in them."""
    found: dict[str, object] = {"contests": [contest_record(one) for one in contests]}
    for one in contests:
        if one.way == IN_NEITHER_TABLE:
            beside = elsewhere(contests[0], one)
            found["elsewhere"] = [{**asdict(of), "is_as_good": of.is_as_good} for of in beside]
    return found


def contest_record(contest: Contest) -> dict[str, object]:
    """A contest for `--json`."""
    return {
        "way": contest.way,
        "requests": contest.requests,
        "is_won": contest.is_won,
        "decision_error": contest.decision_error,
        "fate_error": contest.fate_error,
        "forecasters": [asdict(one) for one in contest.scored],
        "calibration": {
            "granted": {**asdict(contest.granted), "score": contest.granted.score},
            "in_office": {**asdict(contest.in_office), "score": contest.in_office.score},
        },
    }
