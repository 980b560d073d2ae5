"""`foedus score`: forecasts frozen now and scored later."""

from __future__ import annotations

import click

from foedus.cli.commands import Commands

SCORE = {
    "freeze": "write the answers of a case to a file that cannot be changed unseen",
    "settle": "score a frozen forecast against what came",
    "library": "score the shipped cases on their own calls for help",
}


@click.command(cls=Commands, listed=SCORE, package="foedus.cli.score")
def command() -> None:
    """Freeze forecasts, and score them when the end is known.

    Every command takes --json, and --lang en or fi.
    """
