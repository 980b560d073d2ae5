"""`foedus history hazard`."""

from __future__ import annotations

import click

from foedus.cli import options
from foedus.cli.output import width, write, write_json


@click.command()
@click.option(
    "--where", "wheres", multiple=True, metavar="CONDITION",
    help="Narrow the leaders, such as 'year >= 1990 and region = Asia'.",
)  # fmt: skip
@click.option("--by", metavar="COLUMN", help="Compare groups, such as democracy or regime.")
@click.option(
    "--end", default="", metavar="WAY",
    help="Model this way out of office only: regular, irregular, foreign, 'death or illness'.",
)  # fmt: skip
@click.option(
    "--covariate", "covariates", multiple=True, metavar="COLUMN",
    help="A column of numbers or of yes and no whose effect is wanted; may be repeated.",
)  # fmt: skip
@options.language
@options.as_json
def command(
    wheres: tuple[str, ...],
    by: str | None,
    end: str,
    covariates: tuple[str, ...],
    language: str,
    as_json: bool,
) -> None:
    """How long leaders last in office, and how they end (needs archigos).

    Survival curves by group, the share that has ended in each way by then (competing risks), and a
    hazard that changes with time in office and with covariates (piecewise exponential).
    """
    from foedus.history.class_error import ClassError
    from foedus.history.lasting import survival
    from foedus.history.spells import ENDS
    from foedus.history.store import MissingDataError
    from foedus.report.outside_view.lasting import show_survival, survival_record

    if end and end not in ENDS.values():
        ways = ", ".join(f"`{way}`" for way in dict.fromkeys(ENDS.values()) if way)
        raise click.BadParameter(f"no way out of office is called `{end}`: there are {ways}")
    try:
        answer = survival(wheres, by=by, end=end, covariates=covariates)
    except ClassError as fault:
        raise click.BadParameter(f"{fault.message}: {fault.help}") from None
    except MissingDataError as fault:
        raise click.UsageError(str(fault)) from None
    if as_json:
        write_json(survival_record(answer))
    else:
        write(show_survival(answer, width(), language))
