"""`foedus history forecast`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from foedus import __version__
from foedus.cli import options
from foedus.cli.failure import code_of
from foedus.cli.files import write_new
from foedus.cli.output import tell, width, write, write_json
from foedus.cli.progress import progress_bar
from foedus.text.render import as_json as diagnostics_json
from foedus.text.render import as_text, wants_colour

if TYPE_CHECKING:
    from foedus.questions.requests.model import Forecast
    from foedus.questions.requests.precedents import Row


@click.command()
@click.argument("path", metavar="REQUESTS.csv", type=click.Path(path_type=Path))
@click.option(
    "--freeze", "frozen", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.json",
    help="Also write them to a new file that cannot be changed unseen; `foedus score settle` "
    "scores it later.",
)  # fmt: skip
@options.language
@options.as_json
def command(path: Path, frozen: Path | None, language: str, as_json: bool) -> None:
    """Forecast requests for military help: whether it comes, how soon, and if the asker lasts.

    The file has the columns case_id, requester, body, frame, threat, genuine, request_date,
    request_prec and leader; others are not read. Each forecast learns only from requests that were
    decided before its date. An asker or a body that is not known gets the wider class.
    """
    from foedus.history.requests_at_hand import imported_table, requests_to_learn_from
    from foedus.history.store import missing
    from foedus.questions.requests.covariates import NEEDS, covariates
    from foedus.questions.requests.model import forecasts
    from foedus.questions.requests.precedents import rows_of
    from foedus.questions.requests.reading import read_requests
    from foedus.report.language.catalogue import say
    from foedus.report.outside_view.forecasts import forecast_record, show_forecasts

    find = covariates()
    asked, diagnostics = read_requests(path, find)
    is_wrong = any(diagnostic.is_error for diagnostic in diagnostics)
    if is_wrong and as_json:
        write(diagnostics_json(diagnostics))
    elif diagnostics:
        tell(as_text(diagnostics, colour=wants_colour(sys.stderr)))
    if is_wrong:
        raise click.exceptions.Exit(code_of(diagnostics))
    rows, made = rows_of(requests_to_learn_from(), find), []
    with progress_bar("forecasting") as progress:
        for one in forecasts(asked, rows):
            made.append(one)
            if progress is not None:
                progress(len(made), len(asked))
    digest = None if frozen is None else _freeze(made, rows, path, frozen)
    lacking, own = missing(NEEDS), imported_table()
    if as_json:
        records = [forecast_record(one) for one in made]
        table = None if own is None else asdict(own)
        write_json({"forecasts": records, "missing": lacking, "table": table, "frozen": digest})
    else:
        write(show_forecasts(made, lacking, own, width(), language))
        if frozen is not None:
            told = say(language, "forecast.frozen", file=frozen, count=len(made))
            write(f"\n{told}\n{say(language, 'forecast.digest', digest=digest)}\n")


def _freeze(made: Sequence[Forecast], rows: Sequence[Row], path: Path, to: Path) -> str:
    """The digest of the forecasts, written to a new file."""
    from foedus.questions.requests.freezing import freeze_requests

    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    record = freeze_requests(made, rows, path, when, __version__)
    text = json.dumps(record, indent=1, allow_nan=False) + "\n"
    write_new(to.parent, {to.name: text.encode()})
    return str(record["digest"])
