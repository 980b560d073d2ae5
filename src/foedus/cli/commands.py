"""Groups of commands, each of which is imported when it is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

from foedus.text.suggest import closest


class Commands(click.Group):
    """Commands by name, each a module of a package, so that none waits for another's libraries."""

    def __init__(
        self, *arguments: Any, listed: Mapping[str, str], package: str, **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        self.listed = listed
        self.package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which they are needed."""
        return list(self.listed)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        if cmd_name not in self.listed:
            return None
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = import_module(f"{self.package}.{module}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command to call; one that does not exist may have been meant otherwise."""
        name = args[0]
        if name not in self.listed and not name.startswith("-"):
            near = closest(name, self.listed)
            cure = f"; did you mean `{near}`?" if near else ""
            raise click.UsageError(f"no command is called `{name}`{cure}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.listed.items()))
