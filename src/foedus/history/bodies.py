"""Who is asked for help: one name for one body, however the table writes it.

`CSTO Art. 4`, `Russia + CSTO` and `CSTO` are calls on the same body.
"""

from __future__ import annotations

import re
from functools import cache

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

ADDRESSEES = {
    "russia": r"\bUSSR\b|\bRussia|\bCIS\b|\bCSTO\b|Warsaw Pact|Union State|Soviet",
    "united-states": r"\bUSA?\b|\bU\.S\.|United States|\bOAS\b|Rio Treaty",
    "france": r"\bFrance\b",
    "united-kingdom": r"\bUK\b|\bBritain\b|United Kingdom",
    "nato": r"\bNATO\b|\bWEU\b|\bEU\b|European Union",
    "arab": r"\bArab\b|\bGCC\b|Gulf|\bSaudi",
    "west-africa": r"\bECOWAS\b|\bECCAS\b|\bNigeria\b|\bSenegal\b",
    "southern-africa": r"\bSADC\b|South Africa|\bEAC\b|East African",
    "world": r"\bUN\b|United Nations|\bOAU\b|\bAU\b|African Union|\bCSCE\b|\bOSCE\b",
    "pacific": r"\bAustralia\b|New Zealand|\bPacific\b",
    "india": r"\bIndia\b",
}
"""Who is asked, by the first of these that the name of the body holds; others are `OTHER`."""
OTHER = "other"


@cache
def body_of(name: str) -> str:
    """The body that a name says, or else the state (or whoever) that is asked."""
    for body, pattern in BODIES.items():
        if re.search(pattern, name):
            return body
    return addressee(name)


@cache
def addressee(body: str) -> str:
    """Who is asked, as one of `ADDRESSEES` or `OTHER`: whoever is named first."""
    found = [(place.start(), name) for name, pattern in ADDRESSEES.items()
             if (place := re.search(pattern, body, re.IGNORECASE))]  # fmt: skip
    return min(found)[1] if found else OTHER
