"""Verdicts as they ship, each for one version of a case.

A long record takes minutes to weigh, so that the whole job would leave its verdict out. For a case
that comes with Foedus it was worked out once, as `weigh` does it, and kept beside the case with
everything that it depends on; a case that has since been changed has none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from math import isfinite
from pathlib import Path

import msgspec

from foedus.case.case import Case
from foedus.case.find import SHIPPED
from foedus.infer.islands.effort import Effort
from foedus.infer.shipped.reference_file import digest_of, plain, shipped_percentiles
from foedus.infer.verdict.questionable import apart_from, questionable
from foedus.infer.verdict.verdict import Kept, Verdict
from foedus.jump.model import JumpModel
from foedus.jump.record import Record

FILE = "verdict.json"


def file_of(name: str) -> Path:
    """Where the verdict on a shipped case is, if it ships."""
    return SHIPPED / name / FILE


def shipped_verdict(
    case: Case, model: JumpModel, record: Record, effort: Effort, seed: int
) -> Verdict | None:
    """The verdict that was worked out for this very case with this seed, if one was.

    It comes from as many particles as the effort has, and at least as many runs. It says when it
    was (`Verdict.kept`). The code may have changed since: `foedus reproduce verdicts` tells whether
    it still comes to the same.
    """
    try:
        stored = json.loads(file_of(case.name).read_text(encoding="utf-8"))
    except OSError:
        return None
    if stored["digest"] != _digest(case, model, record):
        return None
    worked = Effort(**stored["effort"])
    if (worked.of_each_run, stored["seed"]) != (effort.of_each_run, seed):
        return None
    if worked.islands < effort.islands:
        return None
    found = msgspec.convert(stored["verdict"], Verdict, strict=False)
    apart = apart_from(found.basis.shared, questionable(case, model), case, model)
    known = shipped_percentiles(model, record)
    basis = replace(found.basis, percentiles=known, apart=apart)
    return replace(found, basis=basis, kept=Kept(stored["made"], stored["foedus"]))


def as_file(
    case: Case, model: JumpModel, record: Record, effort: Effort, verdict: Verdict, kept: Kept
) -> dict[str, object]:
    """What the file has for a verdict that `weigh` came to with this effort.

    Without its place among the records of each explanation: that ships by itself (`reference_file`)
    and is put in when the verdict is read. So is what the case alone tells.
    """
    told = replace(verdict, basis=replace(verdict.basis, percentiles=None))
    content = msgspec.to_builtins(told)
    del content["basis"]["apart"]
    del content["is_judged_anew"]  # what ships has the prior odds of the case
    return {
        "made": kept.made,
        "foedus": kept.foedus,
        "digest": _digest(case, model, record),
        "effort": asdict(effort),
        "seed": verdict.seed,
        "verdict": _finite(content),
    }


def _digest(case: Case, model: JumpModel, record: Record) -> str:
    """Of all that a verdict depends on: model, record, what can be doubted and what looked up."""
    units = {name: one.unit for name, one in case.parameters.items()}
    clues = [(one.name, one.event, one.state, one.by) for one in case.clues]
    meant = plain([questionable(case, model), units, clues])
    return hashlib.sha256(json.dumps([digest_of(model, record), meant]).encode()).hexdigest()


def _finite(value: object) -> object:
    """A value without numbers that JSON does not have: infinities become words."""
    if isinstance(value, Mapping):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_finite(one) for one in value]
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value
