"""Two models of one case in one: the first holds until a switch is set, the other from then on.

This is what a mechanism replaced on a day means. What both have under one name is one thing: a
state variable goes on from what it is on that day; so does the clock of an event of the same
indices, timing and options, with its inner time, and a waiting time under way keeps the law that it
had when it began. Guards, hazards, draws, effects and choices are those of the first model before
the switch and those of the other after it. A parameter is one and the same if the same is believed
of it. What only the first has stops with the switch; what only the other has begins with it, state
as it starts there. Where a name means two things, the other's is called `renamed.NEW`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from foedus.expr.tree import (
    BOOLEAN,
    Binary,
    Conditional,
    Expression,
    Not,
    Number,
    NumberType,
    Truth,
    Variable,
)
from foedus.frozen import dataclass
from foedus.jump.model import (
    Assignment,
    Atom,
    DrawSpec,
    EventKind,
    Intervention,
    JumpModel,
    Monitor,
    Option,
    Rate,
    Timing,
    VariableSpec,
    Waiting,
)
from foedus.jump.renamed import NEW, Renamed
from foedus.text.diagnostic import InternalError

SWITCH = "another mechanism"
ON = Variable(SWITCH, (), BOOLEAN)
OFF = Not(ON)
TRUE = Truth(True)

Values = dict[str, float | list[float]]
"""Parameters by name."""

Act = tuple[tuple[DrawSpec, ...], tuple[Assignment, ...]]
"""Draws and effects."""


@dataclass(frozen=True, slots=True)
class Both:
    """A model that holds two, and what is called otherwise in it than in the other of them.

    `own` says what parameters that only the other has are called, by their names there.
    """

    model: JumpModel
    own: Mapping[str, str]
    renamed: Renamed

    def asked(self, node: Expression) -> Expression:
        """What is asked of both by the same words."""
        return _either(node, self.renamed.said(node))

    def parameters(self, first: Values, other: Values) -> Values:
        """Its parameters, where those of the two are so; what both have is as in `first`."""
        return first | {name: other[theirs] for theirs, name in self.own.items()}

    def decided(self, decision: tuple[Intervention, ...], day: float) -> tuple[Intervention, ...]:
        """The switch set on a day, and what is decided from that day on."""
        switch = Intervention("set-state", SWITCH, (), day, None, TRUE)
        return switch, *map(self._intervention, decision)

    def _intervention(self, one: Intervention) -> Intervention:
        names = self.renamed.parameters if one.kind == "set-parameter" else self.renamed.counters
        said = self.renamed.said
        return replace(
            one,
            target=names.get(one.target, one.target),
            indices=None if one.indices is None else tuple(map(said, one.indices)),
            condition=None if one.condition is None else said(one.condition),
            value=None if one.value is None else said(one.value),
        )


def clashes(first: JumpModel, other: JumpModel) -> tuple[str, ...]:
    """Names of state that would have to be two things at once, so that `both` cannot be meant."""
    known, others = _variables(first), _variables(other)
    constants = {spec.name for spec in first.parameters}, {spec.name for spec in other.parameters}
    return (
        *(
            name
            for name, spec in known.items()
            if name in constants[1] or (name in others and not _is_same_state(spec, others[name]))
        ),
        *(name for name in others if name in constants[0]),
    )


def both(first: JumpModel, other: JumpModel) -> Both:
    """The model that holds two of one case, of which nothing `clashes`.

    It asks what `first` asks. With the switch left alone, its runs are those of `first`, bit for
    bit, but for draws and state that nothing reads.
    """
    for part in ("horizon", "components", "tables", "relations"):
        if getattr(first, part) != getattr(other, part):
            raise InternalError(f"the two models differ in their {part}")
    common, taken = set(first.parameters), {spec.name for spec in first.parameters}
    own = {
        spec.name: spec.name + NEW if spec.name in taken else spec.name
        for spec in other.parameters
        if spec not in common
    }
    renamed = Renamed(own, _renewed(first, other), frozenset(_counters(first.kinds)))
    found = Both(first, own, renamed)
    model = replace(
        first,
        labels=tuple(dict.fromkeys((*first.labels, *other.labels))),
        parameters=(
            *first.parameters,
            *(replace(one, name=own[one.name]) for one in other.parameters if one.name in own),
        ),
        atoms=_atoms(first, other, own),
        variables=_all_variables(first, other, renamed),
        kinds=_kinds(first, other, renamed),
        monitors=tuple(_monitor(found, one) for one in first.monitors),
    )
    return replace(found, model=model)


# What there is ------------------------------------------------------------------------------------


def _variables(model: JumpModel) -> dict[str, VariableSpec]:
    return {spec.name: spec for spec in model.variables}


def _is_same_state(one: VariableSpec, other: VariableSpec) -> bool:
    """Whether two variables can hold the same; how they start does not matter."""
    named = replace(one, index_names=other.index_names, is_latent=other.is_latent)
    return replace(named, start=other.start) == other


def _all_variables(
    first: JumpModel, other: JumpModel, renamed: Renamed
) -> tuple[VariableSpec, ...]:
    known = _variables(first)
    return (
        *first.variables,
        *(
            replace(spec, start=renamed.said(spec.start))
            for spec in other.variables
            if spec.name not in known
        ),
        VariableSpec(SWITCH, "flag", (), (), Truth(False), None, None),
    )


def _atoms(first: JumpModel, other: JumpModel, own: Mapping[str, str]) -> tuple[Atom, ...]:
    theirs = {atom.name: atom.parameters for atom in other.atoms}
    return tuple(
        replace(
            atom,
            parameters=(
                *atom.parameters,
                *(replace(one, name=own[one.name]) for one in theirs[atom.name] if one.name in own),
            ),
        )
        for atom in first.atoms
    )


def _monitor(found: Both, one: Monitor) -> Monitor:
    return replace(
        one,
        expression=found.asked(one.expression),
        origin=None if one.origin is None else found.asked(one.origin),
        given=None if one.given is None else found.asked(one.given),
    )


# Events -------------------------------------------------------------------------------------------


def _counters(kinds: tuple[EventKind, ...]) -> list[str]:
    return [
        name
        for kind in kinds
        for name in (kind.name, *(f"{kind.name}.{option.name}" for option in kind.options))
    ]


def _renewed(first: JumpModel, other: JumpModel) -> dict[str, str]:
    """New names for the counters of those kinds that have the name of another clock."""
    known = {kind.name: kind for kind in first.kinds}
    again = tuple(
        kind
        for kind in other.kinds
        if kind.name in known and not _is_same_clock(known[kind.name], kind)
    )
    return {
        name: f"{kind.name}{NEW}{name.removeprefix(kind.name)}"
        for kind in again
        for name in _counters((kind,))
    }


def _is_same_clock(one: EventKind, other: EventKind) -> bool:
    """Whether two kinds of a name come by the same clock, however fast, and choose alike."""
    return (
        (one.groups, one.gate) == (other.groups, other.gate)
        and [option.name for option in one.options] == [option.name for option in other.options]
        and _frame(one.timing) == _frame(other.timing)
    )


def _frame(timing: Timing) -> object:
    """What of a timing cannot change in the course of a run."""
    if isinstance(timing, Rate):
        return "rate", timing.every
    if isinstance(timing, Waiting):
        return timing.distribution, timing.resumes, len(timing.arguments)
    return timing


def _kinds(first: JumpModel, other: JumpModel, renamed: Renamed) -> tuple[EventKind, ...]:
    """All kinds; one that only the other has stands where it stands there."""
    names = [kind.name for kind in first.kinds]
    twins = {kind.name: kind for kind in other.kinds if kind.name not in renamed.counters}
    found = [
        _joined(kind, twins[kind.name], renamed)
        if kind.name in twins
        else replace(kind, guard=_only(OFF, kind.guard))
        for kind in first.kinds
    ]
    place = 0
    for kind in other.kinds:
        if kind.name in names and kind.name not in renamed.counters:
            place = names.index(kind.name) + 1
            continue
        new = renamed.kind(kind)
        found.insert(place, replace(new, guard=_only(ON, new.guard)))
        names.insert(place, new.name)
        place += 1
    return tuple(found)


def _joined(first: EventKind, other: EventKind, renamed: Renamed) -> EventKind:
    """A kind that both have: one clock, and what it does in each."""
    inside = renamed
    if first.index_names != other.index_names:
        pairs = zip(other.index_names, first.index_names, strict=True)
        inside = replace(renamed, indices=dict(pairs))
    draws, effects = _acts((first.draws, first.effects), (other.draws, other.effects), inside)
    return replace(
        first,
        guard=_guard(first.guard, other.guard, inside),
        timing=_timing(first.timing, inside.timing(other.timing)),
        draws=draws,
        effects=effects,
        options=tuple(
            _option(one, twin, inside)
            for one, twin in zip(first.options, other.options, strict=True)
        ),
    )


def _option(one: Option, twin: Option, inside: Renamed) -> Option:
    draws, effects = _acts((one.draws, one.effects), (twin.draws, twin.effects), inside)
    guard = _guard(one.guard, twin.guard, inside)
    utility = _either(one.utility, inside.said(twin.utility))
    return replace(one, guard=guard, utility=utility, draws=draws, effects=effects)


def _timing(one: Timing, other: Timing) -> Timing:
    if isinstance(one, Rate) and isinstance(other, Rate):
        return replace(one, hazard=_either(one.hazard, other.hazard))
    if isinstance(one, Waiting) and isinstance(other, Waiting):
        return replace(one, arguments=tuple(map(_either, one.arguments, other.arguments)))
    return one


def _acts(first: Act, other: Act, inside: Renamed) -> Act:
    """The draws and effects of two acts; draws of the same law are the same noise."""
    known = {one.name: one for one in first[0]}
    found = {one.name: inside.draw(one) for one in other[0]}
    shared = {
        name for name, one in found.items() if name in known and _is_same_draw(known[name], one)
    }
    words = replace(
        inside, draws={name: name + NEW for name in found if name in known and name not in shared}
    )
    draws = [
        _with_arguments(one, tuple(map(_either, one.arguments, found[one.name].arguments)))
        if one.name in shared
        else _with_arguments(one, tuple(_where(OFF, each) for each in one.arguments))
        for one in first[0]
    ]
    draws += [
        _with_arguments(one, tuple(_where(ON, each) for each in one.arguments))
        for one in map(words.draw, other[0])
        if one.name not in shared
    ]
    return tuple(draws), _effects(first[1], tuple(map(words.effect, other[1])))


def _is_same_draw(one: DrawSpec, other: DrawSpec) -> bool:
    if len(one.arguments) != len(other.arguments):
        return False
    return _with_arguments(one, ()) == _with_arguments(other, ())


def _with_arguments(one: DrawSpec, arguments: tuple[Expression, ...]) -> DrawSpec:
    return replace(one, arguments=arguments)


def _effects(
    first: tuple[Assignment, ...], other: tuple[Assignment, ...]
) -> tuple[Assignment, ...]:
    if first == other:
        return first
    return (
        *(replace(one, condition=_only(OFF, one.condition)) for one in first),
        *(replace(one, condition=_only(ON, one.condition)) for one in other),
    )


# Expressions --------------------------------------------------------------------------------------


def _either(first: Expression, other: Expression) -> Expression:
    """What is in force of two expressions; the first itself where they are the same."""
    if first == other:
        return first
    kind = first.type
    if isinstance(kind, NumberType) and isinstance(other.type, NumberType):
        kind = replace(kind, is_whole=kind.is_whole and other.type.is_whole)
    return Conditional(ON, other, first, kind, first.span)


def _guard(
    first: Expression | None, other: Expression | None, inside: Renamed
) -> Expression | None:
    said = None if other is None else inside.said(other)
    return first if first == said else _either(first or TRUE, said or TRUE)


def _only(when: Expression, condition: Expression | None) -> Expression:
    """A condition that is looked at in one of the models only, and false in the other."""
    return when if condition is None else Binary("and", when, condition, BOOLEAN)


def _where(when: Expression, argument: Expression) -> Expression:
    """The argument of a draw of one model; in the other the draw is not read, and 1 suits all."""
    return Conditional(when, argument, Number(1.0, NumberType()), argument.type, argument.span)
