"""What an edit of a case changed in how its record is kept: the lines under `record:`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foedus.case.case import Case, Record
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_count, show_duration
from foedus.report.layout import item


def is_kept_otherwise(old: Case, new: Case) -> bool:
    """Whether an edit bears on what the record would hold, so that its silence may weigh else."""
    return _in_force(old) != _in_force(new)


def show_record_changes(
    cases: Sequence[Case], language: str = "en", width: int = 80
) -> Iterator[str]:
    """The lines under `record:` that are gone, new or changed, with their places, old and new."""
    old, new = (case.records for case in cases)
    for name, one in old.items():
        if name not in new:
            yield from item(_whole("record.gone", one, language), width)
    for name, one in new.items():
        if name not in old:
            yield from item(_whole("record.come", one, language), width)
        elif changes := _changes(old[name], one, language):
            text = say(
                language, "record.changed", event=name, place=_place(one, language),
                changes="; ".join(changes),
            )  # fmt: skip
            yield from item(text, width)


def _in_force(case: Case) -> dict[str, tuple[object, ...]]:
    """What is said of each kind, without the reasons (`because`) and the way dates are written."""
    return {name: tuple(_meant(one).values()) for name, one in case.records.items()}


def _meant(record: Record) -> dict[str, object]:
    """What each key means, None where it is not given: two that mean the same are equal."""
    is_complete = record.reported is None
    periods = {"complete": record.complete, "during": record.during}
    return {
        **{key: one and (one.start, one.end) for key, one in periods.items()},
        "reported": record.reported,
        "lag": record.lag if is_complete else None,
        "delay": None if is_complete else record.delay,
    }


def _written(record: Record, language: str) -> dict[str, str]:
    """The keys that are given, each with its value as a reader would write it."""
    found: dict[str, str] = {}
    for key, value in _meant(record).items():
        if key in ("complete", "during"):
            period = record.complete if key == "complete" else record.during
            if period is not None:
                found[key] = period.text
        elif isinstance(value, float):
            found[key] = _length(value, language)
        elif value is not None:
            found[key] = f"`{value}`"
    return found


def _length(days: float, language: str) -> str:
    """A length of time, whole days to the day."""
    if not days.is_integer():
        return show_duration(days, None, language)
    number = show_count(int(days), language)
    return say(language, f"time.days.{'one' if days == 1.0 else 'many'}", number=number)


def _changes(old: Record, new: Record, language: str) -> list[str]:
    """What differs between two lines about one kind."""
    before, after = _meant(old), _meant(new)
    was, now = (_written(one, language) for one in (old, new))
    nothing = say(language, "record.not-given")
    found = [
        say(
            language, "record.key", key=key, old=was.get(key, nothing), new=now.get(key, nothing)
        )
        for key in before if before[key] != after[key]
    ]  # fmt: skip
    if old.because != new.because:
        found.append(say(language, "record.because"))
    return found


def _whole(sentence: str, record: Record, language: str) -> str:
    keys = ", ".join(f"`{key}` {value}" for key, value in _written(record, language).items())
    return say(language, sentence, event=record.event, place=_place(record, language), keys=keys)


def _place(record: Record, language: str) -> str:
    """Where a line stands: the file and the line."""
    assert record.span is not None
    return say(language, "record.place", file=record.span.source.name, line=record.span.line)
