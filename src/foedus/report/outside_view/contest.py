"""How well requests for help are forecast: tables for the page and the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

from foedus.questions.requests.elsewhere import Elsewhere, elsewhere
from foedus.questions.requests.scoring import FIRST_YEAR, IN_NEITHER_TABLE, Contest, Scored
from foedus.questions.scores import Murphy
from foedus.report.language.catalogue import CATALOGUES, say
from foedus.report.language.numbers import as_written
from foedus.report.layout import heading, wrap
from foedus.report.outside_view.table import show_table


def show_contests(contests: Sequence[Contest], width: int, language: str = "en") -> str:
    """Every contest with its verdict and the calibration of the model."""
    blocks = ["\n".join(wrap(say(language, "scores.opening"), width))]
    for contest in contests:
        requests = say(language, "scores.requests", count=contest.requests)
        title = show_way(contest.way, requests, language)
        blocks.append("\n".join(heading(title, width)).lstrip("\n"))
        lines = _verdict(contest, language)
        if contest.way == IN_NEITHER_TABLE:
            lines += [_beside(one, language) for one in elsewhere(contests[0], contest)]
            lines.append(_granted_beside(contests[0], contest, language))
        blocks += ["\n".join(wrap(line, width)) for line in lines]
        blocks.append(_table(contest, width, language))
        for what, parts in (("granted", contest.granted), ("in-office", contest.in_office)):
            blocks.append(show_calibration(say(language, f"scores.{what}"), parts, width, language))
    blocks.append("\n".join(wrap(say(language, "scores.legend"), width)))
    return "\n\n".join(block.rstrip() for block in blocks) + "\n"


def show_way(way: str, requests: str, language: str) -> str:
    """What was left out, of how many: the title of a contest."""
    since = "-since" if way == "by time" else ""
    return say(
        language, f"scores.title{since}", way=say(language, f"scores.way-{way}"),
        requests=requests, year=FIRST_YEAR,
    )  # fmt: skip


def show_forecaster(name: str, language: str) -> str:
    """A forecaster; of one that goes by the rate in a class, what makes the class."""
    if f"scorer.{name}" in CATALOGUES[language]:
        return say(language, f"scorer.{name}")
    columns = name.removeprefix("class: ").split(" and ")
    joined = say(language, "scorer.and").join(say(language, f"scorer.by-{one}") for one in columns)
    return say(language, "scorer.class", columns=joined)


def _table(contest: Contest, width: int, language: str) -> str:
    names = ("forecaster", "decision-brier", "log", "behind", "fate-brier", "log", "days-crps")
    heads = [say(language, f"scores.{name}") for name in names]
    rows = []
    for one in contest.scored:
        cells = (
            f"{one.decision_brier:.3f}", f"{one.decision_log:.3f}",
            "" if one.behind == 0.0 else show_behind(one.behind, one.behind_error),
            f"{one.fate_brier:.3f}", f"{one.fate_log:.3f}", f"{one.days_crps:.3f}",
        )  # fmt: skip
        numbers = (as_written(cell, language) for cell in cells)
        rows.append((show_forecaster(one.name, language), *numbers))
    return show_table(heads, rows, width, right="lrrrrrr")


def show_behind(behind: float, error: float, sign: str = "") -> str:
    """How far a forecaster is behind another, with its error; what shows as nought has no sign."""
    number = f"{behind:{sign}.2f}"
    is_nought = not any(digit in number for digit in "123456789")
    return f"{number.lstrip('+-') if is_nought else number}±{error:.2f}"


def _verdict(contest: Contest, language: str) -> list[str]:
    """What the table says, whether it flatters the model or not."""
    found = []
    leads: dict[str, Callable[[Scored], tuple[float, float]]] = {
        "decision": lambda one: (one.behind, one.behind_error),
        "fate": lambda one: (one.fate_behind, one.fate_behind_error),
        "days": lambda one: (one.days_behind, one.days_behind_error),
    }
    for what, lead in leads.items():
        rivals = [(show_forecaster(one.name, language), *lead(one)) for one in contest.scored[1:]]
        better = [name for name, behind, _ in rivals if behind <= 0.0]
        close = [name for name, behind, error in rivals if 0.0 < behind < 2.0 * error]
        form = f"scores.beaten-{what}" if better else f"scores.best-{what}"
        line = say(language, form, names=", ".join(better))
        if close:
            line = say(language, "scores.close", line=line, names=", ".join(close))
        found.append(say(language, "scores.sentence", line=line))
    return found


_SHORT = {"decision": "decision", "fate of the asker": "fate", "days to the first troops": "days"}


def _beside(one: Elsewhere, language: str) -> str:
    """What the rule says of one thing, of requests that are in neither table."""
    verdict = f"scores.{'as-good' if one.is_as_good else 'not-shown'}-{_SHORT[one.of]}"
    numbers = {
        "outside": f"{one.outside:.3f}", "inside": f"{one.inside:.3f}",
        "worse": f"{abs(one.worse):.2f}", "error": f"{one.worse_error:.2f}",
        "lead": f"{one.lead:.2f}", "lead_error": f"{one.lead_error:.2f}",
        "unnoticed": f"{2.0 * one.worse_error:.2f}",
    }  # fmt: skip
    return say(
        language, f"scores.beside-{'worse' if one.worse > 0.0 else 'better'}",
        verdict=say(language, verdict), score=say(language, f"scores.score-{_SHORT[one.of]}"),
        **_written(numbers, language),
    )  # fmt: skip


def _granted_beside(inside: Contest, outside: Contest, language: str) -> str:
    """Of whether it is granted, yes or no: the model and the base rate, there and in the tables."""
    here, there = (
        [one.granted_brier for one in held.scored if one.name in ("the model", "base rate")]
        for held in (inside, outside)
    )
    numbers = {
        "model": f"{there[0]:.3f}", "base": f"{there[1]:.3f}",
        "model_inside": f"{here[0]:.3f}", "base_inside": f"{here[1]:.3f}",
    }  # fmt: skip
    return say(language, "scores.granted-beside", **_written(numbers, language))


def _written(numbers: dict[str, str], language: str) -> dict[str, str]:
    return {name: as_written(number, language) for name, number in numbers.items()}


def show_murphy(sentence: str, parts: Murphy, language: str, **words: str) -> str:
    """The parts of a Brier score in a sentence."""
    numbers = {
        "score": f"{parts.score:.3f}", "reliability": f"{parts.reliability:.3f}",
        "resolution": f"{parts.resolution:.3f}", "uncertainty": f"{parts.uncertainty:.3f}",
        "within": f"{abs(parts.within):.3f}",
    }  # fmt: skip
    words["sign"] = "−" if parts.within <= -0.0005 else "+"  # none where it shows as nought
    return say(language, sentence, **words, **_written(numbers, language))


def show_calibration(what: str, parts: Murphy, width: int, language: str) -> str:
    """Murphy's parts, and the reliability diagram as rows of a table."""
    head = show_murphy("scores.murphy", parts, language, what=what)
    rows = [
        (f"{100 * one.forecast:.0f} %", f"{100 * one.came:.0f} %", str(one.cases), _bar(one.came))
        for one in parts.bins
    ]
    heads = [say(language, f"scores.{name}") for name in ("said", "came", "cases", "scale")]
    return "\n".join(wrap(head, width)) + "\n\n" + show_table(heads, rows, width, right="rrrl")


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
        "days_error": contest.days_error,
        "forecasters": [asdict(one) for one in contest.scored],
        "calibration": {
            "granted": {**asdict(contest.granted), "score": contest.granted.score},
            "in_office": {**asdict(contest.in_office), "score": contest.in_office.score},
        },
    }
