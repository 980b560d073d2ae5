"""Can every event happen at all?"""

from __future__ import annotations

from foedus.case.bounds import Reach, reach
from foedus.case.case import Case, Happening
from foedus.case.checks.finite import verify_finite, verify_not_negative
from foedus.case.dynamics import EventKind, Rate
from foedus.expr.interval import bounds, refine, truth
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics

MOST_ROUNDS = 20
MOST_TRIED = 8


def events_are_possible(case: Case, diagnostics: Diagnostics) -> Reach:
    """Report the kinds that can never happen; those that only wait for one of them are no fault.

    Returns what can be once the faults are cured, for the checks that follow.
    """
    found = reach(case)
    dead = _dead(case, found)
    faulty: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    for _ in range(MOST_ROUNDS):
        if not dead:
            break
        everything = reach(case, faulty | silent | {h.kind.name for h in dead})
        for happening in _roots(case, dead, faulty | silent, everything):
            if _report(happening, everything, diagnostics):
                faulty |= {happening.kind.name}
            else:
                silent |= {happening.kind.name}
        dead = _dead(case, reach(case, faulty | silent))
    return reach(case, faulty) if faulty else found


def _dead(case: Case, found: Reach) -> list[Happening]:
    """The kinds that no course of the case reaches, those left out with a component excepted."""
    present = {component for belief in case.atoms for component in belief.atom.components}
    return [
        happening
        for happening in case.events.values()
        if happening.kind.name not in found.possible
        and (happening.kind.gate is None or happening.kind.gate in present)
    ]


def _roots(
    case: Case, dead: list[Happening], assumed: frozenset[str], everything: Reach
) -> list[Happening]:
    """Of kinds that cannot happen those that could not even if all the others did."""
    roots = [happening for happening in dead if _is_stuck(happening.kind, everything)]
    if not roots and len(dead) <= MOST_TRIED:
        names = {happening.kind.name for happening in dead}
        roots = [
            happening
            for happening in dead
            if happening.kind.name
            not in reach(case, assumed | (names - {happening.kind.name})).possible
        ]
    return roots or [_in_a_ring(case, dead, assumed)]


def _in_a_ring(case: Case, dead: list[Happening], assumed: frozenset[str]) -> Happening:
    """Of a ring of kinds that wait for each other one stands for all: the first that would let most
    others happen, which one that only waits for the ring would not."""
    if len(dead) > MOST_TRIED:
        return dead[0]
    return max(dead, key=lambda one: len(reach(case, assumed | {one.kind.name}).possible))


def _is_stuck(kind: EventKind, found: Reach) -> bool:
    context = found.context
    if kind.guard is not None:
        if truth(kind.guard, context) is False:
            return True
        context = refine(context, kind.guard)
    return isinstance(kind.timing, Rate) and bounds(kind.timing.hazard, context).high <= 0


def _report(happening: Happening, found: Reach, diagnostics: Diagnostics) -> bool:
    """Note that a kind can never happen; whether that is an error.

    It is allowed to switch a kind off by a rate of zero, and to leave part of a mechanism unused.
    """
    kind, context = happening.kind, found.context
    if kind.span is None:
        return False
    hazard = kind.timing.hazard if isinstance(kind.timing, Rate) else None
    is_guarded = kind.guard is not None and truth(kind.guard, context) is False
    if hazard is not None and not is_guarded:
        inner = context if kind.guard is None else refine(context, kind.guard)
        if not verify_finite(kind, "rate", hazard, inner, diagnostics):
            return True
        if not verify_not_negative(kind, hazard, inner, diagnostics):
            return True
        if bounds(hazard, inner).high == 0:
            diagnostics.warning(
                Code.NEVER_ENABLED, hazard.span or kind.span, f"`{kind.name}` can never happen",
                label="always 0", help="leave the event out, or give it a rate",
            )  # fmt: skip
            return False
    span = kind.guard.span if kind.guard is not None and kind.guard.span else kind.span
    note = diagnostics.error if happening.mechanism is None else diagnostics.warning
    note(
        Code.NEVER_ENABLED, span, f"`{kind.name}` can never happen",
        label="no course of the case makes this true",
        help="change the condition, or add an event that makes it true",
    )  # fmt: skip
    return happening.mechanism is None
