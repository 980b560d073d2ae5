"""`foedus show CASE`: the case on one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foedus.case.case import Alliance, Case, Office
from foedus.report.language.catalogue import say
from foedus.report.language.numbers import show_days, show_period, show_share
from foedus.report.layout import display_width, heading, item, wrap
from foedus.report.phrases.known import known_sentence
from foedus.report.phrases.names import (
    component_name,
    label_name,
    plain_name,
    question_name,
    reading_name,
)


def show_overview(case: Case, language: str = "en", width: int = 80) -> str:
    """Who is in the case, what moves, what is known and asked, and where to read more."""
    lines = wrap(case.title.get(language), width)
    lines.append("=" * max(display_width(line) for line in lines))
    if case.doc:
        lines += [*wrap(case.doc.get(language), width), ""]
    start, end = (show_days(case.clock, days, language) for days in (0.0, case.clock.horizon))
    period = say(language, "overview.period", start=start, end=end, zone=str(case.clock.zone))
    lines += wrap(period, width)
    sections = (
        ("who", _who(case, language)),
        ("what", _what(case, language)),
        ("known", _known(case, language)),
        ("rivals", _rivals(case, language)),
        ("asked", [question_name(case, name, language) for name in case.questions]),
        ("what-ifs", _what_ifs(case, language)),
        ("clues", [_label(clue.label.get(language), clue.name) for clue in case.clues]),
    )
    for name, sentences in sections:
        lines += _section(say(language, f"overview.{name}"), list(sentences), width)
    lines += ["", *wrap(say(language, "overview.more", case=case.source.in_commands), width)]
    return "\n".join(lines) + "\n"


def _section(title: str, sentences: Sequence[str], width: int) -> Iterator[str]:
    if sentences:
        yield from heading(title, width)
    for sentence in sentences:
        yield from item(sentence, width)


def _label(label: str, name: str) -> str:
    return label or plain_name(name)


def _who(case: Case, language: str) -> Iterator[str]:
    for alliance in case.alliances.values():
        yield _alliance(alliance, case, language)
    for office in case.offices.values():
        yield _office(office, case, language)


def _alliance(alliance: Alliance, case: Case, language: str) -> str:
    members = ", ".join(label_name(case, member.actor, language) for member in alliance.members)
    name = label_name(case, alliance.name, language)
    return say(language, "overview.alliance", alliance=name, members=members)


def _office(office: Office, case: Case, language: str) -> str:
    holders = [
        say(language, "overview.tenure", holder=label_name(case, tenure.by, language),
            date=show_period(tenure.start, case.clock.zone, language, style="short"))
        for tenure in office.tenures
    ]  # fmt: skip
    name = label_name(case, office.name, language)
    shown = ", ".join(holders) or say(language, "label.vacant")
    return say(language, "overview.office", office=name, holders=shown)


def _what(case: Case, language: str) -> Iterator[str]:
    yield ", ".join((
        say(language, "overview.parameters", count=len(case.parameters)),
        say(language, "overview.variables", count=len(case.state)),
        say(language, "overview.kinds", count=len(case.events)),
    ))  # fmt: skip
    for use in case.uses:
        title = _label(use.title.get(language), use.mechanism)
        yield say(language, "overview.mechanism", title=title, prefix=use.prefix)


def _known(case: Case, language: str) -> Iterator[str]:
    if case.evidence or case.claims:
        yield known_sentence(case, language)
    if case.outcomes:
        yield say(language, "timeline.outcome", count=len(case.outcomes))
    if case.statements:
        yield say(language, "overview.statements", count=len(case.statements))


def _rivals(case: Case, language: str) -> Iterator[str]:
    priors = {belief.atom.name: belief.atom.prior for belief in case.atoms}
    for reading in case.explanations.values():
        share = sum(priors.get(atom, 0.0) for atom in reading.explanation.atoms)
        parts: dict[str, None] = {}
        for belief in case.atoms:
            if belief.atom.name in reading.explanation.atoms:
                parts.update(dict.fromkeys(sorted(belief.atom.components)))
        names = ", ".join(component_name(case, part, language) for part in parts)
        key = "overview.rival" if names else "overview.rival-plain"
        yield say(
            language, key, name=reading_name(case, reading.explanation.name, language),
            share=show_share(share, None, language), components=names,
        )  # fmt: skip


def _what_ifs(case: Case, language: str) -> Iterator[str]:
    """Each with the name by which `foedus whatif` asks it."""
    for one in case.what_ifs.values():
        label = one.label.get(language)
        yield say(language, "overview.what-if", label=label, name=one.name) if label else one.name


def overview_record(case: Case, language: str = "en") -> dict[str, object]:
    """The overview for `--json`."""
    return {
        "case": case.name, "title": case.title.get(language), "doc": case.doc.get(language),
        "start": case.clock.show_days(0.0), "end": case.clock.show_days(case.clock.horizon),
        "zone": str(case.clock.zone), "actors": list(case.actors), "offices": list(case.offices),
        "alliances": {name: [member.actor for member in alliance.members]
                      for name, alliance in case.alliances.items()},
        "mechanisms": {use.prefix: use.mechanism for use in case.uses},
        "parameters": len(case.parameters), "state": len(case.state), "events": len(case.events),
        "evidence": len(case.evidence), "claims": len(case.claims),
        "statements": len(case.statements), "outcomes": len(case.outcomes),
        "explanations": list(case.explanations), "questions": list(case.questions),
        "what_ifs": list(case.what_ifs), "clues": [clue.name for clue in case.clues],
    }  # fmt: skip
