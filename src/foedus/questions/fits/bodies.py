"""Who is asked, as groups within groups: what kind of body, led by whom, and which one."""

from __future__ import annotations

import re
from functools import cache

from foedus.history.requests import Request
from foedus.questions.fits.tree import Path
from foedus.questions.requests.features import ADDRESSEES, addressee

BODIES = {
    "csto": r"\bCSTO\b",
    "warsaw-pact": r"Warsaw Pact",
    "cis": r"\bCIS\b",
    "nato": r"\bNATO\b",
    "gcc": r"\bGCC\b",
    "arab-league": r"Arab League",
    "ecowas": r"\bECOWAS\b",
    "eccas": r"\bECCAS\b",
    "sadc": r"\bSADC\b",
    "eac": r"East African Community|\bEAC\b",
    "african-union": r"African Union|\bAU\b|\bOAU\b",
    "oecs": r"\bOECS\b",
    "rio-treaty": r"Rio Treaty|\bOAS\b",
    "pacific-forum": r"Pacific Islands Forum",
    "united-nations": r"\bUN\b|United Nations",
}
"""Bodies that have a record of their own, by the first of these that a name holds."""
ALLIANCES = ("csto", "warsaw-pact", "nato", "gcc", "rio-treaty")
"""Those whose members have promised to defend each other; the others are regional."""
UNKNOWN = "unknown"
"""A body of which nothing is known but what kind it is of."""


@cache
def body_of(name: str) -> str:
    """The body that a name says, or else the state (or whoever) that is asked."""
    for body, pattern in BODIES.items():
        if re.search(pattern, name):
            return body
    return addressee(name)


def path_of(request: Request) -> Path:
    """The groups of who was asked, widest first: frame, addressee, body."""
    _, asked, body = path_of_body(body_of(request.body))
    return (request.frame, asked, body)


def path_of_body(body: str) -> Path:
    """The groups of a body by its name: a state stands for itself, asked alone.

    One that is not known is an alliance of its own, led by nobody in particular.
    """
    if body in ADDRESSEES and body not in BODIES:
        return ("bilateral", body, body)
    if body not in BODIES:
        return ("alliance", UNKNOWN, body)
    frame = "alliance" if body in ALLIANCES else "regional"
    return (frame, addressee(body.replace("-", " ")), body)
