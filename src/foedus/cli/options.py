"""Arguments and options that several commands share."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

LARGEST_SEED = 2**63 - 1


class Setting(click.ParamType[tuple[str, float]]):
    """`NAME=VALUE`: a parameter or a constant of the case, and a number."""

    name = "setting"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        """The name and the number."""
        name, sign, text = str(value).partition("=")
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not name or not sign or not math.isfinite(number):
            self.fail(f"`{value}` is not NAME=VALUE with a number", param, ctx)
        return name.strip(), number


class Day(click.ParamType[date]):
    """A day, as `2022-01-06`."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day."""
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"`{value}` is no day: write one such as `2022-01-06`", param, ctx)


def _once(
    ctx: click.Context, param: click.Parameter, value: tuple[tuple[str, float], ...]
) -> dict[str, float]:
    settings = dict(value)
    if len(settings) < len(value):
        raise click.BadParameter("a name is set twice", ctx, param)
    return settings


case_argument = click.argument("case", metavar="CASE")

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")

language = click.option(
    "--lang", "language", type=click.Choice(["en", "fi"]), default="en", show_default=True,
    help="Language of the text.",
)  # fmt: skip

out = click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), default=None,
    metavar="DIR", help="Write the figure there, as SVG and PNG.",
)  # fmt: skip

seed = click.option(
    "--seed", type=click.IntRange(0, LARGEST_SEED), default=1, show_default=True,
    help="Where the random numbers start; the same seed gives the same answers.",
)  # fmt: skip

workers = click.option(
    "--workers", "--threads", type=click.IntRange(1), default=None,
    help="Threads of compiled code, or processes, to use; all processors if not given. Changes no "
    "answer.",
)  # fmt: skip

_RUNS = (
    "What runs the model: the readable definition, or compiled code that gives the same answers "
    "(used if none is named)"
)

engine = click.option(
    "--engine", metavar="[reference|native|exact]",
    help=f"{_RUNS}; exact takes all states at once, without chance, if they are few enough.",
)  # fmt: skip

running_engine = click.option("--engine", metavar="[reference|native]", help=f"{_RUNS}.")

settings = click.option(
    "--set", "settings", type=Setting(), multiple=True, metavar="NAME=VALUE", callback=_once,
    help="Fix a parameter (in the unit it is written in) or a constant (a group's size).",
)  # fmt: skip

PRIORS_HELP = "A file of priors to use instead of the case's own."

priors = click.option(
    "--priors", "priors", type=click.Path(path_type=Path), metavar="FILE", help=PRIORS_HELP
)

anew = click.option(
    "--anew", is_flag=True,
    help="Work out what ships with the case anew, which takes minutes.",
)  # fmt: skip

as_of = click.option(
    "--as-of", "as_of", metavar="DATE", help="Use only what was known by the end of this date.",
)  # fmt: skip


def particles(default: int) -> Callable[[Command], Command]:
    """The option that says with how many particles a record is weighed."""
    return click.option(
        "--particles", type=click.IntRange(10), default=default, show_default=True,
        help="How many in each of four independent runs (eight where four do not agree), of all "
        "combinations of components together; more make the verdict less noisy.",
    )  # fmt: skip


def draws(default: int) -> Callable[[Command], Command]:
    """The option that says how many runs are made of each atom."""
    return click.option(
        "--draws", type=click.IntRange(1), default=default, show_default=True,
        help="Runs for each combination of components; more make the answers less noisy.",
    )  # fmt: skip
