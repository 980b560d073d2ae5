"""`foedus history fit`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from foedus.cli import options
from foedus.cli.files import write_new
from foedus.cli.output import width, write, write_json
from foedus.cli.reading import open_case


@click.command()
@click.argument("case", metavar="[CASE]", required=False)
@click.option("--body", metavar="NAME", help="A body instead of a case, such as csto or ecowas.")
@click.option(
    "--before", type=options.Day(), metavar="DATE",
    help="Learn only from what was known before this day; of a case, the first day of its clock.",
)  # fmt: skip
@click.option(
    "--to", "path", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.yaml",
    help="Write the laws to a new file, for --priors.",
)  # fmt: skip
@options.language
@options.as_json
def command(
    case: str | None,
    body: str | None,
    before: date | None,
    path: Path | None,
    language: str,
    as_json: bool,
) -> None:
    """Learn the parameters of `collective-aid` from past calls, never from the case or from later.

    One hierarchical fit for all bodies: what is learned about one helps the others as far as they
    prove alike. Parameters on which the record does not bear are named and left as they were.
    """
    if (case is None) == (body is None):
        raise click.UsageError("give a case or --body, one of them")
    from foedus.history.bodies import BODIES
    from foedus.history.requests import requests
    from foedus.questions.fits.fit import MECHANISM, bodies_called, fit_body
    from foedus.questions.fits.of_case import asked_in
    from foedus.report.outside_view.fits import fit_record, priors_file, show_fit

    prefix, name = "aid", ""
    if case is not None:
        opened = open_case(case, json=as_json)
        asked = asked_in(opened, requests())
        if asked is None:
            raise click.UsageError(f"`{case}` does not use the mechanism `{MECHANISM}`")
        body, name = asked.body, asked.case
        before = asked.before if before is None else min(before, asked.before)
        prefix = next(use.prefix for use in opened.uses if use.mechanism == MECHANISM)
    assert body is not None
    if case is None and body not in BODIES and body not in bodies_called(requests()):
        known = ", ".join(sorted({*BODIES, *bodies_called(requests())}))
        raise click.BadParameter(f"no body is called `{body}`: there are {known}")
    found = fit_body(body, requests(), before, name)
    if path is not None:
        write_new(path.parent, {path.name: priors_file(found, prefix).encode()})
    if as_json:
        write_json(fit_record(found))
    else:
        write(show_fit(found, width(), language))
