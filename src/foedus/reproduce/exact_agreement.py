"""Sampled against exact on one made-up case that was recorded in many ways."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from foedus.case.case import Case
from foedus.case.check import check_case, parse_case
from foedus.infer.exact.replicates import Off, Replicates, likelihood, off_by
from foedus.infer.likelihood.engine import start
from foedus.infer.sampler.sampler import Settings
from foedus.infer.weigh import target_of
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.reproduce.part import Made, Progress, Workplace, as_words, differences
from foedus.text.diagnostic import CaseError, Diagnostics
from foedus.text.source import Source

FILE = Path(__file__).with_name("exact_agreement.json")
MODELS = Path(__file__).with_name("models")
RECORDS = {
    "dates": "dated events, and the silence of a complete record",
    "late-news": "a state, and an event before it that became known after it",
    "reports": "events reported by chance, and a count with an error",
    "silence": "an event that did not happen, and one of which nothing was heard",
    "choice": "what somebody chose",
    "alternatives": "sources that differ about a date",
    "measures": "what events' draws were counted to have come to, and an order",
    "rumour": "what hangs on an origin that may be wrong",
    "claims": "claims and a retraction of an interested speaker",
}
"""How the case was recorded, by the files in `models/quarrel`."""

SETTINGS = Settings(particles=150, sweeps=2)
RUNS = 200
SEED = 7

MOST_ERRORS = 4.0
"""Standard errors by which the mean estimate of a likelihood may be off."""

MOST_ERROR = 0.1
"""The largest standard error of that mean, as a share of the likelihood."""

MOVED = 0.02
"""Numbers may differ by so much of themselves on other machines."""


def make_exact_agreement(place: Workplace) -> Made:
    """All records weighed many times over, held against `exact_agreement.json`; ten minutes."""
    made = {}
    for number, name in enumerate(RECORDS):

        def tell(done: int, total: int, before: int = number) -> None:
            if place.progress is not None:
                place.progress(before * total + done, len(RECORDS) * total)

        made[name] = entry_of(name, progress=tell)
    shipped = json.loads(FILE.read_text(encoding="utf-8"))
    published = {name: {**one, "made": None} for name, one in shipped.items()}
    today = {name: {**one, "made": None} for name, one in made.items()}
    moved = differences(published, today, tolerance=MOVED)
    return Made(made, (*as_words(moved), *strayed(made)))


def recorded(name: str) -> Case:
    """The case as it was recorded in one of the ways."""
    text = "".join(
        path.read_text(encoding="utf-8")
        for path in (MODELS / "quarrel.yaml", MODELS / "quarrel" / f"{name}.yaml")
    )
    diagnostics = Diagnostics()
    file = parse_case(Source(f"{name}.yaml", text), MODELS, diagnostics)
    case = None if file is None else check_case(file, diagnostics)
    if case is None:
        raise CaseError(diagnostics.in_order())
    return case


def replicates_of(name: str) -> Replicates:
    """One of the records, worked out and ready to be weighed."""
    case = recorded(name)
    return Replicates(target_of(case, lower(case), lower_record(case), start))


def entry_of(name: str, runs: int = RUNS, progress: Progress | None = None) -> dict[str, object]:
    """What the file should have for a record, but for the day."""
    record = replicates_of(name)
    unguided = [record.unguided(SETTINGS.particles, SEED, run) for run in range(runs)]
    found = []
    for run in range(runs):
        found.append(record.sampled(SETTINGS, SEED, run))
        if progress is not None:
            progress(run + 1, runs)
    likelihoods, logs, posterior = {}, {}, {}
    for one, exact in record.exact.logs.items():
        own = [each.logs[one] for each in found]
        likelihoods[one] = as_record(likelihood(own, exact))
        logs[one] = as_record(off_by(own, exact))
    for one, exact in record.exact.posterior.items():
        posterior[one] = as_record(off_by([each.posterior[one] for each in found], exact))
    return {
        "runs": runs,
        "particles": SETTINGS.particles,
        "unguided": {
            one: as_record(likelihood((each[one] for each in unguided), exact))
            for one, exact in record.exact.logs.items()
        },
        "likelihood": likelihoods,
        "log_evidence": logs,
        "posterior": posterior,
    }


def as_record(off: Off) -> dict[str, float]:
    """How far estimates are off, for the file."""
    found = {"exact": off.exact, "bias": off.bias, "error": off.error, "scatter": off.scatter}
    return {name: round(value, 6) for name, value in found.items()}


def strayed(entries: Mapping[str, Mapping[str, object]]) -> tuple[str, ...]:
    """The likelihoods that are not estimated rightly on average, or not exactly enough."""
    lines = []
    for name, entry in entries.items():
        for kind in ("unguided", "likelihood"):
            found = entry[kind]
            assert isinstance(found, dict)
            for explanation, off in found.items():
                if abs(off["bias"]) > MOST_ERRORS * off["error"] or off["error"] > MOST_ERROR:
                    told = f"{1.0 + off['bias']:.3f} of the exact one, with an error of "
                    told += f"{off['error']:.3f}"
                    lines.append(f"{name}: the {kind} of {explanation} is {told}")
    return tuple(lines)


def keep(name: str) -> None:
    """Work out a record anew and write it into the file, with the day."""
    known = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    known[name] = {"made": date.today().isoformat(), **entry_of(name)}
    ordered = {one: known[one] for one in RECORDS if one in known}
    FILE.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")
