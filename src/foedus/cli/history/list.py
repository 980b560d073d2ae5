"""`foedus history list`."""

from __future__ import annotations

from dataclasses import asdict

import click

from foedus.cli import options
from foedus.cli.output import width, write, write_json


@click.command()
@options.as_json
def command(as_json: bool) -> None:
    """List what can be imported and what has been: file, rows, digest, day."""
    from foedus.history.formats import format_names, read_format
    from foedus.history.store import imported, store_folder
    from foedus.report.table import show_table

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
    columns = width()
    write(f"In the store ({store_folder()}):\n\n" if there else "The store is empty.\n")
    if there:
        rows = [
            (one.format, one.version, f"{one.rows:,}", one.imported, one.digest[:12], one.file)
            for one in there
        ]
        heads = ("data set", "version", "rows", "imported", "digest", "file")
        write(show_table(heads, rows, columns, right="llr"))
    write("\nFormats:\n\n")
    listed = [
        (form.title, form.name, "" if form.is_tried else "untested on real files") for form in forms
    ]
    write(show_table(("what it holds", "format", ""), listed, columns))
