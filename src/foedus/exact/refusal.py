"""Why a model, or a question put to it, has no exact answer."""

from __future__ import annotations

from dataclasses import field

from foedus.frozen import dataclass
from foedus.text.source import Span


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason in one clause, in the case's own words; what to do instead; the line it is about.

    Returned where a caller has another way to go on (particles in the place of the exact filter).
    """

    reason: str
    cure: str
    span: Span | None = field(default=None, compare=False, repr=False)


class NotExactError(Exception):
    """The same as an exception, for callers that asked for the exact answer and nothing else."""

    def __init__(self, reason: str, cure: str = "", span: Span | None = None) -> None:
        super().__init__(reason, cure, span)
        self.refusal = Refusal(reason, cure, span)

    def __str__(self) -> str:
        return self.refusal.reason
