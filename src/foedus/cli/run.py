"""`foedus run`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from foedus.case.case import Case
from foedus.cli import options
from foedus.cli.output import width, write, write_json
from foedus.cli.progress import weighing_bar
from foedus.cli.reading import open_case

if TYPE_CHECKING:
    from foedus.infer.verdict.no_verdict import NoVerdict
    from foedus.infer.verdict.verdict import Verdict
    from foedus.questions.other_worlds import OtherWorld
    from foedus.questions.what_if import Change

FOLDER = "foedus-out"


@click.command()
@options.case_argument
@options.language
@options.draws(1000)
@options.seed
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False),
    help=f"Where the page and the figures go; {FOLDER}/CASE if not given.",
)  # fmt: skip
@click.option(
    "--weigh/--no-weigh", "is_weighed", default=None,
    help="Weigh the record as well: which explanation does it support? If neither is named, where "
    "that takes seconds, or was done before; a large case takes minutes.",
)  # fmt: skip
@options.particles(150)
@options.settings
@options.priors
@options.workers
@options.as_json
def command(
    case: str,
    language: str,
    draws: int,
    seed: int,
    folder: Path | None,
    is_weighed: bool | None,
    particles: int,
    settings: dict[str, float],
    priors: Path | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Do the whole job: check a case, simulate it, answer, weigh its record, change a decision.

    Prints a summary, and writes a page with figures that works offline.
    """
    opened = open_case(case, json=as_json, settings=settings, priors=priors)
    from foedus import study
    from foedus.infer.islands.effort import Effort
    from foedus.infer.verdict.verdict import Verdict
    from foedus.questions.answers import as_record
    from foedus.report.answers.summary import show_run
    from foedus.report.verdict.verdict import verdict_in_short
    from foedus.report.what_if.what_if_in_run import what_if_in_short

    found = study.run(
        opened,
        Path(FOLDER) / opened.name if folder is None else folder,
        draws=draws,
        seed=seed,
        is_weighed=is_weighed,
        effort=Effort(particles=particles),
        settings=settings,
        workers=workers,
        language=language,
        progress=partial(weighing_bar, case=opened),
    )
    files, verdict, changed = [str(path) for path in found.files], found.verdict, found.what_if
    if as_json:
        told = {
            **_verdict(opened, verdict),
            "what_if": _what_if(opened, changed),
            "given_the_record": _given_the_record(changed),
        }
        write_json({**as_record(found.answers), **told, "files": files})
        return
    moved = () if changed is None else what_if_in_short(opened, changed, language, width())
    if isinstance(verdict, Verdict):
        lines = verdict_in_short(opened, verdict, language, width())
        text = show_run(
            opened, found.answers, language, width(), files, verdict=lines, what_if=moved
        )
    else:
        text = show_run(opened, found.answers, language, width(), files, verdict, what_if=moved)
    write(text)


def _what_if(case: Case, changed: Change | OtherWorld | None) -> dict[str, Any] | None:
    """What the first decision changes, for machines."""
    from foedus.questions.other_worlds import OtherWorld
    from foedus.report.what_if.other_world import other_world_record
    from foedus.report.what_if.what_if import change_record

    if changed is None:
        return None
    if isinstance(changed, OtherWorld):
        return other_world_record(case, changed)
    return change_record(case, changed)


def _given_the_record(changed: Change | OtherWorld | None) -> dict[str, Any] | None:
    """The course over time in those courses that agree with the record, for machines."""
    from dataclasses import asdict

    from foedus.questions.other_worlds import OtherWorld

    if not isinstance(changed, OtherWorld):
        return None
    return {
        "courses": changed.counted,
        "effective_courses": changed.effective,
        "fans": [asdict(fan) for fan in changed.factual_fans],
    }


def _verdict(case: Case, verdict: Verdict | NoVerdict | None) -> dict[str, Any]:
    """The verdict for machines, or why there is none."""
    from foedus.infer.verdict.no_verdict import NoVerdict
    from foedus.infer.verdict.verdict_json import as_record

    if verdict is None:
        return {"verdict": None}
    if isinstance(verdict, NoVerdict):
        return {"verdict": None, "no_verdict": verdict.reason}
    return {"verdict": as_record(case, verdict)}
