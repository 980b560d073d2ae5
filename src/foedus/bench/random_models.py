"""Random models of the size of workload A: two populations or three, some flags, nine kinds.

Each population has people who join it and people who leave it; which form their rates take (of
their own accord, by example, under another crowd, checked by a flag) is drawn by lot, and so are
the rates. The other kinds raise and lower flags, seldom, at rates that depend on the populations.
"""

from __future__ import annotations

from random import Random

KINDS = 9

HEAD = """\
foedus: 1
case: random-{seed}
title: A model drawn by lot
clock: {{start: 2000-01-01, end: 2000-02-29}}
"""


def random_model(seed: int) -> str:
    """The text of a case; the same for the same seed."""
    lot = Random(seed)
    populations = [f"crowd-{place}" for place in range(lot.choice((2, 2, 3)))]
    flags = [f"flag-{place}" for place in range(KINDS - 2 * len(populations))]
    sizes = {name: lot.choice((100, 200, 500, 1000, 2000)) for name in populations}
    writer = _Writer(lot, sizes, flags)
    events: list[str] = []
    for name in populations:
        events += writer.population(name)
    for place, flag in enumerate(flags):
        events += writer.flag(flag, flags[place - 1] if place % 2 else None)
    state = [
        f"  {name}: {{type: count, max: {size}, starts: {size // 10}, because: lot}}"
        for name, size in sizes.items()
    ]
    state += [f"  {flag}: {{type: flag, starts: false}}" for flag in flags]
    parameters = [
        f"  {name}: {{value: {value:.4g}, unit: per day, grade: assumed, because: lot}}"
        for name, value in writer.rates.items()
    ]
    plain = [
        f"  {name}: {{value: {value:.4g}, grade: assumed, because: lot}}"
        for name, value in {**writer.factors, **{f"size-{n}": s for n, s in sizes.items()}}.items()
    ]
    questions = [f"  {name}: {{mean: {name}, at: 2000-02-29}}" for name in populations]
    return "\n".join(
        [HEAD.format(seed=seed), "parameters:", *parameters, *plain, "state:", *state,
         "events:", *events, "questions:", *questions, ""]
    )  # fmt: skip


class _Writer:
    """Writes kinds, and keeps the parameters they use."""

    def __init__(self, lot: Random, sizes: dict[str, int], flags: list[str]) -> None:
        self.lot, self.sizes, self.flags = lot, sizes, flags
        self.rates: dict[str, float] = {}
        self.factors: dict[str, float] = {}

    def _rate(self, low: float, high: float) -> str:
        name = f"rate-{len(self.rates)}"
        self.rates[name] = low * (high / low) ** self.lot.random()
        return name

    def _factor(self) -> str:
        name = f"factor-{len(self.factors)}"
        self.factors[name] = self.lot.uniform(0.2, 2.0)
        return name

    def _share(self) -> str:
        name = self.lot.choice(list(self.sizes))
        return f"{name} / size-{name}"

    def _checked(self) -> str:
        """A factor that depends on a flag, or nothing."""
        if self.lot.random() < 0.5:
            return ""
        return f" * (if {self.lot.choice(self.flags)} then 1 + {self._factor()} else 1)"

    def population(self, name: str) -> list[str]:
        """Those who join a population, and those who leave it."""
        rest = f"(size-{name} - {name})"
        joins = self.lot.choice(
            (
                f"{self._rate(0.05, 0.3)} * {rest} * {name} / size-{name}"
                f" + {self._rate(0.002, 0.02)} * {rest}",
                f"{self._rate(0.02, 0.1)} * {rest}",
                f"{self._rate(0.05, 0.2)} * {rest} * {self._share()}"
                f" + {self._rate(0.002, 0.02)} * {rest}",
            )
        )
        leaves = f"{self._rate(0.03, 0.15)} * {name}"
        return [
            f"  join-{name}:",
            f"    when: {name} < size-{name}",
            f"    rate: {joins}{self._checked()}",
            f"    then: {{{name}: {name} + 1}}",
            f"  leave-{name}:",
            f"    when: {name} > 0",
            f"    rate: {leaves}{self._checked()}",
            f"    then: {{{name}: {name} - 1}}",
        ]

    def flag(self, name: str, other: str | None) -> list[str]:
        """A flag that is raised, and lowered by the kind that raises the next."""
        needs = f"not {name}" if other is None else f"{other} and not {name}"
        also = "" if other is None else f", {other}: false"
        return [
            f"  raise-{name}:",
            f"    when: {needs}",
            f"    rate: {self._rate(0.01, 0.2)} * {self._share()}",
            f"    then: {{{name}: true{also}}}",
        ]
