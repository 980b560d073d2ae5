"""`foedus cite`."""

from __future__ import annotations

import click

from foedus.cli import options
from foedus.cli.output import write, write_json
from foedus.cli.reading import open_case
from foedus.history import handovers
from foedus.history.formats import format_names, read_format


@click.command()
@click.argument("names", metavar="CASE|DATASET...", nargs=-1, required=True)
@options.as_json
def command(names: tuple[str, ...], as_json: bool) -> None:
    """Print the BibTeX of what was used.

    For a case: every source that something in it cites, those of its mechanisms included. For a
    data set (`foedus history list` names them): how its makers ask to be cited.
    """
    asked = list(dict.fromkeys(names))
    text = "\n".join(_bibtex(name, as_json) for name in asked)
    if as_json:
        write_json({"names": asked, "bibtex": text})
    else:
        write(text)


def _bibtex(name: str, as_json: bool) -> str:
    if name in format_names():
        return read_format(name).cite + "\n"
    if name == handovers.NAME:
        return handovers.CITE
    from foedus.report.exports.bibtex import case_bibtex

    return case_bibtex(open_case(name, json=as_json))
