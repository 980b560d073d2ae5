"""Particles of all atoms side by side: the atom is one more thing that is not known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field, replace

import numpy as np
from numpy.typing import NDArray

from foedus.frozen import dataclass
from foedus.infer.particles.particles import (
    Keys,
    Particles,
    Scores,
    draw_keys,
    draw_particles,
    joined,
)
from foedus.infer.particles.weights import Numbers, Places

Truths = NDArray[np.bool_]


@dataclass(slots=True)
class Worth:
    """What scores are worth, remembered: `numbers` (particle, cell), or None if not worked out.

    Where only some scores were moved, `before` are those from which they came, with their numbers.
    """

    numbers: Numbers | None = None
    before: tuple[Scores, Numbers] | None = None

    def take(self, places: Places) -> Worth:
        """Of those at some places."""
        return Worth(None if self.numbers is None else self.numbers[places])


@dataclass(frozen=True, slots=True)
class Population:
    """Particles, and the atom that each is of (particle,)."""

    particles: Particles
    atoms: Places
    worth: Worth = field(default_factory=lambda: Worth(), compare=False, repr=False)
    apart: dict[int, tuple[Places, Particles]] = field(
        default_factory=dict, compare=False, repr=False
    )
    """The particles of each atom, and their places among all, once they were asked for."""

    @property
    def size(self) -> int:
        """How many there are."""
        return self.atoms.size

    def of(self, atom: int) -> tuple[Places, Particles]:
        """The particles of an atom, and their places among all."""
        if atom not in self.apart:
            places: Places = np.flatnonzero(self.atoms == atom)
            self.apart[atom] = places, self.only(places)
        return self.apart[atom]

    def only(self, places: Places) -> Particles:
        """The particles at some ascending places; the very same ones if these are all."""
        return self.particles if places.size == self.size else self.particles.take(places)

    def each(self, weight: Callable[[int, Particles], Numbers]) -> Numbers:
        """A number for each particle, worked out atom by atom; (particle,) or (particle, ...)."""
        found: Numbers | None = None
        for atom in np.unique(self.atoms).tolist():
            places, particles = self.of(atom)
            part = weight(atom, particles)
            if found is None:
                found = np.zeros((self.size, *part.shape[1:]))
            found[places] = part
        return np.zeros(0) if found is None else found

    def take(self, places: Places) -> Population:
        """Those at some places."""
        return Population(self.particles.take(places), self.atoms[places], self.worth.take(places))

    def with_scores(self, scores: Scores) -> Population:
        """The same noise with other numbers."""
        numbers = self.worth.numbers
        before = None if numbers is None else (self.particles.scores, numbers)
        particles = replace(self.particles, scores=scores, memory={})
        return Population(particles, self.atoms, Worth(before=before))

    def with_fresh(self, touched: Truths, random: np.random.Generator) -> Population:
        """The same numbers with fresh keys where touched (particle or 1, stream)."""
        touched = np.broadcast_to(touched, self.particles.keys.shape[:2])
        keys: Keys = self.particles.keys.copy()
        keys[touched] = draw_keys((int(np.sum(touched)),), random)
        return Population(replace(self.particles, keys=keys, memory={}), self.atoms, self.worth)

    def with_atoms(self, atoms: Places) -> Population:
        """The same numbers and noise in other atoms."""
        return Population(replace(self.particles, memory={}), atoms, self.worth)


def of_one_atom(particles: Particles, atom: int) -> Population:
    """Particles that are all of one atom."""
    return Population(particles, np.full(particles.size, atom, np.int64))


def chosen(accepted: Truths, new: Population, old: Population) -> Population:
    """The new particle where accepted, else the old one."""
    if not accepted.any():
        return old
    one, other = new.particles, old.particles
    scores, keys = other.scores, other.keys
    if one.scores is not scores:
        scores = np.where(accepted[:, None], one.scores, scores)
    if one.keys is not keys:
        keys = keys.copy()
        keys[accepted] = one.keys[accepted]
    worth, first, second = old.worth, new.worth.numbers, old.worth.numbers
    if first is not second and first is not None and second is not None:
        worth = Worth(np.where(accepted[:, None], first, second))
    elif first is not second:
        worth = Worth()
    atoms = np.where(accepted, new.atoms, old.atoms)
    found = Population(Particles(scores, keys, other.ancestors), atoms, worth)
    if new.atoms is old.atoms:
        _remember(found, accepted, new, old)
    return found


def _remember(found: Population, accepted: Truths, new: Population, old: Population) -> None:
    """Let a choice keep what is remembered of both, where it is about the same."""
    for atom, (places, particles) in old.apart.items():
        other = new.apart.get(atom)
        if other is None:
            continue
        first, second = other[1].memory, particles.memory
        if "asked" in first and first["asked"] == second.get("asked"):
            own = found.only(places)
            remembered = first["found"].chosen(accepted[places], second["found"])
            own.memory.update(asked=first["asked"], found=remembered)
            found.apart[atom] = places, own


def together(parts: Sequence[Population]) -> Population:
    """Populations one after the other."""
    if len(parts) == 1:
        return parts[0]
    return Population(
        joined([part.particles for part in parts]), np.concatenate([part.atoms for part in parts])
    )


def draw_population(
    atoms: Places, coordinates: int, streams: int, random: np.random.Generator
) -> Population:
    """Particles of some atoms, all else from the prior."""
    return Population(draw_particles(atoms.size, coordinates, streams, random), atoms)
