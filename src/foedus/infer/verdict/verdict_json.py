"""A verdict as JSON: fields are added, never renamed; null is what is not known or not finite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from math import isfinite

from foedus.case.case import Case
from foedus.infer.verdict.decibels import against_average, spreads_against_average
from foedus.infer.verdict.flips import Flip
from foedus.infer.verdict.no_verdict import NoVerdict
from foedus.infer.verdict.verdict import Accuracy, Marginal, Verdict, Weight

Json = dict[str, object]


def absent_record(absent: NoVerdict, command: str | None = None) -> Json:
    """In the place of a verdict: why there is none, and the command that may lead to one."""
    told = {"reason": absent.reason, "cause": absent.refusal, "values": dict(absent.values)}
    return {"no_verdict": {**told, "command": command}}


def as_record(case: Case, verdict: Verdict) -> Json:
    """The verdict as one JSON object; times as dates, parameters in the units they are written in.

    A log weight of null with a posterior of 0 is minus infinity: it cannot happen.
    """
    basis, turning, accuracy = verdict.basis, verdict.turning, verdict.accuracy
    standings = [
        {
            "name": one.name,
            "prior": one.prior,
            "log_evidence": finite(one.log_evidence),
            "error": finite(one.error),
            "posterior": one.posterior,
            "low": one.low,
            "high": one.high,
        }
        for one in verdict.standings
    ]
    rivals = sum(one.is_rival for one in verdict.standings)
    return {
        "case": verdict.case,
        "method": verdict.method,
        "as_of": None if verdict.as_of is None else _date(case, verdict.as_of),
        "seed": verdict.seed,
        "seconds": verdict.seconds,
        "kept": None if verdict.kept is None else asdict(verdict.kept),
        "judged_anew": verdict.is_judged_anew,
        "decides": verdict.decides,
        "basis": {
            "log_odds": finite(basis.log_odds),
            "log_odds_with_common_priors": finite(basis.with_common_priors),
            "share_lost_with_common_priors": finite(basis.lost),
            "share_lost_error": finite(basis.lost_error),
            "common_priors": list(basis.shared),
            "without_common_prior": list(basis.apart),
            "percentiles": None if basis.percentiles is None else dict(basis.percentiles),
        },
        "explanations": standings[:rivals],
        "sets": standings[rivals:],
        "items": [_weight(case, one, verdict) for one in verdict.weights],
        "flips": {
            "leader": turning.leader,
            "rival": turning.rival,
            "prior_odds": finite(turning.prior_odds),
            "reporting_bias": finite(turning.reporting_bias),
            "changes": [_flip(one) for one in turning.changes],
        },
        "parameters": [_marginal(case, one) for one in verdict.marginals],
        "origins": [
            {"name": one.origin, "prior": one.prior, "posterior": one.posterior}
            for one in verdict.origins
        ],
        "clues": [
            {"name": one.clue, "nats": one.nats, "holds": dict(one.chances)}
            for one in verdict.clues
        ],
        "ess": finite(accuracy.ess),
        "accuracy": _accuracy(accuracy),
    }


def _accuracy(accuracy: Accuracy) -> Json:
    return {
        "particles": accuracy.particles,
        "islands": accuracy.islands,
        "lost_islands": accuracy.lost,
        "smallest_effective_size": finite(accuracy.smallest_size),
        "smallest_overlap": finite(accuracy.smallest_overlap),
        "largest_error": finite(accuracy.largest_error),
        "odds_error": finite(accuracy.odds_error),
        "rhat": finite(accuracy.rhat),
    }


def finite(number: float | None) -> float | None:
    """A number, or None where it is not finite."""
    return number if number is not None and isfinite(number) else None


def _date(case: Case, days: float) -> str:
    return case.clock.show_days(days)


def _weight(case: Case, one: Weight, verdict: Verdict) -> Json:
    return {
        "id": one.id,
        "kind": one.arrival,
        "known": _date(case, one.day),
        "log_weight": {name: finite(value) for name, value in one.log_weight.items()},
        "decibels": _finite_values(against_average(one, verdict.standings)),
        "errors": {
            name: finite(spread.error)
            for name, spread in spreads_against_average(one, verdict.standings).items()
        },
    }


def _finite_values(numbers: Mapping[str, float]) -> dict[str, float | None]:
    return {name: finite(value) for name, value in numbers.items()}


def _flip(one: Flip) -> Json:
    return {
        "kind": one.kind,
        "name": one.name,
        "change": one.change,
        "log_odds": finite(one.log_odds),
        "leader": one.leader,
        "at_least": finite(one.at_least),
    }


def _marginal(case: Case, one: Marginal) -> Json:
    known = case.parameters.get(one.name)
    factor = 1.0 if known is None else known.factor
    return {
        "name": one.name,
        "unit": "" if known is None else known.unit,
        "prior": [finite(value / factor) for value in one.prior],
        "posterior": [finite(value / factor) for value in one.posterior],
        "rhat": finite(one.rhat),
        "moves": finite(one.moves),
        "moves_error": finite(one.error),
    }
