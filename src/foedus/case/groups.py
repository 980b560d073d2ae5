"""Reading groups: the sets that index everything else."""

from __future__ import annotations

from foedus.case.draft import Draft, local_text, number, unknown_name
from foedus.case.grounds import LocalText
from foedus.case.node import Mapping, Node, Scalar, Sequence
from foedus.case.tenures import VACANT
from foedus.expr.scope import GroupSymbol
from foedus.expr.tree import Group
from foedus.text.codes import Code

LARGEST_GROUP = 1_000_000


def read_groups(draft: Draft) -> dict[str, Group]:
    """The declared groups, subgroups after what they are part of."""
    groups: dict[str, Group] = {}
    waiting: list[tuple[Scalar, Mapping]] = []
    for entry in draft.root.mapping("groups"):
        key, node = entry.key, entry.value
        if isinstance(node, Mapping):
            waiting.append((key, node))
            continue
        group = _listed_group(key, node, draft)
        if group is None:
            draft.broken.add(key.text)
        elif draft.declare(key, key.text, GroupSymbol(group)):
            groups[key.text] = group
    for key, node in waiting:
        group = _subgroup(key, node, groups, draft)
        if group is None:
            draft.broken.add(key.text)
        elif draft.declare(key, key.text, GroupSymbol(group)):
            groups[key.text] = group
    return groups


def read_labels(draft: Draft) -> dict[str, LocalText]:
    """What members of groups and values of state are called, where that is said.

    Actors are no such labels: what they are called stands with them.
    """
    found: dict[str, LocalText] = {}
    known = tuple(sorted(draft.labels - draft.people.keys() - {VACANT}))
    for entry in draft.root.mapping("labels"):
        if entry.key.text in known:
            found[entry.key.text] = local_text(entry.value)
        else:
            unknown_name(Code.UNKNOWN_NAME, "label", entry.key, known, "", draft)
    return found


def _listed_group(key: Scalar, node: Node, draft: Draft) -> Group | None:
    if isinstance(node, Sequence):
        labels = _labels(node, draft)
        draft.labels.update(labels)
        return Group(key.text, len(labels), labels) if labels else None
    size = number(node)
    if size is None or size > LARGEST_GROUP:
        if size is not None:
            draft.diagnostics.error(
                Code.BAD_NUMBER,
                node.span,
                f"a group of {size:,.0f} is too large",
                help=f"the limit is {LARGEST_GROUP:,}",
            )
        return None
    return Group(key.text, int(size))


def _labels(node: Sequence, draft: Draft) -> tuple[str, ...]:
    seen: dict[str, Scalar] = {}
    for item in node.items:
        if not isinstance(item, Scalar):
            continue
        first = seen.setdefault(item.text, item)
        if first is not item:
            draft.diagnostics.error(
                Code.NAME_TAKEN,
                item.span,
                f"`{item.text}` stands twice in the group",
                label="again here",
                other=[(first.span, "first here")],
                help="keep one of them",
            )
    return tuple(seen)


def _subgroup(key: Scalar, node: Mapping, groups: dict[str, Group], draft: Draft) -> Group | None:
    of = node.scalar("of")
    if of is None:
        return None
    larger = groups.get(of.text)
    if larger is None:
        unknown_name(Code.UNKNOWN_GROUP, "group", of, tuple(groups), "groups", draft)
        return None
    only = node.get("only")
    wanted = _labels(only, draft) if isinstance(only, Sequence) else ()
    have = larger.labels or tuple(str(i + 1) for i in range(larger.size))
    for item in only.items if isinstance(only, Sequence) else ():
        if isinstance(item, Scalar) and item.text not in have:
            unknown_name(
                Code.UNKNOWN_NAME, f"member of `{of.text}`", item, have, "", draft, within=of.text
            )
            return None
    return Group(key.text, len(wanted), wanted)
