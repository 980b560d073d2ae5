"""`foedus history list`."""

from __future__ import annotations

from dataclasses import asdict

import click

from foedus.cli import options
from foedus.cli.output import width, write, write_json


@click.command()
@options.language
@options.as_json
def command(language: str, as_json: bool) -> None:
    """List what can be imported and what has been: file, rows, digest, day."""
    from foedus.history.formats import format_names, read_format
    from foedus.history.store import imported, store_folder
    from foedus.report.outside_view.datasets import show_store

    there = imported()
    forms = [read_format(name) for name in format_names()]
    if as_json:
        formats = [
            {
                "name": form.name, "title": form.title, "version": form.version,
                "terms": form.terms, "is_tried": form.is_tried,
            }
            for form in forms
        ]  # fmt: skip
        write_json(
            {
                "folder": str(store_folder()),
                "formats": formats,
                "datasets": [asdict(one) for one in there],
            }
        )
        return
    write(show_store(there, store_folder(), forms, width(), language))
