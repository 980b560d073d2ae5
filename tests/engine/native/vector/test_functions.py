"""`exp`, `log` and the keyed noise in lanes: equal to the reference, and accurate, bit by bit."""

from __future__ import annotations

import ctypes
import random
from collections.abc import Callable, Iterator
from math import isnan

import mpmath
import numpy as np
import pytest
from numpy.typing import NDArray

from foedus.engine import clocks, elementary
from foedus.engine.native.ir import Function, Module
from foedus.engine.native.machine import Compiled, compile_text
from foedus.engine.native.vector import elementary as in_lanes
from foedus.engine.native.vector.lanes import Lanes
from tests.engine.test_elementary import any_positive, near_one, ulps

Emit = Callable[[Lanes, str], str]
WIDTHS = (1, 2, 4, 8, 16)
MOST_ULPS = 2.0


def compiled(width: int, kind: str, emit: Emit) -> tuple[Compiled, Callable[..., None]]:
    """A loop over an array with `width` numbers of it at once."""
    module = Module()
    arguments = ("ptr", "%given"), ("ptr", "%found"), ("i64", "%count")
    code = Function(module, "@apply", "void", arguments)
    with code.count_up("0", "%count") as block:
        lanes = Lanes(code, width)
        given = lanes.words if kind == "words" else lanes.numbers
        value = code.let(f"load {given}, ptr {code.at('%given', given, block)}, align 8")
        result = emit(lanes, value)
        address = code.at("%found", lanes.numbers, block)
        code.do(f"store {lanes.numbers} {result}, ptr {address}, align 8")
    code.finish()
    made = compile_text(module.text())
    pointer = ctypes.c_void_p
    return made, made.function("apply", None, pointer, pointer, ctypes.c_int64)


def applied(
    width: int, emit: Emit, given: NDArray[np.float64] | NDArray[np.uint64]
) -> NDArray[np.float64]:
    """What a function in lanes makes of numbers, a multiple of 16 of them."""
    kind = "words" if given.dtype == np.uint64 else "numbers"
    made, call = compiled(width, kind, emit)
    found = np.zeros(len(given))
    call(given.ctypes.data, found.ctypes.data, len(given) // width)
    del made
    return found


def usual_logarithms(count: int) -> Iterator[float]:
    source = random.Random(1)
    while count:
        value = any_positive(source) if count % 2 else near_one(source)
        if in_lanes.SMALLEST_NORMAL <= value <= in_lanes.LARGEST:
            count -= 1
            yield value


def usual_exponentials(count: int) -> Iterator[float]:
    source = random.Random(2)
    for number in range(count):
        most = in_lanes.LARGEST_EXPONENT if number % 2 else 2.0 ** -source.uniform(0, 60)
        yield source.uniform(-most, most)


CASES = [
    (in_lanes.logarithm, elementary.logarithm, mpmath.log, usual_logarithms),
    (in_lanes.exponential, elementary.exponential, mpmath.exp, usual_exponentials),
]


@pytest.mark.parametrize(("emit", "slow", "exact", "values"), CASES, ids=["log", "exp"])
def test_equal_to_the_reference_and_accurate(
    emit: Emit,
    slow: Callable[[float], float],
    exact: Callable[[float], mpmath.mpf],
    values: Callable[[int], Iterator[float]],
) -> None:
    given = np.array([*values(8000)])
    expected = np.array([slow(x) for x in given])
    for width in WIDTHS:
        assert np.array_equal(applied(width, emit, given), expected)
    with mpmath.workdps(40):
        worst = max(
            ulps(float(y), exact(mpmath.mpf(float(x))))
            for x, y in zip(given[::4], expected[::4], strict=True)
        )
    assert worst <= MOST_ULPS


def test_what_is_usual() -> None:
    given = np.array([0.0, -1.0, np.nan, np.inf, 5e-324, 2.3e-308, 1.0, 1e308] * 2)

    def shown(is_usual: Emit) -> Emit:
        def emit(lanes: Lanes, x: str) -> str:
            return lanes.select(is_usual(lanes, x), lanes.number(1.0), lanes.number(0.0))

        return emit

    logarithms = applied(4, shown(in_lanes.is_usual_logarithm), given)
    assert logarithms[:8].tolist() == [0, 0, 0, 0, 0, 1, 1, 1]
    exponentials = applied(4, shown(in_lanes.is_usual_exponential), given)
    assert [bool(x) for x in exponentials[:8]] == [
        abs(x) < in_lanes.LARGEST_EXPONENT and not isnan(x) for x in given[:8]
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_noise(width: int) -> None:
    keys = clocks.run_keys(3, 4)
    numbers = range(160)
    counters = np.array([(keys[0] + clocks.GOLDEN * (77 + n)) & clocks.MASK for n in numbers], "u8")

    def emit(lanes: Lanes, counter: str) -> str:
        return in_lanes.unit_exponential(lanes, counter, lanes.word(keys[1]))

    expected = [clocks.unit_exponential(keys, 77, n) for n in numbers]
    assert applied(width, emit, counters).tolist() == expected
