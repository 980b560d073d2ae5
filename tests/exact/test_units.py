"""Every scheme of a table of units against sums over matrix exponentials, written out by hand."""

from __future__ import annotations

from math import exp, log, pi, sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import expm

from foedus.exact.parameters import known_parameters
from foedus.exact.refusal import NotExactError
from foedus.exact.tables import Tables
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from tests.loading import case_of

BASE = """\
foedus: 1
case: units
title: Units of which something is seen
clock: {start: 2000-01-01, end: 2000-12-31}
parameters:
  up: {value: 0.3, unit: per day, grade: assumed, because: an example}
  down: {value: 0.2, unit: per day, grade: assumed, because: an example}
  fatal: {value: 0.1, unit: per day, grade: assumed, because: an example}
  fast: {value: 0.4, unit: per day, grade: assumed, because: an example}
  missed: {value: 0.25, unit: share, grade: assumed, because: an example}
  low: {value: 1.0, grade: assumed, because: an example}
  high: {value: 3.0, grade: assumed, because: an example}
  spread: {value: 0.8, grade: assumed, because: an example}
state:
  mood: {type: {one of: [calm, angry, gone]}, starts: calm}
  armed: {type: flag, starts: false}
  unrelated: {type: level, starts: 0}
events:
  angers: {when: mood == calm, rate: up, then: {mood: angry}}
  calms: {when: mood == angry and not armed, rate: down, then: {mood: calm}}
  arms: {when: mood == angry and not armed, rate: fast, then: {armed: true}}
  goes: {when: mood == angry, rate: "if armed then fatal + fatal else fatal", then: {mood: gone}}
  drifts: {each: 1 day, then: {unrelated: unrelated + 1}}
"""
UP, DOWN, FATAL, ARMS = 0.3, 0.2, 0.1, 0.4
CALM, ANGRY, ARMED, GONE = range(4)
"""The states, in the order of the matrix below; who is gone may have been armed or not."""
RATES = np.array([
    [-UP, UP, 0, 0],
    [DOWN, -(DOWN + ARMS + FATAL), ARMS, FATAL],
    [0, 0, -2 * FATAL, 2 * FATAL],
    [0, 0, 0, 0],
])  # fmt: skip


def log_likelihood(
    folder: Path, rows: str, scheme: str, more: str = "", unit: str = "", *,
    base: str = BASE, variable: str = "mood",
) -> float:  # fmt: skip
    (folder / "rows.csv").write_text(rows)
    table = (
        "tables:\n  seen:\n    csv: rows.csv\n    unit: who\n    time: day\n    state: found\n"
        f"    scheme: {scheme}\n    variable: {variable}\n{more}{unit}"
    )
    case = case_of(base + table, folder)
    model, record = lower(case), lower_record(case)
    theta = known_parameters(model, model.atoms[0], {}).with_values(())
    found = Tables(model, record).log_likelihood(theta, model.atoms[0])
    assert found.error < 1e-9
    return found.value


def start(*states: int) -> np.ndarray:
    law = np.zeros(4)
    law[list(states)] = 1.0
    return law


def seen(*states: int) -> np.ndarray:
    return np.diag(start(*states))


def test_panel(tmp_path: Path) -> None:
    rows = "who,day,found\na,0,calm\na,2,angry\na,5,angry\na,9,gone\nb,3,angry\nb,4,calm\n"
    first = start(CALM) @ expm(2 * RATES) @ seen(ANGRY, ARMED) @ expm(3 * RATES)
    first = first @ seen(ANGRY, ARMED) @ expm(4 * RATES) @ seen(GONE)
    second = start(ANGRY) @ expm(RATES) @ seen(CALM)
    expected = log(first.sum()) + log(second.sum())
    assert log_likelihood(tmp_path, rows, "panel") == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize("more", ["unrelated: unrelated + 1", "unrelated: 0"])
def test_what_events_do_besides_does_not_matter(more: str, tmp_path: Path) -> None:
    """It is no part of the units, even where it has no end of values or moves by itself."""
    rows = "who,day,found\nx,0,calm\nx,2,angry\nx,5,calm\n"
    besides = BASE.replace("then: {mood: angry}", f"then: {{mood: angry, {more}}}")
    assert besides != BASE
    found = log_likelihood(tmp_path, rows, "panel", base=besides)
    assert found == log_likelihood(tmp_path, rows, "panel")


def test_exact(tmp_path: Path) -> None:
    """Changes are densities; arming is hidden; the last row says that nothing changed."""
    rows = "who,day,found\na,0,calm\na,2,angry\na,5,gone\nb,0,angry\nb,4,angry\n"
    quiet = RATES.copy()
    quiet[CALM, ANGRY] = quiet[ANGRY, CALM] = quiet[ANGRY, GONE] = quiet[ARMED, GONE] = 0.0
    leave = np.array([0.0, FATAL, 2 * FATAL, 0.0])
    first = exp(-UP * 2) * UP * (start(ANGRY) @ expm(3 * quiet) @ leave)
    second = (start(ANGRY) @ expm(4 * quiet)).sum()
    expected = log(first) + log(second)
    assert log_likelihood(tmp_path, rows, "exact") == pytest.approx(expected, abs=1e-11)


def test_densities_are_per_unit_of_the_table(tmp_path: Path) -> None:
    rows = "who,day,found\na,0,calm\na,2,angry\n"
    weeks = log_likelihood(tmp_path, rows, "exact", unit="    time-unit: weeks\n")
    assert weeks == pytest.approx(log(7 * UP) - 14 * UP, abs=1e-11)


def test_terminal(tmp_path: Path) -> None:
    rows = "who,day,found\na,0,calm\na,2,angry\na,5,gone\nb,0,calm\nb,3.5,gone\n"
    alive = RATES[:3, :3]
    leave = np.array([0.0, FATAL, 2 * FATAL])
    first = start(CALM) @ expm(2 * RATES) @ seen(ANGRY, ARMED)
    first_density = first[:3] @ expm(3 * alive) @ leave
    second = start(CALM)[:3] @ expm(3.5 * alive) @ leave
    expected = log(first_density) + log(second)
    found = log_likelihood(tmp_path, rows, "terminal", "    ends: [gone]\n")
    assert found == pytest.approx(expected, abs=1e-11)


def test_sets_of_states(tmp_path: Path) -> None:
    rows = "who,day,found\na,0,calm\na,2,calm|angry\na,5,gone\nb,1,calm|angry\nb,2,angry\n"
    first = start(CALM) @ expm(2 * RATES) @ seen(CALM, ANGRY, ARMED) @ expm(3 * RATES)
    second = start(CALM) @ expm(RATES) @ seen(ANGRY, ARMED)  # begins as the case starts
    expected = log((first @ seen(GONE)).sum()) + log(second.sum())
    assert log_likelihood(tmp_path, rows, "set") == pytest.approx(expected, abs=1e-11)


def test_states_seen_with_error(tmp_path: Path) -> None:
    """A quarter of the angry are taken for calm; nobody is taken for gone."""
    rows = "who,day,found\na,0,calm\na,2,calm\na,5,angry\na,6,gone\n"
    more = "    seen-as: {angry: {calm: missed}}\n"
    calm, angry = np.diag([1, 0.25, 0.25, 0]), np.diag([0, 0.75, 0.75, 0])
    law = start(CALM) @ calm @ expm(2 * RATES) @ calm @ expm(3 * RATES) @ angry
    expected = log((law @ expm(RATES) @ seen(GONE)).sum())
    found = log_likelihood(tmp_path, rows, "misclassified", more)
    assert found == pytest.approx(expected, abs=1e-11)


def test_normal_values_of_hidden_states(tmp_path: Path) -> None:
    rows = "who,day,found\na,0,1.1\na,2,2.5\na,5,3.2\n"
    more = (
        "    reads:\n      calm: {mean: low, sd: spread}\n"
        "      angry: {mean: high, sd: spread}\n      gone: {mean: '0', sd: spread}\n"
    )

    def weigh(value: float) -> np.ndarray:
        density = [
            exp(-0.5 * ((value - mean) / 0.8) ** 2) / (0.8 * sqrt(2 * pi)) for mean in (1, 3, 3, 0)
        ]
        return np.diag(density)

    law = start(CALM) @ weigh(1.1) @ expm(2 * RATES) @ weigh(2.5) @ expm(3 * RATES) @ weigh(3.2)
    found = log_likelihood(tmp_path, rows, "normal", more)
    assert found == pytest.approx(log(law.sum()), abs=1e-11)


def test_flags_and_counts(tmp_path: Path) -> None:
    """Who is armed stays so; what grows is a Poisson count."""
    flags = "who,day,found\na,0,false\na,2,false\na,5,true\nb,0,true\nb,9,true\n"
    counts = "who,day,found\na,0,0\na,2,1\na,5,1\n"
    base = BASE.replace("armed: {type: flag, starts: false}", "armed: {type: flag, starts: false}\n"
                        "  n: {type: count, starts: 0, max: 9}")  # fmt: skip
    base = base.replace("mood == angry and not armed, rate: fast", "not armed, rate: fast")
    base = base.replace(
        "  drifts:", "  grows: {when: n < 9, rate: up, then: {n: n + 1}}\n  drifts:"
    )
    armed = -2 * ARMS + log(1 - exp(-3 * ARMS))
    grown = log(2 * UP) - 5 * UP
    for variable, rows, expected in (("armed", flags, armed), ("n", counts, grown)):
        found = log_likelihood(tmp_path, rows, "panel", base=base, variable=variable)
        assert found == pytest.approx(expected, abs=1e-10)


def test_what_cannot_be(tmp_path: Path) -> None:
    rows = "who,day,found\na,0,gone\na,2,calm\n"
    assert log_likelihood(tmp_path, rows, "panel") == -np.inf


def test_units_have_no_calendar(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("who,day,found\na,0,calm\na,2,calm\n")
    text = BASE.replace(
        "  drifts: {each", "  feast: {at: 2000-02-01, then: {mood: calm}}\n  drifts: {each"
    )
    table = (
        "tables: {seen: {csv: rows.csv, unit: who, time: day, state: found, scheme: panel, "
        "variable: mood}}\n"
    )
    case = case_of(text + table, tmp_path)
    model = lower(case)
    theta = known_parameters(model, model.atoms[0], {}).with_values(())
    with pytest.raises(NotExactError, match="units of the table `seen` have no calendar"):
        Tables(model, lower_record(case)).log_likelihood(theta, model.atoms[0])
