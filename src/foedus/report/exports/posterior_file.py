"""What a record leaves open, as a file for ArviZ: netCDF, one group for each kind of thing.

The layout is that of ArviZ [Schema]_: `posterior` (parameters in the units of the case, which
explanations hold, which origins are believed, the state at some times), `log_likelihood` (by item)
and `sample_stats`, all with the dimensions chain (island) and draw. xarray and h5netcdf write it;
they are needed for this alone, and loaded here alone.

References
----------
.. [Schema] ArviZ developers, InferenceData schema specification,
   https://python.arviz.org/en/stable/schema/schema.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.case.case import Case
from foedus.expr.tree import Group
from foedus.infer.posterior.latent import looked_at
from foedus.infer.posterior.posterior import Posterior
from foedus.jump.model import JumpModel
from foedus.questions.whole_file import verify_replaceable, whole_file
from foedus.report.phrases.citations import all_parameters
from foedus.text.diagnostic import SettingsError

if TYPE_CHECKING:
    from xarray import Dataset, DataTree

NEEDED = ("xarray", "h5netcdf", "h5py")
DRAWN = ("chain", "draw")
OWN = {"atom", "believed", "chain", "draw", "explanation", "holds", "origin", "time"}
"""Names of the layout; what a case calls so has an underscore behind it."""

CHAINS = (
    "A chain is an island: a run of the sampler by itself, from its own particles. Draws within it "
    "are its particles drawn again by their weights, in random order, so that one may stand there "
    "more than once (`particle` tells); they are no Markov chain, and an effective size worked out "
    "from autocorrelation counts copies as if they were independent. That islands agree is what "
    "can be checked: `rhat_over_islands` compares them by the weighted particles and is near 1 "
    "where they agree, and `ess_over_islands` is the number of independent draws whose means would "
    "differ as much (a rough number: islands are few)."
)


def verify_writable(path: Path) -> None:
    """Raise `SettingsError` where what writes the file is not installed, `OSError` for a folder
    that is not there and for what is no file.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        raise SettingsError(f"a file for ArviZ needs {names}: `pip install 'foedus[arviz]'`")
    if not path.parent.is_dir():
        raise FileNotFoundError(2, "no such folder", str(path.parent))
    verify_replaceable(path)


def write_posterior(
    case: Case, model: JumpModel, found: Posterior, path: Path, about: Mapping[str, object]
) -> None:
    """Write the file, as a whole or not at all; `about` says how it was made."""
    tree = as_tree(case, model, found, about)
    with whole_file(path) as part:
        tree.to_netcdf(part, engine="h5netcdf")


def as_tree(
    case: Case, model: JumpModel, found: Posterior, about: Mapping[str, object]
) -> DataTree:
    """The groups of the file."""
    from xarray import Dataset, DataTree

    said = {
        f"{what}_library{more}": text
        for what in ("creation", "inference")
        for more, text in (("", "foedus"), ("_version", version("foedus")))
    }
    groups = {
        "posterior": _posterior(case, model, found),
        "log_likelihood": _log_likelihood(found),
        "sample_stats": _sample_stats(found),
    }
    chains, draws = found.atoms.shape
    for group in groups.values():
        group.coords.update({"chain": np.arange(chains), "draw": np.arange(draws)})
        group.attrs.update(said)
    root = Dataset(attrs={**said, "case": case.name, "chains": CHAINS, **about})
    return DataTree.from_dict({"/": root, **groups})


def _posterior(case: Case, model: JumpModel, found: Posterior) -> Dataset:
    from xarray import Dataset

    readings = {one.name: {a.name for a in model.atoms} & set(one.atoms)
                for one in model.explanations}  # fmt: skip
    names = [atom.name for atom in model.atoms]
    variables: dict[str, Any] = {
        "atom": (DRAWN, found.atoms, _coded(names, "which combination of components holds")),
    }
    coords: dict[str, Any] = {}
    if readings:
        holds = [np.isin(found.atoms, [names.index(a) for a in of]) for of in readings.values()]
        about = {"description": "whether an explanation or a set holds; means are posteriors"}
        variables["holds"] = ((*DRAWN, "explanation"), np.stack(holds, axis=-1).astype(int), about)
        coords["explanation"] = list(readings)
    if found.trusted:
        about = {"description": "whether what hangs on an origin is believed"}
        believed = np.stack(list(found.trusted.values()), axis=-1).astype(int)
        variables["believed"] = ((*DRAWN, "origin"), believed, about)
        coords["origin"] = list(found.trusted)
    variables |= _parameters(case, model, found, coords)
    variables |= _states(case, model, found, coords)
    return Dataset(variables, coords)


def _parameters(
    case: Case, model: JumpModel, found: Posterior, coords: dict[str, Any]
) -> dict[str, Any]:
    """Parameters in the units in which the case has them."""
    written = {one.spec.name: one for one in all_parameters(case)}
    groups = {spec.name: spec.groups for spec in model.parameters}
    variables: dict[str, Any] = {}
    for name, values in found.parameters.items():
        own = written.get(name)
        dims = _dimensions(groups.get(name, ()), coords)
        rhat = found.rhat[name]
        with np.errstate(divide="ignore"):
            independent = np.minimum(len(values) / (rhat**2 - 1.0), float(found.atoms.size))
        attrs = {
            "units": "" if own is None else own.unit,
            "rhat_over_islands": rhat,
            "ess_over_islands": independent,
        }
        variables[_free(name)] = (
            (*DRAWN, *dims),
            values / (1.0 if own is None else own.factor),
            attrs,
        )
    return variables


def _states(
    case: Case, model: JumpModel, found: Posterior, coords: dict[str, Any]
) -> dict[str, Any]:
    """The state at the times, under its own names."""
    if not found.times:
        return {}
    dates = [case.clock.show_days(time) for time in found.times]
    coords["time"] = ("time", dates, {"days_since_start": list(found.times)})
    variables: dict[str, Any] = {}
    for spec in looked_at(model):
        values = found.states[spec.name]
        dims = (*DRAWN, "time", *_dimensions(spec.groups, coords))
        attrs = _coded(spec.labels, "state") if spec.labels else {}
        variables[_free(spec.name)] = (dims, values, attrs)
    return variables


def _free(name: str) -> str:
    return f"{name}_" if name in OWN else name


def _coded(labels: Sequence[str], what: str) -> dict[str, Any]:
    """What the numbers of a variable stand for, as the conventions for netCDF have it [CF 3.5]."""
    return {
        "description": what,
        "flag_values": np.arange(len(labels)),
        "flag_meanings": " ".join(labels),
    }


def _dimensions(groups: Sequence[Group], coords: dict[str, Any]) -> list[str]:
    """A dimension for each group; their labels go into the coordinates."""
    dims: list[str] = []
    for group in groups:
        name = f"{group.name}_index"
        while name in dims:
            name += "_again"
        dims.append(name)
        coords[name] = [group.label(place) for place in range(group.size)]
    return dims


def _log_likelihood(found: Posterior) -> Dataset:
    from xarray import Dataset

    about = {
        "description": "what each item, silence and claim adds to the log weight of a draw, given "
        "its course up to there; 0 for an item whose origin the draw does not believe. Items of "
        "one course are not exchangeable, so that leaving one out is no cross-validation.",
    }  # fmt: skip
    return Dataset(
        {"record": ((*DRAWN, "piece"), found.logs, about)}, {"piece": list(found.accounts)}
    )


def _sample_stats(found: Posterior) -> Dataset:
    from xarray import Dataset

    return Dataset(
        {
            "lp": (DRAWN, found.targets,
                   {"description": "log of prior density and weight, over scores of the numbers"}),
            "particle": (DRAWN, found.particles,
                         {"description": "which particle of its island a draw is"}),
            "effective_size": ("chain", found.sizes,
                               {"description": "effective particles before they were drawn again"}),
            "log_evidence": ("chain", found.totals,
                             {"description": "log evidence of all explanations, by island"}),
        }
    )  # fmt: skip
