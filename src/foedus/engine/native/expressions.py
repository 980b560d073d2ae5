"""Typed expressions as instructions: the same operations in the same order as `closures`.

Import from here: this module puts the emitters of all nodes together.
"""

from __future__ import annotations

from foedus.engine.native.leaves import (
    cell,
    emit_component,
    emit_datum,
    emit_draw,
    emit_firings,
    emit_index,
    emit_label,
    emit_number,
    emit_parameter,
    emit_since,
    emit_time,
    emit_truth,
    emit_variable,
    position,
)
from foedus.engine.native.operators import (
    emit_binary,
    emit_call,
    emit_conditional,
    emit_negative,
    emit_not,
)
from foedus.engine.native.place import (
    EMITTERS,
    ONE,
    ZERO,
    Emission,
    Place,
    as_number,
    as_truth,
    call_numerics,
    condition,
)
from foedus.engine.native.quantifiers import each_member, emit_quantifier
from foedus.expr import tree

__all__ = [
    "ONE",
    "ZERO",
    "Emission",
    "Place",
    "as_number",
    "as_truth",
    "call_numerics",
    "cell",
    "condition",
    "each_member",
    "position",
]

EMITTERS.update(
    {
        tree.Number: emit_number,
        tree.Truth: emit_truth,
        tree.LabelValue: emit_label,
        tree.Time: emit_time,
        tree.IndexVariable: emit_index,
        tree.Parameter: emit_parameter,
        tree.Variable: emit_variable,
        tree.Datum: emit_datum,
        tree.Component: emit_component,
        tree.Draw: emit_draw,
        tree.Firings: emit_firings,
        tree.Since: emit_since,
        tree.Negative: emit_negative,
        tree.Not: emit_not,
        tree.Binary: emit_binary,
        tree.Conditional: emit_conditional,
        tree.Call: emit_call,
        tree.Quantifier: emit_quantifier,
    }
)
