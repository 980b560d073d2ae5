"""What the text of a program costs before it runs: compiling takes time by function and line."""

import re

from foedus import study
from foedus.engine.native.driver import emit_program
from foedus.engine.native.ir import Function, Module


def test_what_is_known_is_not_worked_out_at_run_time() -> None:
    code = Function(Module(), "@f", "void", ())
    assert code.plus("3", 4) == "7"
    with code.when("true"):
        assert code.plus("%a", 4) == "%v1"
    assert code.body == ["  %v1 = add i64 %a, 4"]


def test_the_flagship_has_few_functions_and_writes_events_down_in_one_place() -> None:
    """Half a millisecond a function, whatever is in it: those of few lines are put into others."""
    text = emit_program(study.build(study.load("kazakhstan-2022"))).ir
    heads = re.findall(r"^define .*$", text, re.MULTILINE)
    assert sum("alwaysinline" not in head for head in heads) < 250
    assert len(re.findall(r"sitofp i64 %(act|order|forced) to double", text)) == 3
