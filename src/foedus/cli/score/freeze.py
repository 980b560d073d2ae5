"""`foedus score freeze`."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from foedus import __version__
from foedus.cli import options
from foedus.cli.files import write_new
from foedus.cli.output import write, write_json
from foedus.cli.progress import weighing_bar
from foedus.cli.reading import open_case


@click.command()
@options.case_argument
@options.as_of
@click.option(
    "--to", "path", type=click.Path(path_type=Path, dir_okay=False), required=True,
    metavar="FILE.json", help="The new file; one that exists is left alone.",
)  # fmt: skip
@options.draws(1000)
@options.particles(150)
@options.seed
@options.workers
@options.language
@options.as_json
def command(
    case: str,
    as_of: str | None,
    path: Path,
    draws: int,
    particles: int,
    seed: int,
    workers: int | None,
    language: str,
    as_json: bool,
) -> None:
    """Write the answers of a case to a file that cannot be changed unseen.

    The file says what was known by then, which text of the case was run, and when; a digest ties it
    together. With --as-of only what was known by the end of that date is used; without, nothing of
    the record is.
    """
    if case.lower().endswith(".csv"):
        cure = f"`foedus history forecast {case} --freeze {path}`"
        raise click.UsageError(f"`{case}` is no case; forecasts of requests are frozen by {cure}")
    opened = open_case(case, json=as_json)
    from foedus import study
    from foedus.infer.islands.effort import Effort
    from foedus.questions.frozen import freeze
    from foedus.report.language.catalogue import say
    from foedus.report.language.numbers import show_written_date

    with weighing_bar("forecasting", opened, as_of=as_of) as progress:
        if as_of is None:
            answers = study.simulate(
                opened, draws=draws, seed=seed, workers=workers, progress=progress
            )
        else:
            answers = study.forecast(
                opened, as_of, draws=draws, seed=seed, effort=Effort(particles),
                workers=workers, progress=progress,
            )  # fmt: skip
    made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    record = freeze(opened, answers, as_of, made, __version__, draws=draws, particles=particles)
    text = json.dumps(record, indent=1, allow_nan=False) + "\n"
    write_new(path.parent, {path.name: text.encode()})
    if as_json:
        write_json(record)
    else:
        told = say(
            language, "freeze.done" if as_of else "freeze.done-nothing", file=path,
            day=show_written_date(as_of or "", language),
            answers=say(language, "settle.answers", count=len(record["questions"])),
            known=say(language, "freeze.items", count=len(record["known"])),
        )  # fmt: skip
        digest = say(language, "forecast.digest", digest=record["digest"])
        write(f"{told}\n{digest}\n")
