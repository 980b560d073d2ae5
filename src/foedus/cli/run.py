"""`foedus run`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from foedus.cli import options
from foedus.cli.output import width, write, write_json
from foedus.cli.progress import weighing_bar
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
@click.option(
    "--weigh", "is_weighed", is_flag=True,
    help="Also weigh the record: which explanation does it support? Takes minutes on large cases.",
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
    from foedus.infer.effort import Effort
    from foedus.infer.verdict_json import as_record as verdict_record
    from foedus.questions.answers import as_record
    from foedus.report.summary import show_run
    from foedus.report.verdict import show_verdict

    found = study.run(
        opened,
        Path(FOLDER) / opened.name if folder is None else folder,
        draws=draws,
        seed=seed,
        effort=Effort(particles=particles) if is_weighed else None,
        settings=settings,
        workers=workers,
        language=language,
        progress=partial(weighing_bar, case=opened),
    )
    files = [str(path) for path in found.files]
    if as_json:
        more = {} if found.verdict is None else {"verdict": verdict_record(opened, found.verdict)}
        write_json({**as_record(found.answers), **more, "files": files})
        return
    if found.verdict is not None:
        write(show_verdict(opened, found.verdict, language, width()) + "\n")
    write(show_run(opened, found.answers, language, width(), files))
