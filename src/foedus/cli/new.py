"""`foedus new`."""

from __future__ import annotations

import re
import time
import unicodedata
from pathlib import Path

import click

from foedus.case.find import CASE_FILE, shipped_cases
from foedus.case.mechanisms import SHIPPED
from foedus.case.node import Mapping, Scalar
from foedus.case.reader import parse_yaml, read_source
from foedus.case.shapes import NAME_PATTERN, RESERVED
from foedus.cli import options
from foedus.cli.facts import read_facts
from foedus.cli.facts_case import FILE, clock_of, sections
from foedus.cli.files import write_new
from foedus.cli.new_case import case_text, decisions
from foedus.cli.output import write, write_json
from foedus.text.diagnostic import CaseError, Diagnostics, SettingsError


@click.command()
@click.argument("name", metavar="NAME")
@click.option(
    "--from", "table", type=click.Path(path_type=Path), metavar="FACTS.csv",
    help="A table of dated facts to begin with.",
)  # fmt: skip
@options.as_json
def command(name: str, table: Path | None, as_json: bool) -> None:
    """Write a new case, NAME/case.yaml: a request to an alliance that runs as it is.

    It is dated in the year that ends its name, as in mali-2012, or else in the current one.

    With --from, the facts of a table (columns such as id, date, actors, event, claim_by, source)
    become sources, actors, background, claims and evidence. What is left to decide is listed, and
    stands in the file as a comment.
    """
    folder = Path(name)
    verify_name(folder.name)
    year = year_of(folder.name) or time.localtime().tm_year
    text = case_text(folder.name, f"{year}-01-01", f"{year}-12-31")
    files = {CASE_FILE: text.encode()}
    unused: tuple[str, ...] = ()
    if table is not None:
        text, facts, unused = text_from(folder.name, table)
        files = {CASE_FILE: text.encode(), FILE: facts.encode()}
    paths = [str(path) for path in write_new(folder, files)]
    found = decisions(text)
    if as_json:
        decide = [{"line": line, "decide": words} for line, words in found]
        write_json({"files": paths, "decide": decide, "unused_columns": list(unused)})
        return
    write("".join(f"wrote {path}\n" for path in paths))
    if unused:
        write(f"columns that were not used: {', '.join(unused)}\n")
    write("".join(f"{paths[0]}:{line}: decide: {words}\n" for line, words in found))
    if name in shipped_cases():
        write(f"note: a case of this name comes with Foedus; here, `{name}` is now yours\n")
    write(f"next: foedus check {folder}; foedus run {folder}\n")


def verify_name(name: str) -> None:
    """Nothing, if a case may be called so."""
    if not re.fullmatch(NAME_PATTERN, name) or name in RESERVED or len(name) > 80:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        cleaned = "-".join(re.findall("[A-Za-z0-9]+", plain)).lstrip("0123456789-")[:80].lower()
        is_good = cleaned and cleaned not in RESERVED
        cure = f"write `{cleaned}`" if is_good else "begin with a letter, as in `crisis-2024`"
        raise SettingsError(f"`{name}` cannot be the name of a case: {cure}")


def year_of(name: str) -> int | None:
    """The year with which the name of a case ends; None if it ends with none.

    A case is called after who asked and when. Were it dated later, its own call would be among
    those that it learns from.
    """
    found = re.search(r"-(1[89]\d\d|20\d\d)$", name)
    return int(found[1]) if found else None


def text_from(name: str, table: Path) -> tuple[str, str, tuple[str, ...]]:
    """A case from a table of facts, the table's text, and its columns that were not used.

    Raises `CaseError` with every fault of the table.
    """
    diagnostics = Diagnostics()
    source = read_source(table, str(table), diagnostics)
    facts = None if source is None else read_facts(source, diagnostics)
    if source is None or facts is None:
        raise CaseError(diagnostics.in_order())
    clock = clock_of(facts)
    parts = sections(facts, clock, f"Dated facts from {table.name}", events_of_aid())
    return case_text(name, *clock, str(facts.zone), parts), source.text, facts.unused


def events_of_aid() -> frozenset[str]:
    """The events that the shipped mechanism offers, as the new case calls them."""
    diagnostics = Diagnostics()
    source = read_source(SHIPPED / "collective-aid.yaml", "collective-aid.yaml", diagnostics)
    root = None if source is None else parse_yaml(source, diagnostics)
    offers = root.get("offers") if isinstance(root, Mapping) else None
    items = offers.items("events") if isinstance(offers, Mapping) else ()
    return frozenset(f"aid.{item.text}" for item in items if isinstance(item, Scalar))
