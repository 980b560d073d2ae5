"""Can every atom bring about what evidence names, or does it say why not?"""

from __future__ import annotations

from foedus.case.bounds import Reach, reach
from foedus.case.case import Case, Item
from foedus.case.parts import AtomBelief
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics


def atoms_explain_the_evidence(case: Case, found: Reach, diagnostics: Diagnostics) -> None:
    """Report atoms in which what an item says has happened cannot happen, unless they say so, and
    those that say so of what can."""
    named = {
        item.event.name: item
        for item in reversed(case.evidence)
        if item.kind == "happened" and item.event is not None and item.event.name in found.possible
    }
    if len(case.atoms) < 2 or not named:
        return
    for belief in case.atoms:
        own = reach(case, found.assumed, belief.atom.components)
        said = {name for name, _ in belief.impossible}
        for name, item in named.items():
            kind = name.rpartition(".")[0] or name
            is_said = name in said or kind in said
            if name not in own.possible and not is_said:
                _report_cannot(belief, name, item, diagnostics)
            elif name in own.possible and name in said and belief.atom.prior > 0.0:
                _report_can(belief, name, item, diagnostics)


def _report_cannot(belief: AtomBelief, name: str, item: Item, diagnostics: Diagnostics) -> None:
    atom = belief.atom.name
    if item.span is not None:
        diagnostics.error(
            Code.IMPOSSIBLE_IN_ATOM,
            item.span,
            f"`{name}` cannot happen in the atom `{atom}`, which does not say why",
            label="this item alone would rule it out",
            help=f"let it happen there, however rarely, or write `impossible: {{{name}: REASON}}` "
            f"under `{atom}`",
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
