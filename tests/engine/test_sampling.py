"""Parameters from their priors: keyed by name, coupled over atoms."""

from dataclasses import replace

from foedus.engine.sampling import ParameterTable, draw_parameters
from foedus.engine.start import flat_parameters, named_parameters
from foedus.expr.prior import Fixed, Normal, Uniform
from foedus.expr.tree import Group
from foedus.jump.model import Atom, JumpModel, ParameterSpec
from foedus.study import build, load
from tests.conformance.statistics import SEEDS, assert_mean
from tests.engine.models import ALONE, model

PAIR = Group("pair", 2, ("a", "b"))
A = ParameterSpec("a", (), Uniform(0.0, 1.0))
B = ParameterSpec("b", (PAIR,), Normal(10.0, 2.0))
C = ParameterSpec("c", (), Fixed(3.0))


def with_parameters(*specs: ParameterSpec) -> JumpModel:
    return replace(model([], []), parameters=specs)


def test_setting_or_adding_one_parameter_moves_no_other() -> None:
    both, alone = with_parameters(A, B, C), with_parameters(B)
    other = with_parameters(replace(A, prior=Fixed(0.5)), B)
    for draw in range(20):
        drawn = draw_parameters(both, ALONE, 1, draw)["b"]
        assert drawn == draw_parameters(alone, ALONE, 1, draw)["b"]
        assert drawn == draw_parameters(other, ALONE, 1, draw)["b"]


def test_indices_draws_and_seeds_differ() -> None:
    built = with_parameters(A, B, C)
    values = [draw_parameters(built, ALONE, seed, draw) for seed in (1, 2) for draw in range(10)]
    assert len({str(value["a"]) for value in values}) == 20
    assert len({str(one) for value in values for one in list_of(value["b"])}) == 40
    assert {str(value["c"]) for value in values} == {"3.0"}


def list_of(value: float | list[float]) -> list[float]:
    assert isinstance(value, list)
    return value


def test_atoms_share_uniform_numbers_and_may_have_own_priors() -> None:
    built = with_parameters(A, B)
    wide = replace(A, prior=Uniform(0.0, 10.0))
    own, plain = Atom("own", 0.5, frozenset(), (wide,)), Atom("plain", 0.5, frozenset())
    for draw in range(20):
        one, other = (draw_parameters(built, atom, 1, draw) for atom in (own, plain))
        assert one["b"] == other["b"]
        assert one["a"] == 10.0 * float(str(other["a"]))


def test_values_follow_the_prior() -> None:
    """Means and squares within 4.5 standard errors (7e-6 a block)."""
    built = with_parameters(A, B)
    draws = [[draw_parameters(built, ALONE, seed, draw) for draw in range(2000)] for seed in SEEDS]
    uniform = [[float(str(one["a"])) for one in block] for block in draws]
    assert_mean(uniform, 0.5)
    assert_mean([[one**2 for one in block] for block in uniform], 1 / 3)
    for place in range(2):
        normal = [[list_of(one["b"])[place] for one in block] for block in draws]
        assert_mean(normal, 10.0)
        assert_mean([[(one - 10.0) ** 2 for one in block] for block in normal], 4.0)


def test_table_gives_the_same_rows() -> None:
    model = build(load("kazakhstan-2022"))
    table = ParameterTable(model, 3, {"brink": 0.5})
    for draw in (0, 1, 7):
        for atom in model.atoms:
            theta = draw_parameters(model, atom, 3, draw) | {"brink": 0.5}
            assert table.row(atom, draw).tolist() == flat_parameters(model, theta)
            assert named_parameters(model, table.row(atom, draw)) == theta
