"""How long leaders last, by group and by how they end: what `foedus history hazard` answers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from foedus.frozen import dataclass
from foedus.history.class_error import ClassError
from foedus.history.conditions import (
    group_name,
    parse_condition,
    verify_values,
)
from foedus.history.intervals import poisson_exact
from foedus.history.spells import COLUMNS, leader_spells
from foedus.history.survival import (
    Curve,
    Hazards,
    Incidence,
    cumulative_incidence,
    kaplan_meier,
    log_rank,
    piecewise_exponential,
)
from foedus.history.units import Unit, tally
from foedus.text.suggest import list_names

CUTS = (0.5, 2.0, 5.0, 10.0)
HORIZONS = (1.0, 5.0, 10.0)
FEWEST = 5
"""A group with fewer ends is not compared."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """A group of spells: how many, ends and years, the rate with its interval, the curve, and the
    share ended in each way."""

    name: str
    spells: int
    ends: float
    years: float
    low: float
    high: float
    curve: Curve
    incidence: Incidence


@dataclass(frozen=True, slots=True)
class Survival:
    """The groups side by side. `log_rank` compares two of them; `hazards` is the piecewise
    exponential model of the end that was asked for, with the covariates; `small` names the groups
    with fewer than `FEWEST` ends, which are not compared."""

    wheres: tuple[str, ...]
    end: str
    groups: tuple[Lasting, ...]
    log_rank: float | None
    hazards: Hazards
    small: tuple[str, ...] = ()


def survival(
    wheres: Sequence[str] = (),
    *,
    by: str | None = None,
    end: str = "",
    covariates: Sequence[str] = (),
) -> Survival:
    """How long leaders last in office.

    `wheres` narrow the leaders, `by` splits them, `end` names the way out whose hazard is modelled
    (any, if empty; the other ways then count as no end seen), `covariates` are columns of numbers
    or of yes and no. Raises `ClassError` for what cannot be asked, `MissingDataError` without
    the data.
    """
    for name in (*covariates, *([] if by is None else [by])):
        if name not in COLUMNS:
            cure = f"there are {list_names(COLUMNS, 20)}"
            raise ClassError(f"no column is called `{name}`", cure)
    spells = every = list(leader_spells())
    for where in wheres:
        holds = parse_condition(where, COLUMNS)
        verify_values(where, every)
        spells = [spell for spell in spells if holds(spell)]
    groups, small = _groups(spells, by)
    if not groups:
        raise ClassError(f"fewer than {FEWEST} ends are left", "widen the class")
    two = [members for _, members in groups] if len(groups) == 2 else None
    return Survival(
        tuple(wheres), end, tuple(_lasting(name, members) for name, members in groups),
        None if two is None else _compared(*two), _hazards(spells, end, covariates), small,
    )  # fmt: skip


def _groups(
    spells: Sequence[Unit], by: str | None
) -> tuple[list[tuple[str, list[Unit]]], tuple[str, ...]]:
    """The groups with enough ends, and the names of the others."""
    if by is None:
        members = {"all": list(spells)}
    else:
        members = {}
        for spell in spells:
            word = group_name(by, spell)
            if word is not None:
                members.setdefault(f"{by} = {word}", []).append(spell)
    large = [(n, each) for n, each in sorted(members.items()) if tally(each).happened >= FEWEST]
    return large, tuple(sorted(set(members) - {name for name, _ in large}))


def _lasting(name: str, spells: Sequence[Unit]) -> Lasting:
    found = tally(spells)
    lengths = [spell.at_risk for spell in spells]
    low, high = poisson_exact(found.happened, found.at_risk)
    return Lasting(
        name, found.units, found.happened, found.at_risk, low, high,
        kaplan_meier(lengths, [spell.happened for spell in spells]),
        cumulative_incidence(lengths, [str(spell.columns["end"]) for spell in spells]),
    )  # fmt: skip


def _compared(one: Sequence[Unit], other: Sequence[Unit]) -> float:
    both = [*one, *other]
    group = [True] * len(one) + [False] * len(other)
    return log_rank([u.at_risk for u in both], [u.happened for u in both], group)


def _hazards(spells: Sequence[Unit], end: str, covariates: Sequence[str]) -> Hazards:
    """The model over spells whose covariates are known; early cuts go while a period is empty."""
    known = [s for s in spells if all(s.columns[name] is not None for name in covariates)]
    rows = []
    for spell in known:
        values = [spell.columns[name] for name in covariates]
        for name, value in zip(covariates, values, strict=True):
            if isinstance(value, str):
                cure = f"covariates are columns of numbers or of yes and no; try `--by {name}`"
                raise ClassError(f"the covariate `{name}` is a word", cure)
        rows.append([float(value) for value in values if value is not None])
    ended = [float(spell.columns["end"] == end if end else spell.happened) for spell in known]
    lengths = np.array([spell.at_risk for spell in known])
    if sum(ended) < FEWEST:
        raise ClassError(f"fewer than {FEWEST} ended so", "widen the class")
    x = np.array(rows).reshape(len(known), len(covariates))
    ends = lengths[np.array(ended) > 0.0]
    cuts = [cut for cut in CUTS if (ends > cut).any()]
    while cuts and not all(((ends > a) & (ends <= b)).any() for a, b in pairwise([0.0, *cuts])):
        cuts = cuts[1:]
    try:
        return piecewise_exponential(lengths, ended, cuts, x, covariates)
    except ValueError as fault:
        raise ClassError(str(fault), "leave one out") from None
