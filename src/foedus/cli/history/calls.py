"""`foedus history calls`."""

from __future__ import annotations

import click

from foedus.cli import options
from foedus.cli.output import width, write, write_json
from foedus.cli.reading import open_case

PARTS = ("before", "step", "next", "others")


@click.command()
@options.case_argument
@click.option(
    "--part", "parts", multiple=True, type=click.Choice(PARTS),
    help="Print this part only; may be given several times.",
)  # fmt: skip
@options.language
@options.as_json
def command(case: str, parts: tuple[str, ...], language: str, as_json: bool) -> None:
    """The record of the body that a case calls on: before, by its answer, and at the next calls.

    How willing was it by its own record and by that of others? Of the change that its answer made,
    how much is our belief and how much the body? And what became of the next call?
    """
    opened = open_case(case, json=as_json)
    from foedus.questions.fits.fit import MECHANISM
    from foedus.report.outside_view.body_record import body_record, body_record_of, show_body_record

    record = body_record_of(opened)
    if record is None:
        raise click.UsageError(f"`{case}` does not use the mechanism `{MECHANISM}`")
    if as_json:
        write_json(body_record(record))
    else:
        write(show_body_record(record, width(), language, parts or PARTS))
