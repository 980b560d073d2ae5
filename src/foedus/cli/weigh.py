"""`foedus weigh`."""

from __future__ import annotations

from pathlib import Path

import click

from foedus.cli import options
from foedus.cli.output import width, write, write_json
from foedus.cli.progress import progress_bar
from foedus.cli.reading import open_case


@click.command()
@options.case_argument
@options.as_of
@options.particles(250)
@options.seed
@options.settings
@click.option(
    "--table", "table", type=click.Path(path_type=Path, dir_okay=False),
    help="Also write every piece of evidence by explanation, in decibels, to a .csv or .md file.",
)  # fmt: skip
@options.workers
@options.language
@options.as_json
def command(
    case: str,
    as_of: str | None,
    particles: int,
    seed: int,
    settings: dict[str, float],
    table: Path | None,
    workers: int | None,
    language: str,
    as_json: bool,
) -> None:
    """Say which explanation the record supports, how strongly, and what would turn that.

    Prints first what the verdict rests on. Exits with 3 where noise would decide.
    """
    if table is not None and table.suffix not in (".csv", ".md"):
        raise click.BadParameter("the table goes to a .csv or .md file", param_hint="--table")
    opened = open_case(case, json=as_json, settings=settings)
    from foedus import study
    from foedus.infer.effort import Effort
    from foedus.infer.verdict_json import as_record
    from foedus.report.verdict import show_verdict
    from foedus.report.verdict_table import write_table

    with progress_bar("weighing") as progress:
        verdict = study.weigh(
            opened,
            as_of=as_of,
            effort=Effort(particles=particles),
            workers=workers,
            seed=seed,
            settings=settings,
            progress=progress,
        )
    if table is not None:
        write_table(opened, verdict, table, language)
    if as_json:
        write_json(as_record(opened, verdict))
    else:
        write(show_verdict(opened, verdict, language, width()))
