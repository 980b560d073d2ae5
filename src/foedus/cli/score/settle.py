"""`foedus score settle`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import click

from foedus.case.find import SHIPPED
from foedus.cli import options
from foedus.cli.failure import CASE_HAS_ERRORS
from foedus.cli.output import message, tell, width, write, write_json

if TYPE_CHECKING:
    from foedus.questions.frozen import Came, Reading

WORDS = {"yes": 1.0, "no": 0.0}


@click.command()
@click.argument("path", metavar="FROZEN.json", type=click.Path(path_type=Path))
@click.option(
    "--came", type=click.Path(path_type=Path), metavar="CAME.csv",
    help="What came: columns question, came (yes, no, a number, or never), cites, note. Shipped "
    "cases have one.",
)  # fmt: skip
@click.option(
    "--said", type=click.Path(path_type=Path), metavar="SAID.csv",
    help="What sources forecast: columns source, question, probability, known, words.",
)  # fmt: skip
@options.as_json
def command(path: Path, came: Path | None, said: Path | None, as_json: bool) -> None:
    """Score a frozen forecast against what came, beside what sources forecast of the same.

    A file that was changed after it was frozen is refused.
    """
    from foedus.questions.frozen import FrozenError, read_frozen, settle
    from foedus.report.postmortem import postmortem_record, show_postmortem

    try:
        record = read_frozen(path.read_text(encoding="utf-8"))
    except (FrozenError, UnicodeDecodeError) as fault:
        tell(message(f"`{path}`: {fault}") + "\n")
        raise click.exceptions.Exit(CASE_HAS_ERRORS) from None
    folder = SHIPPED / str(record["case"])
    ends = came or folder / "came.csv"
    readings = said or folder / "said.csv"
    if came is None and not ends.is_file():
        raise click.UsageError(f"nothing is known of what came in `{record['case']}`: give --came")
    settled = settle(
        record,
        _read_came(ends),
        _read_said(readings) if said is not None or readings.is_file() else (),
    )
    if as_json:
        write_json(postmortem_record(record, settled))
    else:
        write(show_postmortem(record, settled, width()))


def _rows(path: Path, columns: set[str]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        lacking = columns - set(reader.fieldnames or ())
        if lacking:
            raise click.UsageError(f"`{path}` has no column `{min(lacking)}`")
        return list(reader)


def _read_came(path: Path) -> list[Came]:
    from foedus.questions.frozen import Came

    rows = _rows(path, {"question", "came"})
    return [
        Came(row["question"], _value(path, n, row["came"]), row.get("cites") or "",
             row.get("note") or "")
        for n, row in enumerate(rows, 2)
    ]  # fmt: skip


def _value(path: Path, line: int, text: str) -> float | None:
    if text == "never":
        return None
    try:
        return WORDS[text] if text in WORDS else float(text)
    except ValueError:
        cure = "write `yes`, `no`, `never` or a number"
        raise click.UsageError(f"`{text}` in line {line} of `{path}`: {cure}") from None


def _read_said(path: Path) -> list[Reading]:
    from foedus.questions.frozen import Reading

    found = []
    rows = _rows(path, {"source", "question", "probability", "known", "words"})
    for line, row in enumerate(rows, 2):
        value = _value(path, line, row["probability"])
        if value is None or not 0.0 < value < 1.0:
            raise click.UsageError(f"line {line} of `{path}`: a probability lies between 0 and 1")
        found.append(Reading(row["source"], row["question"], value, row["known"], row["words"]))
    return found
