"""`foedus check`."""

from __future__ import annotations

import sys

import click

from foedus.cli import options
from foedus.cli.failure import code_of
from foedus.cli.output import tell, write
from foedus.study import read
from foedus.text.diagnostic import Diagnostic
from foedus.text.render import as_github, as_json, as_text, count, wants_colour


@click.command()
@click.argument("cases", metavar="CASE...", nargs=-1, required=True)
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github"]), default="text",
    show_default=True, help="How to say it: for people, for programs, for GitHub's logs.",
)  # fmt: skip
@options.as_json
def command(cases: tuple[str, ...], form: str, as_json: bool) -> None:
    """Say everything that is wrong with a case, in the order of the file.

    Exits with 0 if there are no errors (there may be warnings), 1 if there are, 5 if a case cannot
    be read.
    """
    found: list[Diagnostic] = []
    for case in cases:
        found.extend(read(case)[1])
    show(found, "json" if as_json else form)
    raise click.exceptions.Exit(code_of(found))


def show(found: list[Diagnostic], form: str) -> None:
    """Print diagnostics in a form: as messages for people, as data for programs."""
    if form == "json":
        write(as_json(found))
    elif form == "github":
        write(as_github(found))
    else:
        tell(as_text(found, colour=wants_colour(sys.stderr)) or f"{count(found)}\n")
