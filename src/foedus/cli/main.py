"""`foedus`: which commands there are."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable

import click

from foedus import __version__
from foedus.cli.commands import Commands
from foedus.cli.failure import exit_code
from foedus.cli.interrupt import INTERRUPTED, ended_when_unheard
from foedus.cli.output import open_missing_streams, tell_warning

COMMANDS = {
    "run": "the whole job: check, simulate, answer; a summary to read and figures",
    "new": "write a new case",
    "check": "say everything that is wrong with a case",
    "explain": "explain a fault, or list all there are",
    "show": "print what is in a case",
    "prior": "say what the assumptions imply before any evidence",
    "sources": "verify the citations of a case against its documents",
    "simulate": "answer the questions of a case",
    "weigh": "say which explanation the record supports, and what would turn that",
    "whatif": "say what a decision changes",
    "diff": "say what an edit changed in the answers and the verdict",
    "test": "hold the answers of cases to what is expected of them",
    "sensitivity": "say which assumptions drive the answers",
    "history": "how such things usually go: import data, count rates, forecast requests for help",
    "score": "freeze forecasts, and score them when the end is known",
    "reproduce": "make every published number and figure anew, and say which changed",
    "cite": "print the BibTeX of what a case or a data set rests on",
    "bench": "measure the speed of Foedus on this machine",
    "schema": "print the JSON Schema of case files, for editors",
}


@click.command(
    cls=Commands,
    listed=COMMANDS,
    package="foedus.cli",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="CASE is a file, a folder that holds case.yaml, or the name of a shipped case; "
    "`foedus show` lists those.",
)
@click.version_option(__version__, prog_name="foedus", message="%(prog)s %(version)s")
def foedus() -> None:
    """Executable case studies of alliances and regimes in crisis.

    To begin: foedus run kazakhstan-2022
    """


def main(arguments: list[str] | None = None) -> None:
    """The program: run a command and exit with its code."""
    open_missing_streams()
    call: Callable[[], object] = lambda: foedus.main(  # noqa: E731 - click wants its own wrapper
        arguments, prog_name="foedus", standalone_mode=False
    )
    with ended_when_unheard() as code_of_interruption, warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: tell_warning(message)
        code = exit_code(call, as_json="--json" in (arguments or sys.argv[1:]))
    sys.exit(code_of_interruption() if code == INTERRUPTED else code)
