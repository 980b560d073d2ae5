"""Published likelihoods of tables of many units and of orders of events, from case files."""

from __future__ import annotations

import shutil
from math import lgamma, log
from pathlib import Path

import pytest

from foedus.exact.evidence import log_evidence
from foedus.exact.parameters import known_parameters
from foedus.exact.refusal import Refusal
from foedus.exact.tables import Tables
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.jump.stages import nothing_known
from tests.conformance.courses import CASES, TARGETS
from tests.loading import case_at


def folder_with(folder: Path, name: str, *published: tuple[str, str]) -> Path:
    """A conformance case with the published rows beside it."""
    shutil.copy(CASES / f"{name}.yaml", folder)
    for source, target in published:
        if not (TARGETS / source).is_file():
            pytest.skip("the published rows are not beside the project")
        shutil.copy(TARGETS / source, folder / target)
    return folder / f"{name}.yaml"


def deviance(path: Path, **settings: float) -> float:
    """Minus twice the log likelihood of a case's tables at its fixed parameters."""
    case = case_at(path)
    model, record = lower(case), lower_record(case)
    theta = known_parameters(model, model.atoms[0], settings).with_values(())
    found = Tables(model, record).log_likelihood(theta, model.atoms[0])
    assert found.error < 1e-7
    return -2.0 * found.value


def test_patients_seen_from_time_to_time(tmp_path: Path) -> None:
    path = folder_with(tmp_path, "cav", ("msm/cav.csv", "cav.csv"))
    assert deviance(path) == pytest.approx(4833.00640639644, abs=1e-6)


def test_patients_of_whom_every_change_is_known(tmp_path: Path) -> None:
    path = folder_with(tmp_path, "bos", ("msm/bos.csv", "bos.csv"))
    assert deviance(path) == pytest.approx(3057.85781916437, abs=1e-6)


@pytest.mark.parametrize(
    ("settings", "expected", "tolerance"),
    [
        ({}, 6921.048250758521, 1e-6),
        ({"pull": 2.104465}, 6193.99831, 1e-4),
        ({"pull": 1.604046, "reply": 7.326956}, 2619.115003, 1e-4),
    ],
)
def test_the_order_of_calls(
    tmp_path: Path, settings: dict[str, float], expected: float, tolerance: float
) -> None:
    path = folder_with(tmp_path, "radio", ("wtc/WTCPoliceCalls.csv", "calls.csv"))
    assert deviance(path, **settings) == pytest.approx(expected, abs=tolerance)


def rows_of(group: str, events: int, weeks: int) -> str:
    """Events at even distances, then the end of the watch: only their number counts."""
    rows = [f"{group},0,0"]
    rows += [f"{group},{n * weeks / (events + 1)},{n}" for n in range(1, events + 1)]
    return "\n".join(["group,week,events", *rows, f"{group},{weeks},{events}", ""])


def test_separate_rates_against_a_common_one(tmp_path: Path) -> None:
    """Gamma(1, rate 10) priors: the log Bayes factor is 6.717229581446148."""
    (tmp_path / "first.csv").write_text(rows_of("first", 9, 359))
    (tmp_path / "second.csv").write_text(rows_of("second", 21, 182))
    case = case_at(folder_with(tmp_path, "peace"))
    model, record = lower(case), lower_record(case)
    found = log_evidence(model, record, model.atoms, [nothing_known(record)])
    assert not isinstance(found, Refusal), found
    values = {one.atom: one.stages[0] for one in found}

    def evidence(events: int, weeks: int) -> float:
        return log(10.0) + lgamma(1 + events) - (1 + events) * log(10.0 + weeks)

    assert values["alike"].value == pytest.approx(evidence(30, 541), abs=1e-9)
    assert values["different"].value == pytest.approx(
        evidence(9, 359) + evidence(21, 182), abs=1e-9
    )
    factor = values["different"].value - values["alike"].value
    assert factor == pytest.approx(6.717229581446148, abs=1e-9)
    assert max(one.error for one in values.values()) < 1e-8
