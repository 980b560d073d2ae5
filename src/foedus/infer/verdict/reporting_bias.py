"""How much likelier would favourable evidence have to be reported before the verdict falls?

Those who collect evidence may pass on what fits and leave the rest. Suppose each item that favours
the leading explanation over a rival had been up to `gamma` times likelier to be reported for that
reason alone: its weight of evidence could then be as much as log gamma too high [Lopez2026]_.

References
----------
.. [Lopez2026] Lopez, Bowers, Gajardo Cooper (2026), Two fully specified Bayes factors for
   hypothesis testing and sensitivity analysis in process tracing.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf


def flip_factor(weights: Sequence[float], log_odds: float) -> float | None:
    """The least gamma >= 1 for which sum(min(w, log gamma)) over favourable items is `log_odds`.

    `weights` are the items' log likelihood ratios for the leader against a rival, `log_odds` its
    total posterior log odds against it. None where no factor is enough: the prior alone carries it;
    infinite where a piece that rules the rival out does.
    """
    if log_odds <= 0.0:
        return 1.0
    favourable = sorted(weight for weight in weights if weight > 0.0)
    done = 0.0
    for place, weight in enumerate(favourable):
        left = len(favourable) - place
        cut = (log_odds - done) / left
        if cut <= weight:
            return exp(cut) if cut < 700.0 else inf
        done += weight
    return None
