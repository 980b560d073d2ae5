"""Quantifiers as instructions: left folds in index order."""

from __future__ import annotations

import math
from collections.abc import Callable

from foedus.engine.exact_sums import rounder
from foedus.engine.native.ir import double, each_in_row
from foedus.engine.native.kept import emit_kept
from foedus.engine.native.leaves import position
from foedus.engine.native.place import ZERO, Place, as_number, as_truth, condition
from foedus.expr import tree
from foedus.jump.ties import ties_of


def each_member(
    place: Place, domain: tree.Domain, name: str, body: Callable[[Place], None]
) -> None:
    """A loop over a domain in index order, the index bound."""
    code = place.code
    if isinstance(domain, tree.GroupDomain):
        with code.count_up("0", str(domain.group.size)) as index:
            body(place.binding(name, index))
        return
    ties = ties_of(place.shared.layout.relations[domain.relation])
    with each_in_row(code, ties.starts, ties.members, position(place, domain.index)) as member:
        body(place.binding(name, member))


def emit_quantifier(place: Place, node: tree.Quantifier) -> str:
    """A `quantifier` node."""
    code = place.code
    kept = emit_kept(place, node)
    if kept is not None:
        return kept
    if node.name in ("any", "all"):
        return _decided(place, node)
    total = code.slot("double")
    is_sum = node.name in ("sum", "count")
    grid = rounder(node, place.shared.layout)
    code.store("double", ZERO if is_sum else double(math.nan), total)

    def body(inside: Place) -> None:
        with code.when(condition(inside, node.condition)):
            if node.name == "count":
                value = as_number(inside, node.body)
                code.store(
                    "double", code.let(f"fadd double {code.load('double', total)}, {value}"), total
                )
            elif node.name == "sum":
                value = as_number(inside, node.body)
                if grid is not None:
                    value = code.let(f"fadd double {value}, {double(grid)}")
                    value = code.let(f"fsub double {value}, {double(grid)}")
                now = code.load("double", total)
                code.store("double", code.let(f"fadd double {now}, {value}"), total)
            else:
                _keep_extreme(inside, node, total)

    each_member(place, node.domain, node.variable, body)
    result = code.load("double", total)
    if not is_sum:
        place.fault_unless(code.let(f"fcmp ord double {result}, {result}"))
    return result


def _keep_extreme(place: Place, node: tree.Quantifier, best: str) -> None:
    code = place.code
    value, now = as_number(place, node.body), code.load("double", best)
    sign = "ult" if node.name == "min" else "ugt"  # unordered: the first replaces the nan
    beyond = code.let(f"fcmp {sign} double {value}, {now}")
    code.store("double", code.let(f"select i1 {beyond}, double {value}, double {now}"), best)


def _decided(place: Place, node: tree.Quantifier) -> str:
    """`any` and `all` stop when decided."""
    code = place.code
    result, done = code.slot("i1"), code.label("decided")
    is_any = node.name == "any"
    code.store("i1", "false" if is_any else "true", result)

    def body(inside: Place) -> None:
        with code.when(condition(inside, node.condition)):
            holds = as_truth(inside, node.body)
            on = code.label("on")
            decided = code.label("settle")
            code.branch(holds, decided if is_any else on, on if is_any else decided)
            code.begin(decided)
            code.store("i1", "true" if is_any else "false", result)
            code.jump(done)
            code.begin(on)

    each_member(place, node.domain, node.variable, body)
    code.begin(done)
    return code.load("i1", result)
