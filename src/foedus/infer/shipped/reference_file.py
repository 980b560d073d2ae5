"""References as they ship, each for one version of a case: see `reference`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import numpy as np

from foedus.infer.calibration.recording import tellable
from foedus.infer.calibration.reference import Reference
from foedus.jump.model import JumpModel
from foedus.jump.record import Record
from foedus.text.diagnostic import InternalError

FILE = Path(__file__).with_name("references.json")
LEVELS = (0.01, 0.1, 0.5, 0.9, 0.99)


def shipped_percentiles(model: JumpModel, record: Record) -> dict[str, float] | None:
    """By explanation, which share of its own records are less probable than the case's record.

    None where none has been computed for this very model, and for what is `tellable` of the record:
    nothing hangs on what was claimed. Where atoms have other priors than in the case's own file,
    for those explanations whose atoms compare among themselves as they do there.
    """
    written = model.as_written
    if written is not None:
        found = shipped_percentiles(written, record)
        alike = _compared_alike(model)
        kept = {name: share for name, share in (found or {}).items() if name in alike}
        return kept or None
    known = json.loads(FILE.read_text(encoding="utf-8")).get(model.name)
    if known is None or known["digest"] != digest_of(model, tellable(record)):
        return None
    return {name: float(one["share"]) for name, one in known["explanations"].items()}


def _compared_alike(model: JumpModel) -> set[str]:
    """The explanations whose atoms are as likely, each against the others, as they were written."""
    ratios = {
        atom.name: atom.prior / atom.written if atom.written else atom.prior
        for atom in model.atoms
    }  # fmt: skip
    found = set()
    for one in model.explanations:
        own = [ratios[name] for name in one.atoms]
        if own and max(own) - min(own) <= 1e-9 * max(own):
            found.add(one.name)
    return found


def digest_of(model: JumpModel, record: Record) -> str:
    """The digest (SHA-256) of a model and of a record: no questions, outcomes, or words."""
    evidence = tuple(one for one in record.sightings if not one.is_outcome)
    meant = plain(replace(model, monitors=())), plain(replace(record, sightings=evidence))
    return hashlib.sha256(json.dumps(meant).encode()).hexdigest()


def as_entry(model: JumpModel, record: Record, found: tuple[Reference, ...]) -> dict[str, object]:
    """What the file has for a case: shares, how rough they are, quantiles of the own records."""
    return {
        "digest": digest_of(model, tellable(record)),
        "records": len(found[0].own),
        "runs": len(found[0].runs),
        "explanations": {
            one.explanation: {
                "share": round(one.share, 4),
                "share_at_worst": round(one.share_at_worst, 4),
                "unreached": round(one.unreached, 4),
                "missed": one.missed,
                "scatter": None if one.scatter is None else round(one.scatter, 2),
                "log_probability": round(one.found, 2),
                "own": _quantiles(one),
            }
            for one in found
        },
    }


def _quantiles(one: Reference) -> list[float | None]:
    """Those of `LEVELS`; None where no particle came to that many of the records."""
    own = np.array(one.own)
    places = [min(own.size - 1, int(level * own.size)) for level in LEVELS]
    return [round(float(own[place]), 2) if own[place] > -np.inf else None for place in places]


def plain(value: object) -> object:
    """A value as JSON has it, whatever is no part of its meaning left out."""
    if is_dataclass(value) and not isinstance(value, type):
        named = ((one, getattr(value, one.name)) for one in fields(value) if one.compare)
        # What is as it is by default is left out, so that a new field changes no old digest.
        parts = {one.name: plain(own) for one, own in named if own != one.default}
        return [type(value).__name__, parts]
    if isinstance(value, Mapping):
        return [[plain(key), plain(one)] for key, one in sorted(value.items())]
    if isinstance(value, frozenset | set):
        return sorted(json.dumps(plain(one)) for one in value)
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise InternalError(f"{type(value).__name__} has no digest")
