"""The other model of a what-if that puts another mechanism in the place of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from foedus.case.case import Parameter
from foedus.engine.sampling import draw_parameters
from foedus.engine.world import Parameters
from foedus.expr.prior import Fixed
from foedus.frozen import dataclass
from foedus.jump.both import clashes
from foedus.jump.model import Atom, Intervention, JumpModel
from foedus.jump.record import Record
from foedus.questions.channels import channels_of
from foedus.text.suggest import list_names


@dataclass(frozen=True, slots=True)
class Replacement:
    """The model of a world in which a mechanism is replaced, and its record, which is the same.

    `parameters` are those of its case, with their words and units; `fixed` are parameters that
    were set, in days and per day.
    """

    model: JumpModel
    record: Record
    parameters: Mapping[str, Parameter]
    fixed: Mapping[str, float] = field(default_factory=dict)

    def thetas(
        self, first: JumpModel, kept: Sequence[Sequence[Parameters]], kept_atoms: Sequence[Atom],
        seed: int,
    ) -> tuple[tuple[Parameters, ...], ...]:  # fmt: skip
        """The parameters of the other model, (atom, outer); those of `first` are `kept`."""
        common = set(first.parameters)
        own = {spec.name for spec in self.model.parameters if spec not in common}
        atoms = {atom.name: atom for atom in self.model.atoms}

        def carried(atom: str, draw: int, theta: Parameters) -> Parameters:
            drawn = draw_parameters(self.model, atoms[atom], seed, draw)
            return {
                name: self.fixed.get(name, value) if name in own else theta[name]
                for name, value in drawn.items()
            }

        return tuple(
            tuple(carried(atom.name, draw, theta) for draw, theta in enumerate(row))
            for atom, row in zip(kept_atoms, kept, strict=True)
        )

    def drawn(self, first: JumpModel) -> dict[str, Parameter]:
        """The uncertain parameters that only the other model has."""
        return {name: self.parameters[name] for name in parameters_of_one(self.model, first)}


def why_not_from_a_day(what_if: str, first: JumpModel, other: JumpModel) -> str | None:
    """Why a mechanism cannot be replaced from a day on; None if it can.

    State of one name must be the same in both models, as it goes on from what it is on that day.
    """
    names = clashes(first, other)
    if not names:
        return None
    return (
        f"`{what_if}` replaces a mechanism by one that means something else by "
        f"{list_names(names)}, and cannot go on from what that is on the day: give it another name "
        "in one of the two, or the same type and bounds, or leave out `--as-of`"
    )


def parameters_of_one(model: JumpModel, beside: JumpModel) -> tuple[str, ...]:
    """The uncertain parameters that one of two models does not have in common with the other."""
    common = set(beside.parameters)
    return tuple(
        spec.name
        for spec in model.parameters
        if spec not in common and not isinstance(spec.prior, Fixed)
    )


def channels_between(
    first: JumpModel, other: JumpModel, interventions: Sequence[Intervention]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The channels of a decision: of the first model, then of one with a mechanism replaced.

    Those of a mechanism replaced by another are the parameters that the two do not share.
    """
    decided = channels_of(first, interventions)
    gone, new = parameters_of_one(first, other), parameters_of_one(other, first)
    return tuple(dict.fromkeys((*decided, *gone))), new
