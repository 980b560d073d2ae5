"""Numbers of a case that shape its model: sizes of groups, numbers bound to mechanisms' needs.

They are no parameters: nothing is drawn. To change one is to check the case anew.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from dataclasses import replace

from foedus.case.case import Case
from foedus.case.check import CaseFile
from foedus.case.fit import NUMBER
from foedus.case.node import Entry, Mapping, Node, Scalar, Sequence
from foedus.text.diagnostic import SettingsError


def constants(case: Case) -> tuple[str, ...]:
    """The names: `GROUP` for a group declared by number, `PREFIX.NEED` for a need."""
    groups = [name for name, group in case.groups.items() if not group.labels]
    needs = [
        f"{use.prefix}.{need}"
        for use in case.uses
        for need, bound in use.bindings
        if NUMBER.fullmatch(bound)
    ]
    return (*groups, *needs)


def with_constants(file: CaseFile, settings: MappingOf[str, float]) -> CaseFile:
    """The file with other numbers in place of constants; other settings are left alone.

    Raises `SettingsError` for the size of a group that is not a whole number from 1.
    """
    if not settings:
        return file
    groups = {e.key.text for e in file.root.mapping("groups") if _is_number(e.value)}
    texts: dict[str, str] = {}
    for name, value in settings.items():
        if name in groups and (value < 1 or value != int(value)):
            raise SettingsError(f"`{name}` is a group: its size is a whole number from 1")
        texts[name] = str(int(value)) if value == int(value) else repr(value)
    root = _changed(file.root, "groups", lambda node: _renumbered(node, "", texts))
    root = _changed(root, "uses", lambda node: _uses(node, texts))
    return replace(file, root=root)


def _changed(node: Mapping, key: str, change: Callable[[Node], Node]) -> Mapping:
    """The keys and values with one value changed, if it is there."""
    entries = (
        Entry(entry.key, change(entry.value)) if entry.key.text == key else entry
        for entry in node.entries
    )
    return replace(node, entries=tuple(entries))


def _uses(node: Node, texts: MappingOf[str, str]) -> Node:
    if not isinstance(node, Sequence):
        return node
    return replace(node, items=tuple(_use(item, texts) for item in node.items))


def _use(node: Node, texts: MappingOf[str, str]) -> Node:
    if not isinstance(node, Mapping):
        return node
    prefix = f"{node.text('as')}."
    return _changed(node, "with", lambda bound: _renumbered(bound, prefix, texts))


def _renumbered(node: Node, prefix: str, texts: MappingOf[str, str]) -> Node:
    if not isinstance(node, Mapping):
        return node
    entries = tuple(
        Entry(entry.key, Scalar(entry.value.span, texts[prefix + entry.key.text], True))
        if _is_number(entry.value) and prefix + entry.key.text in texts
        else entry
        for entry in node.entries
    )
    return replace(node, entries=entries)


def _is_number(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_plain and bool(NUMBER.fullmatch(node.text))
