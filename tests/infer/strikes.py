"""A small case whose evidence has a closed form: strikes at a constant, uncertain rate."""

from __future__ import annotations

from math import exp, lgamma, log

from foedus.infer.islands.effort import Effort
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.verdict.verdict import Verdict
from foedus.infer.weigh import target_of, weigh
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from tests.loading import case_of

HEAD = """\
foedus: 1
case: strikes
title: Strikes
clock: {start: 2000-01-01, end: 2000-01-11}
origins:
  paper: {label: a paper, reliability: {prior: "beta(3, 1)", grade: judged, because: a test}}
  radio: {label: a radio, reliability: {prior: "beta(1, 1)", grade: judged, because: a test}}
sources:
  daily: {kind: news, title: A paper, language: en, published: 2000-01, origin: paper}
  weekly: {kind: news, title: Its weekly, language: en, published: 2000-01, origin: paper}
  wave: {kind: news, title: A radio, language: en, published: 2000-01, origin: radio}
actors:
  union: {kind: group, doc: those who strike}
  boss: {kind: person, doc: the one who speaks}
parameters:
  speed: {prior: "gamma(2, 0.3)", unit: per day, grade: judged, because: a test}
  boost: {prior: "lognormal(3, 1.5)", grade: assumed, because: a test}
components:
  plot: {doc: somebody is behind it}
atoms:
  calm: {components: [], prior: 0.5, grade: assumed, because: a test}
  plotted: {components: [plot], prior: 0.5, grade: assumed, because: a test}
explanations:
  by-itself: {atoms: [calm], doc: nobody is behind it}
  by-plot: {atoms: [plotted], doc: somebody is}
state:
  strikes: {type: count, starts: 0, doc: how many there were}
events:
  strike:
    by: union
    rate: "speed * (if plot then boost else 1)"
    then: {strikes: "strikes + 1"}
    doc: a strike
questions:
  many: {probability: "strikes > 2", at: 2000-01-11}
"""

ONLY_PLOT = HEAD.replace("speed * (if plot then boost else 1)", "if plot then speed else 0")
ONLY_PLOT = ONLY_PLOT.replace("[], prior: 0.5", "[], impossible: {strike: a test}, prior: 0.5")
"""The same where nobody strikes without a plot."""

COMPLETE = """\
record:
  strike: {complete: 2000-01-01/2000-01-10, lag: 0 days, because: everybody sees them}
"""


def item(name: str, at: str, more: str = "established: seen", cites: str = "daily") -> str:
    """A strike in the record."""
    return f"  - {{id: {name}, happened: strike, at: {at}, cites: [{cites}], {more}}}\n"


THREE = (
    item("one", "2000-01-02") + item("two", "2000-01-04/2000-01-05") + item("three", "2000-01-08")
)


def verdict_of(
    evidence: str, more: str = "", *, record: str = COMPLETE, head: str = HEAD,
    particles: int = 120, islands: int = 4, seed: int = 1, as_of: float | None = None,
) -> Verdict:  # fmt: skip
    """The verdict on the case with some evidence."""
    case = case_of(head + ("evidence:\n" + evidence if evidence else "") + record + more)
    effort = Effort(particles=particles, islands=islands, again=30)
    return weigh(
        case, lower(case), lower_record(case), start, effort=effort, seed=seed, as_of=as_of
    )


def target_from(evidence: str) -> RecordTarget:
    """The record of the case with some evidence, for the sampler."""
    case = case_of(HEAD + "evidence:\n" + evidence + COMPLETE)
    return target_of(case, lower(case), lower_record(case), start)


def log_evidence(
    count: int, windows: float, days: float, factor: float = 1.0, mean: float = 0.3
) -> float:
    """log p of so many strikes, each in its window, and no other in so many days.

    The rate is `factor` times a gamma variable: E[(f r)^n exp(-f r t)] times the windows' product.
    """
    shape, rate = 2.0, 2.0 / mean
    moment = shape * log(rate) - lgamma(shape) + lgamma(shape + count)
    moment -= (shape + count) * log(rate + factor * days)
    return moment + count * log(factor) + log(windows)


def mixed(count: int, windows: float, days: float, nodes: int = 400, power: float = 1.0) -> float:
    """The same where the factor is lognormal(3, 1.5 ** power), by the trapezoidal rule."""
    step, logs, mass = 12.0 / nodes, [], 0.0
    for node in range(nodes + 1):
        z = -6.0 + step * node
        factor = 3.0 * 1.5 ** (power * z)
        logs.append(log_evidence(count, windows, days, factor=factor) - 0.5 * z * z)
        mass += exp(-0.5 * z * z)
    top = max(logs)
    return top + log(sum(exp(one - top) for one in logs) / mass)
