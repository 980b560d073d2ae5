"""Who is asked, as groups within groups: what kind of body, led by whom, and which one."""

from __future__ import annotations

from foedus.history.bodies import ADDRESSEES, BODIES, addressee, body_of
from foedus.history.requests import Request
from foedus.questions.fits.tree import Path

ALLIANCES = ("csto", "warsaw-pact", "nato", "gcc", "rio-treaty")
"""Those whose members have promised to defend each other; the others are regional."""
UNKNOWN = "unknown"
"""A body of which nothing is known but what kind it is of."""


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
