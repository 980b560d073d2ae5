"""Why a record that could be weighed has no verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from foedus.frozen import dataclass

Cause = Literal["unasked", "minutes", "refused"]


@dataclass(frozen=True, slots=True)
class NoVerdict:
    """What stands in the place of a verdict where the whole job is done without one.

    The `cause`: nobody wanted it, it takes minutes, or it was refused. The `reason` says it in
    English, without a full stop; where it was refused, in the words of the refusal, of which
    `refusal` and `values` are the `cause` and `values` (see `NoAnswerError`).
    """

    cause: Cause
    reason: str
    refusal: str | None = None
    values: Mapping[str, str | float] = field(default_factory=dict)
