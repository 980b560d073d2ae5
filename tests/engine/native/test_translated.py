"""The translated numerics give what Python gives, bit for bit, and refuse what it refuses."""

from __future__ import annotations

import ctypes
import math
import random
import struct
from collections.abc import Callable

import pytest

from foedus.engine import elementary, numerics, quantiles
from foedus.engine.native.ir import Function, Module
from foedus.engine.native.machine import Compiled, compile_text
from foedus.engine.native.translated import Translator

Numeric = Callable[..., float]


def anywhere(chance: random.Random) -> float:
    """Any positive double at all, infinity and nan included."""
    return float(struct.unpack("<d", struct.pack("<Q", chance.getrandbits(63)))[0])


def scale(low: float, high: float) -> Callable[[random.Random], float]:
    """Numbers between powers of ten."""
    return lambda chance: float(10 ** chance.uniform(low, high))


def unit(chance: random.Random) -> float:
    return (chance.getrandbits(52) + 0.5) * 2.0**-52


def wait(chance: random.Random) -> float:
    return chance.expovariate(1.0)


def whole(low: int, high: int) -> Callable[[random.Random], float]:
    return lambda chance: float(chance.randint(low, high))


def signed(spread: float) -> Callable[[random.Random], float]:
    return lambda chance: chance.gauss(0.0, spread)


def extreme(chance: random.Random) -> float:
    """Numbers near 0, 1, and where results overflow or vanish."""
    return chance.choice([chance.uniform(-760, 720), chance.gauss(0, 1e-5), chance.gauss(0, 2)])


CASES: dict[str, tuple[Numeric, tuple[Callable[[random.Random], float], ...], int]] = {
    "exp": (elementary.exponential, (extreme,), 20_000),
    "log": (elementary.logarithm, (anywhere,), 20_000),
    "power": (elementary.power, (scale(-3, 3), signed(10)), 10_000),
    "power-of-any": (elementary.power, (signed(2), whole(-4, 4)), 5_000),
    "normal-quantile": (quantiles.normal_quantile, (unit,), 10_000),
    "wait-fixed": (numerics.fixed_waiting, (scale(-3, 3), wait), 100),
    "wait-exponential": (numerics.WAITING_TIMES["exponential"], (scale(-3, 3), wait), 1_000),
    "wait-gamma": (numerics.gamma_waiting, (scale(-1, 3), scale(-2, 2), wait), 1_500),
    "wait-erlang": (numerics.erlang_waiting, (whole(1, 9), scale(-2, 2), wait), 1_500),
    "wait-weibull": (numerics.weibull_waiting, (scale(-1, 1), scale(-2, 2), wait), 3_000),
    "wait-lognormal": (numerics.lognormal_waiting, (scale(-2, 2), scale(0.01, 1), wait), 3_000),
    "bernoulli": (numerics.bernoulli, (unit, unit), 1_000),
    "uniform": (numerics.uniform, (whole(-9, 1), scale(0.5, 2), unit), 1_000),
    "integer": (numerics.integer, (whole(-9, 0), whole(0, 9), unit), 1_000),
    "exponential": (numerics.exponential_draw, (scale(-3, 3), unit), 1_000),
    "normal": (numerics.normal, (signed(3), scale(-3, 3), unit), 3_000),
    "lognormal": (numerics.lognormal, (scale(-2, 2), scale(0.01, 1), unit), 3_000),
    "gamma": (numerics.gamma, (scale(-1, 3), scale(-2, 2), unit), 1_500),
    "poisson": (numerics.poisson, (scale(-2, 4), unit), 2_000),
    "binomial": (numerics.binomial, (whole(0, 3000), unit, unit), 2_000),
    "geometric": (numerics.geometric, (unit, unit), 1_000),
}

WRONG: dict[str, tuple[list[float], ...]] = {
    "wait-gamma": ([0.0, 1.0, 1.0], [math.nan, 1.0, 1.0], [1.0, -1.0, 1.0]),
    "wait-erlang": ([1.5, 1.0, 1.0], [0.0, 1.0, 1.0]),
    "wait-fixed": ([-1.0, 1.0], [math.inf, 1.0]),
    "bernoulli": ([1.5, 0.5], [math.nan, 0.5]),
    "uniform": ([2.0, 1.0, 0.5],),
    "integer": ([0.5, 2.0, 0.5], [3.0, 2.0, 0.5]),
    "normal": ([0.0, -1.0, 0.5],),
    "poisson": ([-1.0, 0.5], [1e10, 0.5], [math.nan, 0.5]),
    "binomial": ([2.5, 0.5, 0.5], [-1.0, 0.5, 0.5], [5.0, 1.5, 0.5]),
    "geometric": ([0.0, 0.5], [2.0, 0.5]),
}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """All of them, each behind a name of its own."""
    module = Module()
    translator = Translator(module)
    for number, (function, kinds, _) in enumerate(CASES.values()):
        names = [f"%a{place}" for place in range(len(kinds))]
        arguments = (("ptr", "%fault"), *(("double", name) for name in names))
        code = Function(module, f"@x{number}", "double", arguments)
        code.leave(translator.call(code, function, names))
        code.finish()
    return compile_text(module.text(), tmp_path_factory.mktemp("code"))


def native(compiled: Compiled, name: str) -> Callable[[list[float]], tuple[float, bool]]:
    """A translated function: its value, and whether it refused."""
    count, number = len(CASES[name][1]), list(CASES).index(name)
    types = (ctypes.c_void_p, *[ctypes.c_double] * count)
    function = compiled.function(f"x{number}", ctypes.c_double, *types)

    def call(values: list[float]) -> tuple[float, bool]:
        refused = ctypes.c_uint8(0)
        result = function(ctypes.addressof(refused), *values)
        return result, refused.value == 1

    return call


def bits(value: float) -> bytes:
    return struct.pack("<d", math.nan if value != value else value)


@pytest.mark.parametrize("name", CASES)
def test_same_bits(compiled: Compiled, name: str) -> None:
    function, kinds, number = CASES[name]
    fast, chance = native(compiled, name), random.Random(f"foedus {name}")
    for _ in range(number):
        values = [draw(chance) for draw in kinds]
        result, refused = fast(values)
        assert not refused, values
        assert bits(float(function(*values))) == bits(result), values


@pytest.mark.parametrize("name", WRONG)
def test_same_refusals(compiled: Compiled, name: str) -> None:
    function, fast = CASES[name][0], native(compiled, name)
    for values in WRONG[name]:
        with pytest.raises(numerics.NumericsError):
            function(*values)
        assert fast(values)[1], values


@pytest.mark.parametrize(
    "value",
    [0.0, 5e-324, 2.2250738585072014e-308, 1.0, math.nextafter(1.0, 0.0), 1.7976931348623157e308],
)
def test_edges_of_elementary_functions(compiled: Compiled, value: float) -> None:
    for name in ("exp", "log"):
        for one in (value, -value) if name == "exp" else (value,) if value else ():
            assert bits(native(compiled, name)([one])[0]) == bits(CASES[name][0](one))


def test_every_distribution_is_tried() -> None:
    tried = {function for function, _, _ in CASES.values()}
    missing = {
        name
        for laws in (numerics.WAITING_TIMES, numerics.DRAWS)
        for name, function in laws.items()
        if function not in tried
    }
    assert missing == {"categorical"}, "which the emitter writes out itself"
