"""Every published number and figure made anew, part by part, with a dated record of each."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from foedus import __version__
from foedus.frozen import dataclass
from foedus.reproduce import numbers
from foedus.reproduce.calibration import make_calibration
from foedus.reproduce.exact_agreement import make_exact_agreement
from foedus.reproduce.forecasts import make_forecasts
from foedus.reproduce.pages import make_pages, make_what_if_calibration
from foedus.reproduce.part import Made, Part, Progress, Workplace, as_words, differences
from foedus.reproduce.references import make_references
from foedus.reproduce.seeds import make_seeds
from foedus.reproduce.verdicts import make_verdicts
from foedus.text.suggest import named

PARTS = (
    Part("learned-laws", "laws learned from past calls, as they ship", False, numbers.make_laws),
    Part("classes", "counts of reference classes, as they ship", False, numbers.make_classes),
    Part("request-scores", "scores of forecasts of requests", False, numbers.make_request_scores),
    Part("library-scores", "scores of the library, calibration", False, numbers.make_library),
    Part("answers", "answers of every shipped case", False, numbers.make_answers),
    Part("pages", "README, documentation, explanations of faults", True, make_pages),
    Part("calibration", "posteriors of planted worlds", True, make_calibration),
    Part("exact-agreement", "sampled verdicts against exact ones", True, make_exact_agreement),
    Part("references", "records beside those of their explanations", True, make_references),
    Part("forecasts", "frozen forecasts that ship beside cases", True, make_forecasts),
    Part("verdicts", "verdicts of every shipped case", True, make_verdicts),
    Part("seeds", "the flagship's verdict with other seeds", True, make_seeds),
    Part(
        "what-ifs", "what-ifs of every shipped case, given its record", True, numbers.make_what_ifs
    ),
    Part("what-if-calibration", "what-ifs of planted worlds", True, make_what_if_calibration),
)


@dataclass(frozen=True, slots=True)
class Done:
    """A part that was made: how long it took, and what differs from its last dated record."""

    part: Part
    made: Made
    seconds: float
    since: str
    moved: tuple[str, ...]


def parts_named(names: Sequence[str], with_slow: bool) -> tuple[Part, ...]:
    """The parts to make: those named, or all, slow ones only if asked for.

    Raises `KeyError` for a name that is none, with the one that may have been meant.
    """
    known = {part.name: part for part in PARTS}
    for name in names:
        if name not in known:
            cure = named(name, known, "`foedus reproduce --list` shows them")
            raise KeyError(f"no part is called `{name}`: {cure}")
    if names:
        return tuple(known[name] for name in names)
    return tuple(part for part in PARTS if with_slow or not part.is_slow)


def reproduce(
    parts: Sequence[Part],
    results: Path,
    checkout: Path | None,
    progress: Callable[[str], AbstractContextManager[Progress | None]],
) -> Iterator[Done]:
    """Each part as it is done, with its record written into a folder of the day.

    What is published is compared by the part itself; its record also with the last one of an
    earlier day. A part made twice on one day takes the place of the first.
    """
    today = date.today().isoformat()
    place = Workplace(checkout, results / today)
    place.folder.mkdir(parents=True, exist_ok=True)
    for part in parts:
        begun = time.perf_counter()
        with progress(part.name) as tell:
            made = part.make(replace(place, progress=tell))
        seconds = time.perf_counter() - begun
        since, before = _last_record(results, part.name, today)
        moved = () if before is None else as_words(differences(before, _plain(made.record)))
        done = Done(part, made, seconds, since, moved)
        _write(place.folder, done, today)
        yield done


def _last_record(results: Path, name: str, today: str) -> tuple[str, object]:
    """The day and the record of a part that was made last before today, if it ever was."""
    days = (path.name for path in results.iterdir() if path.is_dir() and path.name < today)
    for day in sorted(days, reverse=True):
        path = results / day / f"{name}.json"
        if path.is_file():
            record = json.loads(path.read_text(encoding="utf-8"))
            if record.get("record"):
                return day, record["record"]
    return "", None


def _plain(record: object) -> object:
    """A record as it is read back from its file."""
    return json.loads(json.dumps(record, default=_as_json))


def _as_json(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"not JSON: {type(value).__name__}")


def _write(folder: Path, done: Done, today: str) -> None:
    record = {**done_record(done), "date": today, "record": done.made.record}
    text = json.dumps(record, indent=1, default=_as_json) + "\n"
    (folder / f"{done.part.name}.json").write_text(text, encoding="utf-8")


def done_record(done: Done) -> dict[str, object]:
    """A part that was made, for `--json` and for its file; without its numbers."""
    return {
        "part": done.part.name, "title": done.part.title, "foedus": __version__,
        "python": platform.python_version(), "seconds": round(done.seconds, 3),
        "changed": list(done.made.changed), "skipped": done.made.skipped,
        "failed": done.made.failed, "files": list(done.made.files),
        "since": done.since or None, "moved": list(done.moved),
    }  # fmt: skip
