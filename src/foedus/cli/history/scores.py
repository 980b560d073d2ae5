"""`foedus history scores`."""

from __future__ import annotations

import click

from foedus.cli import options
from foedus.cli.output import width, write, write_json
from foedus.cli.progress import progress_bar


@click.command()
@options.language
@options.as_json
def command(language: str, as_json: bool) -> None:
    """Score the forecasts of requests for help on requests whose end is known.

    Leaving out one request at a time, by time, and on requests that are in neither table that is
    learned from, against the base rate, "nothing happens" and each single reference class. Only
    what ships with Foedus is used, so that the scores are the same everywhere.
    """
    from foedus.history.requests import requests_in_neither, requests_of_both
    from foedus.questions.requests.precedents import rows_of
    from foedus.questions.requests.scoring import contests
    from foedus.report.outside_view.contest import contests_record, show_contests

    with progress_bar("scoring") as progress:
        held = contests(rows_of(requests_of_both()), progress, rows_of(requests_in_neither()))
    if as_json:
        write_json(contests_record(held))
    else:
        write(show_contests(held, width(), language))
