"""Files of what came, and of what sources forecast, for the scoring of a frozen forecast."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from math import inf, isfinite
from pathlib import Path
from typing import Any

from foedus.case.find import SHIPPED, shipped_cases
from foedus.questions.frozen import Came, Reading
from foedus.text.diagnostic import SettingsError
from foedus.text.suggest import closest, list_names

WORDS = {"yes": 1.0, "no": 0.0}
FROZEN = "frozen.json"
"""A forecast that ships beside a case."""


def find_frozen(name: str | Path) -> Path:
    """Where a frozen forecast is: a file, or the name of a shipped case that has one beside it.

    Raises `SettingsError` for a shipped case that has none.
    """
    path, case = Path(name), str(name)
    if path.exists() or case not in shipped_cases():
        return path
    beside = SHIPPED / case / FROZEN
    if not beside.is_file():
        cure = f"`foedus score freeze {case} --to FILE.json` makes one"
        raise SettingsError(f"no forecast ships with `{case}`: {cure}")
    return beside


def read_came(path: Path) -> list[Came]:
    """What came: columns question, came (yes, no, a number, or never), cites, note.

    Raises `SettingsError` for a file of another form, `OSError`.
    """
    found: dict[str, Came] = {}
    for line, row in enumerate(_rows(path, {"question", "came"}), 2):
        name = row["question"]
        if name in found:
            raise SettingsError(f"`{name}` stands twice in `{path}`, again in line {line}")
        value = _value(path, line, row["came"])
        found[name] = Came(name, value, row.get("cites", ""), row.get("note", ""))
    return list(found.values())


def verify_asked(record: Mapping[str, Any], came: Sequence[Came]) -> None:
    """Raises `SettingsError` where something came that a frozen forecast does not ask."""
    names = [str(one["name"]) for one in record["questions"]]
    for one in came:
        if one.question not in names:
            near = closest(one.question, names)
            cure = f"write `{near}`" if near else f"there are {list_names(names)}"
            raise SettingsError(f"no question of the forecast is called `{one.question}`: {cure}")


def read_said(path: Path) -> list[Reading]:
    """What sources forecast: columns source, question, probability, known, words.

    Raises `SettingsError` for a file of another form, `OSError`.
    """
    found = []
    rows = _rows(path, {"source", "question", "probability", "known", "words"})
    for line, row in enumerate(rows, 2):
        value = _value(path, line, row["probability"])
        if value is None or not 0.0 < value < 1.0:
            raise SettingsError(f"line {line} of `{path}`: a probability lies between 0 and 1")
        found.append(Reading(row["source"], row["question"], value, row["known"], row["words"]))
    return found


def _rows(path: Path, columns: set[str]) -> list[dict[str, str]]:
    """The rows of a file; cells that a short row lacks are empty."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            lacking = columns - set(reader.fieldnames or ())
            if lacking:
                raise SettingsError(f"`{path}` has no column `{min(lacking)}`")
            return list(reader)
    except UnicodeDecodeError:
        raise SettingsError(f"`{path}` is not UTF-8 text: save it as UTF-8") from None


def _value(path: Path, line: int, text: str) -> float | None:
    if text == "never":
        return None
    try:
        value = WORDS[text] if text in WORDS else float(text)
    except ValueError:
        value = inf
    if not isfinite(value):
        cure = "write `yes`, `no`, `never` or a number"
        raise SettingsError(f"`{text}` in line {line} of `{path}`: {cure}")
    return value
