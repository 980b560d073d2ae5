"""`foedus show`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from foedus.case.case import Case
from foedus.cli import options
from foedus.cli.output import width, write, write_json
from foedus.cli.progress import progress_bar
from foedus.cli.reading import open_case, shipped_titles

SECTIONS = {
    "timeline": "What happened when, when it was known, who says so.",
    "model": "Parameters, state, events, questions: the mathematics.",
    "statements": "What the source says, what carries it, what the model answers.",
    "sources": "The documents, by who is behind them.",
    "assumptions": "Every number with its grade and its reason.",
}

Command = TypeVar("Command", bound=Callable[..., Any])


def section_options(command: Command) -> Command:
    """The option of each section."""
    for name, words in reversed(SECTIONS.items()):
        command = click.option(f"--{name}", is_flag=True, help=words)(command)
    return command


@click.command()
@click.argument("case", metavar="[CASE]", required=False)
@section_options
@options.draws(200)
@options.seed
@options.priors
@options.language
@options.as_json
def command(
    case: str | None,
    draws: int,
    seed: int,
    priors: Path | None,
    language: str,
    as_json: bool,
    **sections: bool,
) -> None:
    """Print what is in a case; without options, an overview.

    Lists the shipped cases if none is named. For --statements the case is simulated (--draws,
    --seed), so that each has its answer.
    """
    if case is None:
        _list_shipped(language, as_json=as_json)
        return
    opened = open_case(case, json=as_json, priors=priors)
    chosen = [name for name in SECTIONS if sections[name]]
    answers = answers_in_words(opened, draws, seed, language) if sections["statements"] else {}
    if not as_json:
        shown = [text(name, opened, answers, language) for name in chosen or ["overview"]]
        write("\n".join(shown))
        return
    found = {name: record(name, opened, answers, language) for name in chosen or ["overview"]}
    write_json({"case": opened.name, **found})


def _list_shipped(language: str, *, as_json: bool) -> None:
    """The cases that come with Foedus, with their titles."""
    titles = shipped_titles(language)
    if as_json:
        write_json({"cases": [{"case": name, "title": title} for name, title in titles.items()]})
        return
    longest = max(map(len, titles))
    write("".join(f"{name.ljust(longest)}  {title}\n" for name, title in titles.items()))


def answers_in_words(case: Case, draws: int, seed: int, language: str) -> Mapping[str, str]:
    """What the model answers to each question, as a clause."""
    from foedus import study
    from foedus.report.phrases.answer_text import answer_texts

    with progress_bar("simulating") as progress:
        answers = study.simulate(case, draws=draws, seed=seed, workers=None, progress=progress)
    return answer_texts(case, answers, language)


def text(name: str, case: Case, answers: Mapping[str, str], language: str) -> str:
    """A section as text."""
    from foedus.report import show

    columns = width()
    if name == "statements":
        return show.show_statements(case, answers, language, columns)
    printers: dict[str, Callable[[Case, str, int], str]] = {
        "overview": show.show_overview,
        "timeline": show.show_timeline,
        "model": show.show_model,
        "sources": show.show_sources,
        "assumptions": show.show_assumptions,
    }
    return printers[name](case, language, columns)


def record(name: str, case: Case, answers: Mapping[str, str], language: str) -> object:
    """A section for `--json`."""
    from foedus.report import show

    if name == "statements":
        return show.statement_records(case, answers, language)
    if name == "model":
        return show.show_model(case, language).splitlines()
    makers: dict[str, Callable[[Case, str], object]] = {
        "overview": show.overview_record,
        "timeline": show.timeline_records,
        "sources": show.source_records,
        "assumptions": show.assumption_records,
    }
    return makers[name](case, language)
