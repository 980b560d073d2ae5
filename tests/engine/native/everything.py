"""Cases put together at random from parts that together use every construct of the language."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

HEAD = """
foedus: 1
case: everything
title: Everything the language can say
clock: {{start: 2022-01-01, end: 2022-02-20}}
sources: {{table: {{kind: dataset, title: Numbers for a test}}}}
actors:
  land: {{kind: state}}
  ally: {{kind: state}}
  third: {{kind: state}}
  ann: {{kind: person, of: land}}
  bob: {{kind: person, of: land}}
groups: {{town: {towns}, side: [land, ally, third], few: {{of: side, only: [ally, third]}}}}
data:
  weight: {{per: side, values: {{land: 0.5, ally: 1.5, third: 2}}, grade: measured, cites: [table]}}
  tie: {{per: [side, side], values: [0, 1, 2, 1, 0, 3, 2, 3, 0], grade: measured, cites: [table]}}
relations:
  near: {{between: [town, town], generate: {{kind: random-regular, degree: 2, seed: 7}}}}
offices:
  chief:
    of: land
    held: [{{by: ann, from: 2001-01-01}}]
    changes:
      fall: {{to: vacant, rate: "slow * heat"}}
      rise: {{to: bob, when: "holder(chief) == vacant", after: fixed(pause)}}
alliances:
  pact:
    members: [land, ally, {{actor: third, from: 2022-01-20}}]
    lead: ally
    obligations: [defense]
    since: 1999-01-01
components: {{storm: {{}}, wind: {{}}}}
atoms:
  calm: {{components: [], prior: 0.25, grade: assumed, because: a test}}
  rough: {{components: [storm, wind], prior: 0.75, grade: assumed, because: a test}}
parameters:
  slow: {{value: {slow}, unit: per day, grade: assumed, because: a test}}
  fast: {{value: {fast}, unit: per day, grade: assumed, because: a test}}
  pause: {{value: {pause}, unit: days, grade: assumed, because: a test}}
  shape: {{value: {shape}, grade: assumed, because: a test}}
  half: {{value: 0.5, grade: assumed, because: a test}}
  two: {{value: 2, grade: assumed, because: a test}}
  fifteen: {{value: 15, grade: assumed, because: a test}}
  many: {{value: 40, grade: assumed, because: a test}}
  own: {{prior: "uniform(0, 1)", per: side, unit: share, grade: assumed, because: a test}}
state:
  lit: {{type: flag, per: town, starts: "town == 1"}}
  n: {{type: count, starts: 3, because: a test}}
  heat:
    type: share
    starts: {{prior: "uniform(0, 1)", unit: share, grade: assumed, because: a test}}
  depth: {{type: level, per: {{s: side}}, starts: "weight[s]"}}
  mood: {{type: {{one of: [glad, sad]}}, starts: glad}}
  paired: {{type: count, per: [side, side], starts: 0}}
events:
  anchor: {{each: 3 days, then: {{heat: "max(0, min(1, heat * half + 0.3))"}}}}
"""

EVENTS = {
    "spread": """
    per: town
    when: not lit[town]
    rate: "slow + fast * count(lit[t] for t in near[town]) / two"
    then: {"lit[town]": true}
""",
    "cool": """
    per: town
    when: lit[town] and (heat < 0.9 or town != 1)
    rate: >-
      fast * (if sum(depth[s] for s in side where s != ally) > many / fifteen then heat else half)
    then: {"lit[town]": false, n: "n + 1"}
""",
    "flash": """
    when: "any(lit[t] for t in town) and not all(lit[t] for t in town)"
    rate: slow * (if storm then two else 1)
    then: {"lit[t] for t in near[2]": true, "lit[t] for t in town where heat > 0.7": false}
""",
    "echo": """
    per: town
    when: "n >= 1 and n <= many and any(lit[t] for t in near[town] where t != 1)"
    rate: >-
      slow * sum(if lit[t] then half else 0 for t in near[town] where t != 2)
      + slow * max(if lit[t] then heat else half for t in near[town])
      / min(if lit[t] then two else many for t in near[town])
    then:
      "lit[t] for t in near[town] where not all(lit[u] for u in near[t])": lit[town]
""",
    "gamble": """
    rate: fast
    draw:
      b: bernoulli(half)
      u: uniform(0, two)
      i: integer(-1, two)
      e: exponential(half)
      z: normal(0, half)
      l: lognormal(half, two)
      p: poisson(two)
      m: binomial(many, half)
      g: geometric(half)
      a: gamma(shape, half)
      c: categorical(weight[s] for s in side)
      each: {per: {s: side}, as: "bernoulli(own[s])"}
    then:
      "depth[c]": "depth[c] + z + u - u + min(a, 5) - min(e, l)"
      n: "max(0, if b and each[ally] then n + p + m - i else floor(n / two) + min(g, 9))"
""",
    "age-gamma": """
    when: heat > 0.2
    after: gamma(shape, pause)
    then: {n: n + 1}
""",
    "age-weibull": """
    when: n > 2
    after: weibull(shape, pause)
    resume: true
    then: {n: n - 1}
""",
    "age-lognormal": """
    per: {s: few}
    after: lognormal(pause, two)
    then: {"depth[s]": "depth[s] / two"}
""",
    "age-erlang": """
    when: mood == sad or n > 2
    after: erlang(two, pause)
    then: {mood: glad}
""",
    "age-exponential": """
    when: mood == glad
    after: exponential(pause)
    then: {mood: sad}
""",
    "snap": """
    when: n > 30 or mood == sad and heat > 0.8
    after: immediately
    then: {n: "if n > 30 then 3 else n", mood: glad, heat: heat / two}
""",
    "held": """
    when: time > pause or n > 4
    rate: "slow * (1 + time / pause) * exp(-min(since(cheer, pause) / pause, many))"
    every: 1 day
    then: {heat: "min(1, heat + 0.05)"}
""",
    "dated": """
    at: [2022-01-05, 2022-01-05T12:00, 2022-02-01]
    when: n > 0
    then: {n: n + 2}
""",
    "act": """
    by: ann
    when: holder(chief) != vacant
    rate: "fast * (if holder(chief) == ann then 1 else half)"
    choose:
      left:
        utility: "log(1 + n) - heat"
        when: n < 25
        draw: {k: 'integer(1, two)'}
        then: {n: n + k}
      right: {utility: "abs(depth[lead(pact)]) - sqrt(heat)", then: {heat: "power(heat, two)"}}
      neither: {utility: 0}
""",
    "meet": """
    per: {a: side, b: side}
    when: a != b and a in pact
    rate: "slow * tie[a, b] * (1 + count(m != a for m in members(pact)))"
    then: {"paired[a, b]": "paired[a, b] + 1"}
""",
    "close": """
    when: "(n > 9 or max(paired[a, b] for a in side for b in side) > 2) and size(side) == 3"
    rate: "slow * min(weight[s] for s in side)"
    then: {"paired[a, b] for a in side for b in side where paired[a, b] > 1": 0}
""",
}
CHEER = (
    "\n    rate: slow\n    when: firings(anchor) < 9 or happened(anchor)\n    then: {n: n + 1}\n"
)

GATED = """
uses:
  - {mechanism: public-absence, as: seen, with: {person: bob, turmoil: heat}, if: wind}
"""
"""Events that only some atoms have."""

QUESTIONS = """
questions:
  ever: {probability: "count(lit[t] for t in town) > 2", by: 2022-02-10}
  later: {probability: "n > 5", at: 2022-01-20, given: "heat < 0.8"}
  wait: {time-until: holder(chief) != ann, by: 2022-02-15, from: n > 3}
  level: {mean: "sum(depth[s] for s in side)", at: 2022-02-01}
  average: {average: heat, between: 2022-01-10/2022-01-20}
  total: {integral: "if mood == sad then 1 else 0"}
  most: {maximum: n}
  least: {minimum: 'depth[third]', between: 2022-01-02/2022-02-02}
  sums: {mean: "sum(paired[a, b] for a in side for b in side)", at: 2022-02-19}
"""

WHAT_IFS = """
what-if:
  no-spark: {forbid: [flash, "spread[2]"], at: 2022-01-09}
  no-left: {forbid: [act.left, cool]}
  one-gamble: {force: gamble, at: 2022-01-03T07:00}
  gambles: {force: [gamble, "meet[ally, third]", act], when: "n > 6"}
  rightly: {force: act.right, when: holder(chief) == vacant}
  warmer: {set: {heat: "heat / 2", "depth[ally]": 5}, at: 2022-01-19}
  dark: {set: {"lit[1]": false, mood: sad}, when: "count(lit[t] for t in town) > 3"}
  bright: {set: {"lit[2]": true, "lit[3]": n > 2}}
  faster: {set: {fast: 3, slow: 0.5}}
"""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a random case is made of."""

    events: tuple[str, ...]
    towns: int
    slow: float
    fast: float
    pause: float
    shape: float
    is_gated: bool = True

    def text(self) -> str:
        """The case."""
        head = HEAD.format(
            towns=self.towns, slow=self.slow, fast=self.fast, pause=self.pause, shape=self.shape
        )
        body = "".join(f"  {name}:{EVENTS[name]}" for name in self.events)
        return f"{head}  cheer:{CHEER}{body}{GATED if self.is_gated else ''}{QUESTIONS}"

    def with_what_ifs(self) -> str:
        """The case with its what-ifs, which need every event."""
        return self.text() + WHAT_IFS


def with_what_they_need(events: list[str]) -> tuple[str, ...]:
    """The events, and `meet` where `close` is: alone it would change nothing."""
    needs_meeting = "close" in events and "meet" not in events
    return (*events, "meet") if needs_meeting else tuple(events)


def parts() -> st.SearchStrategy[Parts]:
    """Random cases."""
    return st.builds(
        Parts,
        events=st.lists(st.sampled_from(sorted(EVENTS)), unique=True).map(with_what_they_need),
        towns=st.integers(4, 9),
        slow=st.sampled_from([0.01, 0.05, 0.3]),
        fast=st.sampled_from([0.2, 1.0, 2.5]),
        pause=st.sampled_from([0.25, 3.0, 11.0]),
        shape=st.sampled_from([0.4, 1.0, 2.0, 3.7]),
        is_gated=st.booleans(),
    )


EVERY_PART = Parts(tuple(EVENTS), 6, 0.05, 1.0, 3.0, 2.0)
