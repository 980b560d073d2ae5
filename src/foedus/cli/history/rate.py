"""`foedus history rate`."""

from __future__ import annotations

from datetime import date

import click

from foedus.cli import options
from foedus.cli.output import width, write, write_json


@click.command()
@click.argument("question", metavar="[QUESTION]", required=False)
@click.option(
    "--where", "wheres", multiple=True, metavar="CONDITION",
    help="Narrow the class, such as 'frame = alliance and year = 1990..2015'; each further one "
    "narrows it again.",
)  # fmt: skip
@click.option("--by", metavar="COLUMN", help="Split the narrowest class by a column.")
@click.option(
    "--before", type=options.Day(), metavar="DATE",
    help="Count only what was known before this day.",
)  # fmt: skip
@options.language
@options.as_json
def command(
    question: str | None,
    wheres: tuple[str, ...],
    by: str | None,
    before: date | None,
    language: str,
    as_json: bool,
) -> None:
    """How often such a thing happens: counted, with its interval, in classes within classes.

    Without QUESTION: what can be asked. Classes stand side by side, each also helped by the wider
    ones (partially pooled), so that the choice of class can be seen to matter or not.
    """
    from foedus.history.class_error import ClassError
    from foedus.history.measures.registry import MEASURES
    from foedus.history.rates import rate
    from foedus.history.store import MissingDataError
    from foedus.report.outside_view.history import (
        measure_record,
        rate_record,
        show_measures,
        show_rate,
    )
    from foedus.text.suggest import named

    if question is None:
        listed = list(MEASURES.values())
        if as_json:
            write_json({"questions": [measure_record(one) for one in listed]})
        else:
            write(show_measures(listed, width(), language))
        return
    if question not in MEASURES:
        cure = named(question, MEASURES, "`foedus history rate` lists them")
        raise click.BadParameter(f"no question is called `{question}`: {cure}")
    try:
        answer = rate(MEASURES[question], wheres, by=by, before=before)
    except ClassError as fault:
        raise click.BadParameter(f"{fault.message}: {fault.help}") from None
    except MissingDataError as fault:
        raise click.UsageError(str(fault)) from None
    if as_json:
        write_json(rate_record(answer))
    else:
        write(show_rate(answer, width(), language))
