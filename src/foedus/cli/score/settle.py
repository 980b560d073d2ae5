"""`foedus score settle`."""

from __future__ import annotations

from pathlib import Path

import click

from foedus.case.find import SHIPPED
from foedus.cli import options
from foedus.cli.failure import CASE_HAS_ERRORS
from foedus.cli.output import message, tell, width, write, write_json


@click.command()
@click.argument("name", metavar="FROZEN.json|CASE")
@click.option(
    "--came", type=click.Path(path_type=Path), metavar="CAME.csv",
    help="What came: columns question, came (yes, no, a number, or never), cites, note. Shipped "
    "cases have one.",
)  # fmt: skip
@click.option(
    "--said", type=click.Path(path_type=Path), metavar="SAID.csv",
    help="What sources forecast: columns source, question, probability, known, words.",
)  # fmt: skip
@options.as_json
def command(name: str, came: Path | None, said: Path | None, as_json: bool) -> None:
    """Score a frozen forecast against what came, beside what sources forecast of the same.

    A file that was changed after it was frozen is refused. With the name of a shipped case, the
    forecast that ships beside it is taken.
    """
    from foedus.questions.frozen import FrozenError, read_frozen, settle
    from foedus.questions.settling import find_frozen, read_came, read_said, verify_asked
    from foedus.report.postmortem import postmortem_record, show_postmortem

    path = find_frozen(name)
    try:
        record = read_frozen(path.read_bytes())
    except FrozenError as fault:
        tell(message(f"`{path}`: {fault}") + "\n")
        raise click.exceptions.Exit(CASE_HAS_ERRORS) from None
    folder = SHIPPED / str(record["case"])
    ends = came or folder / "came.csv"
    readings = said or folder / "said.csv"
    if came is None and not ends.is_file():
        raise click.UsageError(f"nothing is known of what came in `{record['case']}`: give --came")
    known = read_came(ends)
    if came is not None:
        verify_asked(record, known)
    settled = settle(
        record, known, read_said(readings) if said is not None or readings.is_file() else ()
    )
    if as_json:
        write_json(postmortem_record(record, settled))
    else:
        write(show_postmortem(record, settled, width()))
