"""`foedus weigh`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from foedus.case.case import Case
from foedus.cli import options
from foedus.cli.output import width, write, write_json
from foedus.cli.progress import weighing_bar
from foedus.cli.reading import open_case
from foedus.text.diagnostic import NoAnswerError, NoiseError

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

    Prints first what the verdict rests on. Exits with 3 where noise would decide, with several
    files of priors where it would under each.
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

    if len(cases) > 1:
        more = _told_again(particles, as_of, seed, settings)
        _compare(list(zip(cases, map(str, priors), strict=True)), weighed, more, language, as_json)
        return
    verdict = weighed(cases[0])
    _tell(cases[0], verdict, language, as_json)
    if table is not None:  # last: what took long is told even if the file cannot be written
        from foedus.report.exports.verdict_table import write_table

        write_table(cases[0], verdict, table, language)


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


MORE = 4
"""So many times as many particles are told to be tried where noise decides: half the error."""


def _told_again(particles: int, as_of: str | None, seed: int, settings: Mapping[str, float]) -> str:
    """The options of the same question, with more particles."""
    told = [f"--particles {MORE * particles}"]
    told += [f"--as-of {as_of}"] if as_of is not None else []
    told += [f"--seed {seed}"] if seed != 1 else []
    return " ".join([*told, *(f"--set {name}={value:g}" for name, value in settings.items())])


def _compare(
    files: Sequence[tuple[Case, str]],
    weighed: Callable[[Case], Verdict],
    more: str,
    language: str,
    as_json: bool,
) -> None:
    """The verdicts under several files of priors, side by side.

    One of them may be refused; where each is, that is no answer.
    """
    from foedus.infer.verdict.no_verdict import NoVerdict
    from foedus.infer.verdict.verdict_json import absent_record, as_record
    from foedus.report.verdict.verdicts import show_verdicts

    found: list[tuple[str, Verdict | NoVerdict]] = []
    commands: dict[str, str] = {}
    faults: list[NoAnswerError] = []
    for case, name in files:
        try:
            verdict: Verdict | NoVerdict = weighed(case)
        except NoAnswerError as fault:
            faults.append(fault)
            verdict = NoVerdict("refused", str(fault).rstrip("."), fault.cause, fault.values)
            if isinstance(fault, NoiseError):
                commands[name] = f"foedus weigh {case.source.in_commands} --priors {name} {more}"
        found.append((name, verdict))
    if len(faults) == len(files):
        raise faults[0]
    if as_json:
        records = [
            {"priors": name, **absent_record(verdict, commands.get(name))}
            if isinstance(verdict, NoVerdict)
            else {"priors": name, **as_record(case, verdict)}
            for (case, _), (name, verdict) in zip(files, found, strict=True)
        ]
        write_json({"case": files[0][0].name, "by_priors": records})
    else:
        write(show_verdicts(files[0][0], found, language, width(), commands))
