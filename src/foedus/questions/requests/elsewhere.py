"""Whether requests are forecast as well outside the tables as in them, by a rule set first.

The rule is that of SDR 6 and 7 (`docs/decisions/sdr-0007-learning-from-both-tables.md`).
"""

from __future__ import annotations

from math import hypot

from foedus.frozen import dataclass
from foedus.questions.requests.scoring import Contest


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The model's mean logarithmic scores of one thing, outside the tables and in them.

    `worse`, `worse_error`: by how much it is higher outside, and the standard error of that, the
    requests being unrelated; `lead`, `lead_error`: by how much the base rate's score lies above the
    model's outside, on the same requests.
    """

    of: str
    outside: float
    inside: float
    worse: float
    worse_error: float
    lead: float
    lead_error: float

    @property
    def is_as_good(self) -> bool:
        """Whether it is not worse by more than two standard errors, and better than the base rate.

        A loss of less than two standard errors is not noticed.
        """
        return self.worse <= 2.0 * self.worse_error and self.lead > 0.0


def elsewhere(inside: Contest, outside: Contest) -> tuple[Elsewhere, Elsewhere]:
    """The decision and the fate of the asker: a contest outside the tables beside one in them."""
    here, there = inside.scored[0], outside.scored[0]
    (base,) = (one for one in outside.scored if one.name == "base rate")
    return (
        Elsewhere(
            "decision", there.decision_log, here.decision_log,
            there.decision_log - here.decision_log,
            hypot(inside.decision_error, outside.decision_error), base.behind, base.behind_error,
        ),
        Elsewhere(
            "fate of the asker", there.fate_log, here.fate_log, there.fate_log - here.fate_log,
            hypot(inside.fate_error, outside.fate_error), base.fate_behind, base.fate_behind_error,
        ),
    )  # fmt: skip
