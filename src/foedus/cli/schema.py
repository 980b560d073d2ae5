"""`foedus schema`."""

from __future__ import annotations

import json

import click

from foedus.case.schema import FileKind, json_schema
from foedus.cli import options
from foedus.cli.output import write


@click.command()
@click.option("--mechanism", "kind", flag_value="mechanism", help="The schema of mechanism files.")
@click.option("--priors", "kind", flag_value="priors", help="The schema of files of priors.")
@click.option(
    "--expectations", "kind", flag_value="expectations", help="The schema of expectations."
)
@click.option("--texts", "kind", flag_value="texts", help="The schema of files of texts.")
@options.as_json
def command(kind: FileKind | None, as_json: bool) -> None:
    """Print the JSON Schema of case files, for editors that complete and check YAML by one.

    It finds the faults of structure that `foedus check` finds; what is inside expressions, dates
    and priors, and what names refer to, only `foedus check` knows.
    """
    write(json.dumps(json_schema(kind or "case"), indent=None if as_json else 2) + "\n")
