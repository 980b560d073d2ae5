"""Help that stands by: what the part of `collective-aid` does, and that it costs no other case."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from foedus.case.case import Case
from foedus.case.mechanisms import SHIPPED
from foedus.study import load, simulate
from tests.cases.test_library import CALLS as LIBRARY
from tests.loading import case_of, faults_of, warned_case

CALL = (Path(__file__).parent / "calls" / "hungary.yaml").read_text(encoding="utf-8")
BOUND = "asks: first-secretary"
NEVER_COMES = "aid.appeals < 1000000"


def standing_by(condition: str, more: str = "") -> str:
    """The call of 1956 on an alliance that stands by on a condition; two questions more."""
    text = CALL.replace(BOUND, f"{BOUND}, stands-by: '{condition}'{more}")
    return text + (
        "  comes: {probability: 'aid.operations > 0', at: 1957-10-22}\n"
        "  dismissed-after: {time-until: 'happened(aid.stand-down)',\n"
        "    from: 'aid.pledged[soviet-union]', by: 1957-10-23}\n"
    )


def without_it(text: str) -> str:
    """The mechanism as it would be if it could not say that help stands by."""
    text = re.sub(r"  stands-by:\n(    .*\n)+", "", text)
    text = re.sub(r"  stand-down:\n(    .*\n)+", "", text)
    text = text.replace(" stand-down,", "").replace(" and not stands-by", "")
    text = text.replace("(total > 0 or stands-by and threat > 0)", "total > 0")
    assert "stands-by" not in text
    assert "stand-down" not in text
    return text


OTHERS = [*(name for name in LIBRARY if name != "belarus-2020"), "kazakhstan-2022"]


@pytest.mark.parametrize("name", OTHERS)
def test_cases_in_which_nothing_stands_by_run_as_if_nothing_could(
    name: str, tmp_path: Path
) -> None:
    """Every answer from the same runs is the same to the last bit."""
    folder = tmp_path / name
    shutil.copytree(Path(SHIPPED).parent / "cases" / name, folder)
    mechanism = (SHIPPED / "collective-aid.yaml").read_text(encoding="utf-8")
    (folder / "before.yaml").write_text(without_it(mechanism), encoding="utf-8")
    path = folder / "case.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("mechanism: collective-aid", "mechanism: before.yaml"), encoding="utf-8"
    )
    now, before = load(name), load(path)
    assert list(now.events) == list(before.events)
    assert list(now.parameters) == list(before.parameters)
    assert _answers(now) == _answers(before)


def _answers(case: Case) -> list[object]:
    return [
        (one.name, one.estimate, one.quantiles, one.never)
        for one in simulate(case, draws=10, engine="native").questions
    ]


def test_what_stands_by_on_what_never_comes_is_never_sent() -> None:
    case = case_of(standing_by(NEVER_COMES, ", calm: 'true'"))
    answers = {one.name: one for one in simulate(case, draws=300).questions}
    assert answers["heard"].estimate.value > 0.1  # type: ignore[operator]
    assert answers["comes"].estimate.value == 0.0


def test_it_is_dismissed_as_soon_as_an_operation_would_be_declared_over() -> None:
    """Exponential with mean `leave-to-end` in calm, and longer by `early` without it.

    Three seeds each; bounds of four standard errors give a false alarm in 1 of 5,000 tests.
    """
    for calm, mean in (("true", 5.0), ("false", 20.0)):
        case = case_of(standing_by(NEVER_COMES, f", calm: '{calm}'"))
        fixed = {"aid.leave-to-end": 5.0, "aid.early": 0.25}
        for seed in (1, 2, 3):
            answers = simulate(case, draws=2000, seed=seed, settings=fixed).questions
            found = {one.name: one.estimate for one in answers}["dismissed-after"]
            assert found.value == pytest.approx(mean, abs=4 * (found.error or 0.0))


def test_a_part_that_is_ruled_out_has_no_name_in_a_case() -> None:
    """Nobody can ask about what the case leaves out; a need that counts it keeps it."""
    asked = CALL + "  dismissed: {probability: 'happened(aid.stand-down)', at: 1957-10-22}\n"
    (fault,) = faults_of(asked)
    assert fault[0] == "unknown-event"
    assert "aid.stand-down" not in case_of(CALL).events
    assert "aid.stand-down" in case_of(standing_by(NEVER_COMES)).events


def test_what_a_need_counts_stays_though_it_cannot_be() -> None:
    counting = CALL.replace(BOUND, f"{BOUND}, calm: 'not happened(aid.stand-down)'")
    case = warned_case(counting)
    assert "aid.stand-down" in case.events
    simulate(case, draws=2)
