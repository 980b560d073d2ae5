"""`foedus history calls`."""

from __future__ import annotations

import click

from foedus.cli import options
from foedus.cli.output import width, write, write_json
from foedus.cli.reading import open_case


@click.command()
@options.case_argument
@options.as_json
def command(case: str, as_json: bool) -> None:
    """The record of the body that a case calls on: before, by its answer, and at the next calls.

    How willing was it by its own record and by that of others? Of the change that its answer made,
    how much is our belief and how much the body? And what became of the next call?
    """
    opened = open_case(case, json=as_json)
    from foedus.history.requests import requests
    from foedus.questions.fits.fit import MECHANISM
    from foedus.questions.fits.of_case import asked_in
    from foedus.questions.fits.record import record_of
    from foedus.report.body_record import body_record, show_body_record

    asked = asked_in(opened, requests())
    if asked is None:
        raise click.UsageError(f"`{case}` does not use the mechanism `{MECHANISM}`")
    record = record_of(asked, requests())
    if as_json:
        write_json(body_record(record))
    else:
        write(show_body_record(record, width()))
