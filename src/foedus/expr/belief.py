"""What every prior can be asked, and what numbers that define none are told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from math import inf, isfinite

from foedus.expr.scales import show_number


class LawError(ValueError):
    """Numbers that define no law: `message` says why, `help` what to write instead.

    `argument` is the position of the faulty number, or None where the fault lies in them together.
    """

    def __init__(self, message: str, help: str, argument: int | None = None) -> None:  # noqa: A002
        super().__init__(message)
        self.message = message
        self.help = help
        self.argument = argument


class Prior(ABC):
    """A law of one number: `Fixed`, `Uniform`, `LogNormal` and the others below."""

    __slots__ = ()

    @property
    @abstractmethod
    def mean(self) -> float:
        """The mean."""

    @property
    def median(self) -> float:
        """The median."""
        return self.quantile(0.5)

    @property
    def support(self) -> tuple[float, float]:
        """The least and the greatest value it can have, infinite where there is no bound."""
        return self._quantile(0.0), self._quantile(1.0)

    def quantile(self, p: float) -> float:
        """The value below which the number lies with probability p; `ValueError` outside 0..1."""
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"a probability lies within 0..1, not {p}")
        return self._quantile(p)

    def interval(self, level: float = 0.8) -> tuple[float, float]:
        """The central interval that holds the number with probability `level`."""
        return self.quantile((1.0 - level) / 2.0), self.quantile((1.0 + level) / 2.0)

    def show(self) -> str:
        """The law as it is written in a case."""
        name, *numbers = self._written()
        return f"{name}({', '.join(show_number(float(number)) for number in numbers)})"

    def scaled(self, factor: float) -> Prior:
        """The law of the number times a positive factor: the same belief in another unit.

        A law of shares (`Beta`, `LogitNormal`, `Flag`) has no unit: any factor but 1 is a
        `ValueError`.
        """
        if not 0.0 < factor < inf:
            raise ValueError(f"a change of units is a positive factor, not {factor}")
        return self if factor == 1.0 else self._scaled(factor)

    def spread(self, factor: float, is_share: bool = False) -> Prior:
        """The law with its spread multiplied by a positive factor, to test what depends on it.

        The centre stays. The scale is the number's natural one: log odds for shares, logarithmic
        for numbers that cannot be negative, else linear. Bounds at 0 (and at 1, of a share) stay.
        `Beta` and `Gamma` become what 1/factor^2 times as many observations would make them.
        `Fixed` and `Flag` have no spread and stay as they are.
        """
        if not 0.0 < factor < inf:
            raise ValueError(f"a spread is multiplied by a positive factor, not {factor}")
        return self if factor == 1.0 else self._spread(factor, is_share)

    @abstractmethod
    def _quantile(self, p: float) -> float: ...

    @abstractmethod
    def _written(self) -> tuple[str | float, ...]: ...

    def _scaled(self, factor: float) -> Prior:
        raise ValueError(f"`{self.show()}` is a law of shares, which have no unit")

    def _spread(self, factor: float, is_share: bool) -> Prior:
        return self


def need_finite(*numbers: float) -> None:
    """Raise `LawError` unless all are finite."""
    for position, number in enumerate(numbers):
        if not isfinite(number):
            raise LawError("the number is not finite", "give a finite number", position)


def need_positive(what: str, *numbers: float, first: int = 0) -> None:
    """Raise `LawError` unless all are positive; `first` is the position of the first."""
    for position, number in enumerate(numbers, first):
        if not number > 0.0:
            raise LawError(f"the {what} is not positive", "give a positive number", position)


def need_ascending(low: float, high: float, name: str) -> None:
    """Raise `LawError` unless low < high."""
    if low > high:
        pair = f"{show_number(high)}, {show_number(low)}"
        raise LawError("the bounds are reversed", f"write `{name}({pair})`")
    if low == high:
        raise LawError(
            "the bounds are equal", f"for a known number write `value: {show_number(low)}`"
        )
