"""What a part of a model depends on is kept, and nothing else."""

from __future__ import annotations

from foedus.exact.reduced import influencing
from foedus.jump.model import Immediate, JumpModel
from tests.engine.models import ask, firings, flag, kind, model, option, put, rate, variable

A, B, C, D, E = map(variable, "abcde")
TURNS = ["turns c", "turns back"]


def chain() -> JumpModel:
    """`a` hangs on `b`, which hangs on how often `c` turned; `d` and `e` hang on `a` and on each
    other, and nothing hangs on them."""
    return model(
        [flag(name) for name in "abcde"],
        [
            kind("makes a", rate(1.0), put("a", True), put("d", True), when=B),
            kind("makes b", Immediate(), put("b", True), when=firings("turns c") >= 3),
            kind("turns c", rate(2.0), put("c", True), when=C.not_()),
            kind("turns back", rate(2.0), put("c", False), when=C),
            kind("makes e", rate(1.0), put("e", True), when=A.and_(D)),
            kind(
                "chooses", rate(1.0), options=(option("yes", 1.0, put("e", False)),),
                when=E,
            ),
        ],
        [ask("e", "probability", E, at=1.0)],
    )  # fmt: skip


def parts(found: JumpModel) -> tuple[list[str], list[str]]:
    return [one.name for one in found.variables], [one.name for one in found.kinds]


def test_what_a_variable_hangs_on_is_kept_step_by_step() -> None:
    found = influencing(chain(), ("a",))
    assert parts(found) == (["a", "b", "c"], ["makes a", "makes b", *TURNS])
    (only,) = found.kinds[0].effects
    assert only.variable == "a"
    assert found.monitors == ()


def test_what_an_event_or_one_of_its_options_hangs_on_is_kept() -> None:
    assert parts(influencing(chain(), (), ("turns c",))) == (["c"], TURNS)
    everything = ["makes a", "makes b", *TURNS, "makes e", "chooses"]
    assert parts(influencing(chain(), (), ("chooses.yes",))) == (list("abcde"), everything)


def test_the_effects_of_options_are_left_out_too() -> None:
    found = influencing(chain(), ("c",), ("chooses",))
    named = {one.name: one for one in influencing(chain(), ("b",)).kinds}
    assert "chooses" not in named
    chooses = next(one for one in found.kinds if one.name == "chooses")
    assert [one.variable for one in chooses.options[0].effects] == ["e"]
