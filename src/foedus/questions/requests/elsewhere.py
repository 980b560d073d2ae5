"""Whether requests are forecast as well outside the tables as in them, by a rule set first.

The rule is that of SDR 6 and 7 (`docs/decisions/sdr-0007-learning-from-both-tables.md`). It was set
for the decision and the fate; of the days it was asked later (SDR 9).
"""

from __future__ import annotations

from math import hypot

from foedus.frozen import dataclass
from foedus.questions.requests.scoring import Contest


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The model's mean scores of one thing, outside the tables and in them: logarithmic, but of the
    days the continuous ranked probability score of log(1 + days).

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


def elsewhere(inside: Contest, outside: Contest) -> tuple[Elsewhere, Elsewhere, Elsewhere]:
    """The decision, the fate of the asker, and the days to the first troops: a contest outside the
    tables beside one in them."""
    here, there = inside.scored[0], outside.scored[0]
    (base,) = (one for one in outside.scored if one.name == "base rate")
    return (
        _beside(
            "decision", there.decision_log, here.decision_log,
            (inside.decision_error, outside.decision_error), (base.behind, base.behind_error),
        ),
        _beside(
            "fate of the asker", there.fate_log, here.fate_log,
            (inside.fate_error, outside.fate_error), (base.fate_behind, base.fate_behind_error),
        ),
        _beside(
            "days to the first troops", there.days_crps, here.days_crps,
            (inside.days_error, outside.days_error), (base.days_behind, base.days_behind_error),
        ),
    )  # fmt: skip


def _beside(
    of: str, outside: float, inside: float, errors: tuple[float, float], lead: tuple[float, float]
) -> Elsewhere:
    return Elsewhere(of, outside, inside, outside - inside, hypot(*errors), *lead)
