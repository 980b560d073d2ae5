"""How well calls are forecast, over the table and over the library of cases, in tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from foedus.questions.fits.ended import GIVEN, Ended
from foedus.questions.fits.library import LibraryScores
from foedus.questions.fits.scoring import FIRST_YEAR, CallContest, Scored
from foedus.report.layout import heading, wrap
from foedus.report.table import show_table


def show_library(library: LibraryScores, width: int) -> str:
    """The cases with the inside and the outside view, what came, and the scores of both."""
    title = f"The library: {len(library.cases)} cases, each on what was known before its clock"
    rows = [
        (
            one.expected.case, one.expected.own.case_id, one.expected.own.decision,
            f"{100 * one.expected.outside:.0f} %",
            f"{100 * one.inside:.0f}±{100 * one.error:.0f} %",
            f"{100 * one.expected.base_rate:.0f} %",
        )
        for one in library.cases
    ]  # fmt: skip
    heads = ("case", "call", "came", "outside view", "inside view", "base rate")
    blocks = [
        "\n".join(heading(title, width)).lstrip("\n"),
        show_table(heads, rows, width, right="lllrrr"),
        _scores(library.scored, "behind the outside view", width),
        "\n".join(wrap(_verdict(library), width)),
        "\n".join(wrap(_CASES, width)),
    ]
    if library.contests:
        blocks += _ended(library.ended, library.contests, width)
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def _ended(ended: Sequence[Ended], contests: Sequence[CallContest], width: int) -> list[str]:
    """Every question whose end is known: what was said and came, the scores, the calibration."""
    cases = dict.fromkeys(one.case for one in ended)
    title = f"All that the library asked: {len(ended)} questions of {len(cases)} cases"
    rows, last = [], ""
    for one in ended:
        said = f"{100 * one.said:.0f}±{100 * one.error:.0f} %"
        came = "yes" if one.came.value else "no"
        name = one.question + (" *" if one.is_given else "")
        rows.append((one.case if one.case != last else "", name, said, came))
        last = one.case
    blocks = [
        "\n".join(heading(title, width)).lstrip("\n"),
        show_table(("case", "question", "said", "came"), rows, width, right="llrl"),
        "\n".join(wrap(_QUESTIONS, width)),
    ]
    for contest in contests:
        of = "on a condition" if contest.way == GIVEN else "all questions"
        blocks += [
            _scores(contest.scored, f"behind the cases, {of}", width),
            "\n".join(wrap(_said(contest, "The cases", "do"), width)),
            _bins(contest, width, "questions"),
        ]
    return blocks


_QUESTIONS = (
    "What can be answered with yes or no, as said before any evidence of the case. A case is in "
    "the library because there was trouble, and its model cannot know that beforehand; questions "
    "with an asterisk suppose the trouble or the call. Errors of differences are between cases. "
    "Whoever wrote a case knew how it ended."
)


_CASES = (
    "Outside view: what earlier calls let expect, the case's own left out. Inside view: what the "
    "case's model answers before any of its evidence, ± its Monte Carlo error. Lower scores are "
    "better."
)


def _verdict(library: LibraryScores) -> str:
    outside, inside, *_ = library.scored
    better = "the inside view" if inside.log < outside.log else "the outside view"
    sure = abs(inside.behind) > 2.0 * inside.behind_error
    close = "" if sure else ", by less than two standard errors"
    return (
        f"On these cases {better} does better{close}. So few prove little, and they were chosen "
        "because something had happened."
    )


def _scores(scored: Sequence[Scored], behind: str, width: int) -> str:
    rows = [
        (
            one.name, f"{one.brier:.3f}", f"{one.log:.3f}",
            f"{one.behind:+.2f}±{one.behind_error:.2f}" if place else "",
        )
        for place, one in enumerate(scored)
    ]  # fmt: skip
    return show_table(("forecaster", "Brier", "log", behind), rows, width, right="lrrr")


def show_call_contests(contests: Sequence[CallContest], width: int) -> str:
    """The fit against simpler forecasters, and how well it is calibrated."""
    blocks = []
    for contest in contests:
        since = f", from {FIRST_YEAR} on" if contest.way == "by time" else ""
        title = f"{contest.way.capitalize()}: {len(contest.ids)} calls{since}"
        blocks.append("\n".join(heading(title, width)).lstrip("\n"))
        blocks.append(_scores(contest.scored, "behind the fit", width))
        blocks.append("\n".join(wrap(_said(contest, "The fit", "does"), width)))
        blocks.append(_bins(contest, width, "calls"))
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def _said(contest: CallContest, who: str, verb: str) -> str:
    """What the scores say, whether it flatters whoever stands first or not."""
    fit, *rivals = contest.scored
    ahead = [one.name for one in rivals if one.log < fit.log]
    clear = [one.name for one in rivals if abs(one.behind) > 2.0 * one.behind_error]
    first = (
        f"{who} {verb} not beat {', '.join(ahead)}" if ahead else f"{who} {verb} better than all"
    )
    apart = f"; by more than two standard errors apart: {', '.join(clear)}" if clear else (
        "; no difference exceeds two standard errors"
    )  # fmt: skip
    parts = contest.calibration
    murphy = (
        f"reliability {parts.reliability:.3f} - resolution {parts.resolution:.3f} + uncertainty "
        f"{parts.uncertainty:.3f} + within bins {parts.within:.3f}"
    )
    return f"{first}{apart}. Brier score {parts.score:.3f} = {murphy}."


def _bins(contest: CallContest, width: int, what: str) -> str:
    rows = [
        (f"{100 * one.forecast:.0f} %", f"{100 * one.came:.0f} %", str(one.cases))
        for one in contest.calibration.bins
    ]
    return show_table(("said", "came", what), rows, width, right="rrr")


def library_record(
    library: LibraryScores | None, contests: Sequence[CallContest]
) -> dict[str, object]:
    """Cases and contests for `--json`."""
    cases = [] if library is None else [
        {
            "case": one.expected.case, "body": one.expected.body,
            "call": one.expected.own.case_id, "decision": one.expected.own.decision,
            "question": one.expected.question, "outside": one.expected.outside,
            "inside": one.inside, "error": one.error, "base_rate": one.expected.base_rate,
            "came": one.came,
        }
        for one in library.cases
    ]  # fmt: skip
    return {
        "library": {
            "cases": cases,
            "forecasters": [] if library is None else [asdict(one) for one in library.scored],
        },
        "questions": [] if library is None else [
            {**asdict(one), "came": one.came.value, "cites": one.came.cites}
            for one in library.ended
        ],
        "contests": [] if library is None else [_contest_record(one) for one in library.contests],
        "calls": [_contest_record(one) for one in contests],
    }  # fmt: skip


def _contest_record(one: CallContest) -> dict[str, object]:
    return {
        "way": one.way, "calls": list(one.ids), "forecasts": one.forecasts.tolist(),
        "came": one.came.tolist(), "forecasters": [asdict(each) for each in one.scored],
        "calibration": {**asdict(one.calibration), "score": one.calibration.score},
    }  # fmt: skip
