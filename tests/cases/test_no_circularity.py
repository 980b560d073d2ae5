"""That intervention saves the one who asked is not built into the flagship."""

from __future__ import annotations

from foedus.expr.prior import Normal
from tests.cases.courses import Task, run_course, worlds

CHANNELS = (
    "protest.order-effect", "protest.combat-effect", "protest.crowd-effect",
    "rivalry.palace-effect", "rivalry.service-effect",
)  # fmt: skip
COURSES = 70


def answer(task: Task) -> float:
    """Whether Tokayev stays, in one course."""
    names = [monitor.name for monitor in worlds().prepared.model.monitors]
    return run_course(task).answers[names.index("tokayev-stays")]


def test_every_channel_is_centred_on_none() -> None:
    priors = {spec.name: spec.prior for spec in worlds().prepared.model.parameters}
    for name in CHANNELS:
        prior = priors[name]
        assert isinstance(prior, Normal)
        assert prior.mean == 0


def test_without_effects_forbidding_deployment_changes_his_fate_in_no_course() -> None:
    none = tuple((name, 0.0) for name in CHANNELS)
    deployed = 0
    for run in range(COURSES):
        task = Task(run, settings=none)
        course = run_course(task)
        if "aid.deploy" not in course.happened:
            continue
        deployed += 1
        without = run_course(Task(run, "no-deployment", settings=none))
        names = [monitor.name for monitor in worlds().prepared.model.monitors]
        place = names.index("tokayev-stays")
        assert course.answers[place] == without.answers[place]
        assert "aid.deploy" not in without.happened
    assert deployed >= COURSES / 10


def test_with_effects_it_changes_his_fate_in_some() -> None:
    strong = (("rivalry.palace-effect", 3.0), ("rivalry.ordinary-risk", 1 / 365.25))
    assert any(
        answer(Task(run, settings=strong)) != answer(Task(run, "no-deployment", settings=strong))
        for run in range(COURSES)
    )
