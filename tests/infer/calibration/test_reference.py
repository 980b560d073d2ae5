"""Records that explanations tell, and where a record stands among them."""

from __future__ import annotations

import json
from dataclasses import replace
from math import exp, inf, sqrt
from pathlib import Path

import numpy as np
import pytest

from foedus import study
from foedus.engine.prepare import prepare
from foedus.engine.world import Parameters
from foedus.infer.calibration.recording import (
    Told,
    as_told,
    kept,
    tell,
    tellable,
    template,
    untold,
    why_not,
)
from foedus.infer.calibration.reference import AGAIN, Reference, references
from foedus.infer.sampler.sampler import Settings
from foedus.infer.shipped import reference_file
from foedus.infer.shipped.reference_file import as_entry, digest_of, shipped_percentiles
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.jump.record import Measurement, Record, Sighting
from foedus.text.diagnostic import NoAnswerError
from tests.infer.strikes import COMPLETE, HEAD, THREE, item, log_evidence, mixed
from tests.infer.test_weigh import CLAIM
from tests.loading import case_of

TOLD = (
    "  - {id: calm, state: strikes < 9, at: 2000-01-06, cites: [wave], established: so}\n"
    '  - {id: tally, value: strikes, is: 2, error: sd 0.5, at: 2000-01-06, cites: [wave], '
    "established: so}\n"
)  # fmt: skip
CASE = case_of(HEAD + "evidence:\n" + THREE + TOLD + COMPLETE)
MODEL, RECORD = lower(CASE), lower_record(CASE)
QUICK = Settings(particles=50, sweeps=1, settling=0)


def record_of(evidence: str, more: str = "") -> Record:
    return lower_record(case_of(HEAD + "evidence:\n" + evidence + COMPLETE + more))


def test_a_told_record_is_kept_as_the_case_keeps_its_own() -> None:
    # The counts of 300 records are Poisson: within 4 standard errors (a false alarm in 15,000).
    keeping, prepared = kept(RECORD, MODEL.horizon), prepare(replace(MODEL, monitors=()))
    random = np.random.default_rng(5)
    theta: Parameters = {"speed": 0.4, "boost": 1.0}
    told = [tell(keeping, prepared, theta, MODEL.atoms[0], random) for _ in range(300)]
    counts = np.array([len(one.events) for one in told])
    assert abs(counts.mean() - 4.0) < 4.0 * sqrt(4.0 / 300.0)
    for one in told:
        windows = [windows[0] for _, windows, _ in one.events]
        wide = sum(window.end - window.start == 2.0 for window in windows)
        assert wide <= (len(windows) > 1), "only the second strike is dated to two days"
        assert all(known >= window.end for (_, _, known), window in zip(
            one.events, windows, strict=True
        ))  # fmt: skip
    errors = [one.seen[1] - sum(w[0].start < 5.5 for _, w, _ in one.events) for one in told]
    assert 0.4 < np.std(errors) < 1.2
    assert all(one.seen[0] in (0.0, 1.0) for one in told)


def test_a_record_goes_through_its_own_form_unchanged() -> None:
    keeping = kept(RECORD, MODEL.horizon)
    shape = template(RECORD, keeping, [as_told(RECORD)])
    again = shape.filled(as_told(RECORD))
    alive = [one for one in again.sightings if not one.is_outcome]
    found = {(one.kind, one.windows, one.measured) for one in alive}
    assert found == {(one.kind, one.windows, one.measured) for one in RECORD.sightings}
    less = shape.filled(replace(as_told(RECORD), events=(), seen=(0.0, 7.0)))
    kinds = [one.kind for one in less.sightings if not one.is_outcome]
    assert kinds == ["state", "value"]


@pytest.fixture(scope="module")
def found() -> tuple[Reference, ...]:
    return references(MODEL, record_of(THREE), count=20, settings=QUICK, seed=3)


def test_the_probability_of_the_record_is_that_of_the_closed_form(
    found: tuple[Reference, ...],
) -> None:
    calm, plotted = found
    assert calm.found == pytest.approx(log_evidence(3, 2.0, 10.0), abs=0.5)
    assert plotted.found == pytest.approx(mixed(3, 2.0, 10.0), abs=0.5)


def test_workers_change_no_reference_and_progress_counts_every_run(
    found: tuple[Reference, ...],
) -> None:
    heard: list[tuple[int, int]] = []
    shared = references(
        MODEL, record_of(THREE), count=20, settings=QUICK, seed=3, workers=3,
        progress=lambda done, total: heard.append((done, total)),
    )  # fmt: skip
    assert shared == found
    total = 2 * (AGAIN + 20)
    assert heard == [(done, total) for done in range(1, total + 1)]


def test_an_ordinary_record_is_ordinary_and_a_strange_one_is_not(
    found: tuple[Reference, ...],
) -> None:
    assert [one.explanation for one in found] == ["by-itself", "by-plot"]
    assert 0.1 < found[0].share < 0.9
    # Thirty strikes in a day, where a strike or two in a week are expected.
    many = "".join(item(f"s{number}", "2000-01-03") for number in range(30))
    strange = references(MODEL, record_of(many), count=20, settings=QUICK, seed=3)
    assert strange[0].share < 0.03


def test_a_reference_says_how_rough_it_is() -> None:
    # Three runs, one of which did not come to the record; two of ten records none came to.
    runs, own = (-4.0, -inf, -6.0), (-inf, -inf, *(-float(number) for number in range(8, 0, -1)))
    one = Reference("calm", 0.5, -4.7, runs, own)
    assert one.missed == 1
    assert one.scatter == pytest.approx(sqrt(2.0))
    assert one.unreached == 0.2
    # By hand: 4 of 10 lie below -4 and 1 level with it, none below the run that failed, and 2 lie
    # below -6 and 1 level.
    assert one.share_at_worst == pytest.approx((4.5 + 0.0 + 2.5) / 30.0)
    entry = as_entry(MODEL, RECORD, (one,))
    assert entry["runs"] == 3
    assert entry["explanations"] == {
        "calm": {
            "share": 0.5, "share_at_worst": 0.2333, "unreached": 0.2, "missed": 1, "scatter": 1.41,
            "log_probability": -4.7, "own": [None, None, -5.0, -1.0, -1.0],
        }
    }  # fmt: skip
    assert replace(one, runs=(-inf, -4.0)).scatter is None
    assert as_entry(MODEL, RECORD, (replace(one, runs=(-inf,)),))


def test_what_a_model_cannot_tell_is_named_and_left_out() -> None:
    plain, claimed = record_of(THREE), record_of(THREE, CLAIM)
    assert "claims are not simulated" in str(why_not(claimed))
    assert untold(claimed) == (3, ())
    assert tellable(claimed).sightings == tellable(plain).sightings == plain.sightings
    first = plain.sightings[0]
    quiet = Sighting("q", "no-report", first.windows, 3.0, first.target)
    noted = replace(plain, sightings=(*plain.sightings, quiet))
    assert "`q`" in str(why_not(noted))
    assert untold(noted) == (0, ("q",))
    assert tellable(noted) == tellable(plain)
    absent = replace(plain, sightings=(replace(quiet, kind="absent"),))
    assert why_not(absent) is None
    assert tellable(absent).sightings == absent.sightings
    with pytest.raises(NoAnswerError, match="nothing in the record"):
        references(MODEL, replace(plain, sightings=(quiet,)))


def test_claims_do_not_change_a_reference() -> None:
    plain, claimed = record_of(THREE), record_of(THREE, CLAIM)
    both = [references(MODEL, one, count=3, settings=QUICK, seed=3) for one in (plain, claimed)]
    assert both[0] == both[1]


def test_nothing_is_seen_as_nothing_through_any_factor() -> None:
    """A count that is known to within a factor: none is a truth, some are a measurement."""
    about = next(one for one in RECORD.sightings if one.id == "tally")
    look = replace(about, measured=Measurement(2.0, "factor", 1.5))
    record = replace(RECORD, sightings=(look,))
    shape = template(record, kept(record, MODEL.horizon), [as_told(record)])
    alive = {
        seen: [one for one in shape.filled(Told((), (seen,))).sightings if not one.is_outcome]
        for seen in (0.0, 3.0)
    }
    assert [(one.kind, one.measured) for one in alive[3.0]] == [
        ("value", Measurement(3.0, "factor", 1.5))
    ]
    assert [one.kind for one in alive[0.0]] == ["state"]
    # At 0.4 a day none has come by a moment of the sixth day with probability 0.112, and what is
    # nothing is seen as nothing: within 4 standard errors (a false alarm in 15,000).
    keeping, prepared = kept(record, MODEL.horizon), prepare(replace(MODEL, monitors=()))
    theta: Parameters = {"speed": 0.4, "boost": 1.0}
    told = [
        tell(keeping, prepared, theta, MODEL.atoms[0], np.random.default_rng(seed)).seen[0]
        for seed in range(300)
    ]
    none = (exp(-2.0) - exp(-2.4)) / 0.4
    assert abs(np.mean(np.array(told) == 0.0) - none) < 4.0 * sqrt(none * (1.0 - none) / 300.0)


def test_a_reference_is_for_one_version_of_a_case(
    found: tuple[Reference, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    record = record_of(THREE)
    path = tmp_path / "references.json"
    path.write_text(json.dumps({"strikes": as_entry(MODEL, record, found)}))
    monkeypatch.setattr(reference_file, "FILE", path)
    shares = shipped_percentiles(MODEL, record)
    assert shares is not None
    assert list(shares) == [one.explanation for one in found]
    assert list(shares.values()) == pytest.approx([one.share for one in found], abs=1e-4)
    assert shipped_percentiles(MODEL, record_of(THREE + TOLD)) is None
    asked = replace(MODEL, monitors=())
    assert digest_of(asked, record) == digest_of(MODEL, record)


def test_shipped_references_are_those_of_their_cases_as_they_are() -> None:
    for name, entry in json.loads(reference_file.FILE.read_text(encoding="utf-8")).items():
        case = study.load(name)
        assert entry["digest"] == digest_of(study.build(case), tellable(lower_record(case))), name
        assert set(entry["explanations"]) == set(case.explanations)
        assert all(0.0 <= one["share"] <= 1.0 for one in entry["explanations"].values())
