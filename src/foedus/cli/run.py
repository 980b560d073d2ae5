"""`foedus run`."""

from __future__ import annotations

from pathlib import Path

import click

from foedus import __version__
from foedus.cli import options
from foedus.cli.output import width, write, write_json
from foedus.cli.progress import progress_bar
from foedus.cli.reading import open_case

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
    settings: dict[str, float],
    priors: Path | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Do the whole job: check a case, simulate it, answer its questions.

    Prints a summary, and writes a page with figures that works offline.
    """
    opened = open_case(case, json=as_json, settings=settings, priors=priors)
    from foedus import study
    from foedus.questions.answers import as_record
    from foedus.report.figures import watch_of
    from foedus.report.page import write_report
    from foedus.report.summary import show_run

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
    place = Path(FOLDER) / opened.name if folder is None else folder
    paths = write_report(opened, answers, place, watch.expressions, language, version=__version__)
    files = [str(path) for path in paths]
    if as_json:
        write_json({**as_record(answers), "files": files})
    else:
        write(show_run(opened, answers, language, width(), files))
