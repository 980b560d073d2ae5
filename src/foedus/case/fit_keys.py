"""Which keys stand where they should: those that are unknown, missing, twice, or at odds.

A key that is misspelt is taken for the one that was meant, so that nothing is said about what
follows from the mistake.
"""

from __future__ import annotations

import json
from typing import TypeGuard

from foedus.case.describe import article, describe
from foedus.case.node import Entry, Mapping, Node, Scalar
from foedus.case.shapes import Keys, Word
from foedus.frozen import dataclass
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Span
from foedus.text.suggest import closest, list_names


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose keys they are: where its name stands, and the name if the user chose it."""

    span: Span
    name: str = ""


@dataclass(frozen=True, slots=True)
class Fitting:
    """A file on its way through the grammar: where faults go, and where each key may stand."""

    diagnostics: Diagnostics
    places: dict[str, tuple[str, ...]]


def verify_once(node: Mapping, job: Fitting) -> bool:
    """No key stands twice."""
    seen: dict[str, Entry] = {}
    fine = True
    for entry in node.entries:
        first = seen.setdefault(entry.key.text, entry)
        if first is not entry:
            fine = False
            job.diagnostics.error(
                Code.DUPLICATE_KEY,
                entry.key.span,
                f"the key `{entry.key.text}` stands twice",
                label="again here",
                help="keep one of them",
                other=[(first.key.span, "first here")],
            )
    return fine


def known_entries(node: Mapping, shape: Keys, job: Fitting) -> list[Entry]:
    """The entries whose keys the shape has, each key once, misspelt ones under the key meant."""
    verify_once(node, job)
    written = {entry.key.text for entry in node.entries}
    kept: dict[str, Entry] = {}
    cut = _cut_texts(node, shape)
    for entry in node.entries:
        key = entry.key.text
        if key in shape.fields:
            kept.setdefault(key, entry)
            continue
        if entry.key in cut:
            _report_cut(entry.key, cut[entry.key], job)
            continue
        meant = _unknown_key(entry.key, shape, job)
        rivals = {
            k for keys in (*shape.exactly_one, *shape.at_most_one) if meant in keys for k in keys
        }
        if meant is not None and not (rivals | {meant}) & (written | set(kept)):
            kept[meant] = Entry(Scalar(entry.key.span, meant, True), entry.value)
    return list(kept.values())


def _cut_texts(node: Mapping, shape: Keys) -> dict[Scalar, str]:
    """Keys without a colon that a comma in the text before has made of it; how to write the whole.

    Inside `{...}` text without quotes ends at a comma. Of a text with several commas only the first
    such key tells how; the others have an empty text.
    """
    found: dict[Scalar, str] = {}
    owner, first, text = None, None, ""
    for entry in node.entries:
        if entry.key.text in shape.fields or not _lacks_colon(entry.key):
            owner, first = (entry.key.text if entry.key.text in shape.fields else None), None
            text = entry.value.text if _is_plain_text(entry.value) else ""
        elif owner and text:
            first = entry.key if first is None else first
            text = f"{text}, {entry.key.text}"
            found[entry.key] = ""
            found[first] = f"{owner}: {json.dumps(text, ensure_ascii=False)}"
    return found


def _is_plain_text(node: Node) -> TypeGuard[Scalar]:
    return isinstance(node, Scalar) and node.is_plain


def _lacks_colon(key: Scalar) -> bool:
    return key.span.source.text[key.span.end :].lstrip()[:1] in (",", "}")


def _report_cut(key: Scalar, whole: str, job: Fitting) -> None:
    if whole:
        comma = key.span.source.text.rindex(",", 0, key.span.start)
        job.diagnostics.error(
            Code.NEEDS_QUOTES,
            Span(key.span.source, comma, comma + 1),
            "a `,` stands in text without quotes",
            label="inside `{...}` YAML ends the value here",
            help=f"write `{whole}`",
        )


def _unknown_key(key: Scalar, shape: Keys, job: Fitting) -> str | None:
    """Report a key; the one that was meant, if that is plain."""
    homes = job.places.get(key.text, ())
    if homes:  # a key of another place is no misspelling
        job.diagnostics.error(
            Code.MISPLACED_KEY,
            key.span,
            f"`{key.text}` does not belong in the {shape.name}",
            label="not here",
            help=f"it belongs in {_any_of(tuple(article(home) for home in homes))}",
        )
        return None
    near, keys = closest(key.text, tuple(shape.fields)), list_names(tuple(shape.fields), 40)
    job.diagnostics.error(
        Code.UNKNOWN_KEY,
        key.span,
        f"the {shape.name} has no key `{key.text}`",
        label="not a key here",
        help=f"write `{near}`" if near else f"possible keys: {keys}",
    )
    return near


def _any_of(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def verify_required(
    node: Mapping, shape: Keys, present: set[str], owner: Owner | None, job: Fitting
) -> bool:
    """Every key that must stand does."""
    missing = [key for key, part in shape.fields.items() if part.is_required and key not in present]
    span, who = _whose(node, shape, owner)
    for key in missing:
        part = shape.fields[key]
        words = f": {describe(part.shape)}" if isinstance(part.shape, Word) else ""
        job.diagnostics.error(
            Code.MISSING_KEY,
            span,
            f"{who} has no `{key}`",
            label=f"needs `{key}:`",
            help=f"add `{key}:` ({part.doc}){words}",
        )
    return not missing


def verify_choices(
    node: Mapping, shape: Keys, kept: dict[str, Entry], owner: Owner | None, job: Fitting
) -> bool:
    """Of keys that exclude each other one stands, or none where none needs to."""
    fine = True
    span, who = _whose(node, shape, owner)
    for keys in (*shape.exactly_one, *shape.at_most_one):
        present = sorted((k for k in keys if k in kept), key=lambda k: kept[k].key.span.start)
        if len(present) > 1:
            fine = False
            job.diagnostics.error(
                Code.CONFLICTING_KEYS,
                kept[present[1]].key.span,
                f"`{present[0]}` and `{present[1]}` cannot both stand in the {shape.name}",
                label="one of them",
                help="keep one of them",
                other=[(kept[present[0]].key.span, "the other one")],
            )
        elif not present and keys in shape.exactly_one:
            fine = False
            choices = "".join(f"\n`{key}:` {shape.fields[key].doc}" for key in keys)
            job.diagnostics.error(
                Code.MISSING_KEY,
                span,
                f"{who} needs one of {list_names(keys, 10)}",
                help=f"add one of these:{choices}",
            )
    return fine


def _whose(node: Mapping, shape: Keys, owner: Owner | None) -> tuple[Span, str]:
    """Where to say that something is missing, and whose it is."""
    if owner is not None:
        return owner.span, f"the {shape.name} `{owner.name}`" if owner.name else f"the {shape.name}"
    name = node.scalar("id") or node.scalar("as") or node.scalar("mechanism")
    if name is not None and name.text:
        return name.span, f"the {shape.name} `{name.text}`"
    first = node.entries[0].key.span if node.entries else node.span
    return first, f"the {shape.name}"
