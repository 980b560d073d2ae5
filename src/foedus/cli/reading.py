"""Opening the case that a command is about, and what cases there are."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from foedus.case.case import Case
from foedus.case.draft import local_text
from foedus.case.find import CASE_FILE, SHIPPED, shipped_cases
from foedus.case.node import Mapping as Keys
from foedus.case.reader import parse_yaml, read_source
from foedus.cli.failure import code_of
from foedus.cli.output import message, tell, write
from foedus.study import read
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.render import as_json, as_text, count, wants_colour

LEFT_TO_CHECK = frozenset({Code.EVIDENCE_IS_FILTER, Code.UNUSED_TEXT})
"""Warnings that mean nothing to most runs: about weighing the record, and about translations."""


def open_case(
    name: str,
    *,
    json: bool,
    settings: Mapping[str, float] | None = None,
    priors: Path | None = None,
) -> Case:
    """The case. Ends the command if it has errors, after saying which.

    Warnings are only counted, but beside errors: `foedus check` shows them. Some are left to it
    altogether.
    """
    case, diagnostics = read(name, settings, priors=priors)
    shown = [one for one in diagnostics if one.is_error or one.code not in LEFT_TO_CHECK]
    if case is None:
        if json:
            write(as_json(diagnostics))
        else:
            tell(as_text(shown, colour=wants_colour(sys.stderr)))
        raise click.exceptions.Exit(code_of(diagnostics))
    if shown and not json:
        tell(message(f"{count(shown)}; `foedus check {name}` shows them", "warning") + "\n")
    return case


def shipped_titles(language: str) -> dict[str, str]:
    """The cases that come with Foedus, with their titles; nothing more of them is checked."""
    found = {}
    for name in shipped_cases():
        diagnostics = Diagnostics()
        source = read_source(SHIPPED / name / CASE_FILE, name, diagnostics)
        root = None if source is None else parse_yaml(source, diagnostics)
        found[name] = local_text(root.get("title")).get(language) if isinstance(root, Keys) else ""
    return found
