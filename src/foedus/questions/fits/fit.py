"""What past calls teach about the parameters of `collective-aid`, for one body as of one day.

Nothing known on that day or later is used, and never the case itself. A parameter on which the
table bears is given as a prior in the case language; of every other one it is said why it is left
as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import exp
from typing import Literal

from scipy.special import expit

from foedus.expr.scales import show_number
from foedus.frozen import dataclass
from foedus.history.bodies import body_of
from foedus.history.requests import Request, is_about
from foedus.questions.fits.amounts import AMOUNTS, Scale, Typical, fit_amount
from foedus.questions.fits.bodies import path_of_body
from foedus.questions.fits.calls import Call, Effect, Share, Willingness, calls_of, fit_calls
from foedus.questions.fits.tree import Path

MECHANISM = "collective-aid"
IDENTIFIED = 0.95
"""A law that keeps more of its prior's spread than this has not been learned."""
UNSEEN = (5, 15)
"""Refusals leave less trace than operations: so many more are added, to see what they change."""
DIGITS = 3

NOT_LEARNED = {
    "alarm": "kind-of-threat",
    "readiness-to-ask": "only-askers",
    "distrust-to-ask": "only-askers",
    "unpledged": "no-promises",
    "ambition": "no-hopes",
    "veto": "no-sessions",
    "lead-approval": "one-decision",
    "member-approval": "no-members",
    "member-force": "one-size",
    "force-spread": "one-size",
    "enough": "not-in-table",
    "eagerness-to-fight": "not-in-table",
    "leave-to-end": "one-withdrawal",
    "entangled": "one-withdrawal",
    "early": "one-withdrawal",
    "lead-leaves": "one-withdrawal",
    "member-leaves": "one-withdrawal",
    "calls": "no-quiet-years",
    "boldness": "no-quiet-years",
}
"""Parameters of the mechanism that the table of requests cannot teach, with the reason, which has
its words in `foedus.report`."""
_LATER = (
    "loyalty-before", "gratitude", "words", "thanks-rate", "rebuff-hurts", "forgetting",
    "occasions", "loyalty-weight", "taste-with", "taste-against",
)  # fmt: skip
NOT_LEARNED |= dict.fromkeys(_LATER, "ends-with-help")


@dataclass(frozen=True, slots=True)
class Basis:
    """What a law rests on: calls on the body (`own` granted of `of`, `everywhere` on all bodies),
    cases (`own` of the body's, `everywhere` in all), or calls on bodies called on `again`."""

    kind: Literal["calls", "cases", "again"]
    own: int = 0
    of: int = 0
    everywhere: int = 0


@dataclass(frozen=True, slots=True)
class Learned:
    """A parameter that was learned: its law in the case language, and what it was beforehand.

    `middle`, `low`, `high`: the centre and 80 % of the law, in `unit`; `kept`: the share of the
    spread beforehand that is left; `rests_on`: the cases behind it.
    """

    name: str
    unit: str
    law: str
    before: str
    middle: float
    low: float
    high: float
    kept: float
    rests_on: Basis


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
    they were, with the reason: a name of `NOT_LEARNED`, or what left the prior's spread as it was.
    """

    body: str
    path: Path
    before: date | None
    used: int
    next_call: Share
    unseen: dict[int, Share]
    levels: tuple[Level, ...]
    learned: tuple[Learned, ...]
    refused: dict[str, str | Basis]
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
    refused: dict[str, str | Basis] = {
        one.name: one.rests_on for one in learned if one.kept > IDENTIFIED
    }
    return CallsFit(
        body, path, before, len(model.calls), model.share(path, wins, losses),
        {count: _with_unseen(model, path, count) for count in unseen},
        tuple(_level(model, path[:depth]) for depth in range(len(path) + 1)),
        tuple(one for one in learned if one.name not in refused), {**refused, **NOT_LEARNED}, model,
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
        Basis("calls", wins, wins + losses, len(model.calls)),
    )  # fmt: skip


def share_law(location: float, spread: float) -> str:
    """A law of a share whose log odds are normal, in the case language."""
    return f"logit-normal({_figure(float(expit(location)))}, {_figure(spread)})"


def _change(name: str, effect: Effect) -> Learned:
    (was, was_sd), (now, sd) = effect.before, effect.after
    return Learned(
        name, "none", f"normal({_figure(now)}, {_figure(sd)})",
        f"normal({_figure(was)}, {_figure(was_sd)})", now, now - 1.2816 * sd, now + 1.2816 * sd,
        sd / was_sd, Basis("again"),
    )  # fmt: skip


def _typical(name: str, unit: str, found: Typical) -> Learned:
    after = found.after
    rests_on = Basis("cases", found.own, everywhere=found.cases)
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
