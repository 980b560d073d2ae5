"""Reading sources, origins, actors and background: what a case rests on and who is in it."""

from __future__ import annotations

from foedus.case.case import Actor, Background, Document, Origin
from foedus.case.draft import Draft, listed, local_text, read_date, section, unknown_name
from foedus.case.node import Mapping, Scalar
from foedus.case.values import read_cites, read_parameter
from foedus.dates import Period
from foedus.expr.scope import LabelSymbol
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics


def read_documents(root: Mapping, draft: Draft) -> dict[str, Document]:
    """The sources under the names they are cited by (`draft.source_prefix` in front)."""
    for entry in root.mapping("sources"):
        if isinstance(entry.value, Mapping):
            draft.source_names[entry.key.text] = entry.key.span
        else:
            draft.broken.add(entry.key.text)
    documents: dict[str, Document] = {}
    for entry in root.mapping("sources"):
        if isinstance(entry.value, Mapping):
            name = draft.source_prefix + entry.key.text
            documents[name] = _document(name, entry.key, entry.value, draft)
    return documents


def _document(name: str, key: Scalar, node: Mapping, draft: Draft) -> Document:
    origin = node.scalar("origin")
    origins = {e.key.text for e in draft.root.mapping("origins")}
    if origin is not None and origin.text not in origins and "origins" in _keys(draft.root):
        unknown_name(Code.UNKNOWN_NAME, "origin", origin, tuple(sorted(origins)), "origins", draft)
    return Document(
        name,
        node.text("kind"),
        local_text(node.get("title")),
        local_text(node.get("authors")),
        node.text("language"),
        read_date(node.get("published"), draft),
        node.text("url"),
        node.text("doi"),
        node.text("file"),
        node.text("sha256"),
        origin.text if origin else None,
        local_text(node.get("note")),
        key.span,
    )


def _keys(node: Mapping) -> frozenset[str]:
    return frozenset(entry.key.text for entry in node.entries)


def read_origins(draft: Draft, documents: dict[str, Document]) -> dict[str, Origin]:
    """Who is behind the sources: those declared, and those only named by a source."""
    origins: dict[str, Origin] = {}
    for key, node in section(draft, "origins"):
        reliability = node.get("reliability")
        parameter = None
        if isinstance(reliability, Mapping):
            parameter = read_parameter(
                key, reliability, f"reliability.{key.text}", (), f"the reliability of `{key.text}`",
                draft,
            )  # fmt: skip
        origins[key.text] = Origin(
            key.text, local_text(node.get("label")), local_text(node.get("doc")), parameter
        )
    for document in documents.values():
        if document.origin is not None:
            origins.setdefault(document.origin, Origin(document.origin))
    return origins


def read_actors(draft: Draft) -> dict[str, Actor]:
    """The actors; each is also a label of the expression language."""
    actors: dict[str, Actor] = {}
    for key, node in section(draft, "actors"):
        if not draft.declare(key, key.text, LabelSymbol(key.text)):
            continue
        draft.labels.add(key.text)
        of = node.scalar("of")
        actors[key.text] = Actor(
            key.text, node.text("kind"), of.text if of else None, node.text("iso"),
            local_text(node.get("label")), local_text(node.get("doc")), key.span,
        )  # fmt: skip
    for _, node in section(draft, "actors"):
        verify_actor(node.scalar("of"), actors, draft)
    return actors


def verify_actor(node: Scalar | None, actors: dict[str, Actor], draft: Draft) -> str | None:
    """The name of an actor that exists, or None with the fault noted."""
    if node is None or not node.text:
        return None
    if node.text in actors:
        return node.text
    unknown_name(Code.UNKNOWN_ACTOR, "actor", node, tuple(actors), "actors", draft)
    return None


def read_background(draft: Draft, known: frozenset[str]) -> tuple[Background, ...]:
    """Facts from before the clock. `known` are the names of state and parameters they may set."""
    facts: list[Background] = []
    for node in listed(draft, "background"):
        at = read_date(node.get("at"), draft)
        if at is None:
            draft.broken.add(node.text("id"))
            continue
        _verify_before_clock(node, at, draft)
        for item in node.items("sets"):
            if isinstance(item, Scalar) and item.text not in known:
                unknown_name(
                    Code.UNKNOWN_NAME, "state or parameter", item, tuple(known), "state", draft
                )
        facts.append(
            Background(
                node.text("id"),
                local_text(node.get("happened")),
                at,
                tuple(i.text for i in node.items("sets") if isinstance(i, Scalar)),
                read_cites(node.get("cites"), draft),
                local_text(node.get("note")),
            )
        )
    verify_unique_ids(draft, "background", draft.diagnostics)
    return tuple(facts)


def _verify_before_clock(node: Mapping, at: Period, draft: Draft) -> None:
    place, clock = node.scalar("at"), draft.root.get("clock")
    if draft.clock is None or place is None or at.end <= draft.clock.start:
        return
    start = clock.scalar("start") if isinstance(clock, Mapping) else None
    draft.diagnostics.error(
        Code.OUTSIDE_CLOCK,
        place.span,
        f"the background fact `{node.text('id')}` lies within the clock",
        other=[(start.span, "the clock starts here")] if start else [],
        help="put it under `evidence`, where it is weighed",
    )


def verify_unique_ids(draft: Draft, name: str, diagnostics: Diagnostics) -> None:
    """No two items of a list may have one id."""
    seen: dict[str, Scalar] = {}
    for node in listed(draft, name):
        scalar = node.scalar("id")
        if scalar is None:
            continue
        first = seen.setdefault(scalar.text, scalar)
        if first is not scalar:
            diagnostics.error(
                Code.NAME_TAKEN,
                scalar.span,
                f"the id `{scalar.text}` is taken",
                label="used again here",
                other=[(first.span, "first used here")],
                help="give each item an id of its own",
            )
