"""How well calls are forecast, over the table and over the library of cases, in tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from foedus.questions.fits.ended import GIVEN, Ended
from foedus.questions.fits.library import LibraryScores
from foedus.questions.fits.scoring import CallContest, Scored
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import as_written
from foedus.report.layout import heading, wrap
from foedus.report.outside_view.asked_words import NO_CASES, Cases, show_asked
from foedus.report.outside_view.contest import show_behind, show_forecaster, show_murphy, show_way
from foedus.report.outside_view.table import show_table


def show_library(
    library: LibraryScores, width: int, language: str = "en", cases: Cases = NO_CASES
) -> str:
    """Which view did better, the cases with both views and what came, and the scores.

    A question of one of the `cases` at hand is told in words.
    """
    title = say(language, "library.title", count=len(library.cases))
    rows = [
        (
            one.expected.case, one.expected.own.case_id,
            say(language, f"calls.decision-{one.expected.own.decision}"),
            f"{100 * one.expected.outside:.0f} %",
            f"{100 * one.inside:.0f}±{100 * one.error:.0f} %",
            f"{100 * one.expected.base_rate:.0f} %",
        )
        for one in library.cases
    ]  # fmt: skip
    heads = [say(language, f"library.{name}") for name in ("case", "call")]
    heads.append(say(language, "scores.came"))
    heads += [show_forecaster(one, language) for one in ("outside view", "inside view")]
    heads.append(show_forecaster("base rate", language))
    behind = say(language, "library.behind-outside")
    blocks = [
        "\n".join(heading(title, width)).lstrip("\n"),
        "\n".join(wrap(_verdict(library, language), width)),
        show_table(heads, rows, width, right="lllrrr"),
        _scores(library.scored, behind, width, language),
        "\n".join(wrap(say(language, "library.cases"), width)),
    ]
    if library.contests:
        blocks += _ended(library.ended, library.contests, cases, width, language)
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def _ended(
    ended: Sequence[Ended],
    contests: Sequence[CallContest],
    at_hand: Cases,
    width: int,
    language: str,
) -> list[str]:
    """Every question whose end is known: what was said and came, the scores, the calibration."""
    cases = dict.fromkeys(one.case for one in ended)
    title = say(language, "library.asked", count=len(ended), cases=len(cases))
    rows: list[tuple[str, ...]] = []
    last = ""
    for one in ended:
        said = f"{100 * one.said:.0f}±{100 * one.error:.0f} %"
        came = say(language, "settle.yes" if one.came.value else "settle.no")
        name = show_asked(at_hand, one.case, one.question, language)
        if one.case != last:
            rows.append((f"{one.case}:", "", ""))
        rows.append((name + (" *" if one.is_given else ""), said, came))
        last = one.case
    names = ("library.question", "scores.said", "scores.came")
    blocks = [
        "\n".join(heading(title, width)).lstrip("\n"),
        show_table([say(language, name) for name in names], rows, width, right="lrl"),
        "\n".join(wrap(say(language, "library.questions"), width)),
    ]
    for contest in contests:
        behind = "library.behind-given" if contest.way == GIVEN else "library.behind-all"
        blocks += [
            "\n".join(wrap(_said(contest, "cases", language), width)),
            _scores(contest.scored, say(language, behind), width, language),
            _bins(contest, width, "questions", language),
        ]
    return blocks


def _verdict(library: LibraryScores, language: str) -> str:
    outside, inside, *simpler = library.scored
    better = "inside" if inside.log < outside.log else "outside"
    sure = abs(inside.behind) > 2.0 * inside.behind_error
    said = say(language, f"library.{better}-{'better' if sure else 'close'}")
    best = min(outside.log, inside.log)
    ahead = [show_forecaster(one.name, language) for one in simpler if one.log < best]
    if not ahead:
        return said
    return f"{said} {say(language, 'library.both-beaten', names=', '.join(ahead))}"


def _scores(scored: Sequence[Scored], behind: str, width: int, language: str) -> str:
    rows = []
    for place, one in enumerate(scored):
        apart = show_behind(one.behind, one.behind_error, "+") if place else ""
        numbers = (f"{one.brier:.3f}", f"{one.log:.3f}", apart)
        written = (as_written(number, language) for number in numbers)
        rows.append((show_forecaster(one.name, language), *written))
    names = ("scores.forecaster", "settle.brier", "scores.log")
    heads = [*(say(language, name) for name in names), behind]
    return show_table(heads, rows, width, right="lrrr")


def show_call_contests(contests: Sequence[CallContest], width: int, language: str) -> str:
    """The fit against simpler forecasters, and how well it is calibrated."""
    blocks = []
    for contest in contests:
        calls = say(language, "scores.calls", count=len(contest.ids))
        title = show_way(contest.way, calls, language)
        blocks.append("\n".join(heading(title, width)).lstrip("\n"))
        blocks.append("\n".join(wrap(_said(contest, "fit", language), width)))
        blocks.append(_scores(contest.scored, say(language, "library.behind-fit"), width, language))
        blocks.append(_bins(contest, width, "calls", language))
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def _said(contest: CallContest, who: str, language: str) -> str:
    """What the scores say, whether it flatters whoever stands first or not."""
    fit, *rivals = contest.scored
    ahead = [show_forecaster(one.name, language) for one in rivals if one.log < fit.log]
    clear = [
        show_forecaster(one.name, language)
        for one in rivals
        if abs(one.behind) > 2.0 * one.behind_error
    ]
    form = f"library.{who}-{'beaten' if ahead else 'best'}"
    first = say(language, form, names=", ".join(ahead))
    form = "library.apart" if clear else "library.none-apart"
    said = say(language, form, first=first, names=", ".join(clear))
    return show_murphy("scores.murphy-said", contest.calibration, language, said=said)


def _bins(contest: CallContest, width: int, what: str, language: str) -> str:
    rows = [
        (f"{100 * one.forecast:.0f} %", f"{100 * one.came:.0f} %", str(one.cases))
        for one in contest.calibration.bins
    ]
    heads = [say(language, f"scores.{name}") for name in ("said", "came", f"bin-{what}")]
    return show_table(heads, rows, width, right="rrr")


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
