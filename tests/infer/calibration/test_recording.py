"""What is told of a course, piece by piece: worked cases, and the laws by which it is weighed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from scipy import integrate, stats

from foedus.engine import laws
from foedus.engine.prepare import prepare
from foedus.engine.world import Happening, Parameters
from foedus.expr.tree import Number, NumberType
from foedus.infer.calibration import recording
from foedus.infer.calibration.recording import (
    Kept,
    Told,
    kept,
    tell,
    tellable,
    template,
    untold,
    why_not,
)
from foedus.infer.particles.weights import Numbers
from foedus.jump.lower import lower
from foedus.jump.lower_record import lower_record
from foedus.jump.record import (
    Coverage,
    Measurement,
    Record,
    Sighting,
    SpeakerModel,
    Target,
    UnitTable,
    Window,
)
from tests.infer.strikes import COMPLETE, HEAD, THREE
from tests.loading import case_of

CASE = case_of(HEAD + "evidence:\n" + THREE + COMPLETE)
MODEL, RECORD = lower(CASE), lower_record(CASE)
LOOK = """\
  - {id: tally, value: strikes, is: 2, error: sd 1, at: 2000-01-06, cites: [wave], established: so}
"""
NOTHING = Record((), (), (), (), (), (), ())
STRIKE = Target("strike")
TALLY = Sighting(
    "tally", "value", (Window(5.0, 6.0),), 6.0, expression=Number(1.0, NumberType(0)),
    measured=Measurement(2.0, "sd", 0.5),
)  # fmt: skip


def happened(time: float, name: str = "strike", *labels: str) -> Happening:
    return Happening(time, name, labels, {}, is_forced=False)


def seen(name: str, start: float, end: float, target: Target = STRIKE) -> Sighting:
    return Sighting(name, "happened", (Window(start, end),), end, target)


def events(
    coverage: Coverage, *course: Happening, widths: tuple[float, ...] = (1.0,), share: float = 1.0
) -> list[tuple[Target, tuple[Window, ...], float]]:
    keeping = Kept((coverage,), {("strike", None): widths}, 0.5, (), 10.0)
    theta: Parameters = {"heard": share}
    random = np.random.default_rng(1)
    return list(recording._events(keeping, coverage, theta, course, random))


def test_what_is_recorded_lies_in_its_span_and_is_dated_as_usual() -> None:
    coverage = Coverage(STRIKE, 2.0, 9.5, 1.5)
    times = (1.9, 2.0, 2.5, 4.2, 9.4, 9.5)
    found = events(coverage, *map(happened, times), widths=(1.0, 3.0, 0.4))
    # The n-th as the n-th item is dated, those that are left as the last; none before the span
    # begins or after the clock ends; known once the day is over and the lag has passed.
    expected = [(2.0, 3.0, 4.5), (2.0, 3.0, 4.5), (4.0, 4.4, 6.5), (9.2, 9.6, 11.5)]
    assert [(w.start, w.end, known) for _, (w,), known in found] == [
        pytest.approx(one) for one in expected
    ]
    (late,) = events(coverage, happened(9.4), widths=(4.0,))
    assert (late[1][0].start, late[1][0].end) == (8.0, 10.0)


def test_kinds_without_items_are_dated_as_others_are() -> None:
    coverage = Coverage(Target("other"), 0.0, 10.0, 0.0)
    ((_, (window,), _),) = events(coverage, happened(3.7, "other"))
    assert (window.start, window.end) == (3.5, 4.0)


COURSE = (
    happened(1.0, "strike.hard", "north"), happened(2.0, "strike.soft", "north"),
    happened(3.0, "strike.hard", "south"), happened(4.0, "struck.hard", "north"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("target", "found"),
    [
        (Target("strike"), "nns"),
        (Target("strike", None, ()), "nns"),
        (Target("strike", "hard"), "ns"),
        (Target("strike", "soft"), "n"),
        (Target("strike", None, ("north",)), "nn"),
        (Target("strike", "hard", ("south",)), "s"),
    ],
)
def test_a_coverage_is_of_what_it_names(target: Target, found: str) -> None:
    told = [one for one, _, _ in events(Coverage(target, 0.0, 10.0, 0.0), *COURSE)]
    assert "".join(label[0] for one in told for label in one.labels or ()) == found
    assert all((one.kind, one.option) == (target.kind, target.option) for one in told)


def test_a_share_is_reported() -> None:
    # 4.5 standard errors of a binomial: a false alarm in 150,000.
    coverage = Coverage(STRIKE, 0.0, 10.0, 0.0, reported="heard")
    course = [happened(time) for time in np.linspace(0.0, 9.9, 2000)]
    count = len(events(coverage, *course, share=0.2))
    assert abs(count - 400) < 4.5 * sqrt(2000 * 0.2 * 0.8)


@pytest.mark.parametrize("error", [Measurement(1.0, "factor", 1.3), Measurement(1.0, "sd", 4.0)])
def test_a_look_errs_by_the_law_by_which_it_is_weighed(error: Measurement) -> None:
    """Told with another error, a record is held against others that are unlike it.

    Kolmogorov's test of 4000 draws: a false alarm in 10,000.
    """
    truth, grid = 20.0, np.linspace(0.01, 80.0, 8000)
    logs = [laws.error_log(error.form, float(one), error.size, truth) for one in grid]
    below = integrate.cumulative_trapezoid(np.exp(logs), grid, initial=0.0)
    assert below[-1] == pytest.approx(1.0, abs=1e-3)
    random, look = np.random.default_rng(2), replace(TALLY, measured=error)
    found = [recording._seen(look, truth, random) for _ in range(4000)]

    def share_below(values: Numbers) -> Numbers:
        found: Numbers = np.interp(values, grid, below)
        return found

    assert stats.kstest(found, share_below).pvalue > 1e-4


def test_dates_are_as_fine_as_those_of_the_record() -> None:
    sightings = (
        seen("late", 7.0, 9.0), seen("early", 1.0, 2.0), TALLY,
        seen("other", 3.0, 7.0, Target("other", "hard")),
        replace(seen("end", 9.0, 9.5), is_outcome=True),
        replace(TALLY, id="calm", kind="state", measured=None), seen("last", 9.0, 9.1),
    )  # fmt: skip
    found = kept(replace(NOTHING, sightings=sightings), 10.0)
    assert found.widths == {
        ("strike", None): pytest.approx((1.0, 2.0, 0.1)), ("other", "hard"): (4.0,),
    }  # fmt: skip
    assert found.usual == pytest.approx(1.5)  # the median of 0.1, 1, 2 and 4
    assert [one.id for one in found.looks] == ["tally", "calm"]
    assert kept(replace(NOTHING, sightings=(TALLY,)), 10.0).usual == 1.0


def test_looks_are_taken_when_the_record_took_them() -> None:
    """In any order: each sees as many strikes as had come by a moment of its own window."""
    (look,) = lower_record(case_of(HEAD + "evidence:\n" + LOOK + COMPLETE)).sightings
    tally = replace(look, measured=Measurement(2.0))
    narrow = [replace(tally, windows=(Window(at, at + 1e-9),)) for at in (8.0, 2.0, 5.0)]
    keeping = Kept(RECORD.coverages, {("strike", None): (1e-6,)}, 1.0, tuple(narrow), 10.0)
    prepared, random = prepare(replace(MODEL, monitors=())), np.random.default_rng(3)
    theta: Parameters = {"speed": 1.0, "boost": 1.0}
    for _ in range(20):
        told = tell(keeping, prepared, theta, MODEL.atoms[0], random)
        starts = [windows[0].start for _, windows, _ in told.events]
        assert told.seen == tuple(sum(one < at for one in starts) for at in (8.0, 2.0, 5.0))
    # A moment anywhere in ten days: a mean of 5 strikes, with variance 5 + 100 / 12. Within 4.5
    # standard errors: a false alarm in 150,000.
    keeping = replace(keeping, looks=(replace(tally, windows=(Window(0.0, 10.0),)),))
    counts = [tell(keeping, prepared, theta, MODEL.atoms[0], random).seen[0] for _ in range(400)]
    assert abs(np.mean(counts) - 5.0) < 4.5 * sqrt((5.0 + 100.0 / 12.0) / 400.0)


def test_there_is_room_for_the_most_of_any_record_and_what_is_left_is_never_known() -> None:
    def told(*starts: float, target: Target = STRIKE) -> Told:
        return Told(tuple((target, (Window(s, s + 1.0),), s + 1.0) for s in starts), ())

    keeping = Kept((), {}, 1.0, (), 10.0)
    south = Target("strike", None, ("south",))
    shape = template(RECORD, keeping, [told(1.0, 2.0), told(3.0, target=south), told(4.0)])
    assert shape.room == {STRIKE: 2, south: 1}
    items = shape.filled(told(7.0)).sightings
    assert [(one.target, one.is_outcome) for one in items] == [
        (STRIKE, False), (STRIKE, True), (south, True),
    ]  # fmt: skip
    assert all(one.is_established and not one.origins for one in items)
    assert (items[0].windows, items[0].known) == ((Window(7.0, 8.0),), 8.0)
    assert all(one.start > 10.0 and one.known > one.start for one in items[1:])
    assert len({one.id for one in items}) == 3


@pytest.mark.parametrize("value", [1.0, 0.0])
def test_a_truth_that_was_looked_at_is_told_with_its_opposite(value: float) -> None:
    look = replace(
        TALLY, kind="state", measured=None, origins=("paper",), follows="one",
        expression=MODEL.monitors[0].expression,
    )  # fmt: skip
    keeping = Kept((), {}, 1.0, (look,), 10.0)
    items = template(RECORD, keeping, []).filled(Told((), (value,))).sightings
    assert [one.is_outcome for one in items] == [value == 0.0, value == 1.0]
    assert all(
        one.is_established and not one.origins and one.follows is None for one in items
    )  # fmt: skip


def test_what_a_model_cannot_tell_is_said_piece_by_piece() -> None:
    drawn = replace(seen("hurt", 1.0, 2.0), draws=(("dead", Measurement(3.0)),))
    record = replace(NOTHING, sightings=(drawn, TALLY))
    assert "what `hurt` measured" in str(why_not(record))
    assert untold(record) == (0, ("hurt",))
    assert tellable(record).sightings == (replace(drawn, draws=()), TALLY)
    table = UnitTable.__new__(UnitTable)
    assert "tables of many units" in str(why_not(replace(NOTHING, tables=(table,))))
    boss = SpeakerModel("boss", "candour")
    left = tellable(replace(NOTHING, tables=(table,), speakers=(boss,)))
    assert (left.tables, left.speakers) == ((), ())
    unheard = Sighting("quiet", "no-report", (Window(1.0, 2.0),), 2.0, STRIKE, is_outcome=True)
    assert tellable(replace(NOTHING, sightings=(unheard,))).sightings == (unheard,)


@pytest.mark.parametrize(
    ("change", "is_told"),
    [
        (lambda one: one, True),
        (lambda one: replace(one, start=2.0, end=5.0), True),
        (lambda one: replace(one, start=2.1), False),
        (lambda one: replace(one, end=4.9), False),
        (lambda one: replace(one, reported="heard"), False),
        (lambda one: replace(one, target=Target("strike", "hard")), False),
        (lambda one: replace(one, target=Target("march")), False),
    ],
)
def test_an_absence_is_told_where_silence_says_the_same(
    change: Callable[[Coverage], Coverage], is_told: bool
) -> None:
    absent = Sighting("none", "absent", (Window(2.0, 5.0),), 6.0, STRIKE)
    coverage = change(Coverage(STRIKE, 0.0, 10.0, 0.0))
    record = replace(NOTHING, sightings=(absent,), coverages=(coverage,))
    assert (why_not(record) is None) == is_told
    assert untold(record) == (0, () if is_told else ("none",))
