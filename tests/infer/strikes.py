"""A small case whose evidence has a closed form: strikes at a constant, uncertain rate."""

from math import exp, lgamma, log

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

COMPLETE = """\
record:
  strike: {complete: 2000-01-01/2000-01-10, lag: 0 days, because: everybody sees them}
"""

THREE = """\
evidence:
  - {id: one, happened: strike, at: 2000-01-02, cites: [daily], established: seen}
  - {id: two, happened: strike, at: 2000-01-04/2000-01-05, cites: [daily], established: seen}
  - {id: three, happened: strike, at: 2000-01-08, cites: [daily], established: seen}
"""


def log_evidence(count: int, windows: float, days: float, shape: float = 2.0, mean: float = 0.3,
                 factor: float = 1.0) -> float:  # fmt: skip
    """log p of so many strikes, each in its window, and no other in so many days.

    The rate is `factor` times a gamma variable: E[(f r)^n exp(-f r t)] times the windows' product.
    """
    rate = shape / mean
    moment = shape * log(rate) - lgamma(shape) + lgamma(shape + count)
    moment -= (shape + count) * log(rate + factor * days)
    return moment + count * log(factor) + log(windows)


def mixed(count: int, windows: float, days: float, nodes: int = 400) -> float:
    """The same where the factor is lognormal(3, 1.5), by quadrature."""
    step, total, mass = 12.0 / nodes, 0.0, 0.0
    for node in range(nodes + 1):
        z = -6.0 + step * node
        weight = exp(-0.5 * z * z)
        total += weight * exp(log_evidence(count, windows, days, factor=3.0 * 1.5**z))
        mass += weight
    return log(total / mass)
