"""What a request is known by: each feature, what is believed of it beforehand, and why.

The priors were set by people who knew the table of requests. That makes scores on it kinder than
they would be on others, and is why they are strong: an effect must show itself in several cases
before it moves a forecast far.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import date

from foedus.frozen import dataclass
from foedus.history.bodies import addressee
from foedus.history.requests import Request, possible_days


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it stands when it is made: nothing of what became of it.

    `asked`: the first day on which it may have been made, None where no date is given; `latest`:
    the last such day, where that is another. `covariates` come from data of others, where there are
    any; `spreads`: standard deviations of those that vary over the days it may have been made on.
    """

    case_id: str
    requester: str
    body: str
    frame: str
    threat: str
    genuine: str
    asked: date | None
    leader: str = ""
    latest: date | None = None
    covariates: Mapping[str, float] = field(default_factory=dict)
    spreads: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a feature is believed to do to the log odds, as mean and standard deviation: of being
    granted in part and in full, each against refused, and of the asker's being in office a year
    later."""

    partial: tuple[float, float]
    granted: tuple[float, float]
    in_office: tuple[float, float]
    because: str


def _plain(sd: float, because: str) -> Effect:
    return Effect((0.0, sd), (0.0, sd), (0.0, 0.4), because)


EFFECTS: dict[str, Effect] = {
    "base": Effect(
        (-0.9, 0.5), (0.0, 0.5), (0.8, 0.5),
        "commitments that war invoked were honoured in half of all cases (73 of 146, Berkemeier "
        "and Fuhrmann); partial help is the rarer form; leaders under threat mostly last a year "
        "(190 of 234 at the start of conflict, Archigos and UCDP)",
    ),
    "frame": _plain(0.2, "whether an alliance, a region or one state is asked: no direction known"),
    "threat": _plain(0.2, "what the asker faces: no direction known"),
    "addressee": _plain(0.2, "who is asked: the record of each learns from the others"),
    "genuine": _plain(0.3, "whether it was the government's own request"),
    "genuine:contested": Effect(
        (-0.6, 0.3), (0.0, 0.3), (0.0, 0.4),
        "a request that the helper may have ordered is met by an operation or by nothing",
    ),
    "external": Effect(
        (0.2, 0.4), (-0.6, 0.4), (0.7, 0.4),
        "help against another state means war with it, and is sooner given in arms than in troops; "
        "and an enemy abroad is no rival for the office",
    ),
    "has-lost-office": Effect(
        (0.0, 0.5), (-1.0, 0.5), (-2.0, 1.0),
        "whoever no longer governs has little to offer, and must be put back first",
    ),
    "interim": Effect(
        (0.0, 0.4), (0.0, 0.4), (-1.0, 0.7), "acting and interim leaders are there for a while only"
    ),
    "outside": Effect(
        (0.0, 0.5), (-0.7, 0.5), (0.0, 0.4), "nothing binds those who are asked as partners only"
    ),
    "pact": Effect(
        (0.0, 0.3), (0.3, 0.3), (0.0, 0.3), "a defence pact with who is asked (atop-dyad-years)"
    ),
    "tenure": Effect(
        (0.0, 0.3), (0.0, 0.3), (0.0, 0.3), "logarithm of years in office (archigos)"
    ),
    "polyarchy": Effect(
        (0.0, 0.3), (0.0, 0.3), (-0.2, 0.3),
        "electoral democracy in the year before (vdem): elections end tenures",
    ),
}  # fmt: skip
COVARIATES = ("pact", "tenure", "polyarchy")

_LOST = re.compile(r"\b(ousted|captive|exiled?|fled|deposed|overthrown|embassy)\b", re.IGNORECASE)
_INTERIM = re.compile(r"\b(acting|interim|caretaker|transition(al)?|provisional)\b", re.IGNORECASE)
_OUTSIDE = re.compile(
    r"\bnon-?\s?(ally|member)|\bnot (an? )?(ally|member)|\bpartner\b", re.IGNORECASE
)


def features(request: Asked) -> dict[str, float]:
    """The features of a request that differ from nought. A covariate that is not known is absent.

    A word that the table does not know (a frame, a threat) is a class of its own, with nothing
    learned of it: the forecast is then that of the wider class.
    """
    who = f"{request.requester} {request.leader}"
    marks = {
        "external": request.threat in ("invasion", "border"),
        "has-lost-office": _LOST.search(who) is not None,
        "interim": _INTERIM.search(who) is not None,
        "outside": _OUTSIDE.search(request.body) is not None,
    }
    return {
        "base": 1.0,
        f"frame:{request.frame}": 1.0,
        f"threat:{request.threat}": 1.0,
        f"genuine:{request.genuine}": 1.0,
        f"addressee:{addressee(request.body)}": 1.0,
        **{name: 1.0 for name, holds in marks.items() if holds},
        **request.covariates,
    }


def effect(name: str) -> Effect:
    """What is believed of a feature: of itself, or of its kind."""
    return EFFECTS.get(name) or EFFECTS[name.partition(":")[0]]


def as_asked(request: Request) -> Asked:
    """A request of the table as it stood when it was made."""
    first, last = possible_days(request.asked, request.asked_precision)
    return Asked(
        request.case_id, request.requester, request.body, request.frame, request.threat,
        request.genuine, first, request.leader, None if last == first else last,
    )  # fmt: skip
