"""`foedus history`: what usually happens, from data of others."""

from __future__ import annotations

import click

from foedus.cli.commands import Commands

HISTORY = {
    "import": "take a file of data into the store, every row checked",
    "rate": "count how often such a thing happens, in classes within classes",
    "hazard": "how long leaders last in office, and how they end",
    "forecast": "forecast requests for military help",
    "fit": "learn the parameters of collective aid from past calls",
    "calls": "the record of the body that a case calls on, before and after",
    "scores": "score those forecasts on requests whose end is known",
    "list": "list what can be imported and what has been",
}


@click.command(cls=Commands, listed=HISTORY, package="foedus.cli.history")
def command() -> None:
    """How such things usually go.

    Data of others stay with you, in a store in your data directory; FOEDUS_DATA names another.
    Every command takes --json, and --lang en or fi.
    """
