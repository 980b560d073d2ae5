"""What past calls teach about the parameters of `collective-aid`, for one body as of one day.

Nothing known on that day or later is used, and never the case itself. A parameter on which the
table bears is given as a prior in the case language; of every other one it is said why it is left
as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import exp

from scipy.special import expit

from foedus.expr.scales import show_number
from foedus.frozen import dataclass
from foedus.history.requests import Request, is_about
from foedus.questions.fits.amounts import AMOUNTS, Scale, Typical, fit_amount
from foedus.questions.fits.bodies import body_of, path_of_body
from foedus.questions.fits.calls import Call, Effect, Share, Willingness, calls_of, fit_calls
from foedus.questions.fits.tree import Path

MECHANISM = "collective-aid"
IDENTIFIED = 0.95
"""A law that keeps more of its prior's spread than this has not been learned."""
UNSEEN = (5, 15)
"""Refusals leave less trace than operations: so many more are added, to see what they change."""
DIGITS = 3

_NO_SESSIONS = "the table does not say whether a session was held, or who blocked it"
_NO_MEMBERS = "the table says who sent troops, and not who might have and did not"
_ONE_DATE = "the table dates the last withdrawal, not when the operation was declared over"
_NOT_IN_TABLE = "nothing in the table bears on it"
NOT_LEARNED = {
    "alarm": "the table says what kind of threat it was, not how large",
    "readiness-to-ask": "the table holds those who asked, and cannot say how many did not",
    "distrust-to-ask": "the table holds those who asked, and cannot say how many did not",
    "unpledged": "the table does not say what was promised, only what kind of body was asked",
    "ambition": "the table does not say what those who came hoped to gain",
    "veto": _NO_SESSIONS,
    "lead-approval": "decisions are dated to the day or worse, and one date stands for all members",
    "member-approval": _NO_MEMBERS,
    "member-force": "the table gives the size of all contingents together",
    "force-spread": "the table gives the size of all contingents together",
    "enough": _NOT_IN_TABLE,
    "eagerness-to-fight": _NOT_IN_TABLE,
    "leave-to-end": _ONE_DATE,
    "entangled": _ONE_DATE,
    "early": _ONE_DATE,
    "lead-leaves": _ONE_DATE,
    "member-leaves": _ONE_DATE,
    "calls": "the table was searched for calls, not for the years in which there were none",
    "boldness": "the table was searched for calls, not for the years in which there were none",
}
"""Parameters of the mechanism that the table of requests cannot teach, with the reason."""
_LATER = (
    "loyalty-before", "gratitude", "words", "thanks-rate", "rebuff-hurts", "forgetting",
    "occasions", "loyalty-weight", "taste-with", "taste-against",
)  # fmt: skip
NOT_LEARNED |= dict.fromkeys(
    _LATER, "the table ends with the help: what the asker did later is not in it"
)


@dataclass(frozen=True, slots=True)
class Learned:
    """A parameter that was learned: its law in the case language, and what it was beforehand.

    `middle`, `low`, `high`: the centre and 80 % of the law, in `unit`; `kept`: the share of the
    spread beforehand that is left; `rests_on`: the cases behind it, in words.
    """

    name: str
    unit: str
    law: str
    before: str
    middle: float
    low: float
    high: float
    kept: float
    rests_on: str


@dataclass(frozen=True, slots=True)
class Level:
    """A group on the way to the body: its calls, and its chance without and with its own calls."""

    words: str
    granted: int
    calls: int
    others: Share
    learned: Share


@dataclass(frozen=True, slots=True)
class CallsFit:
    """What was learned for a body as of a day: see the module.

    `next_call`: the chance that the next call on it is taken up; `unseen`: the same had there been
    so many more refusals of bodies of its kind that left no trace; `refused`: parameters left as
    they were, with the reason.
    """

    body: str
    path: Path
    before: date | None
    used: int
    next_call: Share
    unseen: dict[int, Share]
    levels: tuple[Level, ...]
    learned: tuple[Learned, ...]
    refused: dict[str, str]
    model: Willingness


def fit_body(
    body: str,
    table: Sequence[Request],
    before: date | None = None,
    case: str = "",
    unseen: Sequence[int] = UNSEEN,
) -> CallsFit:
    """The fit for a body (as `bodies.BODIES` names it, or any other name) as of a day."""
    rows = [each for each in table if not is_about(each.requester, each.asked.year, case)]
    path = path_of_body(body)
    usable = [each for each in rows if before is None or each.known < before]
    model = fit_calls(calls_of(usable), [path])
    wins, losses = _record(model, path)
    learned = [_willing(model, path)]
    learned += [_change("success-lifts", model.lifts), _change("refusal-sinks", model.sinks)]
    for name, amount in AMOUNTS.items():
        known = [each for each in rows if before is None or amount.known(each) < before]
        learned.append(_typical(name, amount.unit, fit_amount(amount, known, path)))
    refused = {
        one.name: f"{one.rests_on}: the spread of its prior is all but left"
        for one in learned
        if one.kept > IDENTIFIED
    }
    return CallsFit(
        body, path, before, len(model.calls), model.share(path, wins, losses),
        {count: _with_unseen(model, path, count) for count in unseen},
        tuple(_level(model, path[:depth]) for depth in range(len(path) + 1)),
        tuple(one for one in learned if one.name not in refused), refused | NOT_LEARNED, model,
    )  # fmt: skip


def _with_unseen(model: Willingness, path: Path, count: int) -> Share:
    """The chance of the next call had there been refusals that nobody recorded, each of a body of
    its own, of the same kind."""
    unseen = [Call((path[0], "unseen", f"unseen-{n}"), False, 0, 0) for n in range(count)]
    wins, losses = _record(model, path)
    return fit_calls([*model.calls, *unseen], [path]).share(path, wins, losses)


def _record(model: Willingness, path: Path) -> tuple[int, int]:
    granted, calls = model.record(path)
    return granted, calls - granted


def _level(model: Willingness, path: Path) -> Level:
    """A group's place in the whole; of the body itself, after what its own calls left behind."""
    granted, calls = model.record(path)
    is_body = len(path) == max(len(one) for one in model.paths)
    wins, losses = (granted, calls - granted) if is_body else (0, 0)
    words = f"{path[-1]}" if path else "all"
    return Level(
        words, granted, calls, model.share(path, own=False), model.share(path, wins, losses)
    )


def _willing(model: Willingness, path: Path) -> Learned:
    wins, losses = _record(model, path)
    found = model.share(path, wins, losses)
    nothing = fit_calls([], [path]).share(path)
    return Learned(
        "willing", "share", share_law(found.location, found.spread),
        share_law(nothing.location, nothing.spread), float(expit(found.location)), found.low,
        found.high, found.spread / nothing.spread,
        f"{wins} of {wins + losses} calls on it, {len(model.calls)} on all",
    )  # fmt: skip


def share_law(location: float, spread: float) -> str:
    """A law of a share whose log odds are normal, in the case language."""
    return f"logit-normal({_figure(float(expit(location)))}, {_figure(spread)})"


def _change(name: str, effect: Effect) -> Learned:
    (was, was_sd), (now, sd) = effect.before, effect.after
    return Learned(
        name, "none", f"normal({_figure(now)}, {_figure(sd)})",
        f"normal({_figure(was)}, {_figure(was_sd)})", now, now - 1.2816 * sd, now + 1.2816 * sd,
        sd / was_sd, "calls on bodies that had been called on before",
    )  # fmt: skip


def _typical(name: str, unit: str, found: Typical) -> Learned:
    after = found.after
    rests_on = f"{found.own} of its cases, {found.cases} of all"
    return Learned(
        name, unit, _law(unit, after), _law(unit, found.before), after.median, after.low,
        after.high, after.spread / found.before.spread, rests_on,
    )  # fmt: skip


def _law(unit: str, law: Scale) -> str:
    if unit == "share":
        return share_law(law.location, law.spread)
    return f"lognormal({_figure(exp(law.location))}, {_figure(exp(law.spread))})"


def _figure(value: float) -> str:
    return show_number(float(f"{value:.{DIGITS}g}"))


def bodies_called(table: Sequence[Request]) -> tuple[str, ...]:
    """The bodies that the table has calls on, most often called on first."""
    counts: dict[str, int] = {}
    for each in table:
        name = body_of(each.body)
        counts[name] = counts.get(name, 0) + 1
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))
