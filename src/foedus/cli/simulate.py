"""`foedus simulate`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from foedus.case.case import Case
from foedus.cli import options
from foedus.cli.output import message, tell, width, write, write_json
from foedus.cli.progress import progress_bar, weighing_bar
from foedus.cli.reading import open_case

if TYPE_CHECKING:
    from foedus.questions.answers import Answers


class Runs(TypedDict):
    """Which runs are made: the arguments of all that makes them."""

    draws: int
    seed: int
    explanation: str | None
    settings: dict[str, float]


PLAIN = "those of plain runs: leave out --as-of and all but one of --priors"

ONE = "a course is one run: leave out --checked and all but one of --priors"


@click.command()
@options.case_argument
@options.draws(1000)
@options.seed
@click.option("--explanation", metavar="NAME", help="Simulate where this explanation or set holds.")
@options.as_of
@options.particles(150)
@options.engine
@options.settings
@click.option(
    "--priors", type=click.Path(path_type=Path), metavar="FILE", multiple=True,
    help=f"{options.PRIORS_HELP} With several, the answers under each stand side by side.",
)  # fmt: skip
@click.option(
    "--paths", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Write every event of every run to an Arrow file, too.",
)  # fmt: skip
@click.option(
    "--course", type=click.IntRange(0), metavar="NUMBER",
    help="Tell one run from end to end, day by day in words, in place of the answers: the run of "
    "this number, from 0. With --as-of, one that agrees with what was known by then.",
)  # fmt: skip
@click.option(
    "--checked", "is_checked", is_flag=True,
    help="Stop where the result of any operation is not a number, and say where; slower.",
)  # fmt: skip
@options.workers
@options.language
@options.as_json
def command(
    case: str,
    draws: int,
    seed: int,
    explanation: str | None,
    as_of: str | None,
    particles: int,
    engine: str | None,
    settings: dict[str, float],
    priors: tuple[Path, ...],
    paths: Path | None,
    course: int | None,
    is_checked: bool,
    workers: int | None,
    language: str,
    as_json: bool,
) -> None:
    """Answer the questions of a case, before any evidence, or from what was known by a date."""
    if as_of is not None and engine is not None:
        raise click.BadParameter("a forecast chooses its engine itself", param_hint="--engine")
    is_plain = as_of is None and len(priors) < 2
    if paths is not None and not is_plain:
        raise click.BadParameter(f"paths are {PLAIN}", param_hint="--paths")
    if course is not None and (len(priors) > 1 or is_checked):
        raise click.BadParameter(ONE, param_hint="--course")
    files = priors or (None,)
    cases = [open_case(case, json=as_json, settings=settings, priors=file) for file in files]
    from foedus import study

    runs: Runs = {
        "draws": draws, "seed": seed, "explanation": explanation, "settings": settings,
    }  # fmt: skip

    def simulated(opened: Case) -> Answers:
        if as_of is not None:
            return _forecast(opened, as_of, particles, workers, runs)
        with progress_bar("simulating") as progress:
            return study.simulate(
                opened, **runs, engine=engine, workers=workers, progress=progress,
                is_checked=is_checked,
            )  # fmt: skip

    if paths is not None:
        from foedus.paths import record_paths

        with progress_bar("writing paths") as progress:
            record_paths(cases[0], paths, **runs, engine=engine, progress=progress)
    if course is not None and as_of is not None:
        _tell_given(cases[0], course, as_of, particles, workers, language, as_json, runs)
    elif course is not None:
        _tell_course(cases[0], course, engine, language, as_json, runs)
    elif len(cases) > 1:
        _compare(cases, [str(file) for file in priors], simulated, language, as_json)
    else:
        _answer(cases[0], simulated(cases[0]), as_of, language, as_json)


def _tell_course(
    case: Case, number: int, engine: str | None, language: str, as_json: bool, runs: Runs
) -> None:
    from foedus.paths import one_course
    from foedus.report.answers.one_course import one_course_record, show_one_course

    found = one_course(case, number, **runs, engine=engine)
    if as_json:
        write_json(one_course_record(case, found))
    else:
        write(show_one_course(case, found, language, width()))


def _tell_given(
    case: Case, number: int, as_of: str, particles: int, workers: int | None, language: str,
    as_json: bool, runs: Runs,
) -> None:  # fmt: skip
    from foedus.infer.islands.effort import Effort
    from foedus.paths import day_courses_ship, given_course
    from foedus.report.answers.given_course import given_course_record, show_given_course

    effort = Effort(particles)

    def quicker() -> str:
        is_plain = not runs["settings"] and runs["explanation"] is None
        day = day_courses_ship(case, effort=effort, seed=runs["seed"]) if is_plain else None
        return "" if day is None else _reads_from(case, day)

    with weighing_bar("weighing", case, quicker, as_of=as_of) as progress:
        found = given_course(
            case, number, as_of, **runs, effort=effort, workers=workers, progress=progress
        )
    if as_json:
        write_json(given_course_record(case, found))
    else:
        write(show_given_course(case, found, language, width()))


def _reads_from(case: Case, day: float) -> str:
    from foedus.report.answers.dated import date_of

    first = date_of(case, day - 1e-6)[:10]
    return (
        f"not all of the record was known by that date: from {first} on it was, and courses that "
        f"agree with all of it ship with the case and are there in seconds (`--as-of {first}`)"
    )


def _forecast(case: Case, as_of: str, particles: int, workers: int | None, runs: Runs) -> Answers:
    from foedus import study
    from foedus.infer.islands.effort import Effort

    with weighing_bar("weighing", case, as_of=as_of) as progress:
        return study.forecast(
            case, as_of, **runs, effort=Effort(particles), workers=workers, progress=progress
        )


def _answer(case: Case, answers: Answers, as_of: str | None, language: str, as_json: bool) -> None:
    from foedus.report.answers.dated import answers_record
    from foedus.report.answers.summary import show_simulated
    from foedus.report.layout import wrap
    from foedus.report.phrases.answer_text import outside_record
    from foedus.report.phrases.kept_words import show_whose_odds

    if as_json:
        write_json({**answers_record(case, answers), "outside": outside_record(case)})
    elif not answers.questions:
        tell(message("the case asks nothing: add `questions:`", "warning") + "\n")
    else:
        lines = [line for one in show_whose_odds(case, language) for line in wrap(one, width())]
        lines += show_simulated(case, answers.questions, as_of, language, width())
        write("\n".join(lines) + "\n")


def _compare(
    cases: list[Case],
    names: list[str],
    simulated: Callable[[Case], Answers],
    language: str,
    as_json: bool,
) -> None:
    """The answers under several files of priors, side by side."""
    from foedus.report.answers.dated import answers_record
    from foedus.report.comparison.disagreement import show_disagreement

    found = [(name, simulated(case)) for name, case in zip(names, cases, strict=True)]
    if as_json:
        records = [{"priors": name, **answers_record(cases[0], answers)} for name, answers in found]
        write_json({"case": cases[0].name, "by_priors": records})
    else:
        write("\n".join(show_disagreement(cases[0], found, language, width())) + "\n")
