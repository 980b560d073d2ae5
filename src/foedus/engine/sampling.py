"""Parameter values drawn from their priors, one keyed uniform number each."""

from __future__ import annotations

from foedus.engine import clocks
from foedus.engine.layout import labels_at, places
from foedus.engine.world import Parameters
from foedus.jump.model import Atom, JumpModel, ParameterSpec


def parameter_key(name: str, labels: tuple[str, ...] = ()) -> int:
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
