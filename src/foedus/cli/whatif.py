"""`foedus whatif`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from foedus.cli import options
from foedus.cli.output import width, write, write_json
from foedus.cli.progress import progress_bar
from foedus.cli.reading import open_case

if TYPE_CHECKING:
    from foedus.case.case import Case
    from foedus.engine.reference import Watch
    from foedus.questions.other_worlds import OtherWorld
    from foedus.questions.what_if import Change
    from foedus.report.figures.style import Figure


@click.command()
@options.case_argument
@click.argument("name", metavar="[WHAT-IF]", required=False)
@click.option(
    "--all", "is_all", is_flag=True, help="Set all what-ifs of the case against its questions."
)
@click.option(
    "--from-start",
    is_flag=True,
    help="Before any evidence: what the decision changes under the assumptions alone.",
)
@click.option(
    "--courses",
    type=click.IntRange(20),
    default=300,
    show_default=True,
    help="Courses that agree with the record, each made in both worlds.",
)
@options.particles(250)
@options.out
@options.draws(1000)
@options.seed
@options.engine
@options.settings
@options.priors
@options.workers
@options.language
@options.as_json
def command(
    case: str, name: str | None, is_all: bool, from_start: bool, courses: int, particles: int,
    folder: Path | None, draws: int, seed: int,
    engine: str | None, settings: dict[str, float], priors: Path | None, workers: int | None,
    language: str, as_json: bool,
) -> None:  # fmt: skip
    """Say what a decision changes, on the same chance.

    Given the record, where the case has evidence and rival explanations; before any evidence with
    --from-start, and for --all. Names the what-ifs of the case if none is given.
    """
    opened = open_case(case, json=as_json, settings=settings, priors=priors)
    if name is None and not is_all:
        _list(opened, language, as_json=as_json)
        return
    from foedus import study
    from foedus.infer.effort import Effort

    has_record = bool(opened.evidence and len(opened.explanations) > 1)
    if name is not None and not is_all and not from_start and has_record:
        with progress_bar(name) as progress:
            found = study.counterfactual(
                opened, name, courses=courses, effort=Effort(particles), seed=seed,
                settings=settings, workers=workers, progress=progress,
            )  # fmt: skip
        _show_other_world(opened, found, folder, language, as_json=as_json)
        return
    from foedus.report.figures.pairs import watch_of_pairs
    from foedus.report.what_if import change_record, show_change, show_table

    names = tuple(opened.what_ifs) if is_all else (str(name),)
    watch: Watch | None = None if is_all else watch_of_pairs(opened)
    changes = []
    for one in names:
        with progress_bar(one) as progress:
            changes.append(
                study.what_if(
                    case, one, draws=draws, seed=seed, settings=settings, priors=priors,
                    engine=engine, workers=workers, watch=watch, progress=progress,
                )
            )  # fmt: skip
    files = (
        [] if folder is None or watch is None else _draw(opened, changes, watch, folder, language)
    )
    if as_json and is_all:
        records = [change_record(opened, change) for change in changes]
        write_json({"case": opened.name, "what_ifs": records})
    elif as_json:
        write_json({**change_record(opened, changes[0]), "files": files})
    elif is_all:
        write(show_table(opened, changes, language, width()))
    else:
        write(show_change(opened, changes[0], language, width()))
        for file in files:
            write(f"{file}\n")


def _show_other_world(
    case: Case, found: OtherWorld, folder: Path | None, language: str, *, as_json: bool
) -> None:
    from foedus.report.figures.other_world import draw_other_world
    from foedus.report.other_world import other_world_record, show_other_world

    figure = None if folder is None else draw_other_world(case, found, language)
    files = [] if folder is None or figure is None else _write([figure], folder, language)
    if as_json:
        write_json({**other_world_record(found), "files": files})
        return
    write(show_other_world(case, found, language, width()))
    for file in files:
        write(f"{file}\n")


def _list(case: Case, language: str, *, as_json: bool) -> None:
    found = {
        one.name: one.label.get(language) if one.label else "" for one in case.what_ifs.values()
    }
    if as_json:
        write_json({"case": case.name, "what_ifs": list(found)})
        return
    longest = max(map(len, found), default=0)
    for name, label in found.items():
        write(f"{name.ljust(longest)}  {label}".rstrip() + "\n")


def _draw(
    case: Case, changes: list[Change], watch: Watch, folder: Path, language: str
) -> list[str]:
    from foedus.report.figures.pairs import draw_pairs

    figures = [draw_pairs(case, change, watch.expressions, language) for change in changes]
    return _write([figure for figure in figures if figure is not None], folder, language)


def _write(figures: list[Figure], folder: Path, language: str) -> list[str]:
    from foedus.report.figures import render_png, render_svg
    from foedus.report.files import write_files

    files = {}
    for figure in figures:
        files[f"{figure.name}.svg"] = render_svg(figure, language).encode()
        files[f"{figure.name}.png"] = render_png(figure, language)
    return [str(path) for path in write_files(folder, files)] if files else []
