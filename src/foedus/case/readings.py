"""Reading components, atoms, explanations and sets: the rivals and how they divide the possible."""

from __future__ import annotations

from foedus.case.case import AtomBelief, Component, Parameter, Reading
from foedus.case.draft import Draft, entries, local_text, number, section, unknown_name
from foedus.case.dynamics import Atom, Explanation
from foedus.case.formula import event_reference
from foedus.case.node import Mapping, Scalar, Sequence
from foedus.case.values import read_grounds, read_parameter, verify_grounds
from foedus.expr.agreement import describe_power
from foedus.expr.scope import ComponentSymbol, ParameterSymbol
from foedus.expr.tree import NumberType
from foedus.text.codes import Code
from foedus.text.suggest import list_names
from foedus.units import parse_unit

PRIOR_TOLERANCE = 1e-9


def read_components(draft: Draft) -> dict[str, Component]:
    """The components; each is also a truth of the expression language."""
    found: dict[str, Component] = {}
    for key, node in section(draft, "components"):
        if draft.declare(key, key.text, ComponentSymbol(key.text)):
            found[key.text] = Component(
                key.text, local_text(node.get("label")), local_text(node.get("doc"))
            )
    return found


def read_atoms(draft: Draft, components: dict[str, Component]) -> tuple[AtomBelief, ...]:
    """The atoms with their priors, which must sum to one; a single one where none is declared."""
    found: list[AtomBelief] = []
    for key, node in section(draft, "atoms"):
        found.append(_atom(key, node, components, draft))
    written = draft.root.entry("atoms")
    if not found:
        everything = Atom("the-case", 1.0, frozenset(components))
        return () if written else (AtomBelief(everything, read_grounds(draft.root, draft)),)
    total = sum(belief.atom.prior for belief in found)
    if (
        written is not None
        and abs(total - 1) > PRIOR_TOLERANCE
        and not _lost(draft, "atoms", found)
    ):
        draft.diagnostics.error(
            Code.PRIORS_DO_NOT_SUM,
            written.key.span,
            f"the priors of the atoms sum to {total:.10g}, not to 1",
            label=f"{abs(total - 1):.10g} too {'much' if total > 1 else 'little'}",
            help="change them so that they sum to one; nothing is rescaled for you",
        )
    return tuple(found)


def _lost(draft: Draft, name: str, found: list[AtomBelief]) -> bool:
    return len(draft.root.mapping(name)) != len(found)


def _has_faults(draft: Draft, name: str, found: dict[str, Reading]) -> bool:
    """Whether part of the explanations could not be read, so that atoms may be in that part."""
    lists = [node.get("atoms") for _, node in section(draft, name)]
    written = sum(len(node.items) + node.has_lost for node in lists if isinstance(node, Sequence))
    read = sum(len(reading.explanation.atoms) for reading in found.values())
    return written > read or len(draft.root.mapping(name)) > len(found)


def _atom(key: Scalar, node: Mapping, components: dict[str, Component], draft: Draft) -> AtomBelief:
    present: list[str] = []
    for item in node.items("components"):
        if not isinstance(item, Scalar):
            continue
        if item.text in components:
            present.append(item.text)
        else:
            unknown_name(
                Code.UNKNOWN_NAME, "component", item, tuple(components), "components", draft
            )
    prior = number(node.get("prior"))
    grounds = read_grounds(node, draft)
    verify_grounds(node, grounds, f"the prior of `{key.text}`", key, draft)
    impossible = []
    for entry in entries(node, "impossible"):
        reference = event_reference(entry.key, draft)
        if reference is not None:
            impossible.append((reference.name, local_text(entry.value)))
    own = _own_priors(node, draft)
    atom = Atom(key.text, prior or 0.0, frozenset(present), tuple(one.spec for one in own))
    return AtomBelief(atom, grounds, tuple(impossible), own)


def _own_priors(node: Mapping, draft: Draft) -> tuple[Parameter, ...]:
    found: list[Parameter] = []
    for entry in entries(node, "parameters"):
        symbol = draft.symbols.get(entry.key.text)
        if not isinstance(symbol, ParameterSymbol):
            known = tuple(n for n, s in draft.symbols.items() if isinstance(s, ParameterSymbol))
            unknown_name(Code.UNKNOWN_PARAMETER, "parameter", entry.key, known, "parameters", draft)
        elif isinstance(entry.value, Mapping):
            parameter = read_parameter(
                entry.key, entry.value, symbol.name, symbol.groups,
                f"the parameter `{entry.key.text}`", draft,
            )  # fmt: skip
            if parameter is not None and _unit_fits(entry.key, parameter, symbol, draft):
                found.append(parameter)
    return tuple(found)


def _unit_fits(key: Scalar, own: Parameter, symbol: ParameterSymbol, draft: Draft) -> bool:
    wanted = symbol.type.time_power if isinstance(symbol.type, NumberType) else 0
    if parse_unit(own.unit).time_power == wanted:
        return True
    draft.diagnostics.error(
        Code.UNIT_MISMATCH,
        key.span,
        f"`{key.text}` is {describe_power(wanted)}, and its prior here is not",
        label="in another unit than where it is declared" if own.unit != "none" else "has no unit",
        help="give the prior the unit of the parameter",
    )
    return False


def _atoms_of(
    node: Mapping, key: Scalar, known: tuple[str, ...], draft: Draft
) -> tuple[Scalar, ...]:
    """The atoms that a reading names, each once: what is listed twice would count twice."""
    found: dict[str, Scalar] = {}
    for item in node.items("atoms"):
        if not isinstance(item, Scalar):
            continue
        if item.text not in known:
            unknown_name(Code.UNKNOWN_NAME, "atom", item, known, "atoms", draft)
        elif found.setdefault(item.text, item) is not item:
            draft.diagnostics.error(
                Code.NAME_TAKEN,
                item.span,
                f"the atom `{item.text}` stands twice in `{key.text}`",
                label="again here",
                other=[(found[item.text].span, "first here")],
                help="keep one of them",
            )
    return tuple(found.values())


def read_readings(draft: Draft, name: str, atoms: tuple[AtomBelief, ...]) -> dict[str, Reading]:
    """The explanations (`explanations`, which divide the atoms among them) or the `sets`."""
    known = tuple(belief.atom.name for belief in atoms)
    is_rival = name == "explanations"
    found: dict[str, Reading] = {}
    used: dict[str, Scalar] = {}
    for key, node in section(draft, name):
        members: list[str] = []
        for item in _atoms_of(node, key, known, draft):
            if is_rival and item.text in used:
                draft.diagnostics.error(
                    Code.NOT_A_PARTITION,
                    item.span,
                    f"the atom `{item.text}` belongs to two explanations",
                    label="again here",
                    other=[(used[item.text].span, "first here")],
                    help="rival explanations share no atom; put overlapping readings under `sets`",
                )
                continue
            used.setdefault(item.text, item)
            members.append(item.text)
        found[key.text] = Reading(
            Explanation(key.text, tuple(members), is_rival), local_text(node.get("label")),
            local_text(node.get("doc")),
        )  # fmt: skip
    written = draft.root.entry(name)
    missing = [atom for atom in known if atom not in used]
    if is_rival and written is not None and missing and not _has_faults(draft, name, found):
        place = draft.root.mapping("atoms")
        other = [(e.key.span, "in no explanation") for e in place if e.key.text in missing]
        draft.diagnostics.error(
            Code.NOT_A_PARTITION,
            written.key.span,
            f"no explanation holds the atom {list_names(missing, 5)}",
            other=other[:5],
            help="put every atom into exactly one explanation",
        )
    return found
