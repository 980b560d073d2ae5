"""`foedus run`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from foedus import __version__
from foedus.case.case import Case
from foedus.cli import options
from foedus.cli.output import width, write, write_json
from foedus.cli.progress import progress_bar
from foedus.cli.reading import open_case

if TYPE_CHECKING:
    from foedus.infer.verdict import Verdict

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
    "--weigh", "is_weighed", is_flag=True,
    help="Also weigh the record: which explanation does it support? Takes minutes on large cases.",
)  # fmt: skip
@options.particles(250)
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
    is_weighed: bool,
    particles: int,
    settings: dict[str, float],
    priors: Path | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Do the whole job: check a case, weigh its record if asked to, simulate it, answer.

    Prints a summary, and writes a page with figures that works offline.
    """
    opened = open_case(case, json=as_json, settings=settings, priors=priors)
    from foedus import study
    from foedus.infer.verdict_json import as_record as verdict_record
    from foedus.questions.answers import as_record
    from foedus.report.figures import watch_of
    from foedus.report.page import write_report
    from foedus.report.summary import show_run
    from foedus.report.verdict import show_verdict

    watch = watch_of(opened)
    with progress_bar("simulating") as progress:
        answers = study.simulate(
            opened,
            draws=draws,
            seed=seed,
            settings=settings,
            workers=workers,
            watch=watch,
            progress=progress,
        )
    verdict = _weigh(opened, particles, seed, settings, workers) if is_weighed else None
    place = Path(FOLDER) / opened.name if folder is None else folder
    paths = write_report(
        opened, answers, place, watch.expressions, language, version=__version__, verdict=verdict
    )
    files = [str(path) for path in paths]
    if as_json:
        more = {} if verdict is None else {"verdict": verdict_record(opened, verdict)}
        write_json({**as_record(answers), **more, "files": files})
        return
    if verdict is not None:
        write(show_verdict(opened, verdict, language, width()) + "\n")
    write(show_run(opened, answers, language, width(), files))


def _weigh(
    case: Case, particles: int, seed: int, settings: dict[str, float], workers: int | None
) -> Verdict:
    from foedus import study
    from foedus.infer.effort import Effort

    with progress_bar("weighing") as progress:
        return study.weigh(
            case,
            effort=Effort(particles=particles),
            seed=seed,
            settings=settings,
            workers=workers,
            progress=progress,
        )
