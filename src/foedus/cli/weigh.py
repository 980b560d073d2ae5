"""`foedus weigh`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from foedus.case.case import Case
from foedus.cli import options
from foedus.cli.output import width, write, write_json
from foedus.cli.progress import weighing_bar
from foedus.cli.reading import open_case

if TYPE_CHECKING:
    from foedus.infer.verdict.verdict import Verdict
    from foedus.infer.weigh import Method


@click.command()
@options.case_argument
@options.as_of
@options.particles(150)
@options.seed
@options.settings
@click.option(
    "--table", "table", type=click.Path(path_type=Path, dir_okay=False),
    help="Also write every piece of evidence by explanation, in decibels, to a .csv or .md file.",
)  # fmt: skip
@click.option(
    "--priors", type=click.Path(path_type=Path), metavar="FILE", multiple=True,
    help=f"{options.PRIORS_HELP} With several, the verdicts under each stand side by side.",
)  # fmt: skip
@click.option(
    "--method", type=click.Choice(["exact", "particle"]), default=None,
    help="Work the verdict out over all states, or sample it; if neither is named, exact where the "
    "case is small.",
)  # fmt: skip
@click.option(
    "--posterior", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Also write parameters and course of every particle to a .nc file that ArviZ opens.",
)  # fmt: skip
@click.option(
    "--at", multiple=True, metavar="DATE",
    help="With --posterior: the state at the end of this date; may be given more than once. The "
    "end of the record if none is named.",
)  # fmt: skip
@options.anew
@options.workers
@options.language
@options.as_json
def command(
    case: str,
    as_of: str | None,
    particles: int,
    seed: int,
    settings: dict[str, float],
    table: Path | None,
    priors: tuple[Path, ...],
    method: Method | None,
    posterior: Path | None,
    at: tuple[str, ...],
    anew: bool,
    workers: int | None,
    language: str,
    as_json: bool,
) -> None:
    """Say which explanation the record supports, how strongly, and what would turn that.

    Prints first what the verdict rests on. Exits with 3 where noise would decide.
    """
    if table is not None and len(priors) > 1:
        raise click.BadParameter("a table has one verdict: give one --priors", param_hint="--table")
    if table is not None and table.suffix not in (".csv", ".md"):
        raise click.BadParameter("the table goes to a .csv or .md file", param_hint="--table")
    _verify_posterior(posterior, at, priors, method)
    files = priors or (None,)
    cases = [open_case(case, json=as_json, settings=settings, priors=file) for file in files]
    from foedus import study
    from foedus.infer.islands.effort import Effort

    def weighed(opened: Case) -> Verdict:
        with weighing_bar("weighing", opened, as_of=as_of) as progress:
            return study.weigh(
                opened,
                as_of=as_of,
                effort=Effort(particles=particles),
                workers=workers,
                seed=seed,
                settings=settings,
                progress=progress,
                method=method,
                posterior=posterior,
                at=at,
                anew=anew,
            )

    verdicts = [weighed(opened) for opened in cases]
    if len(cases) > 1:
        _compare(cases, [str(file) for file in priors], verdicts, language, as_json)
    else:
        _tell(cases[0], verdicts[0], language, as_json)
    if table is not None:  # last: what took long is told even if the file cannot be written
        from foedus.report.exports.verdict_table import write_table

        write_table(cases[0], verdicts[0], table, language)


def _verify_posterior(
    file: Path | None, at: tuple[str, ...], priors: tuple[Path, ...], method: Method | None
) -> None:
    if file is None:
        if at:
            raise click.BadParameter("it is for a file of --posterior", param_hint="--at")
        return
    where = "--posterior"
    if file.suffix != ".nc":
        raise click.BadParameter("the particles go to a .nc file", param_hint=where)
    if len(priors) > 1:
        raise click.BadParameter("a file has one verdict: give one --priors", param_hint=where)
    if method == "exact":
        raise click.BadParameter("an exact verdict has no particles", param_hint=where)


def _tell(case: Case, verdict: Verdict, language: str, as_json: bool) -> None:
    from foedus.infer.verdict.verdict_json import as_record
    from foedus.report.verdict.verdict import show_verdict

    if as_json:
        write_json(as_record(case, verdict))
    else:
        write(show_verdict(case, verdict, language, width()))


def _compare(
    cases: list[Case], names: list[str], verdicts: list[Verdict], language: str, as_json: bool
) -> None:
    """The verdicts under several files of priors, side by side."""
    from foedus.infer.verdict.verdict_json import as_record
    from foedus.report.verdict.verdicts import show_verdicts

    found = list(zip(names, verdicts, strict=True))
    if as_json:
        records = [
            {"priors": name, **as_record(case, verdict)}
            for case, (name, verdict) in zip(cases, found, strict=True)
        ]
        write_json({"case": cases[0].name, "by_priors": records})
    else:
        write(show_verdicts(cases[0], found, language, width()))
