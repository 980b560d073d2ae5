"""What in a case can be doubted: whose word, which number, which piece of the record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from foedus.case.case import Case, Citation, Parameter
from foedus.expr.laws import Fixed
from foedus.frozen import dataclass
from foedus.infer.verdict.common_prior import common_priors
from foedus.infer.verdict.specific import specific_parameters
from foedus.jump.model import JumpModel

SOFT = ("judged", "assumed")
"""Grades of numbers that rest on somebody's judgement."""


@dataclass(frozen=True, slots=True)
class Questionable:
    """Names of parameters, and ids of items and claims by what they all rest on.

    `specific` parameters belong to some explanations only and are judged or assumed; `assumed` are
    all that are assumed, speakers' too; neither has a number that every atom holds for known.
    `shares` are those between 0 and 1. `sources` and `origins`
    have what would be gone without them, `acts` what was done by actors who also tell a story.
    """

    specific: tuple[str, ...]
    assumed: tuple[str, ...]
    shares: frozenset[str]
    sources: Mapping[str, frozenset[str]]
    origins: Mapping[str, frozenset[str]]
    acts: frozenset[str]


def questionable(case: Case, model: JumpModel) -> Questionable:
    """What can be doubted in a case."""
    numbers = {**case.parameters, **_speakers(case)}
    told = _by_whom(case, numbers)
    soft = [name for name, ones in told.items() if any(one.grounds.grade in SOFT for one in ones)]
    assumed = tuple(
        name for name in soft
        if not all(isinstance(one.spec.prior, Fixed) for one in told[name])
    )  # fmt: skip
    specific = specific_parameters(model)
    return Questionable(
        specific=tuple(name for name in assumed if name in specific),
        assumed=assumed,
        shares=frozenset(name for name, one in numbers.items() if one.unit == "share"),
        sources=_resting_on(case, _sources_of),
        origins=_resting_on(case, _origins_of),
        acts=_acts(case),
    )  # fmt: skip


def apart_from(
    shared: Collection[str], doubts: Questionable, case: Case, model: JumpModel
) -> tuple[str, ...]:
    """Judged or assumed numbers of some explanations only that have no prior to share, in order.

    They are alone in their unit, or fixed: how much of a verdict comes from them stays unknown.
    """
    told, specific = _by_whom(case, case.parameters), specific_parameters(model)
    fixed = {
        name for name in specific & told.keys()
        if any(isinstance(one.spec.prior, Fixed) and one.grounds.grade in SOFT
               for one in told[name])
    }  # fmt: skip
    found = (fixed | set(doubts.specific)) - set(shared)
    return tuple(name for name in told if name in found)


def without_common_prior(case: Case, model: JumpModel) -> tuple[str, ...]:
    """The same, known before anything is weighed."""
    doubts = questionable(case, model)
    usual = {one.name: one.prior for one in model.parameters}
    laws = [usual | {one.name: one.prior for one in atom.parameters} for atom in model.atoms]
    return apart_from(common_priors(case, doubts.specific, laws), doubts, case, model)


def _by_whom(case: Case, numbers: Mapping[str, Parameter]) -> dict[str, tuple[Parameter, ...]]:
    """Each number as the case has it, and as atoms have it that give it a prior of their own."""
    own: dict[str, list[Parameter]] = {}
    for belief in case.atoms:
        for one in belief.own:
            own.setdefault(one.spec.name, []).append(one)
    return {
        name: tuple(own[name]) if len(own.get(name, ())) == len(case.atoms)
        else (one, *own.get(name, ()))
        for name, one in numbers.items()
    }  # fmt: skip


def _speakers(case: Case) -> dict[str, Parameter]:
    found = {}
    for speaker in case.speakers.values():
        for parameter in (speaker.candour, *(one for _, one in speaker.interest)):
            found[parameter.spec.name] = parameter
    return found


def _sources_of(case: Case, cites: Iterable[Citation]) -> frozenset[str]:
    """The sources of citations that somebody is behind; a coding by hand is nobody's word."""
    return frozenset(
        cite.source for cite in cites
        if cite.source in case.sources and case.sources[cite.source].origin is not None
    )  # fmt: skip


def _origins_of(case: Case, cites: Iterable[Citation]) -> frozenset[str]:
    found = (case.sources[name].origin for name in _sources_of(case, cites))
    return frozenset(origin for origin in found if origin is not None)


def _resting_on(
    case: Case, behind: Callable[[Case, Iterable[Citation]], frozenset[str]]
) -> dict[str, frozenset[str]]:
    """By source or origin, what rests on it alone."""
    found: dict[str, set[str]] = {}
    cited = [(one.id, one.cites) for one in case.evidence]
    for name, cites in (*cited, *((one.id, one.cites) for one in case.claims)):
        named = behind(case, cites)
        if len(named) == 1:
            found.setdefault(next(iter(named)), set()).add(name)
    return {name: frozenset(ids) for name, ids in found.items()}


def _acts(case: Case) -> frozenset[str]:
    """Items that are acts of somebody who has an interest in one of the stories."""
    interested = {name for name, speaker in case.speakers.items() if speaker.interest}
    found = set()
    for item in case.evidence:
        if item.kind != "happened" or item.event is None:
            continue
        name = item.event.name
        kind = case.events.get(name) or case.events.get(name.rpartition(".")[0])
        if kind is not None and kind.kind.actor in interested:
            found.add(item.id)
    return frozenset(found)
