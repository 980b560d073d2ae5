"""`foedus score settle`."""

from __future__ import annotations

from pathlib import Path

import click

from foedus.cli import options
from foedus.cli.failure import CASE_HAS_ERRORS
from foedus.cli.output import message, tell, width, write, write_json
from foedus.cli.score.shipped import cases_named


@click.command()
@click.argument("names", metavar="FROZEN.json|CASE...", nargs=-1, required=True)
@click.option(
    "--came", type=click.Path(path_type=Path), metavar="CAME.csv",
    help="What came: columns question, came (yes, no, a number, or never), cites, note. Shipped "
    "cases have one; of requests the table tells it.",
)  # fmt: skip
@click.option(
    "--said", type=click.Path(path_type=Path), metavar="SAID.csv",
    help="What sources forecast: columns source, question, probability, known, words.",
)  # fmt: skip
@options.language
@options.as_json
def command(
    names: tuple[str, ...], came: Path | None, said: Path | None, language: str, as_json: bool
) -> None:
    """Score frozen forecasts against what came, beside what sources forecast of the same.

    A file that was changed after it was frozen is refused. With the name of a shipped case, the
    forecast that ships beside it is taken. Several forecasts (of other days, seeds or cases) are
    set side by side. Forecasts of requests are settled by the table of requests at hand, beside the
    base rate that was frozen with them.
    """
    from foedus.questions.frozen import FrozenError
    from foedus.questions.settling import settle_files
    from foedus.report.outside_view.postmortem import postmortem_record, show_postmortem
    from foedus.report.outside_view.postmortems import postmortems_record, show_postmortems

    try:
        settled = settle_files(names, came, said)
    except FrozenError as fault:
        tell(message(str(fault)) + "\n")
        raise click.exceptions.Exit(CASE_HAS_ERRORS) from None
    cases = {} if as_json else cases_named(one.record["case"] for one in settled)
    if len(settled) == 1:
        one = settled[0]
        if as_json:
            write_json(postmortem_record(one.record, one.questions))
        else:
            write(show_postmortem(one.record, one.questions, width(), language, cases))
    elif as_json:
        write_json(postmortems_record(settled))
    else:
        write(show_postmortems(settled, width(), language, cases))
