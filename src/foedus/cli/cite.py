"""`foedus cite`."""

from __future__ import annotations

import click

from foedus.cli import options
from foedus.cli.output import write, write_json
from foedus.cli.reading import open_case
from foedus.history import handovers
from foedus.history.formats import format_names, read_format


@click.command()
@click.argument("name", metavar="CASE|DATASET")
@options.as_json
def command(name: str, as_json: bool) -> None:
    """Print the BibTeX of what was used.

    For a case: every source that something in it cites, those of its mechanisms included. For a
    data set (`foedus history list` names them): how its makers ask to be cited.
    """
    if name in format_names():
        text = read_format(name).cite + "\n"
    elif name == handovers.NAME:
        text = handovers.CITE
    else:
        from foedus.report.exports.bibtex import case_bibtex

        text = case_bibtex(open_case(name, json=as_json))
    if as_json:
        write_json({"name": name, "bibtex": text})
    else:
        write(text)
