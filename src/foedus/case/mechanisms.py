"""Taking mechanisms into a case: finding the file, binding its needs, giving its names a prefix."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from pathlib import Path

from foedus.case.beside import find_beside
from foedus.case.case import Document, Use
from foedus.case.describe import article
from foedus.case.documents import read_documents
from foedus.case.draft import Draft, entries, local_text, section_of, unknown_name
from foedus.case.fit import fit, key_places
from foedus.case.formula import expression
from foedus.case.grammar import MECHANISM
from foedus.case.motion import declare
from foedus.case.node import Mapping, Node, Scalar
from foedus.case.reader import parse_yaml, read_source
from foedus.case.texts import ENDING, with_texts
from foedus.expr.scope import (
    AllianceSymbol,
    BoundSymbol,
    ComponentSymbol,
    GroupSymbol,
    LabelSymbol,
    OfficeSymbol,
    VariableSymbol,
)
from foedus.expr.tree import BOOLEAN, Group, LabelType, LabelValue, NumberType, Type
from foedus.text.codes import Code
from foedus.text.suggest import closest, list_names

SHIPPED = Path(__file__).parent.parent / "mechanisms"
MOST_USES = 100
NEED_TYPES: MappingOf[str, Type] = {
    "number": NumberType(0), "share": NumberType(0), "level": NumberType(0),
    "count": NumberType(0), "rate": NumberType(-1), "duration": NumberType(1),
    "condition": BOOLEAN, "flag": BOOLEAN,
}  # fmt: skip


@dataclass(slots=True)
class Instance:
    """A mechanism on its way into a case: its own draft, and what the case says about it."""

    use: Use
    node: Mapping
    draft: Draft
    documents: dict[str, Document] = field(default_factory=dict)
    bindings: dict[str, Node] = field(default_factory=dict)


def shipped_mechanisms() -> tuple[str, ...]:
    """The names of the mechanisms that come with Foedus."""
    files = SHIPPED.glob("*.yaml")
    return tuple(sorted(path.stem for path in files if not path.name.endswith(ENDING)))


def load_instances(draft: Draft, replaced: MappingOf[str, str]) -> list[Instance]:
    """The mechanisms a case uses, parsed and their names declared under their prefixes.

    `replaced` maps a prefix to another mechanism to put in its place (a what-if). Of the priors
    that the case gives to the one in use, it takes those that it has parameters for.
    """
    found: list[Instance] = []
    for number, node in enumerate(draft.root.items("uses")):
        if not isinstance(node, Mapping):
            continue
        if number == MOST_USES:
            message = f"a case puts together at most {MOST_USES} mechanisms"
            help_text = "index one mechanism by a group instead of using it many times"
            draft.diagnostics.error(Code.FILE_TOO_LARGE, node.span, message, help=help_text)
            break
        instance = _load(node, draft, replaced)
        if instance is not None:
            found.append(instance)
        else:
            draft.broken.add(node.text("as"))
    return found


def _load(node: Mapping, draft: Draft, replaced: MappingOf[str, str]) -> Instance | None:
    prefix_node, name_node = node.scalar("as"), node.scalar("mechanism")
    if prefix_node is None or name_node is None or not draft.claim(prefix_node, prefix_node.text):
        return None
    prefix = prefix_node.text
    name = replaced.get(prefix, name_node.text)
    path = _find(name, name_node, draft)
    if path is None:
        return None
    fitted = _read(path, draft)
    if fitted is None:
        return None
    gate, source = _gate(node, draft), fitted.span.source
    inner = Draft(
        source, fitted, path.parent, draft.diagnostics, draft.zone, draft.clock,
        source_prefix=f"{path.stem}/", prefix=f"{prefix}.", case_name=draft.case_name,
        gate=gate, mechanism=prefix,
    )  # fmt: skip
    for entry in node.mapping("set"):
        if prefix not in replaced or entry.key.text in _parameters(fitted):
            inner.overrides[entry.key.text] = (draft, entry)
    bindings = tuple(
        (e.key.text, e.value.text) for e in entries(node, "with") if isinstance(e.value, Scalar)
    )
    use = Use(
        prefix, path.stem, bindings, gate, source, local_text(fitted.get("title")), _offers(fitted)
    )
    return Instance(use, node, inner, read_documents(fitted, inner))


def _read(path: Path, draft: Draft) -> Mapping | None:
    if path not in draft.mechanisms:
        draft.mechanisms[path] = _read_anew(path, draft)
    return draft.mechanisms[path]


def _read_anew(path: Path, draft: Draft) -> Mapping | None:
    beside = Path(draft.root.span.source.name).parent / path.name
    shown = f"mechanisms/{path.name}" if path.parent == SHIPPED else beside.as_posix()
    source = read_source(path, shown, draft.diagnostics)
    root = None if source is None else parse_yaml(source, draft.diagnostics)
    if root is None:
        return None
    fitted = fit(root, MECHANISM, draft.diagnostics, key_places(MECHANISM))
    if not isinstance(fitted, Mapping):
        return None
    return with_texts(fitted, MECHANISM, path.parent, draft.diagnostics)


def _offers(mechanism: Mapping) -> tuple[str, ...]:
    offer = mechanism.get("offers")
    if not isinstance(offer, Mapping):
        return ()
    items = (*offer.items("events"), *offer.items("state"))
    return tuple(item.text for item in items if isinstance(item, Scalar))


def _parameters(mechanism: Mapping) -> frozenset[str]:
    return frozenset(entry.key.text for entry in mechanism.mapping("parameters"))


def can_replace(name: Scalar, instance: Instance, draft: Draft) -> bool:
    """Whether another mechanism fits where this one is used: it offers as much, needs no more."""
    old, use = instance.use.mechanism, instance.use.prefix
    path = _find(name.text, name, draft)
    if path is None or path.stem == old:
        return path is not None
    mechanism = _read(path, draft)
    if mechanism is None:
        return False
    lacking = [o for o in instance.use.offers if o not in _offers(mechanism)]
    needs = {e.key.text: e.value for e in mechanism.mapping("needs")}
    bound = {entry.key.text for entry in entries(instance.node, "with")}
    needed = {
        n for n, need in needs.items() if isinstance(need, Mapping) and not need.has("default")
    }
    place = instance.node.scalar("mechanism")
    other = [(place.span, f"`{use}` is put together here")] if place else []
    if lacking:
        message = f"`{name.text}` does not offer {list_names(lacking, 3)}, as `{old}` does"
        cure = "name a mechanism that offers the same"
        draft.diagnostics.error(Code.MECHANISM_OFFER, name.span, message, help=cure, other=other)
        return False
    unmet, unread = sorted(needed - bound), sorted(bound - set(needs))
    if unmet or unread:
        message = f"`{name.text}` needs {list_names(unmet, 3)}, which `{use}` does not bind"
        if not unmet:
            message = f"`{use}` binds {list_names(unread, 3)}, which `{name.text}` does not need"
        cure = f"name a mechanism that needs the same as `{old}`"
        draft.diagnostics.error(Code.MECHANISM_NEED, name.span, message, help=cure, other=other)
        return False
    return True


def _gate(node: Mapping, draft: Draft) -> str | None:
    gate = node.scalar("if")
    if gate is None:
        return None
    if isinstance(draft.symbols.get(gate.text), ComponentSymbol):
        return gate.text
    known = tuple(n for n, s in draft.symbols.items() if isinstance(s, ComponentSymbol))
    unknown_name(Code.UNKNOWN_NAME, "component", gate, known, "components", draft)
    return None


def _find(name: str, node: Scalar, draft: Draft) -> Path | None:
    if name in shipped_mechanisms():
        return SHIPPED / f"{name}.yaml"
    if draft.folder is not None and name.endswith((".yaml", ".yml")):
        target = find_beside(node, name, draft)
        if target is None or target.is_file():
            return target
    unknown_name(
        Code.UNKNOWN_MECHANISM, "mechanism", Scalar(node.span, name, True), shipped_mechanisms(),
        "", draft,
    )  # fmt: skip
    return None


def bind_groups(instance: Instance, draft: Draft) -> None:
    """Bind the needs that are things of the case, then declare the mechanism's own names."""
    inner = instance.draft
    needs = {
        e.key.text: e.value for e in inner.root.mapping("needs") if isinstance(e.value, Mapping)
    }
    bindings = instance.bindings = _bindings(instance, tuple(needs), draft)
    for name, need in needs.items():
        kind = need.text("kind")
        given = bindings.get(name)
        if kind == "expression":
            continue
        if given is None and need.get("default") is None:
            _missing(name, need, instance, draft)
            _break(name, kind, inner)
            continue
        value = given if given is not None else need.get("default")
        if isinstance(value, Scalar) and not _bind_thing(name, kind, value, instance, draft):
            _break(name, kind, inner)
    declare(inner)
    _verify_offers(instance, draft)
    for local, symbol in inner.symbols.items():
        if local not in needs:
            draft.symbols.setdefault(inner.prefix + local, symbol)
    draft.broken.update(inner.prefix + local for local in inner.broken)
    draft.labels.update(inner.labels)


def _bindings(instance: Instance, needs: tuple[str, ...], draft: Draft) -> dict[str, Node]:
    """What the case binds to each need. A misspelt need is taken for the one that is meant."""
    found: dict[str, Node] = {}
    written = {entry.key.text for entry in entries(instance.node, "with")}
    for entry in entries(instance.node, "with"):
        name = entry.key.text
        if name in needs:
            found[name] = entry.value
            continue
        what = f"need of `{instance.use.mechanism}`"
        unknown_name(Code.MECHANISM_NEED, what, entry.key, needs, "", draft)
        meant = closest(name, needs)
        if meant is not None and meant not in written:
            found[meant] = entry.value
    return found


def _break(name: str, kind: str, inner: Draft) -> None:
    """A need that is not bound: what the mechanism says with it is no second fault."""
    inner.broken.add(name)
    if kind == "office":
        inner.labels.add("vacant")


def _missing(name: str, need: Mapping, instance: Instance, draft: Draft) -> None:
    place = instance.node.scalar("mechanism")
    if place is None or (instance.node.has("with") and instance.node.get("with") is None):
        return
    doc = local_text(need.get("doc")).get()
    draft.diagnostics.error(
        Code.MECHANISM_NEED,
        place.span,
        f"`{instance.use.mechanism}` needs `{name}`, which is not bound",
        help=f"add to `with:` the line `{name}: ...`, {article(need.text('kind'))}"
        + (f" ({doc})" if doc else ""),
    )


def _bind_thing(name: str, kind: str, value: Scalar, instance: Instance, draft: Draft) -> bool:
    inner = instance.draft
    if kind == "group" and value.is_plain and value.text.isdigit() and int(value.text) > 0:
        group = Group(f"{inner.prefix}{name}", int(value.text))
        inner.symbols[name] = GroupSymbol(group)
        inner.groups[name] = group
        draft.symbols[group.name] = GroupSymbol(group)
        return True
    symbol = draft.symbols.get(value.text)
    if kind == "actor" and isinstance(symbol, LabelSymbol) and value.text in draft.people:
        inner.symbols[name] = BoundSymbol(LabelValue(value.text, LabelType((value.text,))))
        inner.people[name] = value.text
        inner.labels.add(value.text)
        return True
    if kind == "office" and isinstance(symbol, OfficeSymbol):
        inner.symbols[name] = symbol
        inner.labels.add("vacant")
        return True
    if kind == "alliance" and isinstance(symbol, AllianceSymbol):
        inner.symbols[name] = symbol
        inner.groups[name] = symbol.group
        return True
    if kind == "group" and isinstance(symbol, GroupSymbol | AllianceSymbol):
        inner.symbols[name] = GroupSymbol(symbol.group)
        inner.groups[name] = symbol.group
        return True
    if kind == "state" and isinstance(symbol, VariableSymbol):
        inner.symbols[name] = symbol
        return True
    if value.text in draft.broken:
        return False
    codes = {
        "actor": Code.UNKNOWN_ACTOR,
        "office": Code.UNKNOWN_OFFICE,
        "alliance": Code.UNKNOWN_ALLIANCE,
        "group": Code.UNKNOWN_GROUP,
    }
    kinds: dict[str, type | tuple[type, ...]] = {
        "actor": LabelSymbol,
        "office": OfficeSymbol,
        "alliance": AllianceSymbol,
        "group": (GroupSymbol, AllianceSymbol),
        "state": VariableSymbol,
    }
    known = tuple(n for n, s in draft.symbols.items() if isinstance(s, kinds[kind]))
    unknown_name(codes.get(kind, Code.UNKNOWN_NAME), kind, value, known, section_of(kind), draft)
    return False


def _verify_offers(instance: Instance, draft: Draft) -> None:
    inner = instance.draft
    offers = inner.root.get("offers")
    if not isinstance(offers, Mapping):
        return
    for item in (*offers.items("events"), *offers.items("state")):
        if (
            isinstance(item, Scalar)
            and item.text not in inner.symbols
            and item.text not in inner.broken
        ):
            inner.diagnostics.error(
                Code.MECHANISM_OFFER,
                item.span,
                f"the mechanism offers `{item.text}` but does not declare it",
                help="declare it under `events` or `state`, or drop it from `offers`",
            )


def bind_expressions(instance: Instance, draft: Draft) -> None:
    """Bind the needs that are expressions of the case: the mechanism's hooks."""
    inner = instance.draft
    bindings = instance.bindings
    for entry in inner.root.mapping("needs"):
        need, name = entry.value, entry.key.text
        if not isinstance(need, Mapping) or need.text("kind") != "expression":
            continue
        expected = NEED_TYPES[need.text("type", "number")]
        given = bindings.get(name)
        scope_draft = draft if given is not None else inner
        value = given if given is not None else need.get("default")
        if not isinstance(value, Scalar):
            _missing(name, need, instance, draft)
            inner.broken.add(name)
            continue
        bound = expression(value, scope_draft.scope(), scope_draft, expected, "argument")
        if bound is None:
            inner.broken.add(name)
        else:
            inner.symbols[name] = BoundSymbol(bound)
