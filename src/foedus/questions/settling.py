"""Frozen forecasts and their files: what came of each, what sources forecast, and the scores."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf, isfinite
from pathlib import Path
from typing import Any

from foedus.case.find import SHIPPED, shipped_cases
from foedus.frozen import dataclass
from foedus.questions.frozen import Came, FrozenError, Reading, Settled, read_frozen, settle
from foedus.text.diagnostic import SettingsError
from foedus.text.suggest import closest, list_names

WORDS = {"yes": 1.0, "no": 0.0}
TIMES = ("time-until", "days")
"""Questions that may end with `never`."""
FROZEN = "frozen.json"
"""A forecast that ships beside a case."""


@dataclass(frozen=True, slots=True)
class SettledForecast:
    """A frozen forecast (`record`, as `frozen.freeze` makes it) and its questions, scored."""

    path: Path
    record: Mapping[str, Any]
    questions: tuple[Settled, ...]


def settle_files(
    names: Sequence[str | Path], came: Path | None = None, said: Path | None = None
) -> tuple[SettledForecast, ...]:
    """Frozen forecasts scored by the files of what came and of what sources said.

    Shipped cases have files of both, and some a forecast, found by the case's name. Raises
    `FrozenError` for a forecast that was changed, `SettingsError` where it is not known what came,
    or that cannot have come of what was asked, `OSError`.
    """
    paths = [find_frozen(name) for name in names]
    records = [_read(path) for path in paths]
    if came is not None:
        verify_asked(records, read_came(came))
    return tuple(
        SettledForecast(path, record, _settled(record, came, said))
        for path, record in zip(paths, records, strict=True)
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_frozen(path.read_bytes())
    except FrozenError as fault:
        raise FrozenError(f"`{path}`: {fault}") from None


def _settled(
    record: Mapping[str, Any], came: Path | None, said: Path | None
) -> tuple[Settled, ...]:
    if "requests" in record:
        return _settled_requests(record, came, said)
    folder = SHIPPED / str(record["case"])
    ends, readings = came or folder / "came.csv", said or folder / "said.csv"
    if came is None and not ends.is_file():
        raise SettingsError(
            f"nothing is known of what came in `{record['case']}`: give --came a CSV file with the "
            "columns question, and came (yes, no, a number, or never)"
        )
    sources = read_said(readings) if said is not None or readings.is_file() else ()
    return settle(record, read_came(ends, kinds_of(record)), sources)


def _settled_requests(
    record: Mapping[str, Any], came: Path | None, said: Path | None
) -> tuple[Settled, ...]:
    """Requests are settled by those that forecasts learn from, beside the frozen base rate."""
    from foedus.history.requests_at_hand import requests_to_learn_from
    from foedus.questions.requests.freezing import came_of

    ends = came_of(requests_to_learn_from()) if came is None else read_came(came, kinds_of(record))
    readings = [Reading(**one) for one in record["said"]]
    return settle(
        record, as_asked(record, ends), [*readings, *([] if said is None else read_said(said))]
    )


def as_asked(record: Mapping[str, Any], ends: Sequence[Came]) -> list[Came]:
    """What came of requests, each under the name that the forecast gave it.

    `bhr_2011` was asked where the table has `BHR-2011`; of two that differ in no more than that,
    none is meant.
    """
    names = [str(one["name"]) for one in record["questions"]]
    plain = [_plain(name) for name in names]
    meant = {one: name for one, name in zip(plain, names, strict=True) if plain.count(one) == 1}
    return [replace(one, question=meant.get(_plain(one.question), one.question)) for one in ends]


def _plain(name: str) -> str:
    return name.casefold().replace("_", "-").replace(" ", "-")


def find_frozen(name: str | Path) -> Path:
    """Where a frozen forecast is: a file, or the name of a shipped case that has one beside it.

    Raises `SettingsError` for a shipped case that has none, and for a folder.
    """
    path, case = Path(name), str(name)
    if path.is_dir():
        cure = "give the file that `foedus score freeze` or `history forecast --freeze` wrote"
        raise SettingsError(f"`{name}` is a folder: {cure}")
    if path.exists() or case not in shipped_cases():
        return path
    beside = SHIPPED / case / FROZEN
    if not beside.is_file():
        cure = f"`foedus score freeze {case} --to FILE.json` makes one"
        raise SettingsError(f"no forecast ships with `{case}`: {cure}")
    return beside


def kinds_of(record: Mapping[str, Any]) -> dict[str, str]:
    """What each question of a forecast asks for, by its name as `as_asked` compares names."""
    return {_plain(str(one["name"])): str(one["kind"]) for one in record["questions"]}


def read_came(path: Path, kinds: Mapping[str, str] | None = None) -> list[Came]:
    """What came: columns question, came (yes, no, a number, or never), cites, note.

    Raises `SettingsError` for a file of another form and, where it is known what is asked
    (`kinds_of`), for an end that the question cannot have; `OSError`.
    """
    found: dict[str, Came] = {}
    for line, row in enumerate(_rows(path, {"question", "came"}), 2):
        name = row["question"]
        if name in found:
            raise SettingsError(f"`{name}` stands twice in `{path}`, again in line {line}")
        value = _value(path, line, row["came"])
        if kinds is not None:
            place = f"`{row['came']}` in line {line} of `{path}`: `{name}`"
            _verify_kind(place, kinds.get(_plain(name)), row["came"], value)
        found[name] = Came(name, value, row.get("cites", ""), row.get("note", ""))
    return list(found.values())


def _verify_kind(place: str, kind: str | None, text: str, value: float | None) -> None:
    """Refuse an end that no question of this kind can have."""
    if kind == "probability":
        if value not in (0.0, 1.0):
            raise SettingsError(f"{place} either came or did not: write `yes` or `no`")
    elif kind is not None and (text in WORDS or (value is None and kind not in TIMES)):
        cure = "write the number, or `never`" if kind in TIMES else "write the number"
        raise SettingsError(f"{place} asks for a number: {cure}")


def verify_asked(records: Sequence[Mapping[str, Any]], came: Sequence[Came]) -> None:
    """Raises `SettingsError` where something came that no frozen forecast asks."""
    asked = [str(one["name"]) for record in records for one in record["questions"]]
    names = tuple(dict.fromkeys(asked))
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
