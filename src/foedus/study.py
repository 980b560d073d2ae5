"""The whole job on one page: find a case, read it, build its model, ask it, write what came out.

    name --find_case--> path --read_source--> Source --parse_case--> CaseFile --check_case--> Case
    Case --build--> JumpModel --simulate--> Answers
    Case --build, lower_record--> JumpModel, Record --weigh--> Verdict
    Case, Answers, Verdict --write_report--> a page with figures

The arrows of the first line are in `asking.opening`, those of the second in
`asking.from_the_start`, those of the third in `asking.given_the_record`; `run` goes along all of
them. Each can be had by itself from here.

`settings` are what a user sets by hand: parameters in the unit they are written in, and constants
of the case (the size of a group, a number bound to a mechanism's need). `priors` is a file of an
analyst's own priors, which take the place of those of the case before it is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.asking.expectations import expectations_met
from foedus.asking.from_the_start import sensitivity, simulate, what_if
from foedus.asking.given_the_record import counterfactual, forecast, posterior_sensitivity, weigh
from foedus.asking.opening import build, load, parse, read
from foedus.asking.settings import day_of, parameters_in_days
from foedus.asking.weighing_in_run import weigh_in_run
from foedus.asking.what_if_in_run import what_if_in_run
from foedus.case.case import Case
from foedus.frozen import dataclass

if TYPE_CHECKING:
    from foedus.infer.islands.effort import Effort
    from foedus.infer.verdict.no_verdict import NoVerdict
    from foedus.infer.verdict.verdict import Verdict
    from foedus.questions.answers import Answers
    from foedus.questions.other_worlds import OtherWorld
    from foedus.questions.what_if import Change

__all__ = [
    "Study", "build", "counterfactual", "day_of", "expectations_met", "forecast", "load",
    "parameters_in_days", "parse", "posterior_sensitivity", "read", "run", "sensitivity",
    "simulate", "weigh", "what_if",
]  # fmt: skip

Progress = Callable[[str], AbstractContextManager[Callable[[int, int], None] | None]]
"""Of what is being done, a place in which to tell how much of it is done, of how much."""


@dataclass(frozen=True, slots=True)
class Study:
    """A case, what came of it, and the files that show it, the page first.

    In place of the `verdict` stands why there is none, or None where there is nothing to weigh.
    `what_if` is what the first decision of the case changes; None where that is not soon had.
    """

    case: Case
    answers: Answers
    verdict: Verdict | NoVerdict | None
    what_if: Change | OtherWorld | None
    files: tuple[Path, ...]


def run(
    case: Case | str | Path,
    folder: str | Path,
    *,
    draws: int = 1000,
    seed: int = 1,
    is_weighed: bool | None = None,
    effort: Effort | None = None,
    settings: Mapping[str, float] | None = None,
    priors: str | Path | None = None,
    workers: int | None = 1,
    language: str = "en",
    progress: Progress = lambda _: nullcontext(),
) -> Study:
    """The whole job, as `foedus run` does it: answers, a verdict, a what-if, a page with figures.

    `is_weighed` says whether the record is weighed, with `effort`; if None, it is where that is
    soon done (see `weigh_in_run`). The page and its figures go into `folder`, in English or Finnish
    (`language` "en" or "fi"). `settings`, `priors` and `workers` are those of `simulate`. Raises
    what `simulate` and `weigh` raise, and `OSError` where a file cannot be written; that there is
    no verdict is raised only where one was asked for. To ask one thing only, call what answers it.
    """
    from foedus import __version__
    from foedus.report.figures import watch_of
    from foedus.report.figures.pairs import watch_of_pairs
    from foedus.report.page.page import Changed, write_report

    opened = case if isinstance(case, Case) else load(case, settings, priors=priors)
    watch = watch_of(opened)
    with progress("simulating") as told:
        answers = simulate(
            opened, draws=draws, seed=seed, settings=settings, workers=workers, watch=watch,
            progress=told,
        )  # fmt: skip
    verdict = weigh_in_run(
        opened, is_weighed, effort=effort, seed=seed, settings=settings, workers=workers,
        progress=progress,
    )  # fmt: skip
    pairs = watch_of_pairs(opened)
    changed = what_if_in_run(
        opened, verdict, draws=draws, effort=effort, seed=seed, settings=settings, watch=pairs,
        workers=workers, progress=progress,
    )  # fmt: skip
    files = write_report(
        opened, answers, Path(folder), watch.expressions, language, version=__version__,
        verdict=verdict, what_if=None if changed is None else Changed(changed, pairs.expressions),
    )  # fmt: skip
    return Study(opened, answers, verdict, changed, files)
