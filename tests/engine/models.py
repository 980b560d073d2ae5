"""Jump models built in Python, for tests: terms with operators, and short makers of the nouns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foedus.engine.reference import Parameters, RunResult, prepare, simulate_run
from foedus.expr import tree
from foedus.expr.prior import Fixed, Prior
from foedus.expr.tree import BOOLEAN, PLAIN, Expression, Group, GroupDomain, NumberType
from foedus.jump.model import (
    Assignment,
    Atom,
    DrawSpec,
    EventKind,
    Explanation,
    Intervention,
    JumpModel,
    Monitor,
    Option,
    ParameterSpec,
    Rate,
    Relation,
    Table,
    Timing,
    VariableSpec,
    Waiting,
)
from foedus.text.source import Source, Span

SOURCE = Source("model.yaml", "\n".join(f"line {number}" for number in range(1, 40)) + "\n")


def line(number: int) -> Span:
    """The span of a line of `SOURCE`."""
    start = SOURCE.line_starts[number - 1]
    return Span(SOURCE, start, start + 4)


@dataclass(frozen=True)
class Term:
    """An expression with Python's operators."""

    node: Expression

    def join(self, operator: Any, other: Any, type_: tree.Type) -> Term:
        return Term(tree.Binary(operator, self.node, node(other), type_, line(7)))

    def __add__(self, other: Any) -> Term:
        return self.join("+", other, PLAIN)

    def __sub__(self, other: Any) -> Term:
        return self.join("-", other, PLAIN)

    def __mul__(self, other: Any) -> Term:
        return self.join("*", other, PLAIN)

    def __truediv__(self, other: Any) -> Term:
        return self.join("/", other, PLAIN)

    def __lt__(self, other: Any) -> Term:
        return self.join("<", other, BOOLEAN)

    def __ge__(self, other: Any) -> Term:
        return self.join(">=", other, BOOLEAN)

    def __gt__(self, other: Any) -> Term:
        return self.join(">", other, BOOLEAN)

    def is_(self, other: Any) -> Term:
        return self.join("==", other, BOOLEAN)

    def and_(self, other: Any) -> Term:
        return self.join("and", other, BOOLEAN)

    def or_(self, other: Any) -> Term:
        return self.join("or", other, BOOLEAN)

    def not_(self) -> Term:
        return Term(tree.Not(self.node))


def node(value: Any) -> Expression:
    """A term, a node, a truth or a number as a node."""
    if isinstance(value, Term):
        return value.node
    if isinstance(value, bool):
        return tree.Truth(value)
    if isinstance(value, int | float):
        return tree.Number(float(value), PLAIN)
    assert isinstance(value, Expression)
    return value


def some(value: Any) -> Expression | None:
    return None if value is None else node(value)


def nodes(values: Sequence[Any]) -> tuple[Expression, ...]:
    return tuple(node(value) for value in values)


def variable(name: str, *indices: Any) -> Term:
    return Term(tree.Variable(name, nodes(indices), PLAIN))


def parameter(name: str, *indices: Any) -> Term:
    return Term(tree.Parameter(name, nodes(indices), PLAIN))


def drawn(name: str, *indices: Any) -> Term:
    return Term(tree.Draw(name, nodes(indices), PLAIN))


def datum(name: str, *indices: Any) -> Term:
    return Term(tree.Datum(name, nodes(indices), PLAIN))


def component(name: str) -> Term:
    return Term(tree.Component(name))


def firings(kind: str, *indices: Any) -> Term:
    return Term(tree.Firings(kind, nodes(indices)))


def since(kind: str, default: float) -> Term:
    return Term(tree.Since(kind, (), node(default)))


def label(name: str, *among: str) -> Term:
    return Term(tree.LabelValue(name, tree.LabelType(among)))


def index(name: str, group: Group) -> Term:
    return Term(tree.IndexVariable(name, group, tree.label_type(group)))


def at_label(group: Group, value: Any) -> Term:
    return Term(tree.Position(group, node(value), line(9)))


def call(function: Any, *arguments: Any) -> Term:
    return Term(tree.Call(function, nodes(arguments), PLAIN, line(8)))


def fold(name: Any, over: str, domain: Group | tree.Domain, body: Any, where: Any = None) -> Term:
    """A quantifier; its index is bound to `over`."""
    inside = GroupDomain(domain) if isinstance(domain, Group) else domain
    return Term(tree.Quantifier(name, over, inside, some(where), node(body), PLAIN, line(10)))


TIME = Term(tree.Time(NumberType(1)))


def count(name: str, start: Any = 0.0, *groups: Group, high: float | None = None) -> VariableSpec:
    names = tuple(f"i{place}" for place in range(len(groups)))
    return VariableSpec(name, "count", groups, names, node(start), 0.0, high, span=line(3))


def flag(name: str, start: Any = False, *groups: Group) -> VariableSpec:
    names = tuple(f"i{place}" for place in range(len(groups)))
    return VariableSpec(name, "flag", groups, names, node(start), None, None, span=line(3))


def level(name: str, start: Any = 0.0, low: float | None = None) -> VariableSpec:
    return VariableSpec(name, "level", (), (), node(start), low, None, span=line(3))


def one_of(name: str, labels: tuple[str, ...], start: str) -> VariableSpec:
    begin = node(label(start, *labels))
    return VariableSpec(name, "label", (), (), begin, None, None, labels, span=line(3))


def put(name: str, value: Any, *indices: Any, loop: Any = (), where: Any = None) -> Assignment:
    over = tuple((own, GroupDomain(group)) for own, group in loop)
    return Assignment(name, nodes(indices), node(value), over, some(where), line(5))


def kind(
    name: str,
    timing: Timing,
    *effects: Assignment,
    when: Any = None,
    per: Sequence[tuple[str, Group]] = (),
    draws: tuple[DrawSpec, ...] = (),
    options: tuple[Option, ...] = (),
    gate: str | None = None,
) -> EventKind:
    return EventKind(
        name,
        tuple(group for _, group in per),
        tuple(own for own, _ in per),
        some(when),
        timing,
        draws,
        effects,
        options,
        gate,
        span=line(4),
    )


def rate(hazard: Any, every: float | None = None) -> Rate:
    return Rate(node(hazard), every)


def waiting(distribution: str, *arguments: Any, resumes: bool = False) -> Waiting:
    return Waiting(distribution, nodes(arguments), resumes)


def draw(name: str, distribution: str, *arguments: Any) -> DrawSpec:
    return DrawSpec(name, (), (), distribution, nodes(arguments), span=line(6))


def option(name: str, utility: Any, *effects: Assignment, when: Any = None) -> Option:
    return Option(name, some(when), node(utility), (), effects, line(4))


def ask(
    name: str,
    kind_: Any,
    expression: Any,
    at: float | None = None,
    start: float = 0.0,
    end: float = 0.0,
    origin: Any = None,
    given: Any = None,
) -> Monitor:
    return Monitor(name, kind_, node(expression), at, start, end, some(origin), some(given))


def intervene(kind_: Any, target: str, value: Any = None, **more: Any) -> Intervention:
    """An intervention; `condition` and `indices` may be terms."""
    if "condition" in more:
        more["condition"] = node(more["condition"])
    if "indices" in more:
        more["indices"] = nodes(more["indices"])
    return Intervention(kind_, target, value=some(value), **more)


ALONE = Atom("only", 1.0, frozenset())


def model(
    variables: Sequence[VariableSpec],
    kinds: Sequence[EventKind],
    monitors: Sequence[Monitor] = (),
    *,
    horizon: float = 10.0,
    parameters: Mapping[str, float | Prior] | None = None,
    labels: tuple[str, ...] = (),
    components: tuple[str, ...] = (),
    atoms: tuple[Atom, ...] = (ALONE,),
    explanations: tuple[Explanation, ...] = (),
    tables: tuple[Table, ...] = (),
    relations: tuple[Relation, ...] = (),
) -> JumpModel:
    """A jump model; parameters given as numbers are fixed."""
    specs = tuple(
        ParameterSpec(name, (), value if not isinstance(value, int | float) else Fixed(value))
        for name, value in (parameters or {}).items()
    )
    return JumpModel(
        "test",
        horizon,
        labels,
        specs,
        components,
        atoms,
        explanations,
        tables,
        relations,
        tuple(variables),
        tuple(kinds),
        tuple(monitors),
    )


def runs(
    built: JumpModel, number: int, seed: int = 1, theta: Parameters | None = None, **more: Any
) -> list[RunResult]:
    """Runs 0 to `number` of a model with one atom."""
    prepared = prepare(built)
    return [
        simulate_run(prepared, theta or {}, built.atoms[0], seed, run, **more)
        for run in range(number)
    ]


def path(result: RunResult) -> list[tuple[float, str, tuple[str, ...]]]:
    """What happened in a recorded run: times, names, labels."""
    return [(one.time, one.name, one.labels) for one in result.record]
