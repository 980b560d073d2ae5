"""Cases for the lanes: many simple events, and all that may have to follow or watch them."""

from __future__ import annotations

import random
from dataclasses import dataclass

from foedus.jump.lower import interventions_of, lower
from foedus.jump.model import Intervention, JumpModel
from tests.loading import warned_case

WATCHED = """
foedus: 1
case: watched
title: Frequent events, watched from all sides
clock: {start: 2022-01-01, end: 2022-02-10}
actors:
  land: {kind: state}
  ally: {kind: state}
  third: {kind: state}
groups: {side: [land, ally, third]}
components: {storm: {}}
atoms:
  calm: {components: [], prior: 0.25, grade: assumed, because: a test}
  rough: {components: [storm], prior: 0.75, grade: assumed, because: a test}
parameters:
  slow: {prior: "uniform(0.02, 0.06)", unit: per day, grade: assumed, because: a test}
  fast: {prior: "uniform(1, 2)", unit: per day, grade: assumed, because: a test}
  most: {value: 60, grade: assumed, because: a test}
  scale: {value: 25, grade: assumed, because: a test}
  half: {value: 0.5, grade: assumed, because: a test}
  two: {value: 2, grade: assumed, because: a test}
  pause: {value: 2, unit: days, grade: assumed, because: a test}
state:
  n: {type: count, max: 60, starts: 5, because: a test}
  d: {type: count, per: side, starts: 2, because: a test}
  depth: {type: level, starts: 1, because: a test}
  heat: {type: share, starts: 0.5, because: a test}
  alarm: {type: flag, starts: false}
  mood: {type: {one of: [glad, sad]}, starts: glad}
  seen: {type: count, starts: 0}
events:
  rise:
    when: "n < most and not (alarm and d[ally] > 9)"
    rate: fast * (most - n) * n / most + fast * (most - n) / scale
    then: {n: n + 1}
  fall:
    when: n > 0
    rate: fast * n * (if alarm then two else 1) / two
    then: {n: n - 1}
  up:
    per: {s: side}
    rate: "fast * exp(-d[s] / scale) * (if mood == sad and s != land then half else 1)"
    then: {"d[s]": "d[s] + 1"}
  down:
    per: {s: side}
    when: "d[s] > 0"
    rate: "fast * sqrt(d[s]) * log(two + n / most) / two"
    then: {"d[s]": "d[s] - 1"}
  drift:
    rate: fast * (1 + min(abs(depth), two))
    then: {depth: "if n > scale then depth + half else depth - half"}
  warm:
    rate: "fast * sum(d[s] for s in side where s != third) / scale"
    then: {heat: "min(1, max(0, heat + (half - heat) / two + floor(depth) / scale / scale))"}
  rings:
    when: "count(d[s] > 4 for s in side) > 1"
    rate: slow * n / scale * (if storm then two else 1)
    then: {alarm: not alarm}
  sighs:
    per: {s: side}
    when: "any(d[t] > d[s] for t in side)"
    rate: slow * max(n - scale, 1) / scale
    then: {mood: "if mood == glad then sad else glad"}
  once:
    when: n > 45
    after: immediately
    then: {seen: seen + 1}
  patient:
    when: n > 20 and heat > 0.3
    after: gamma(two, pause)
    then: {seen: seen + 1}
  stubborn:
    when: "d[third] > 3"
    after: fixed(pause)
    resume: true
    then: {"d[third]": "d[third] - 3"}
  held:
    when: n > 10
    rate: slow * n * (1 + time / pause) / scale
    every: 3 days
    then: {alarm: false}
  weekly: {each: 7 days, then: {n: "floor(n / two)"}}
  dated: {at: [2022-01-05, 2022-01-20T12:00], when: n > 4, then: {n: 4}}
  chance:
    rate: slow * n
    draw: {k: "integer(1, two)"}
    then: {seen: seen + k}
questions:
  ever: {probability: "n > 50", by: 2022-02-01}
  window: {probability: "d[ally] > 6", between: 2022-01-10/2022-01-25, given: "heat < 0.9"}
  late: {probability: "n > 20", at: 2022-01-20}
  wait: {time-until: "d[land] > 7", by: 2022-02-05, from: n > 15}
  soon: {time-until: alarm, by: 2022-02-05}
  mean: {mean: "sum(d[s] for s in side)", at: 2022-02-01}
  average: {average: "n * heat", between: 2022-01-10/2022-01-20}
  total: {integral: "if n > 30 then 1 else 0"}
  most: {maximum: "n + d[third]"}
  least: {minimum: depth, between: 2022-01-02/2022-02-02}
  often: {mean: "firings(rise) + firings(up[ally])", at: 2022-02-09}
what-if:
  no-rise: {forbid: rise, at: 2022-01-19}
  no-up: {forbid: "up[ally]"}
  push: {force: [rings, chance], at: 2022-01-11}
  when-high: {set: {n: 10}, when: "n > 40"}
  louder: {force: sighs, when: "d[land] + d[ally] > 12"}
  faster: {set: {fast: 2.5, slow: 0.1}}
"""


def model_of(text: str) -> tuple[JumpModel, dict[str, tuple[Intervention, ...]]]:
    """The model of a text, and its what-ifs."""
    case = warned_case(text)
    return lower(case), {name: interventions_of(case, name) for name in case.what_ifs}


@dataclass(frozen=True, slots=True)
class Population:
    """A quantity that events of a random case move: its name, its greatest value, its start."""

    name: str
    most: int
    start: int


def random_case(seed: int, days: int = 60) -> str:
    """A case of the size of `crisis`: nine events, four of them frequent, and six questions.

    Two populations grow and shrink at rates that depend on both and on flags; five slow events
    switch the flags. The numbers are drawn so that a run has some thousands of events.
    """
    draw = random.Random(seed)
    one = Population("high", draw.choice([500, 1000, 2000]), draw.randint(20, 80))
    other = Population("low", draw.choice([100, 200, 400]), draw.randint(0, 10))
    values = {
        "contagion": draw.uniform(0.15, 0.4), "entry": draw.uniform(0.001, 0.004),
        "leaving": draw.uniform(0.08, 0.15), "pull": draw.uniform(0.03, 0.07),
        "back": draw.uniform(0.02, 0.05), "slow": draw.uniform(0.01, 0.1),
        "slower": draw.uniform(0.005, 0.05), "ease": draw.uniform(0.02, 0.1),
    }  # fmt: skip
    plain = {"crowd": one.most, "force": other.most, "gain": draw.choice([1, 2]), "knee": 50}
    flags = ("calm", "asked", "there", "shut")
    lines = [
        "foedus: 1", f"case: random-{seed}", "title: A random case",
        f"clock: {{start: 2000-01-01, end: {_day(days)}}}",
        "actors: {land: {kind: state}}", "parameters:",
    ]  # fmt: skip
    note = "grade: assumed, because: a test"
    lines += [f"  {n}: {{value: {v:.4g}, unit: per day, {note}}}" for n, v in values.items()]
    lines += [f"  {name}: {{value: {value}, {note}}}" for name, value in plain.items()]
    lines.append("state:")
    for part in (one, other):
        limits = f"max: {part.most}, starts: {part.start}, because: a test"
        lines.append(f"  {part.name}: {{type: count, {limits}}}")
    lines += [f"  {flag}: {{type: flag, starts: {str(flag == 'calm').lower()}}}" for flag in flags]
    lines.append("events:")
    more = draw.choice(["there", "shut", "asked"])
    damped = draw.choice(["there", "shut"])
    spread = draw.choice(
        ["contagion * (crowd - high) * high / crowd", "contagion * high * (1 - high / crowd)"]
    )
    events = {
        "grow": ("high < crowd", f"{spread} + entry * (crowd - high)", "high: high + 1"),
        "shrink": (
            "high > 0",
            f"leaving * high * (if {more} then 1 + gain else 1)",
            "high: high - 1",
        ),
        "turn": ("low < force", "pull * (force - low) * high / crowd", "low: low + 1"),
        "return": ("low > 0", f"back * low * (if {damped} then 1 + gain else 1)", "low: low - 1"),
        "ask": ("calm and not asked", "slow * high / crowd", "asked: true"),
        "come": ("asked and not there", "slower * (1 + low / force)", "there: true"),
        "close": ("calm and not shut", "slower * (if there then 1 + gain else 1)", "shut: true"),
        "break": ("calm", "slow * (low / force) * (low / force) * (high / crowd)", "calm: false"),
        "go": ("there", "ease / (1 + high / knee)", "there: false"),
    }
    for name, (guard, rate, effect) in events.items():
        lines.append(f"  {name}: {{when: {guard}, rate: '{rate}', then: {{{effect}}}}}")
    lines.append("questions:")
    for flag in flags:
        lines.append(f"  is-{flag}: {{probability: {flag}, at: {_day(days)}}}")
    lines += [
        f"  mean-{part.name}: {{mean: {part.name}, at: {_day(days)}}}" for part in (one, other)
    ]
    return "\n".join(lines) + "\n"


def _day(days: int) -> str:
    """The day so many days after the start, the start being the first of the year 2000."""
    month, day = divmod(days - 1, 31) if days <= 31 else (1, days - 32)
    return f"2000-{month + 1:02d}-{day + 1:02d}"
