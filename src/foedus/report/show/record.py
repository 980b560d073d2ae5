"""`foedus show CASE --timeline`: what is dated, when it happened and when it was known."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.case.case import Case, Citation
from foedus.dates import Period
from foedus.frozen import dataclass
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_period, show_share
from foedus.report.layout import heading, wrap
from foedus.report.phrases.names import claim_name, hedge_of, item_name, label_name, show_citation


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated thing: background, evidence, a claim or an outcome.

    `when` are its possible dates with their weights; `known` is None for background, which was
    known before the clock. `what` is a clause, `notes` are further clauses.
    """

    section: str
    id: str
    kind: str
    what: str
    when: tuple[tuple[Period, float], ...]
    known: Period | None
    notes: tuple[str, ...]
    cites: tuple[Citation, ...]

    @property
    def start(self) -> int:
        """The first instant it may have happened at, for sorting."""
        return min(period.start.microseconds for period, _ in self.when)


def timeline(case: Case, language: str) -> list[Entry]:
    """Everything dated in a case, by date; things of one date in the order of the file."""
    entries = [*_background(case, language), *_items(case, language), *_claims(case, language)]
    return sorted(entries, key=lambda entry: entry.start)


def _background(case: Case, language: str) -> Iterator[Entry]:
    for fact in case.background:
        notes = (say(language, "timeline.sets", names=", ".join(fact.sets)),) if fact.sets else ()
        yield Entry(
            "background", fact.id, "background", fact.happened.get(language), ((fact.at, 1.0),),
            None, notes, fact.cites,
        )  # fmt: skip


def _items(case: Case, language: str) -> Iterator[Entry]:
    for section, items in (("evidence", case.evidence), ("outcome", case.outcomes)):
        for item in items:
            notes = [say(language, "timeline.with", name=name, value=value)
                     for name, value in item.draws]  # fmt: skip
            if item.error:
                notes.append(say(language, "timeline.error", error=item.error))
            hedge = hedge_of(item.hedge, language)
            if hedge:
                notes.append(say(language, "timeline.hedge", hedge=hedge))
            if item.established:
                because = item.established.get(language)
                notes.append(say(language, "timeline.established", because=because))
            if item.follows:
                notes.append(say(language, "timeline.follows", id=item.follows))
            yield Entry(
                section, item.id, item.kind, item_name(case, item, language), item.when,
                item.known, tuple(notes), item.cites,
            )  # fmt: skip


def _claims(case: Case, language: str) -> Iterator[Entry]:
    for claim in case.claims:
        speaker = label_name(case, claim.by, language)
        what = say(language, "timeline.by", by=speaker, what=claim_name(case, claim, language))
        notes = []
        hedge = hedge_of(claim.hedge, language)
        if hedge:
            notes.append(say(language, "timeline.hedge", hedge=hedge))
        for key, other in (("supersedes", claim.supersedes), ("repeats", claim.repeats),
                           ("retracts", claim.retracts)):  # fmt: skip
            if other:
                notes.append(say(language, f"timeline.{key}", id=other))
        yield Entry(
            "claim", claim.id, claim.kind, what, ((claim.at, 1.0),), claim.known, tuple(notes),
            claim.cites,
        )  # fmt: skip


def show_timeline(case: Case, language: str = "en", width: int = 80) -> str:
    """The dated record: each thing with when it happened, when it was known, and who says so."""
    lines: list[str] = []
    for section in ("background", "evidence", "claim", "outcome"):
        entries = [entry for entry in timeline(case, language) if entry.section == section]
        if not entries:
            continue
        title = say(language, f"timeline.{section}", count=len(entries))
        lines += heading(title, width)
        for entry in entries:
            lines += _show_entry(entry, case, language, width)
    return "\n".join(lines[1:]) + "\n" if lines else say(language, "timeline.empty") + "\n"


def _show_entry(entry: Entry, case: Case, language: str, width: int) -> Iterator[str]:
    date = say(language, "timeline.date", date=show_when(entry, case, language))
    yield from wrap(f"{date} {entry.what}", width, "", "    ")
    parts = [entry.id]
    if entry.known is not None:
        known = show_period(entry.known, case.clock.zone, language, style="short")
        parts.append(say(language, "timeline.known", date=known))
    parts += entry.notes
    if entry.cites:
        cites = ", ".join(show_citation(citation, language) for citation in entry.cites)
        parts.append(say(language, "cites", cites=cites))
    yield from wrap("; ".join(parts), width, "    ", "    ")


def show_when(entry: Entry, case: Case, language: str) -> str:
    """When something happened; where the sources differ, every date with its weight."""
    dates = [
        (show_period(period, case.clock.zone, language, style="short"), weight)
        for period, weight in entry.when
    ]
    if len(dates) == 1:
        return dates[0][0]
    shown = [f"{date} ({show_share(weight, None, language)})" for date, weight in dates]
    return say(language, "or").join(shown)


def timeline_records(case: Case, language: str = "en") -> list[dict[str, object]]:
    """The dated record for `--json`: dates as ISO 8601 text and in days of the case's clock."""
    return [
        {
            "section": entry.section, "id": entry.id, "kind": entry.kind, "what": entry.what,
            "when": [_period_record(period, case) | {"weight": weight}
                     for period, weight in entry.when],
            "known": None if entry.known is None else _period_record(entry.known, case),
            "notes": list(entry.notes),
            "cites": [show_citation(citation, language) for citation in entry.cites],
        }
        for entry in timeline(case, language)
    ]  # fmt: skip


def _period_record(period: Period, case: Case) -> dict[str, object]:
    return {
        "date": period.text,
        "start": case.clock.days(period.start),
        "end": case.clock.days(period.end),
    }
