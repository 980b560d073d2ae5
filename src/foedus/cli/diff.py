"""`foedus diff`."""

from __future__ import annotations

import click

from foedus.case.case import Case
from foedus.cli import options
from foedus.cli.output import width, write, write_json
from foedus.cli.progress import progress_bar, weighing_bar
from foedus.cli.reading import open_case
from foedus.text.diagnostic import NoAnswerError


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@options.draws(1000)
@options.particles(150)
@options.seed
@click.option("--answers-only", is_flag=True, help="Do not weigh the record.")
@options.workers
@options.language
@options.as_json
def command(
    old: str,
    new: str,
    draws: int,
    particles: int,
    seed: int,
    answers_only: bool,
    workers: int | None,
    language: str,
    as_json: bool,
) -> None:
    """Say what an edit of a case changed in its answers and in its verdict.

    Both cases get the same random numbers, so that what differs is the edit.
    """
    cases = [open_case(name, json=as_json) for name in (old, new)]
    from foedus import study
    from foedus.infer.islands.effort import Effort
    from foedus.infer.verdict.no_verdict import NoVerdict
    from foedus.infer.verdict.verdict import Verdict
    from foedus.questions.answers import Answers, as_record

    def simulated(case: Case) -> Answers:
        with progress_bar("simulating") as progress:
            return study.simulate(case, draws=draws, seed=seed, workers=workers, progress=progress)

    def weighed(case: Case) -> Verdict | NoVerdict | None:
        if answers_only:
            return None
        try:
            with weighing_bar("weighing", case) as progress:
                return study.weigh(
                    case, effort=Effort(particles), seed=seed, workers=workers, progress=progress
                )
        except NoAnswerError as refused:
            return NoVerdict("refused", str(refused), refused.cause, refused.values)

    answers = [simulated(case) for case in cases]
    verdicts = [weighed(case) for case in cases]
    if not as_json:
        from foedus.report.comparison.difference import show_difference

        write(show_difference(cases, (old, new), answers, verdicts, language, width()))
        return
    from foedus.infer.verdict.verdict_json import as_record as verdict_record

    write_json(
        {
            name: {
                **as_record(found),
                "verdict": verdict_record(case, verdict) if isinstance(verdict, Verdict) else None,
                "no_verdict": verdict.reason if isinstance(verdict, NoVerdict) else None,
            }
            for name, case, found, verdict in zip(
                ("old", "new"), cases, answers, verdicts, strict=True
            )
        }
    )
