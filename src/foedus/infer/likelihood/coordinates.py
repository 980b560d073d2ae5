"""Which uncertain numbers a particle has, and what they are worth in an atom.

Parameters of the model come first, cell by cell; then those that only the record has (how candid a
speaker is, what it gains by saying a thing); then one for each origin that items hang on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray
from scipy import special

from foedus.expr.laws import Fixed
from foedus.expr.prior import Prior
from foedus.frozen import dataclass
from foedus.infer.likelihood.transforms import Numbers, Places, SideBySide, values_at
from foedus.infer.particles.target import Trust
from foedus.jump.model import Atom, JumpModel, ParameterSpec
from foedus.jump.record import Record, Sighting


@dataclass(frozen=True, slots=True)
class Cell:
    """One number: a parameter at one index, and where its score is (None where it is known)."""

    name: str
    place: int
    coordinate: int | None


@dataclass(frozen=True)
class Coordinates:
    """All numbers of a case. `laws` has the prior of each parameter in each atom, by name."""

    cells: tuple[Cell, ...]
    of_model: int
    laws: tuple[Mapping[str, Prior], ...]
    trusts: Mapping[str, Trust]
    count: int
    known: dict[int, Numbers] = field(default_factory=dict, init=False, compare=False, repr=False)
    """Rows of the numbers that are known, by atom, worked out once."""
    priors: dict[int, SideBySide] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """The priors of the others, likewise."""

    def values(self, atom: int, scores: Numbers) -> Numbers:
        """The numbers at some scores (particle, coordinate), in days and per day (particle, cell).

        The first `of_model` cells are those of the model, in its order.
        """
        found = np.tile(self._known(atom), (scores.shape[0], 1))
        self._fill(found, atom, scores, np.ones((scores.shape[0], self._open[0].size), np.bool_))
        return found

    @cached_property
    def is_common(self) -> bool:
        """Whether all atoms have the same priors, so that scores are worth the same in all."""
        return all(law == self.laws[0] for law in self.laws[1:])

    def moved(self, scores: Numbers, before: Numbers, numbers: Numbers) -> Numbers:
        """The numbers at some scores (`values`), from those of scores that mostly are the same."""
        found = numbers.copy()
        self._fill(found, 0, scores, (scores != before)[:, self._open[1]])
        return found

    def _fill(self, found: Numbers, atom: int, scores: Numbers, changed: NDArray[np.bool_]) -> None:
        """Put in what uncertain numbers are worth where they changed (particle, uncertain cell)."""
        cells, coordinates = self._open
        rows, places = np.nonzero(changed)
        values = self._priors(atom).at(places, scores[rows, coordinates[places]])
        found[rows, cells[places]] = values

    @cached_property
    def _open(self) -> tuple[Places, Places]:
        """Where the uncertain numbers stand among the cells, and among the scores."""
        pairs = [(n, c.coordinate) for n, c in enumerate(self.cells) if c.coordinate is not None]
        cells, coordinates = np.array(pairs, np.int64).reshape(-1, 2).T
        return cells, coordinates

    def _priors(self, atom: int) -> SideBySide:
        """The priors of the uncertain numbers in an atom."""
        if atom not in self.priors:
            laws = self.laws[atom]
            self.priors[atom] = SideBySide([laws[self.cells[n].name] for n in self._open[0]])
        return self.priors[atom]

    def _known(self, atom: int) -> Numbers:
        """What is known for sure (cell,); 0 stands for the rest."""
        if atom not in self.known:
            row = np.zeros(len(self.cells))
            for number, cell in enumerate(self.cells):
                if cell.coordinate is None:
                    row[number] = values_at(self.laws[atom][cell.name], np.zeros(1))[0]
            self.known[atom] = row
        return self.known[atom]

    def cells_of(self, name: str) -> tuple[int, ...]:
        """Where the numbers of a parameter stand."""
        return tuple(number for number, cell in enumerate(self.cells) if cell.name == name)


def coordinates_of(
    model: JumpModel, record: Record, fixed: Mapping[str, float] | None = None
) -> Coordinates:
    """The uncertain numbers of a case; `fixed` ones (in days and per day) are no longer so."""
    specs = [*model.parameters, *(one for one in record.parameters if not _is_trust(one, record))]
    laws = tuple(_laws(specs, atom, fixed or {}) for atom in model.atoms)
    cells: list[Cell] = []
    count = 0
    for spec in specs:
        is_open = any(not isinstance(law[spec.name], Fixed) for law in laws)
        for place in range(prod(group.size for group in spec.groups)):
            cells.append(Cell(spec.name, place, count if is_open else None))
            count += is_open
    of_model = sum(prod(group.size for group in spec.groups) for spec in model.parameters)
    trusts = {}
    for origin in hanging_origins(record):
        reliable = _reliability(origin, record, fixed or {})
        trusts[origin] = Trust(count, float(special.ndtri(1.0 - reliable)))
        count += 1
    return Coordinates(tuple(cells), of_model, laws, trusts, count)


def hangs_on(sighting: Sighting) -> str | None:
    """The origin whose reliability an item hangs on: its only one, unless it is established."""
    if sighting.is_established or len(sighting.origins) != 1:
        return None
    return sighting.origins[0]


def hanging_origins(record: Record) -> tuple[str, ...]:
    """The origins that some item of the evidence hangs on, in order, if their reliability is known.

    An origin whose reliability the case does not state is taken at its word.
    """
    stated = {origin for origin, _ in record.reliabilities}
    found = (hangs_on(one) for one in record.sightings if not one.is_outcome)
    return tuple(dict.fromkeys(one for one in found if one is not None and one in stated))


def _reliability(origin: str, record: Record, fixed: Mapping[str, float]) -> float:
    """The probability that an origin is reliable, its own uncertainty taken out."""
    name = dict(record.reliabilities)[origin]
    if name in fixed:
        return fixed[name]
    return next(spec.prior.mean for spec in record.parameters if spec.name == name)


def _is_trust(spec: ParameterSpec, record: Record) -> bool:
    return spec.name in {name for _, name in record.reliabilities}


def _laws(
    specs: list[ParameterSpec], atom: Atom, fixed: Mapping[str, float]
) -> Mapping[str, Prior]:
    special_ones = {spec.name: spec.prior for spec in atom.parameters}
    found: dict[str, Prior] = {}
    for spec in specs:
        known = fixed.get(spec.name)
        found[spec.name] = (
            special_ones.get(spec.name, spec.prior) if known is None else Fixed(known)
        )
    return found
