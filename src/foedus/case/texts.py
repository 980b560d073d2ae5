"""A file of texts: what a case or a mechanism says in English only, in the other language.

It stands beside the file whose texts it has: `case.texts.yaml` beside `case.yaml`. A text is found
by its English words, so that it is translated once however often it stands there, and so that a
translation is never shown for words that have changed since.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from foedus.case.fit import fit, key_places
from foedus.case.grammar import CASE
from foedus.case.grammar.texts import TEXTS
from foedus.case.node import Entry, Mapping, Node, Scalar, Sequence
from foedus.case.reader import parse_yaml, read_source
from foedus.case.shapes import Either, Keys, Listed, Named, Shape, Text
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Span
from foedus.text.suggest import closest

ENDING = ".texts.yaml"
PLACES = key_places(TEXTS, key_places(CASE))


@dataclass(slots=True)
class Translating:
    """The translations by their English words, those used, and all the texts in English only."""

    translations: dict[str, Mapping] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    english: set[str] = field(default_factory=set)


def with_texts(
    root: Mapping, grammar: Keys, folder: Path | None, diagnostics: Diagnostics
) -> Mapping:
    """A fitted file with the texts of the file beside it, if there is one; its faults are noted.

    A text that is given per language where it stands is left as it is.
    """
    source = root.span.source
    name = f"{Path(source.name).stem}{ENDING}"
    if folder is None or not (folder / name).is_file():
        return root
    translations = _read(folder / name, str(Path(source.name).with_name(name)), diagnostics)
    job = Translating(translations)
    changed = translated(root, grammar, job)
    for words, pair in translations.items():
        if words not in job.used:
            _unused(words, pair, job, source.name, diagnostics)
    return changed if isinstance(changed, Mapping) else root


def _words(node: Scalar) -> str:
    """What a text says, however its lines are folded."""
    return " ".join(node.text.split())


def _read(path: Path, shown: str, diagnostics: Diagnostics) -> dict[str, Mapping]:
    source = read_source(path, shown, diagnostics)
    root = None if source is None else parse_yaml(source, diagnostics)
    if root is None and source is not None and not diagnostics.has_errors:
        cure = "list pairs of `en:` and `fi:` under `texts:`, or remove the file"
        diagnostics.error(Code.BAD_YAML, Span(source, 0, 0), "the file is empty", help=cure)
    fitted = None if root is None else fit(root, TEXTS, diagnostics, PLACES)
    found: dict[str, Mapping] = {}
    for pair in fitted.items("texts") if isinstance(fitted, Mapping) else ():
        english = pair.scalar("en") if isinstance(pair, Mapping) else None
        if english is None or not isinstance(pair, Mapping):
            continue
        words = _words(english)
        first = found.setdefault(words, pair)
        if first is not pair:
            diagnostics.error(
                Code.DUPLICATE_KEY,
                english.span,
                "this text is translated twice",
                help="keep one of the two: a text is found wherever the case has it",
                other=[(first.span, "first here")],
            )
    return found


def translated(node: Node, shape: Shape, job: Translating) -> Node:
    """A node of a shape, its texts per language where there is a translation."""
    if isinstance(shape, Text):
        return _text(node, job) if isinstance(node, Scalar) else node
    if isinstance(shape, Either):
        part = {Scalar: shape.scalar, Sequence: shape.sequence, Mapping: shape.mapping}[type(node)]
        return node if part is None else translated(node, part, job)
    if isinstance(node, Mapping) and isinstance(shape, Keys | Named):
        entries = (_entry(entry, shape, job) for entry in node.entries)
        return replace(node, entries=tuple(entries))
    if isinstance(shape, Listed):
        if not isinstance(node, Sequence):
            return translated(node, shape.shape, job)
        return replace(node, items=tuple(translated(i, shape.shape, job) for i in node.items))
    return node


def _entry(entry: Entry, shape: Keys | Named, job: Translating) -> Entry:
    if isinstance(shape, Named):
        return Entry(entry.key, translated(entry.value, shape.shape, job))
    known = shape.fields.get(entry.key.text)
    return entry if known is None else Entry(entry.key, translated(entry.value, known.shape, job))


def _text(node: Scalar, job: Translating) -> Node:
    words = _words(node)
    job.english.add(words)
    pair = job.translations.get(words)
    finnish = None if pair is None else pair.entry("fi")
    if finnish is None:
        return node
    job.used.add(words)
    english = Entry(Scalar(node.span, "en", True), node)
    return Mapping(node.span, (english, finnish))


def _unused(
    words: str, pair: Mapping, job: Translating, name: str, diagnostics: Diagnostics
) -> None:
    place = pair.scalar("en")
    near = closest(words, sorted(job.english - job.used))
    cure = "remove it, or write its English as the case has it"
    if near is not None:
        cure = f"the nearest one reads `{near}`"
    diagnostics.warning(
        Code.UNUSED_TEXT,
        pair.span if place is None else place.span,
        f"no text that `{name}` has in English only reads so",
        help=cure,
    )
