"""Noise by key as instructions: see `engine/clocks.py`."""

from __future__ import annotations

from foedus.engine import clocks
from foedus.engine.native.ir import INLINED, Function, double, signed
from foedus.engine.native.place import Emission
from foedus.engine.native.vector.elementary import unit_exponential
from foedus.engine.native.vector.lanes import Lanes

HALF = double(0.5)
SCALE = double(2.220446049250313e-16)


def emit_noise(shared: Emission) -> None:
    """`@f_uniform(ctx, words, k, n)` and `@f_unit(ctx, words, k, n)`: see `engine/clocks.py`."""
    code = shared.function(
        "@f_uniform",
        ("ptr", "%words"),
        ("i64", "%k"),
        ("i64", "%n"),
        result="double",
        attributes=INLINED,
    )
    at = code.let("add i64 %k, %n")
    scaled = code.let(f"mul i64 {at}, {signed(clocks.GOLDEN)}")
    z = code.let(f"add i64 {scaled}, {code.load('i64', '%words')}")
    z = _shifted(code, z, 32, clocks.FIRST_MULTIPLIER, 29)
    second = code.load("i64", code.at("%words", "i64", "1"))
    z = code.let(f"xor i64 {z}, {second}")
    z = _shifted(code, z, 32, clocks.SECOND_MULTIPLIER, 29)
    number = code.let(f"uitofp i64 {code.let(f'lshr i64 {z}, 12')} to double")
    middle = code.let(f"fadd double {number}, {HALF}")
    code.leave(code.let(f"fmul double {middle}, {SCALE}"))
    code.finish()
    arguments = ("ptr", "%words"), ("i64", "%k"), ("i64", "%n")
    code = shared.function("@f_unit", *arguments, result="double")
    lanes = Lanes(code, 1)  # without branches and calls, as uniform numbers need none
    scaled = code.let(f"mul i64 {code.let('add i64 %k, %n')}, {signed(clocks.GOLDEN)}")
    counter = code.let(f"add i64 {scaled}, {code.load('i64', '%words')}")
    second = code.load("i64", code.at("%words", "i64", "1"))
    drawn = unit_exponential(lanes, lanes.spread_word(counter), lanes.spread_word(second))
    code.leave(code.let(f"extractelement {lanes.numbers} {drawn}, i64 0"))
    code.finish()


def _shifted(code: Function, z: str, first: int, multiplier: int, second: int) -> str:
    z = code.let(f"xor i64 {z}, {code.let(f'lshr i64 {z}, {first}')}")
    z = code.let(f"mul i64 {z}, {signed(multiplier)}")
    return code.let(f"xor i64 {z}, {code.let(f'lshr i64 {z}, {second}')}")


def emit_run_keys(shared: Emission) -> None:
    """`@f_run_keys(ctx, seed, run)`: the two words all noise of a run is keyed by."""
    code = shared.function("@f_run_keys", ("i64", "%seed"), ("i64", "%run"))

    def mixed(z: str) -> str:
        for shift, multiplier in ((30, clocks.FIRST_MULTIPLIER), (27, clocks.SECOND_MULTIPLIER)):
            z = code.let(f"xor i64 {z}, {code.let(f'lshr i64 {z}, {shift}')}")
            z = code.let(f"mul i64 {z}, {signed(multiplier)}")
        return code.let(f"xor i64 {z}, {code.let(f'lshr i64 {z}, 31')}")

    golden = signed(clocks.GOLDEN)
    world = mixed(code.let(f"xor i64 %seed, {signed(clocks.FIRST_WORD)}"))
    world = mixed(code.let(f"add i64 {world}, {golden}"))
    steps = code.let(f"mul i64 %run, {golden}")
    first = mixed(code.let(f"add i64 {world}, {steps}"))
    second = mixed(code.let(f"xor i64 {first}, {signed(clocks.SECOND_WORD)}"))
    second = mixed(code.let(f"add i64 {second}, {world}"))
    shared.memory.store(code, "keys", first, 0)
    shared.memory.store(code, "keys", second, 1)
    code.finish()
