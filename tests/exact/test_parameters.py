"""Which parameters are uncertain where it matters, atom by atom."""

from __future__ import annotations

from foedus.exact.parameters import known_parameters, read_in
from foedus.expr.prior import Uniform
from foedus.expr.tree import PLAIN, Conditional, Expression
from foedus.jump.model import Atom, JumpModel
from tests.engine.models import (
    Term,
    ask,
    component,
    flag,
    kind,
    model,
    node,
    parameter,
    put,
    rate,
    variable,
)

A = variable("a")
ODD, PLAIN_ONE = Atom("odd", 0.5, frozenset({"odd"})), Atom("plain", 0.5, frozenset())


def either(condition: Term, yes: str, no: str) -> Expression:
    return Conditional(condition.node, node(parameter(yes)), node(parameter(no)), PLAIN)


def of_two_atoms() -> JumpModel:
    odd = component("odd")
    names = ("with", "without", "gated", "by state", "by state else", "not", "not else", "asked",
             "unread")  # fmt: skip
    return model(
        [flag("a")],
        [
            kind("by component", rate(either(odd, "with", "without")), put("a", True)),
            kind("by its opposite", rate(either(odd.not_(), "not", "not else")), put("a", True)),
            kind("by state", rate(either(A, "by state", "by state else")), put("a", True)),
            kind("of one", rate(parameter("gated")), put("a", True), gate="odd"),
        ],
        [ask("more", "mean", parameter("asked"), at=1.0, given=A)],
        components=("odd",),
        atoms=(ODD, PLAIN_ONE),
        parameters={name: Uniform(0.0, 1.0) for name in names},
    )


def test_what_another_atom_alone_would_look_at_is_not_read() -> None:
    both = {"by state", "by state else", "asked"}
    assert read_in(of_two_atoms(), ODD) == both | {"with", "not else", "gated"}
    assert read_in(of_two_atoms(), PLAIN_ONE) == both | {"without", "not"}


def test_what_is_not_read_or_is_set_is_not_free() -> None:
    known = known_parameters(of_two_atoms(), ODD, {"asked": 0.2, "with": 0.3})
    assert [one.name for one in known.free] == ["gated", "by state", "by state else", "not else"]
    theta = known.with_values((0.1, 0.4, 0.6, 0.9))
    assert known.values_in(theta) == (0.1, 0.4, 0.6, 0.9)
    assert (theta["asked"], theta["with"], theta["unread"]) == (0.2, 0.3, 0.5)
