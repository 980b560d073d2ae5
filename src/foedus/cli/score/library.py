"""`foedus score library`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from foedus.cli import options
from foedus.cli.output import width, write, write_json
from foedus.cli.progress import progress_bar
from foedus.cli.score.shipped import cases_named

if TYPE_CHECKING:
    from foedus.questions.fits.scoring import CallContest


@click.command()
@options.draws(2000)
@options.seed
@options.out
@options.language
@options.as_json
def command(draws: int, seed: int, folder: Path | None, language: str, as_json: bool) -> None:
    """Score the shipped cases on their own calls and all that they asked, and the fit on all calls.

    Of each case: what earlier calls let expect (the outside view), what its model answers before
    any evidence (the inside view), and what came. Then every question of the library whose end is
    known, and the fit on every call of the table, leaving out one at a time and by time, all with
    their calibration; --out draws that.
    """
    from foedus.history.requests import requests
    from foedus.questions.fits.scoring import call_contests
    from foedus.report.outside_view.library import library_record, show_call_contests, show_library
    from foedus.reproduce.library import score_library

    with progress_bar("running cases") as progress:
        library = score_library(draws, seed, progress=progress)
    with progress_bar("scoring calls") as progress:
        contests = call_contests(requests(), progress)
    drawn = (*contests, *library.contests)
    files = [] if folder is None else _write_figure(drawn, folder, language)
    if as_json:
        write_json({**library_record(library, contests), "files": files})
        return
    cases = cases_named(one.case for one in library.ended)
    write(show_library(library, width(), language, cases) + "\n")
    write(show_call_contests(contests, width(), language))
    for name in files:
        write(f"{name}\n")


def _write_figure(contests: Sequence[CallContest], folder: Path, language: str) -> list[str]:
    from foedus.report.figures import render_png, render_svg
    from foedus.report.figures.calibration import draw_calibration
    from foedus.report.files import write_files

    figure = draw_calibration(contests, language)
    files = {
        f"{figure.name}.svg": render_svg(figure).encode(),
        f"{figure.name}.png": render_png(figure),
    }
    return [str(path) for path in write_files(folder, files)]
