"""`foedus reproduce`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from foedus.cli import options
from foedus.cli.failure import CASE_HAS_ERRORS
from foedus.cli.output import width, write, write_json
from foedus.cli.progress import progress_bar

if TYPE_CHECKING:
    from foedus.reproduce.run import Done

FOLDER = "foedus-results"

COMPARED = (
    "learned-laws", "classes", "pages", "exact-agreement", "references", "forecasts", "verdicts",
    "seeds",
)  # fmt: skip
"""Parts that are held against what ships."""


@click.command()
@click.argument("names", nargs=-1, metavar="[PART]...")
@click.option("--slow", "with_slow", is_flag=True, help="Make the slow parts too (minutes).")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(FOLDER),
    show_default=True, metavar="DIR", help="Where the dated results go.",
)  # fmt: skip
@click.option("--list", "list_only", is_flag=True, help="List the parts and make nothing.")
@options.as_json
def command(
    names: tuple[str, ...], with_slow: bool, folder: Path, list_only: bool, as_json: bool
) -> None:
    """Make every published number and figure anew, and say which changed.

    Parts that are named are made, or all of them; slow ones only with --slow or by name. Results
    go into a folder of the day, each with its numbers; what is published stays as it is. Ends with
    1 if something published is no longer so.
    """
    from foedus.reproduce.pages import find_checkout
    from foedus.reproduce.run import PARTS, done_record, parts_named, reproduce

    try:
        parts = parts_named(names, with_slow)
    except KeyError as fault:
        raise click.BadParameter(str(fault.args[0])) from None
    if list_only and as_json:
        listed = [{"name": one.name, "title": one.title, "slow": one.is_slow} for one in PARTS]
        write_json({"parts": listed})
        return
    if list_only:
        for part in PARTS:
            write(f"{part.name:<16} {part.title}{' (slow)' if part.is_slow else ''}\n")
        return
    finished = []
    for done in reproduce(parts, folder, find_checkout(Path.cwd()), progress_bar):
        finished.append(done)
        if not as_json:
            write(_show(done) + "\n")
    left = [part.name for part in PARTS if part not in parts]
    if as_json:
        write_json({"parts": [done_record(done) for done in finished], "not_made": left})
    elif left and not names:
        write(f"Not made: {', '.join(left)} (--slow makes them).\n")
    if any(done.made.changed or done.made.failed for done in finished):
        raise click.exceptions.Exit(CASE_HAS_ERRORS)


def _show(done: Done) -> str:
    """A part in a few lines."""
    from foedus.report.layout import wrap

    name, made = done.part.name, done.made
    if made.skipped:
        return "\n".join(wrap(f"{name}: not made; {made.skipped}", width(), "", "  "))
    if made.failed:
        return f"{name}: {made.failed}"
    compared = name in COMPARED
    lines = [f"{name}: {_verdict(done, compared)} ({done.seconds:.0f} s)"]
    lines += [f"  {line}" for line in made.changed]
    if done.since:
        what = "has moved since" if done.moved else "nothing has moved since"
        lines.append(f"  {what} {done.since}")
        lines += [f"    {line}" for line in done.moved]
    return "\n".join(lines)


def _verdict(done: Done, compared: bool) -> str:
    if done.made.changed:
        return "no longer as published"
    return "as published" if compared else "made; what is published of it stands on the pages"
