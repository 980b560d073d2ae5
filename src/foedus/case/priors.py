"""A file of priors: an analyst's own, put in the place of those of a case before it is checked.

Only what is believed is replaced (value or prior, unit, grade, reason, citations); what a parameter
is for and how it is indexed stays. The case is then checked as if it had been written so.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from foedus.case.case import Case
from foedus.case.check import CaseFile
from foedus.case.draft import number
from foedus.case.fit import fit, key_places
from foedus.case.grammar import CASE
from foedus.case.grammar.priors import PRIORS
from foedus.case.node import Entry, Mapping, Node, Scalar, Sequence
from foedus.case.reader import parse_yaml, read_source
from foedus.case.readings import PRIOR_TOLERANCE
from foedus.case.reads import unread_parameters
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Span
from foedus.text.suggest import named
from foedus.units import UnitError, parse_unit

BELIEF = frozenset({"value", "prior", "unit", "grade", "because", "cites"})
"""The keys of a value that say what is believed of it, and why."""

Keys = tuple[str, ...]
"""The keys that lead to a value of a case file."""


def with_priors(file: CaseFile, path: Path, diagnostics: Diagnostics) -> CaseFile | None:
    """The case file with the priors of another file in it, or None if that cannot be read.

    What does not fit is noted and left out, so that the rest is checked too.
    """
    priors = _read(path, diagnostics)
    if priors is None:
        return None
    root = file.root
    for entry in priors.mapping("parameters"):
        place = _place_of(root, entry.key.text)
        if place is None:
            known = _plain_names(root)
            _unknown(Code.UNKNOWN_PARAMETER, "parameter", entry.key, known, diagnostics)
        elif _is_in_unit(root, place, entry, diagnostics):
            root = _put(root, place, entry)
    atoms = priors.entry("atoms")
    if atoms is not None:
        root = _with_atoms(root, atoms, diagnostics)
    return replace(file, root=root)


def verify_priors_are_read(case: Case, path: Path, diagnostics: Diagnostics) -> None:
    """Note each parameter in a file of priors that nothing in the case reads: no answer would move.

    For a case that was checked with them.
    """
    priors = _read(path, Diagnostics())
    if priors is None:
        return
    unread = unread_parameters(case)
    given = list(priors.mapping("parameters"))
    for atom in priors.mapping("atoms"):
        given += atom.value.mapping("parameters") if isinstance(atom.value, Mapping) else ()
    for key in (entry.key for entry in given if entry.key.text in unread):
        is_mechanisms = case.parameters[key.text].mechanism is not None
        bound = ", or change what the case binds in its place, under `uses`"
        diagnostics.error(
            Code.CHANGES_NOTHING,
            key.span,
            f"nothing in the case reads `{key.text}`, so that its prior changes nothing",
            label="no answer rests on it",
            help=f"leave it out{bound if is_mechanisms else ''}",
        )


def written_odds(file: CaseFile) -> dict[str, float] | None:
    """The priors of the atoms as a case file has them; None where they are not probabilities."""
    found: dict[str, float] = {}
    for entry in file.root.mapping("atoms"):
        prior = number(entry.value.get("prior")) if isinstance(entry.value, Mapping) else None
        if prior is None:
            return None
        found[entry.key.text] = prior
    return found if abs(sum(found.values()) - 1.0) <= PRIOR_TOLERANCE else None


def _read(path: Path, diagnostics: Diagnostics) -> Mapping | None:
    source = read_source(path, str(path), diagnostics)
    root = None if source is None else parse_yaml(source, diagnostics)
    if root is None:
        if source is not None and not diagnostics.has_errors:
            cure = "name a parameter under `parameters:`, and give its prior"
            diagnostics.error(Code.BAD_YAML, Span(source, 0, 0), "the file is empty", help=cure)
        return None
    fitted = fit(root, PRIORS, diagnostics, key_places(PRIORS, key_places(CASE)))
    return fitted if isinstance(fitted, Mapping) else None


def _place_of(root: Mapping, name: str) -> Keys | None:
    """The keys that lead to a parameter; in the list of uses, the prefix of the use is the key."""
    head, _, rest = name.partition(".")
    if not rest:
        return ("parameters", name) if name in _plain_names(root) else None
    if any(isinstance(use, Mapping) and use.text("as") == head for use in root.items("uses")):
        return ("uses", head, "set", rest)
    place: Keys = ("origins", rest, "reliability")
    if head == "speaker":
        place = ("speakers", *rest.split(".", 2))
    return place if _get(root, place) is not None else None


def _plain_names(root: Mapping) -> tuple[str, ...]:
    return tuple(entry.key.text for entry in root.mapping("parameters"))


def _get(node: Node | None, place: Keys) -> Node | None:
    for key in place:
        if isinstance(node, Sequence):
            uses = (one for one in node.items if isinstance(one, Mapping))
            node = next((one for one in uses if one.text("as") == key), None)
        else:
            node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _put(root: Mapping, place: Keys, entry: Entry) -> Mapping:
    """The mapping with a belief at its place, in the stead of what was believed there."""
    changed = _changed(root, place, entry)
    return changed if isinstance(changed, Mapping) else root


def _changed(node: Node | None, place: Keys, entry: Entry) -> Node:
    if not place:
        return _believed(node, entry.value)
    head, rest = place[0], place[1:]
    if isinstance(node, Sequence):
        items = (
            _changed(one, rest, entry) if isinstance(one, Mapping) and one.text("as") == head
            else one
            for one in node.items
        )  # fmt: skip
        return replace(node, items=tuple(items))
    old = node if isinstance(node, Mapping) else Mapping(entry.value.span, ())
    found = old.entry(head)
    span = entry.key.span if found is None or not rest else found.key.span
    new = Entry(Scalar(span, head, True), _changed(old.get(head), rest, entry))
    if found is None:
        return replace(old, entries=(*old.entries, new))
    return replace(old, entries=tuple(new if one is found else one for one in old.entries))


def _believed(old: Node | None, new: Node) -> Node:
    """A new belief, with what the old value says about its meaning."""
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return new
    written = {entry.key.text for entry in new.entries}
    kept = (e for e in old.entries if e.key.text not in BELIEF | written)
    return replace(new, entries=(*kept, *new.entries))


def _is_in_unit(root: Mapping, place: Keys, entry: Entry, diagnostics: Diagnostics) -> bool:
    """Whether a parameter of the case keeps its dimension; mechanisms look after theirs."""
    old, new = _get(root, place), entry.value
    if not isinstance(old, Mapping) or not isinstance(new, Mapping) or place[0] == "uses":
        return True
    wanted, given = old.text("unit", "none"), new.text("unit", "none")
    is_given = new.has("unit") or wanted == "none"
    try:
        is_same = parse_unit(wanted).time_power == parse_unit(given).time_power
    except UnitError:
        return True  # the checker says what is wrong with it
    if is_given and is_same:
        return True
    name = entry.key.text
    message = f"the prior of `{name}` has no unit"
    if new.has("unit"):
        message = f"`{name}` is given in `{wanted}`, which cannot be had from `{given}`"
    unit = new.entry("unit")
    diagnostics.error(
        Code.UNIT_MISMATCH,
        entry.key.span if unit is None else unit.value.span,
        message,
        help=f"add `unit: {wanted}`" if unit is None else f"write `unit: {wanted}`",
    )
    return False


def _with_atoms(root: Mapping, atoms: Entry, diagnostics: Diagnostics) -> Mapping:
    """The atoms with other priors. What is wrong with their sum is wrong with the new file."""
    written = root.entry("atoms")
    known = tuple(entry.key.text for entry in root.mapping("atoms"))
    for entry in atoms.value.entries if isinstance(atoms.value, Mapping) else ():
        if entry.key.text not in known:
            _unknown(Code.UNKNOWN_NAME, "atom", entry.key, known, diagnostics)
            continue
        belief, place = entry.value, ("atoms", entry.key.text)
        if isinstance(belief, Mapping):
            own = belief.mapping("parameters")
            kept = tuple(one for one in belief.entries if one.key.text != "parameters")
            if kept:
                root = _put(root, place, Entry(entry.key, replace(belief, entries=kept)))
            for one in own:
                root = _put(root, (*place, "parameters", one.key.text), one)
    if written is None:
        return root
    moved = Entry(atoms.key, root.get("atoms") or written.value)
    entries = tuple(moved if e.key.text == "atoms" else e for e in root.entries)
    return replace(root, entries=entries)


def _unknown(
    code: Code, what: str, key: Scalar, known: tuple[str, ...], diagnostics: Diagnostics
) -> None:
    cure = named(key.text, known, "`foedus show CASE --assumptions` lists them")
    diagnostics.error(code, key.span, f"no {what} is called `{key.text}`", help=cure)
