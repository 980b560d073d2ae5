"""Claims about claims: a figure that replaces another, a repetition, what is taken back."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf

from foedus.case.case import Claim
from foedus.case.draft import Draft
from foedus.case.node import Mapping, Scalar
from foedus.text.codes import Code

LINKS = ("supersedes", "repeats", "retracts")


def verify_links(
    node: Mapping, claim: Claim, found: MappingOf[str, tuple[Mapping, Claim]], draft: Draft
) -> None:
    """A claim that names another comes after it, is known no sooner, and fits what was said.

    `found` has all claims in file order, which is that of those known on one day.
    """
    for key in LINKS:
        place = node.scalar(key)
        if place is not None and place.text in found:
            other, before = found[place.text]
            if not _is_out_of_order(key, place, claim, before, [*found], draft):
                _verify_fit(key, place, claim, before, other, draft)


def _is_out_of_order(
    key: str, place: Scalar, claim: Claim, before: Claim, order: list[str], draft: Draft
) -> bool:
    """Whether a claim cannot come after the one that it names; if so, that is reported."""
    cure = f"`{key}:` names a claim that was made earlier"
    if before.id == claim.id:
        fault = "itself"
    elif claim.at.end <= before.at.start:
        fault = f"`{before.id}` but was made before it"
    elif (claim.known.end, order.index(claim.id)) < (before.known.end, order.index(before.id)):
        fault = f"`{before.id}` but is known before it"
        cure = f"who knows of it knows of `{before.id}`: give that a `known:` no later, "
        cure += "and let it come first in the file"
    else:
        return False
    draft.diagnostics.error(
        Code.DATES_REVERSED, place.span, f"the claim `{claim.id}` {key} {fault}", help=cure
    )
    return True


def _verify_fit(
    key: str, place: Scalar, claim: Claim, before: Claim, other: Mapping, draft: Draft
) -> None:
    """A figure replaces one of the same, a repetition says the same, and what was said is taken
    back: else the link would weigh something else than is meant, or nothing."""
    if key == "supersedes" and (claim.value is None or claim.value != before.value):
        fault = f"`{claim.id}` is no figure of the same as `{before.id}`"
        cure = "leave `supersedes:` out, or give both the same `value:`"
    elif key == "repeats" and _said(claim) != _said(before):
        fault = f"`{claim.id}` does not say the same as `{before.id}`"
        cure = "leave `repeats:` out: what is new is a claim of its own"
    elif key == "retracts" and before.kind == "retraction":
        fault = f"`{before.id}` takes something back, which cannot be taken back"
        cure = "let the claim say anew what was said at first"
    else:
        return
    name = other.scalar("id")
    draft.diagnostics.error(
        Code.CONFLICTING_KEYS,
        place.span,
        fault,
        other=[(name.span, f"`{before.id}`")] if name is not None else [],
        help=cure,
    )


def _said(claim: Claim) -> tuple[object, ...]:
    """What a claim says, however it is written."""
    if claim.event is not None:
        return claim.event.name, claim.event.indices
    if claim.value is not None:
        return claim.value, claim.number
    return claim.kind, claim.asserts
