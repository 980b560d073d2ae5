"""`foedus test`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from foedus.case.find import CASE_FILE
from foedus.cli import options
from foedus.cli.failure import CASE_HAS_ERRORS, FINE
from foedus.cli.output import width, write, write_json
from foedus.cli.progress import progress_bar
from foedus.cli.reading import open_case


@click.command()
@click.argument("cases", metavar="CASE...", nargs=-1, required=True)
@options.draws(1000)
@options.seed
@options.workers
@options.language
@options.as_json
def command(
    cases: tuple[str, ...],
    draws: int,
    seed: int,
    workers: int | None,
    language: str,
    as_json: bool,
) -> None:
    """Hold the answers of cases to what their authors expect of them.

    Reads CASE.expect.yaml beside CASE.yaml: questions with bounds and the reason for them. A case
    without that file is only run. A folder of folders with cases stands for all of them. Exits
    with 1 if an expectation is not met.
    """
    names = [name for case in cases for name in every_case(case)]
    for name in names:
        open_case(name, json=as_json)
    from foedus import study
    from foedus.report.answers.expectations import show_tested, tested_record

    found = []
    for name in names:
        with progress_bar(f"testing {name}") as progress:
            tested = study.expectations_met(
                name, draws=draws, seed=seed, workers=workers, progress=progress
            )
        found.append(tested)
        if not as_json:
            write(show_tested(tested, language, width()))
    if as_json:
        write_json({"cases": [tested_record(tested) for tested in found]})
    raise click.exceptions.Exit(FINE if all(one.is_met for one in found) else CASE_HAS_ERRORS)


def every_case(name: str) -> Iterator[str]:
    """The case, or the cases in the folders of a folder that is none itself."""
    folder = Path(name)
    if not folder.is_dir() or (folder / CASE_FILE).is_file():
        yield name
        return
    inside = sorted(folder.glob(f"*/{CASE_FILE}"))
    if not inside:
        raise click.BadParameter(f"no folder in `{name}` holds a {CASE_FILE}", param_hint="CASE")
    yield from (str(path.parent) for path in inside)
