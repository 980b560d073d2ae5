"""Names of formats on the command line."""

from __future__ import annotations

from typing import Any

import click

from foedus.text.suggest import named


class FormatName(click.ParamType[str]):
    """The name of a format of data."""

    name = "format"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name, if there is such a format."""
        from foedus.history.formats import format_names

        name = str(value)
        if name not in format_names():
            cure = named(name, format_names(), "`foedus history list` names them")
            self.fail(f"no format is called `{name}`: {cure}", param, ctx)
        return name


FORMAT = FormatName()
