"""Parameter values drawn from their priors, one keyed uniform number each."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from foedus.engine import clocks
from foedus.engine.layout import labels_at, places
from foedus.engine.world import Parameters
from foedus.expr.prior import Fixed, Prior
from foedus.jump.model import Atom, JumpModel, ParameterSpec


def parameter_key(name: str, labels: tuple[str, ...]) -> int:
    """The label key of a parameter's noise; no event kind has a colon in its name."""
    return clocks.label_key(f"parameter:{name}", labels, "")


def draw_parameters(model: JumpModel, atom: Atom, seed: int, draw: int) -> Parameters:
    """The parameter values of outer draw number `draw`, in days and per day.

    Each value is the prior's quantile at a uniform number keyed by (seed, draw, name, index
    labels). So setting or adding one parameter moves no other, and the same draw uses the same
    uniform numbers for all atoms: worlds that differ by an explanation share what they have in
    common. A prior that holds in this atom only takes the place of the model's.
    """
    keys = clocks.run_keys(seed, draw)
    special = {spec.name: spec for spec in atom.parameters}
    theta: Parameters = {}
    for spec in model.parameters:
        used = special.get(spec.name, spec)
        values = [
            float(used.prior.quantile(clocks.uniform(keys, parameter_key(spec.name, labels), 0)))
            for labels in _labels(spec)
        ]
        theta[spec.name] = values if spec.groups else values[0]
    return theta


def _labels(spec: ParameterSpec) -> list[tuple[str, ...]]:
    return [labels_at(spec.groups, place) for place in places(spec.groups)]


MOST_REMEMBERED = 4_000
"""So many draws are kept for the atoms to come, the latest ones."""


@dataclass(slots=True, eq=False)
class ParameterTable:
    """What `draw_parameters` gives, as flat rows and much sooner where there are many of them.

    Keys are hashed once, and what all atoms have in common is worked out once for each draw.
    `set_values` take the place of draws. Safe to share between threads.
    """

    model: JumpModel
    seed: int
    set_values: Mapping[str, float | list[float]] = field(default_factory=dict)
    cells: list[tuple[int, int, Prior]] = field(init=False)
    fixed: array[float] = field(init=False)
    first_of: dict[str, int] = field(init=False)
    drawn: OrderedDict[int, array[float]] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.cells, self.fixed, self.first_of = [], array("d"), {}
        for spec in self.model.parameters:
            self.first_of[spec.name] = len(self.fixed)
            labels = _labels(spec)
            if spec.name in self.set_values:
                value = self.set_values[spec.name]
                self.fixed.extend(value if isinstance(value, list) else [value] * len(labels))
                continue
            self.cells += self._cells(spec)
            is_fixed = isinstance(spec.prior, Fixed)
            value = float(spec.prior.quantile(0.5)) if is_fixed else 0.0
            self.fixed.extend([value] * len(labels))

    def _cells(self, spec: ParameterSpec) -> list[tuple[int, int, Prior]]:
        """Place, key and prior of each uncertain cell of a parameter."""
        if isinstance(spec.prior, Fixed):
            return []
        first = self.first_of[spec.name]
        keys = [parameter_key(spec.name, labels) for labels in _labels(spec)]
        return [(first + place, key, spec.prior) for place, key in enumerate(keys)]

    def row(self, atom: Atom, draw: int) -> array[float]:
        """All parameters of outer draw `draw`, cell by cell in the order of the model."""
        common = self.drawn.get(draw)
        keys = clocks.run_keys(self.seed, draw)
        if common is None:
            common = array("d", self.fixed)
            for place, key, prior in self.cells:
                common[place] = prior.quantile(clocks.uniform(keys, key, 0))
            if len(self.model.atoms) > 1:
                self.drawn[draw] = common
                if len(self.drawn) > MOST_REMEMBERED:
                    self.drawn.popitem(last=False)
        special = [spec for spec in atom.parameters if spec.name not in self.set_values]
        row = array("d", common)
        for spec in special:
            first = self.first_of[spec.name]
            if isinstance(spec.prior, Fixed):
                for place in range(len(_labels(spec))):
                    row[first + place] = spec.prior.quantile(0.5)
            for place, key, prior in self._cells(spec):
                row[place] = prior.quantile(clocks.uniform(keys, key, 0))
        return row
