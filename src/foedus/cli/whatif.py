"""`foedus whatif`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from foedus.cli import options
from foedus.cli.output import message, tell, width, write, write_json
from foedus.cli.progress import progress_bar, weighing_bar
from foedus.cli.reading import open_case
from foedus.frozen import dataclass

if TYPE_CHECKING:
    from foedus.case.case import Case
    from foedus.engine.reference import Watch
    from foedus.questions.other_worlds import OtherWorld
    from foedus.questions.what_if import Change
    from foedus.report.figures.style import Figure


@click.command()
@options.case_argument
@click.argument("name", metavar="[WHAT-IF]", required=False)
@click.option(
    "--all", "is_all", is_flag=True, help="Set all what-ifs of the case against its questions."
)
@click.option(
    "--from-start",
    is_flag=True,
    help="Before any evidence: what the decision changes under the assumptions alone.",
)
@click.option(
    "--as-of",
    "as_of",
    metavar="DATE",
    help="A forecast with a policy: given what was known by this date, and decided from then on.",
)
@click.option(
    "--courses",
    type=click.IntRange(20),
    default=300,
    show_default=True,
    help="Courses that agree with the record, each made in both worlds.",
)
@options.particles(150)
@options.out
@options.draws(1000)
@options.seed
@options.running_engine
@options.settings
@options.priors
@options.anew
@options.workers
@options.language
@options.as_json
def command(
    case: str, name: str | None, is_all: bool, from_start: bool, as_of: str | None, courses: int,
    particles: int, folder: Path | None, draws: int, seed: int,
    engine: str | None, settings: dict[str, float], priors: Path | None, anew: bool,
    workers: int | None, language: str, as_json: bool,
) -> None:  # fmt: skip
    """Say what a decision changes, on the same chance.

    Given the record, where the case has one; before any evidence with --from-start; from a date on
    with --as-of. Names the what-ifs of the case if none is given, with --as-of those that can be
    decided from then on.
    """
    if from_start and as_of is not None:
        raise click.UsageError("`--from-start` knows nothing of a record, so it takes no `--as-of`")
    if is_all and (name is not None or folder is not None):
        raise click.UsageError(
            "`--all` takes no what-if and makes no figure: leave out one of them"
        )
    opened = open_case(case, json=as_json, settings=settings, priors=priors)
    if name is None and not (is_all and opened.what_ifs):
        names = _askable(opened, case, as_of, settings, priors)
        _list(opened, names, language, as_json=as_json)
        return
    if not opened.questions:
        tell(message("the case asks nothing: add `questions:`", "warning") + "\n")
    from foedus import study
    from foedus.infer.islands.effort import Effort
    from foedus.report.figures.pairs import watch_of_pairs

    watch = None if is_all else watch_of_pairs(opened)
    show = _Shown(opened, watch, folder, language, is_all=is_all, as_json=as_json)
    names = tuple(opened.what_ifs) if is_all else (str(name),)
    has_record = bool(opened.evidence or opened.claims or opened.unit_tables)
    if as_of is not None or (has_record and not from_start):
        if engine is not None:
            raise click.BadParameter(
                "what is asked given the record chooses its engine itself", param_hint="--engine"
            )
        if is_all:
            names = _askable(opened, case, as_of, settings, priors)
        is_replaced = any(opened.what_ifs[one].replaces for one in names if one in opened.what_ifs)
        with weighing_bar("all" if is_all else names[0], opened, as_of=as_of) as progress:
            found = study.counterfactual(
                case if is_replaced else opened, *names, courses=courses, as_of=as_of, seed=seed,
                effort=Effort(particles), settings=settings, priors=priors if is_replaced else None,
                watch=watch, workers=workers, progress=progress, anew=anew,
            )  # fmt: skip
        show.other_worlds(found)
        return
    changes = []
    for one in names:
        with progress_bar(one) as progress:
            changes.append(
                study.what_if(
                    case, one, draws=draws, seed=seed, settings=settings, priors=priors,
                    engine=engine, workers=workers, watch=watch, progress=progress,
                )
            )  # fmt: skip
    show.changes(changes)


def _askable(
    case: Case, source: str, as_of: str | None, settings: dict[str, float], priors: Path | None
) -> tuple[str, ...]:
    """What can be asked given the record; says what cannot, and why."""
    from foedus.asking.replacing import why_not_decided
    from foedus.asking.settings import day_of_decision

    if as_of is None:
        return tuple(case.what_ifs)
    day, found = day_of_decision(case, as_of), []
    for name, one in case.what_ifs.items():
        reason = why_not_decided(case, source, one, day, settings, priors)
        if reason is None:
            found.append(name)
        else:
            tell(message(f"left out: {reason}", "warning") + "\n")
    return tuple(found)


def _list(case: Case, names: tuple[str, ...], language: str, *, as_json: bool) -> None:
    if not case.what_ifs:
        tell(message("the case has no decision to change: add `what-if:`", "warning") + "\n")
    found = {
        one.name: one.label.get(language) if one.label else ""
        for one in map(case.what_ifs.__getitem__, names)
    }
    if as_json:
        write_json({"case": case.name, "what_ifs": list(found)})
        return
    longest = max(map(len, found), default=0)
    for name, label in found.items():
        write(f"{name.ljust(longest)}  {label}".rstrip() + "\n")


@dataclass(frozen=True, slots=True)
class _Shown:
    """Where and how results are shown."""

    case: Case
    watch: Watch | None
    folder: Path | None
    language: str
    is_all: bool
    as_json: bool

    def changes(self, changes: list[Change]) -> None:
        """What decisions change from the start."""
        from foedus.report.what_if.what_if import change_record, show_change

        records = [change_record(self.case, change) for change in changes]
        files = [] if self.is_all else self._files(changes[0])
        self._write(records, changes, files, lambda: self._text(show_change, changes[0]))

    def other_worlds(self, found: tuple[OtherWorld, ...]) -> None:
        """What decisions change given the record."""
        from foedus.report.figures.other_world import draw_other_world
        from foedus.report.what_if.other_world import other_world_record, show_other_world

        records = [other_world_record(self.case, one) for one in found]
        files = []
        if not self.is_all:
            files = self._files(found[0], draw_other_world(self.case, found[0], self.language))
        self._write(records, list(found), files, lambda: self._text(show_other_world, found[0]))

    def _text(self, show: Callable[..., str], found: Change | OtherWorld) -> str:
        return show(self.case, found, self.language, width())

    def _write(
        self,
        records: list[dict[str, object]],
        found: list[Change] | list[OtherWorld],
        files: list[str],
        text: Callable[[], str],
    ) -> None:
        from foedus.report.what_if.decision_table import show_table

        if self.as_json and self.is_all:
            write_json({"case": self.case.name, "what_ifs": records})
        elif self.as_json:
            write_json({**records[0], "files": files})
        elif self.is_all:
            write(show_table(self.case, found, self.language, width()))
        else:
            write(text())
            for file in files:
                write(f"{file}\n")

    def _files(self, found: Change | OtherWorld, *more: Figure | None) -> list[str]:
        from foedus.report.figures import write_figures
        from foedus.report.figures.pairs import draw_pairs

        if self.folder is None or self.watch is None:
            return []
        pairs = draw_pairs(self.case, found, self.watch.expressions, self.language)
        return write_figures(self.folder, (*more, pairs), self.language)
