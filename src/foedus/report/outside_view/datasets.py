"""What has been taken in, what can be, and what came of taking a file in, in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from foedus.history.formats import Format, format_names, read_format
from foedus.history.importing import Imported
from foedus.history.store import Provenance
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_count
from foedus.report.layout import wrap
from foedus.report.outside_view.table import show_table


def show_store(
    there: Sequence[Provenance],
    folder: Path,
    forms: Sequence[Format],
    width: int,
    language: str,
) -> str:
    """The data sets in the store, and the formats that can be taken in."""
    blocks = []
    if there:
        names = ("data-set", "version", "rows", "imported", "digest", "file")
        rows = [
            (
                one.format, one.version, show_count(one.rows, language), one.imported,
                one.digest[:12], one.file,
            )
            for one in there
        ]  # fmt: skip
        blocks.append("\n".join(wrap(say(language, "list.store", folder=folder), width)))
        heads = [say(language, f"list.{name}") for name in names]
        blocks.append(show_table(heads, rows, width, right="llr").rstrip())
    else:
        blocks.append(say(language, "list.empty"))
    blocks.append(say(language, "list.formats"))
    untested = say(language, "list.untested")
    listed = [
        (
            form.title_fi if language == "fi" else form.title, form.name,
            "" if form.is_tried else untested,
        )
        for form in forms
    ]  # fmt: skip
    heads = [say(language, "list.holds"), say(language, "list.format"), ""]
    blocks.append(show_table(heads, listed, width))
    return "\n\n".join(blocks)


def show_sources(names: Sequence[str], language: str = "en") -> str:
    """What was counted, in words, and the command that prints how to cite it."""
    titles = [_title(name, language) for name in names]
    return say(
        language, "rate.source", count=len(names), names="; ".join(titles), cited=" ".join(names)
    )


def _title(name: str, language: str) -> str:
    """What a data set holds, as its makers call it."""
    if name not in format_names():
        return say(language, f"history.source-{name}")
    form = read_format(name)
    return form.title_fi if language == "fi" else form.title


def show_import(name: str, file: str, done: Imported, language: str) -> str:
    """What came of taking in a file; the faults of one that was not taken in are told elsewhere."""
    if done.provenance is None:
        return say(language, "import.none", file=file) + "\n"
    if not done.is_new:
        return say(language, "import.there", name=name) + "\n"
    former = None if done.replaced is None else done.replaced.file
    told = say(
        language, "import.taken" if former is None else "import.replaced", name=name,
        count=done.provenance.rows, file=file, former=former,
    )  # fmt: skip
    if not read_format(name).is_tried:
        told += "\n" + say(language, "import.untested")
    return told + "\n"
