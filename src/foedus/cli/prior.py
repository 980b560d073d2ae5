"""`foedus prior`."""

from __future__ import annotations

from pathlib import Path

import click

from foedus.cli import options
from foedus.cli.output import width, write, write_json
from foedus.cli.progress import progress_bar
from foedus.cli.reading import open_case


@click.command()
@options.case_argument
@options.language
@options.draws(1000)
@options.seed
@options.settings
@options.priors
@options.workers
@options.as_json
def command(
    case: str,
    language: str,
    draws: int,
    seed: int,
    settings: dict[str, float],
    priors: Path | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Say in sentences what the assumptions of a case imply before any evidence."""
    opened = open_case(case, json=as_json, settings=settings, priors=priors)
    from foedus import study
    from foedus.questions.answers import as_record
    from foedus.report.answers.prior import show_prior
    from foedus.report.show.assumptions import assumption_records

    with progress_bar("simulating") as progress:
        answers = study.simulate(
            opened, draws=draws, seed=seed, settings=settings, workers=workers, progress=progress
        )
    if as_json:
        record = as_record(answers)
        write_json({**record, "assumptions": assumption_records(opened, language)})
    else:
        write(show_prior(opened, answers, language, width()))
