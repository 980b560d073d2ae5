"""The time of cases: exact instants, dates as written, zones, durations and the clock.

Everything is whole microseconds until a `Clock` turns it into the float64 days models count in.
"""

from foedus.dates.clock import Clock
from foedus.dates.duration import parse_duration
from foedus.dates.error import DateError, ReversedError
from foedus.dates.instant import Instant, PointPrecision, Precision, days_between, format_instant
from foedus.dates.period import Period, parse_date
from foedus.dates.zone import UTC, Zone, parse_zone

__all__ = [
    "UTC",
    "Clock",
    "DateError",
    "Instant",
    "Period",
    "PointPrecision",
    "Precision",
    "ReversedError",
    "Zone",
    "days_between",
    "format_instant",
    "parse_date",
    "parse_duration",
    "parse_zone",
]
