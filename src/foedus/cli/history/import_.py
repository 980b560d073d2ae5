"""`foedus history import`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from foedus.cli import options
from foedus.cli.failure import code_of
from foedus.cli.history.naming import FORMAT
from foedus.cli.output import tell, write, write_json
from foedus.cli.progress import progress_bar
from foedus.text.render import as_text, wants_colour


@click.command()
@click.argument("form", metavar="FORMAT", type=FORMAT)
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@click.option(
    "--encoding", default="utf-8", show_default=True,
    help="How the file's text is written, such as cp1252.",
)  # fmt: skip
@options.language
@options.as_json
def command(form: str, path: Path, encoding: str, language: str, as_json: bool) -> None:
    """Take a file into the store, every row checked.

    FORMAT is one that `foedus history list` names. If anything is wrong, nothing is taken in, and
    each fault is told with its line, row and column. A file that is there already changes nothing.
    """
    from foedus.history.importing import import_file
    from foedus.report.outside_view.datasets import show_import

    try:
        "a".encode(encoding)
    except (LookupError, UnicodeError):
        raise click.BadParameter(f"no encoding is called `{encoding}`") from None
    with progress_bar(f"reading {path.name}") as progress:
        done = import_file(form, path, encoding=encoding, progress=progress)
    if as_json:
        write_json(
            {
                "dataset": None if done.provenance is None else asdict(done.provenance),
                "is_new": done.is_new,
                "replaced": None if done.replaced is None else asdict(done.replaced),
                "diagnostics": [each.as_record() for each in done.diagnostics],
            }
        )
    else:
        tell(as_text(done.diagnostics, colour=wants_colour(sys.stderr)))
        told = show_import(form, path.name, done, language)
        (tell if done.provenance is None else write)(told)
    raise click.exceptions.Exit(code_of(done.diagnostics))
