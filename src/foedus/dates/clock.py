"""The clock of a case: from the dates people write to the days models count, and back."""

from __future__ import annotations

import math

from foedus.dates.instant import DAY, Instant, days_between, format_instant, later
from foedus.dates.zone import Zone
from foedus.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """The span a case covers, and the zone its dates are written in.

    Time in a model is float64 days since `start`; `end` (excluded) lies at `horizon`. To and from
    days is exact to the microsecond within 65,536 days (179 years) of the start, and to 0.1
    milliseconds for all years that can be written. Raises `ValueError` unless `end` is later.
    """

    start: Instant
    end: Instant
    zone: Zone

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a clock from {self.start} cannot end at {self.end}")

    @property
    def horizon(self) -> float:
        """Length of the clock, days."""
        return days_between(self.start, self.end)

    def days(self, instant: Instant) -> float:
        """Days from the start to an instant; negative before the start."""
        return days_between(self.start, instant)

    def instant(self, days: float) -> Instant:
        """The instant, to the nearest microsecond, so many days after the start.

        Raises `ValueError` for a number that is not finite: "never" has no date.
        """
        if not math.isfinite(days):
            raise ValueError(f"{days} days after the start is no instant")
        # A float64 times the microseconds of a day would be rounded twice; whole numbers are not.
        numerator, denominator = days.as_integer_ratio()
        return later(self.start, (2 * numerator * DAY + denominator) // (2 * denominator))

    def show_days(self, days: float) -> str:
        """The minute, as ISO text in the clock's zone, in which a time of the model falls.

        Raises `ValueError` for a number that is not finite.
        """
        # Float64 days may fall microseconds short of the minute they were computed from.
        nearest = (self.instant(days).microseconds + 500) // 1000 * 1000
        return format_instant(Instant(nearest), self.zone, "minute")
