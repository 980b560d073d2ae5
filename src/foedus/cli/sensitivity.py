"""`foedus sensitivity`."""

from __future__ import annotations

from pathlib import Path

import click

from foedus.cli import options
from foedus.cli.output import message, tell, width, write, write_json
from foedus.cli.progress import weighing_bar
from foedus.cli.reading import open_case


def _rows(ctx: click.Context, param: click.Parameter, value: int) -> int:
    whole = value // 8
    if value < 16 or value % 8 or whole & (whole - 1):
        raise click.BadParameter(f"{value} is not 8 times a power of two, such as 256", ctx, param)
    return value


@click.command()
@options.case_argument
@click.option(
    "--question",
    "names",
    multiple=True,
    metavar="NAME",
    help="Show this question only; may be given several times.",
)
@click.option(
    "--rows",
    type=int,
    default=256,
    show_default=True,
    callback=_rows,
    help="Rows of assumptions; more make the shares less noisy.",
)
@click.option(
    "--runs",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help="Runs for each row, made twice.",
)
@click.option(
    "--inputs",
    type=click.IntRange(2),
    default=12,
    show_default=True,
    help="How many assumptions to take apart one by one; all others count together.",
)
@click.option(
    "--given-record",
    is_flag=True,
    help="Of what the record leaves open, in fair shares, as it ties assumptions together.",
)
@options.particles(150)
@options.out
@options.seed
@options.running_engine
@options.settings
@options.priors
@options.anew
@options.workers
@options.language
@options.as_json
def command(
    case: str, names: tuple[str, ...], rows: int, runs: int, inputs: int,
    given_record: bool, particles: int, folder: Path | None,
    seed: int, engine: str | None, settings: dict[str, float], priors: Path | None,
    anew: bool, workers: int | None, language: str, as_json: bool,
) -> None:  # fmt: skip
    """Say which assumptions drive the answers, before any evidence or given the record."""
    opened = open_case(case, json=as_json, settings=settings, priors=priors)
    from foedus import study
    from foedus.report.answers.sensitivity import sensitivity_record, show_sensitivity

    if not opened.questions:
        tell(message("the case asks nothing: add `questions:`", "warning") + "\n")
        return
    from foedus.infer.islands.effort import Effort

    with weighing_bar("weighing" if given_record else "simulating", opened) as progress:
        if given_record:
            found = study.posterior_sensitivity(
                opened, questions=names, rows=4 * rows, runs=runs, seed=seed,
                effort=Effort(particles), settings=settings, engine=engine, workers=workers,
                progress=progress, anew=anew,
            )  # fmt: skip
        else:
            found = study.sensitivity(
                opened, questions=names, rows=rows, runs=runs, inputs=inputs, seed=seed,
                settings=settings, engine=engine, workers=workers, progress=progress,
            )  # fmt: skip
    files = []
    if folder is not None:
        from foedus.report.figures import write_figures
        from foedus.report.figures.sensitivity import draw_sensitivity

        figure = draw_sensitivity(opened, found, language)
        files = write_figures(folder, [figure], language)
    if as_json:
        write_json({**sensitivity_record(found), "files": files})
        return
    write(show_sensitivity(opened, found, language, width()))
    for name in files:
        write(f"{name}\n")
