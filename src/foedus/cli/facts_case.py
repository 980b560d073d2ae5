"""A table of dated facts as sections of a case: what is certain, and what is to decide.

Facts from before the clock become background. What somebody says becomes a claim. What happened
within the clock becomes evidence if the row names the event of the model; otherwise it stands there
as a comment, since only the author knows what it is in the model.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from foedus.case.shapes import RESERVED
from foedus.cli.facts import Fact, FactTable
from foedus.cli.new_case import DECIDE, listed, quoted
from foedus.dates import Instant, Period, format_instant, parse_date
from foedus.dates.instant import DAY

FILE = "facts.csv"
TAKEN = ("home", "leader", "patron", "ally", "presidency", "pact", "aid")
"""Names that the case has already."""


@dataclass(slots=True)
class _Names:
    """Names given so far: each thing has one, and no two share it."""

    given: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, kind: str, text: str, otherwise: str) -> str:
        """The name of a thing, made from a text about it."""
        key = kind, text.casefold()
        if key not in self.given:
            plain = _slug(text) or otherwise
            name, number = plain, 1
            while name in (*TAKEN, *RESERVED, "null", FILE) or name in self.given.values():
                number += 1
                name = f"{plain}-{number}"
            self.given[key] = name
        return self.given[key]


EVENTS = (
    "(aid.ask, aid.decide, aid.deploy[patron] and others:\n# `foedus show CASE --model` has them), "
    "and its kind of event a line under `record`:"
)
"""Which events there are, and what an item needs beside its own line."""


def clock_of(table: FactTable) -> tuple[str, str]:
    """The first and the last day to simulate: the year that begins with the fullest month."""
    months = Counter(format_instant(fact.at.start, table.zone, "month") for fact in table.facts)
    start = parse_date(f"{months.most_common(1)[0][0]}-01", table.zone).start
    last = Instant(start.microseconds + 364 * DAY)
    return format_instant(start, table.zone, "day"), format_instant(last, table.zone, "day")


def sections(
    table: FactTable, clock: tuple[str, str], title: str, events: Iterable[str]
) -> dict[str, str]:
    """The sections of a case that follow from the facts, each as text, with what is to decide."""
    names = _Names()
    start, end = parse_date(clock[0], table.zone).start, parse_date(clock[1], table.zone).end
    before = [fact for fact in table.facts if fact.at.end <= start]
    later = [fact for fact in table.facts if fact.at.end > start]
    claims = [fact for fact in later if fact.claim_by]
    within = [f for f in later if not f.claim_by and f.at.start >= start and f.at.end <= end]
    rest = [f for f in later if not f.claim_by and f not in within]
    evidence = [fact for fact in within if fact.model_event in events]
    notes = [fact for fact in within if fact.model_event not in events]
    sources = _sources(table, title, names)
    return {
        "actors": _actors(table, names),
        "background": _section("background", [_background(f, names) for f in before]),
        "components": _components(claims),
        "evidence": _evidence(evidence, notes, rest, clock, names),
        "claims": _section("claims", [_claim(f, names) for f in claims]),
        "sources": sources,
    }


def _sources(table: FactTable, title: str, names: _Names) -> str:
    lines = [f"  facts: {{kind: coding, title: {quoted(title)}, file: {FILE}}}"]
    addresses = dict.fromkeys(a for fact in table.facts for a in fact.sources if _is_address(a))
    for address in addresses:
        host = urlsplit(address).netloc.removeprefix("www.")
        name = names.of("source", address, "page")
        lines.append(f"  {name}: {{kind: web, title: {quoted(host)}, url: {quoted(address)}}}")
    return "\nsources:\n" + "\n".join(lines) + "\n"


def _is_address(text: str) -> bool:
    return bool(re.fullmatch(r"https?://[^\s/]+\S*", text))


def _actors(table: FactTable, names: _Names) -> str:
    found = dict.fromkeys(name for fact in table.facts for name in fact.actors)
    found |= dict.fromkeys(speaker for fact in table.facts for speaker in _speakers(fact)[:1])
    if not found:
        return ""
    lines = [f"  {DECIDE}kinds - which of these are persons, organizations, agencies or movements"]
    written: set[str] = set()
    for text in found:
        name = names.of("actor", text, "actor")
        if name not in written:
            written.add(name)
            is_state = re.fullmatch("[A-Z]{2}", text)
            kind = f"state, iso: {text}" if is_state else f"group, label: {quoted(text)}"
            lines.append(f"  {name}: {{kind: {kind}}}")
    return "\n".join(lines) + "\n"


def _speakers(fact: Fact) -> list[str]:
    return [part.strip() for part in re.split(r"\s*[;|]\s*", fact.claim_by) if part.strip()]


def _background(fact: Fact, names: _Names) -> list[str]:
    lines = []
    if _has_number(fact):
        lines.append(f"  {DECIDE}{fact.id} - whether {quoted(fact.value)} sets a start or a prior")
    said = [f"said by {fact.claim_by}"] if fact.claim_by else []
    note = _note(fact, said)
    lines.append(
        f"  - {{id: {fact.id}, happened: {quoted(fact.event)}, at: {_date(fact.at)}, "
        f"cites: {_cites(fact, names)}{note}}}"
    )
    return lines


def _components(claims: Iterable[Fact]) -> str:
    lines = [f"  claimed-{fact.id}: {{label: {quoted(fact.event)}}}" for fact in claims]
    comment = f"  {DECIDE}components - which claims are about parts of the story, and which are one"
    return "\ncomponents:\n" + "\n".join([comment, *lines]) + "\n" if lines else ""


def _claim(fact: Fact, names: _Names) -> list[str]:
    lines = []
    if _has_number(fact):
        lines.append(
            f"  {DECIDE}{fact.id} - what {quoted(fact.value)} measures: then `value:` and `is:`"
        )
    first, *others = _speakers(fact)
    said = [f"also said by {', '.join(others)}"] if others else []
    known = f", known: {_date(fact.known)}" if fact.known is not None else ""
    lines.append(
        f"  - {{id: {fact.id}, by: {names.of('actor', first, 'actor')}, says: claimed-{fact.id}, "
        f"at: {_date(fact.at)}{known}, cites: {_cites(fact, names)}{_note(fact, said)}}}"
    )
    return lines


def _evidence(
    evidence: list[Fact], notes: list[Fact], rest: list[Fact], clock: tuple[str, str], names: _Names
) -> str:
    """The evidence, how complete its record is, and as comments what has no event yet."""
    text = _section("evidence", [[_item(fact, fact.model_event, names)] for fact in evidence])
    if evidence:
        kinds = dict.fromkeys(fact.model_event.partition("[")[0] for fact in evidence)
        records = [
            [f"  {DECIDE}{kind} - how complete its record is",
             f"  {kind}: {{complete: {clock[0]}/{clock[1]}}}"]
            for kind in kinds
        ]  # fmt: skip
        text += _section("record", records)
    for title, facts in (("evidence", notes), ("outcomes", rest)):
        if facts:
            text += f"\n# {title}, once each has its event of the model {EVENTS}\n"
            for fact in facts:
                value = f", and what {quoted(fact.value)} measures" if _has_number(fact) else ""
                text += f"{DECIDE}{fact.id} - which event of the model this is{value}: "
                text += f"{quoted(fact.event)}\n#{_item(fact, '...', names)}\n"
    return text


def _has_number(fact: Fact) -> bool:
    return any(character.isdigit() for character in fact.value)


def _item(fact: Fact, event: str, names: _Names) -> str:
    known = f", known: {_date(fact.known)}" if fact.known is not None else ""
    return (
        f"  - {{id: {fact.id}, happened: {quoted(event)}, at: {_date(fact.at)}{known}, "
        f"cites: {_cites(fact, names)}{_note(fact, [])}}}"
    )


def _section(name: str, items: list[list[str]]) -> str:
    lines = [line for item in items for line in item]
    return f"\n{name}:\n" + "\n".join(lines) + "\n" if lines else ""


def _cites(fact: Fact, names: _Names) -> str:
    pages = [
        names.of("source", address, "page") for address in fact.sources if _is_address(address)
    ]
    return listed([f"facts#{fact.id}", *pages])


def _note(fact: Fact, said: list[str]) -> str:
    words = [*said, *([fact.note] if fact.note else [])]
    if fact.status and fact.status.lower() not in ("verified", "yes"):
        words.append(f"status: {fact.status}")
    return f", note: {quoted('; '.join(words))}" if words else ""


def _date(period: Period | None) -> str:
    return quoted(period.text) if period is not None else ""


def _slug(text: str) -> str:
    """A text as a name: an address by its host, Latin letters without their marks."""
    shown = urlsplit(text).netloc.removeprefix("www.") if _is_address(text) else text
    letters = unicodedata.normalize("NFKD", shown).encode("ascii", "ignore").decode()
    words = re.findall("[a-z0-9]+", letters.lower())
    name = ""
    for word in words:
        if len(name) + len(word) > 32 and name:
            break
        name = f"{name}-{word}" if name else word
    return name[:60] if name[:1].isalpha() else ""
