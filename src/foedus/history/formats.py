"""Formats of data sets: one declarative file each under `formats/`.

A format says what a file's columns are called and what may stand in them, where its states' codes
come from, what it is called and how it is cited. Reading and checking are the same for all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from foedus.frozen import dataclass

FOLDER = Path(__file__).parent / "formats"


@dataclass(frozen=True, slots=True)
class Column:
    """What may stand in a column.

    `type`: `text`, `words` (one of `words`), `integer`, `number`, `flag` (0 or 1), `date`,
    `datetime`, a state's code (`cow`, `gw`, `iso3`) or a list of such (`gw-list`). `year` names the
    column with the year in which a state's code must be in use; `also` holds further codes.
    """

    name: str
    type: str
    low: float | None = None
    high: float | None = None
    blank: bool = False
    missing: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    form: str = "%Y-%m-%d"
    year: str = ""
    also: tuple[int, ...] = ()
    named: tuple[str, ...] = ()
    needed: bool = True

    @property
    def states(self) -> str:
        """The system of the state codes in it; empty if it holds none."""
        system = self.type.removesuffix("-list")
        return system if system in ("cow", "gw", "iso3") else ""


@dataclass(frozen=True, slots=True)
class Format:
    """A layout of a file, and the data set that has it, with its title in English and Finnish.

    `key`: columns that together tell rows apart, all of them where none is given; `dates`: columns
    of year, month and day that must make a date; `order`: pairs of dates, the second not before the
    first.
    """

    name: str
    title: str
    version: str
    terms: str
    cite: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    dates: tuple[tuple[str, str, str], ...] = ()
    order: tuple[tuple[str, str], ...] = ()
    separator: str = ","
    has_header: bool = True
    holds_many: bool = False
    is_tried: bool = True
    title_fi: str = ""

    def column(self, name: str) -> Column:
        """A column by its name."""
        return next(column for column in self.columns if column.name == name)


@cache
def format_names() -> tuple[str, ...]:
    """The names of all formats."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def read_format(name: str) -> Format:
    """A format by its name, which must exist (`format_names`)."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        written = tomllib.load(file)
    columns = tuple(_column(*item) for item in written.pop("columns").items())
    written["cite"] = written["cite"].strip()
    return Format(name=name, columns=columns, **{k: _frozen(v) for k, v in written.items()})


def _column(name: str, written: str | Mapping[str, Any]) -> Column:
    if isinstance(written, str):
        return Column(name, written)
    parts = {key: _frozen(value) for key, value in written.items()}
    return Column(name, parts.pop("type"), **parts)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
