"""What the sampler needs to know of a record: steps, and a log weight at each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from foedus.frozen import dataclass
from foedus.infer.particles.particles import Particles
from foedus.infer.particles.population import Population, Truths
from foedus.infer.particles.weights import Numbers, Places


@dataclass(frozen=True, slots=True)
class Trust:
    """An origin that items hang on: it is trusted where its score lies above `limit`."""

    coordinate: int
    limit: float

    def is_withheld(self, particles: Particles) -> NDArray[np.bool_]:
        """In which particles the origin is not trusted, (particle,)."""
        return particles.scores[:, self.coordinate] <= self.limit


@dataclass(frozen=True, slots=True)
class Step:
    """One more thing that becomes known.

    `trust` is what it hangs on, if on anything. `frees` are the streams of noise that it takes out
    of use: once a firing is known, the clock that might have rung instead is idle. `revives` says
    whether it may let live what was ruled out before it.
    """

    name: str
    trust: Trust | None = None
    frees: tuple[int, ...] = ()
    revives: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """Scores that change no course, or rarely, but some parts of the weight: see `apart`.

    Numbers of coordinates, and of accounts of `Target.log_parts` that depend on them; no two blocks
    of a step share either.
    """

    coordinates: Places
    accounts: Places


@dataclass(frozen=True, slots=True)
class Noise:
    """Which streams of noise there are: `epochs` says in which stretch of time each is used.

    Streams of one epoch have nothing to do with what happened before it; -1 stands for streams that
    may be used at any time (stream,). `kinds` numbers what the noise is of (stream,): one event
    kind has a stream in each epoch.
    """

    epochs: Places
    kinds: Places

    @property
    def count(self) -> int:
        """How many streams."""
        return self.epochs.size


class Target(Protocol):
    """A record that becomes known step by step, as weights on particles."""

    @property
    def atoms(self) -> Sequence[float]:
        """The prior of each atom; they sum to one."""

    @property
    def groups(self) -> Sequence[int]:
        """The number of what each atom belongs to: an explanation may be true in several ways."""

    @property
    def coordinates(self) -> int:
        """How many uncertain numbers a particle has."""

    @property
    def noise(self) -> Noise:
        """The streams of noise."""

    def used(self, known: int) -> NDArray[np.bool_]:
        """On which streams the weight may depend when that many steps are known (stream,)."""

    @property
    def steps(self) -> Sequence[Step]:
        """What becomes known, in order."""

    def look_at(self, population: Population, known: int) -> None:
        """Work out for all particles at once what `log_weights` will need; may do nothing."""

    def log_weights(self, atom: int, particles: Particles, known: int) -> Numbers:
        """log p(what the first `known` steps say | particle, atom), up to its own proposal.

        Steps that the particle does not trust are left out. A pure function of its arguments:
        (particle,). With `known` 0 all are 0.
        """

    def blocks(self, known: int) -> Sequence[Block]:
        """Scores that change no course when that many steps are known; none if none are known."""

    def log_parts(self, atom: int, particles: Particles, known: int) -> Numbers:
        """The log weight in parts (particle, account), which sum to it; for targets with blocks."""

    def marks(self, atom: int, particles: Particles, known: int) -> Numbers:
        """Numbers that differ where courses do (particle, mark); for targets with blocks."""

    def merge(
        self, kept: Population, pair: tuple[Population, Population], taken: Truths, known: int
    ) -> None:
        """Learn that `kept` are the first of a pair with the parts of the second where `taken`.

        (particle, account). All three have the same courses; for targets with blocks, which may
        spare themselves a run by it.
        """
