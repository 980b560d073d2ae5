"""The questions to history that have been worked out, each from data sets in the store."""

from __future__ import annotations

from foedus.history.measures.commitments import COMMITMENTS
from foedus.history.measures.coups import COUPS
from foedus.history.measures.handovers import HANDOVERS
from foedus.history.measures.leaders import LEADERS
from foedus.history.measures.requests import request_measures
from foedus.history.measures.support import SUPPORT
from foedus.history.requests_at_hand import requests_at_hand
from foedus.history.units import Measure

MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        *request_measures(requests_at_hand), *HANDOVERS, *COMMITMENTS, *LEADERS, *SUPPORT, *COUPS
    )
}  # fmt: skip
