"""The text of a new case: a request to an alliance, on the defaults of the shipped mechanism.

What only the author can decide stands in it as a comment that begins with `DECIDE`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

DECIDE = "# decide: "

HEAD = """\
foedus: 1
case: {name}
title: {title}
clock: {{start: {start}, end: {end}{zone}}}
# decide: clock - the time that is simulated; what happened earlier is background
"""

WORLD = """\
actors:
  # decide: actors - who they are; give them their own names here and below
  home: {kind: state, label: The state in trouble}
  leader: {kind: person, of: home, label: Its leader}
  patron: {kind: state, label: The leading member}
  ally: {kind: state, label: Another member}
"""

INSTITUTIONS = """
offices:
  # decide: presidency - since when the leader has held it
  presidency: {{of: home, held: [{{by: leader, from: {since}}}]}}

alliances:
  # decide: pact - its members, since when, what they promise, how it decides
  pact: {{members: [home, patron, ally], lead: patron, since: {since}, obligations: [defense]}}

uses:
  # decide: aid - its parameters stand at defaults: `foedus show CASE --assumptions` lists them
  # decide: aid.threat - how much of the country is out of hand, from 0 to 1; drawn if not bound
  - {{mechanism: collective-aid, as: aid, with: {{alliance: pact, asker: home, asks: presidency}}}}
"""

SINCE = 1990
"""The year since which leader and alliance of a new case are there, unless it plays earlier."""

QUESTIONS = """
questions:
  asked: {{label: "Does the leader ask for troops?", probability: happened(aid.ask), by: {end}}}
  granted:
    label: "If they are asked for, are they granted?"
    probability: aid.answer == granted
    by: {end}
    given: happened(aid.ask)
  wait: {{label: "How long do they take?", time-until: aid.total > 0, from: aid.asked, by: {end}}}
  troops: {{label: "How many come at most?", maximum: aid.total}}
"""


def case_text(
    name: str, start: str, end: str, zone: str = "", facts: dict[str, str] | None = None
) -> str:
    """A case file. `facts` are the sections that come from a table of facts, by name."""
    more = facts or {}
    since = min(SINCE, int(start[:4]) - 10)
    shown = f', zone: "{zone}"' if zone else ""
    title = quoted(name.replace("-", " ").replace("_", " ").capitalize())
    parts = [
        HEAD.format(name=name, title=title.strip('"'), start=start, end=end, zone=shown),
        more.get("sources", ""),
        "\n" + WORLD + more.get("actors", ""),
        INSTITUTIONS.format(since=since),
        *(more.get(section, "") for section in ("background", "components", "evidence", "claims")),
        QUESTIONS.format(end=end),
    ]
    return "".join(parts)


def decisions(text: str) -> list[tuple[int, str]]:
    """What the author has to decide: the line of a text, and the question."""
    return [
        (number, line.partition(DECIDE)[2].strip())
        for number, line in enumerate(text.splitlines(), 1)
        if DECIDE in line
    ]


def quoted(text: str) -> str:
    """A text as YAML in double quotes, on one line, with every unusual character escaped."""
    flat = json.dumps(" ".join(text.split()), ensure_ascii=False)
    return re.sub(r"[^\x20-\x7e\u00a1-\u1fff\u2010-\u2027\u2030-\ud7ff]", _escape, flat)


def _escape(match: re.Match[str]) -> str:
    return f"\\U{ord(match[0]):08x}"


def listed(items: Iterable[str]) -> str:
    """Names as a YAML list on one line."""
    return "[" + ", ".join(items) + "]"
