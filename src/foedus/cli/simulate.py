"""`foedus simulate`."""

from __future__ import annotations

import click

from foedus.cli import options
from foedus.cli.output import message, tell, width, write, write_json
from foedus.cli.progress import progress_bar
from foedus.cli.reading import open_case


@click.command()
@options.case_argument
@options.draws(1000)
@options.seed
@click.option("--explanation", metavar="NAME", help="Simulate where this explanation or set holds.")
@options.engine
@options.settings
@options.workers
@options.language
@options.as_json
def command(
    case: str,
    draws: int,
    seed: int,
    explanation: str | None,
    engine: str | None,
    settings: dict[str, float],
    workers: int | None,
    language: str,
    as_json: bool,
) -> None:
    """Answer the questions of a case, before any evidence."""
    opened = open_case(case, json=as_json, settings=settings)
    from foedus import study
    from foedus.questions.answers import as_record
    from foedus.report.summary import show_answers

    with progress_bar("simulating") as progress:
        answers = study.simulate(
            opened,
            draws=draws,
            seed=seed,
            explanation=explanation,
            settings=settings,
            engine=engine,
            workers=workers,
            progress=progress,
        )
    if as_json:
        write_json(as_record(answers))
    elif not answers.questions:
        tell(message("the case asks nothing: add `questions:`", "warning") + "\n")
    else:
        write("\n".join(show_answers(opened, answers.questions, language, width())) + "\n")
