"""`foedus`: which commands there are."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module

import click

from foedus import __version__
from foedus.cli.failure import exit_code
from foedus.cli.output import open_missing_streams
from foedus.text.suggest import closest

COMMANDS = {
    "run": "the whole job: check, simulate, answer; a summary to read and figures",
    "new": "write a new case",
    "check": "say everything that is wrong with a case",
    "explain": "explain a fault, or list all there are",
    "show": "print what is in a case",
    "prior": "say what the assumptions imply before any evidence",
    "sources": "verify the citations of a case against its documents",
    "simulate": "answer the questions of a case",
    "schema": "print the JSON Schema of case files, for editors",
}


class Commands(click.Group):
    """The commands, each imported when it is called, so that none waits for another's libraries."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which they are needed."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"foedus.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command to call; one that does not exist may have been meant otherwise."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = closest(name, COMMANDS)
            cure = f"; did you mean `{near}`?" if near else ""
            raise click.UsageError(f"no command is called `{name}`{cure}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="CASE is a file, a folder that holds case.yaml, or the name of a shipped case.",
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
    sys.exit(exit_code(call))


if __name__ == "__main__":
    main()
