"""Can every atom bring about what evidence names, or does it say why not?"""

from __future__ import annotations

from foedus.case.bounds import Ground, Reach, reach
from foedus.case.case import Case, Item
from foedus.case.parts import AtomBelief
from foedus.case.reads import names_in, writes
from foedus.expr.interval import truth
from foedus.expr.tree import Expression
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics


def atoms_explain_the_evidence(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """Report atoms in which what an item says has happened cannot happen, or what it says was so
    cannot come about, unless they say so, and those that say so of what can.

    Claims and measurements are left alone: a claim can be false, and a measurement has an error.
    """
    named = {
        item.event.name: item
        for item in reversed(case.evidence)
        if item.kind == "happened" and item.event is not None and item.event.name in found.possible
    }
    states = [
        item
        for item in case.evidence
        if item.kind == "state"
        and item.expression is not None
        and truth(item.expression, found.context) is not False
    ]
    if len(case.atoms) < 2 or not (named or states):
        return
    ground = Ground(case)
    for belief in case.atoms:
        own = reach(case, found.assumed, belief.atom.components, ground)
        said = {name for name, _ in belief.impossible}
        for name, item in named.items():
            kind = name.rpartition(".")[0] or name
            is_said = name in said or kind in said
            if name not in own.possible and not is_said:
                _report_cannot(belief, name, item, diagnostics)
            elif name in own.possible and name in said and belief.atom.prior > 0.0:
                _report_can(belief, name, item, diagnostics)
        for item in states:
            if item.expression is None or truth(item.expression, own.context) is not False:
                continue
            bringing = _events_that_change(case, item.expression) - own.possible
            if bringing and not bringing & said:
                _report_never_so(belief, min(bringing), item, diagnostics)


def _events_that_change(case: Case, expression: Expression) -> frozenset[str]:
    """The events that write something that an expression reads."""
    read = names_in([expression]).variables
    return frozenset(name for name, one in case.events.items() if writes(one.kind) & read)


def _report_never_so(belief: AtomBelief, event: str, item: Item, diagnostics: Diagnostics) -> None:
    what = f"what the item `{item.id}` says cannot be so"
    _report(belief, event, item, what, "come about", diagnostics)


def _report_cannot(belief: AtomBelief, name: str, item: Item, diagnostics: Diagnostics) -> None:
    _report(belief, name, item, f"`{name}` cannot happen", "happen", diagnostics)


def _report(
    belief: AtomBelief, event: str, item: Item, what: str, cure: str, diagnostics: Diagnostics
) -> None:
    atom = belief.atom.name
    if item.span is not None:
        diagnostics.error(
            Code.IMPOSSIBLE_IN_ATOM,
            item.span,
            f"{what} in the atom `{atom}`, which does not say why",
            label="this item alone would rule it out",
            help=f"let it {cure} there, however rarely, or write `impossible: {{{event}: "
            f"REASON}}` under `{atom}`",
        )


def _report_can(belief: AtomBelief, name: str, item: Item, diagnostics: Diagnostics) -> None:
    atom = belief.atom.name
    if item.span is not None:
        diagnostics.warning(
            Code.IMPOSSIBLE_IN_ATOM,
            item.span,
            f"`{name}` is said to be impossible in the atom `{atom}`, where it can happen",
            label="this item does not rule it out",
            help=f"let nothing bring it about there, or leave `{name}` out of `impossible:`",
        )
