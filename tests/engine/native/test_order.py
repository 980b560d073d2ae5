"""Instructions put into order by depth: the same ones, each after what it needs."""

from __future__ import annotations

from random import Random

from foedus.engine.native.ir import Function, Module
from foedus.engine.native.order import NAME, by_depth, ordered


def test_two_chains_go_side_by_side() -> None:
    first = ["  %a = fmul double %x, %x", "  %b = fmul double %a, %a", "  %c = fmul double %b, %b"]
    second = [line.replace("%x", "%y").translate(str.maketrans("abc", "def")) for line in first]
    found = [line.split()[0] for line in ordered([*first, *second])]
    assert found == ["%a", "%d", "%b", "%e", "%c", "%f"]


def test_each_stands_after_what_it_needs() -> None:
    lot, lines = Random(1), list[str]()
    for number in range(200):
        one, other = (f"%v{lot.randrange(number)}" if number else "%x" for _ in range(2))
        operation = lot.choice(["fadd", "fmul", "fdiv"])
        lines.append(f"  %v{number} = {operation} double {one}, {other}")
    found, known = ordered(lines), {"%x"}
    assert sorted(found) == sorted(lines)
    for line in found:
        name, *operands = NAME.findall(line)
        assert known.issuperset(operands)
        known.add(name)


def test_what_does_more_than_give_a_result_stays_in_place() -> None:
    code = Function(Module(), "@f", "void", ())
    code.do("%a = fdiv double %x, %y")
    with by_depth(code):
        low = code.let("fdiv double %x, %y")
        code.let(f"fadd double {low}, %x")
        code.let("fadd double %x, %y")
        code.do("store double %x, ptr %p")
        code.let("call double @f_other(double %x)")
        code.let("load double, ptr %p")
    operations = [line.split("= ")[-1].split()[0] for line in code.body]
    assert operations == ["fdiv", "fdiv", "fadd", "fadd", "store", "call", "load"]
    assert code.body[2].endswith("double %x, %y")
