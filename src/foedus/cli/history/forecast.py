"""`foedus history forecast`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from foedus.cli import options
from foedus.cli.failure import code_of
from foedus.cli.output import tell, width, write, write_json
from foedus.cli.progress import progress_bar
from foedus.text.render import as_json as diagnostics_json
from foedus.text.render import as_text, wants_colour


@click.command()
@click.argument("path", metavar="REQUESTS.csv", type=click.Path(path_type=Path))
@options.as_json
def command(path: Path, as_json: bool) -> None:
    """Forecast requests for military help: granted, in part or refused; how soon; and after a year?

    The file has the columns case_id, requester, body, frame, threat, genuine, request_date,
    request_prec and leader; others are not read. Each forecast learns only from requests that were
    decided before its date. An asker or a body that is not known gets the wider class.
    """
    from foedus.history.requests_at_hand import imported_table, requests_at_hand
    from foedus.history.store import missing
    from foedus.questions.requests.covariates import NEEDS, covariates
    from foedus.questions.requests.model import forecasts
    from foedus.questions.requests.precedents import rows_of
    from foedus.questions.requests.reading import read_requests
    from foedus.report.forecasts import forecast_record, show_forecasts

    find = covariates()
    asked, diagnostics = read_requests(path, find)
    is_wrong = any(diagnostic.is_error for diagnostic in diagnostics)
    if is_wrong and as_json:
        write(diagnostics_json(diagnostics))
    elif diagnostics:
        tell(as_text(diagnostics, colour=wants_colour(sys.stderr)))
    if is_wrong:
        raise click.exceptions.Exit(code_of(diagnostics))
    made = []
    with progress_bar("forecasting") as progress:
        for one in forecasts(asked, rows_of(requests_at_hand(), find)):
            made.append(one)
            if progress is not None:
                progress(len(made), len(asked))
    lacking, own = missing(NEEDS), imported_table()
    if as_json:
        records = [forecast_record(one) for one in made]
        table = None if own is None else asdict(own)
        write_json({"forecasts": records, "missing": lacking, "table": table})
    else:
        write(show_forecasts(made, lacking, own, width()))
