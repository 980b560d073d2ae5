"""Which algorithm simulates a model: one interface, chosen by the model's structure.

An algorithm is a module with `suits(work)` and `build(work)`. The first that suits is used, so they
stand here from the most special to the one that can do everything. All of them make the same runs,
bit for bit: the choice is one of speed alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol

from foedus.engine.interventions import is_set_from_start
from foedus.engine.monitors import Watch
from foedus.engine.native.program import Results
from foedus.engine.reference import LIMIT
from foedus.engine.start import Theta
from foedus.frozen import dataclass
from foedus.jump.model import Atom, Intervention, JumpModel

MODULES = {
    "sparse": "foedus.engine.native.sparse",
    "fields": "foedus.engine.native.fields",
    "vector": "foedus.engine.native.vector.kernel",
    "scalar": "foedus.engine.native.scalar",
}
"""Where each algorithm is, in the order in which they are tried."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be simulated: a model, what is watched, what is changed in every run."""

    model: JumpModel
    watch: Watch | None = None
    interventions: tuple[Intervention, ...] = ()
    is_checked: bool = False


class Kernel(Protocol):
    """Compiled code of a model. It may be called from several threads at once."""

    @property
    def algorithm(self) -> str:
        """The name of the algorithm."""
        ...

    def run(
        self, thetas: Sequence[Theta], atom: Atom, seed: int, first: int, inner: int,
        *, horizon: float | None = None, limit: int = LIMIT,
    ) -> Results:  # fmt: skip
        """`inner` runs under each set of parameters (by name or flat), numbered from `first` on.

        The lock of the interpreter is released while they run. Raises `ModelError`, as the
        reference engine words it, where a run leaves what the model allows.
        """
        ...


class Algorithm(Protocol):
    """A way to simulate a model."""

    def suits(self, work: Work) -> bool:
        """Whether the model has the structure that the algorithm is for."""
        ...

    def build(self, work: Work) -> Kernel:
        """Compiled code, from the cache where it is known."""
        ...


def choose(work: Work) -> str:
    """The name of the algorithm that a model is simulated with.

    Checks are made one by one; and what other algorithms keep rests on parameters that stay.
    """
    if work.is_checked or any(map(_changes_parameter_later, work.interventions)):
        return "scalar"
    return next(name for name in MODULES if find(name).suits(work))


def _changes_parameter_later(one: Intervention) -> bool:
    return one.kind == "set-parameter" and not is_set_from_start(one)


def find(name: str) -> Algorithm:
    """An algorithm by name. Raises `ValueError` for an unknown one."""
    if name not in MODULES:
        raise ValueError(f"no algorithm is called `{name}`: {', '.join(MODULES)}")
    algorithm: Algorithm = import_module(MODULES[name])
    return algorithm


def build_kernel(work: Work) -> Kernel:
    """Compiled code for some work, by the algorithm that is chosen for it."""
    return find(choose(work)).build(work)
