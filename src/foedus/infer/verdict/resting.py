"""What a verdict rests on: how much of it numbers make up that only some explanations have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite

from foedus.case.case import Case
from foedus.expr.prior import Prior
from foedus.infer.islands.pool import Pool
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.verdict.common_prior import common_priors
from foedus.infer.verdict.flips import Again, Contest, under_priors
from foedus.infer.verdict.questionable import Questionable, apart_from
from foedus.infer.verdict.verdict import Basis


def basis_of(
    of: Contest, particles: Pool, again: Again, case: Case, doubts: Questionable,
    percentiles: Mapping[str, float] | None, seed: int,
) -> Basis:  # fmt: skip
    """The weight of the record as it is, and with one common prior for all those numbers.

    Atoms that neither other weights nor runs made again would reach are led there step by step.
    """
    before = of.leader.log_evidence - of.rival.log_evidence
    laws = common_laws(again.target, case, doubts)
    found = under_priors(particles, again, laws)
    logs, errors = list(found.logs), list(found.errors)
    two = {*of.leader.atoms, *of.rival.atoms} & of.counting(particles.priors)
    open_ones = [atom for atom in sorted(two) if logs[atom] is None]
    if open_ones:
        for atom, gain in again.by_steps(laws, open_ones, seed).items():
            logs[atom], errors[atom] = of.evidences[atom] + gain.log, gain.error
    after = of.flip("spread", "all", "common", particles.priors, logs).log_odds
    error = None if after is None else of.error(particles.priors, logs, errors)
    if after is not None:
        after = after - of.prior_log_odds if isfinite(of.prior_log_odds) else None
    apart = apart_from(laws, doubts, case, again.target.model)
    return Basis(before, after, tuple(laws), percentiles, apart, error)


def common_laws(
    target: RecordTarget, case: Case, doubts: Questionable
) -> dict[str, Sequence[Prior]]:
    """One common prior for all that explanations were given separately, by name and atom."""
    own = target.coordinate_system.laws
    common = common_priors(case, doubts.specific, own)
    return {name: [law] * len(own) for name, law in common.items()}
