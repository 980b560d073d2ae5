"""Does a document have the shape of a case file? Every structural fault, once, in its place.

What does not fit is reported and left out, so that later stages see only what they can read and say
nothing about it again.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache

from foedus.case import shapes
from foedus.case.node import Entry, Mapping, Node, Scalar, Sequence, kind_of
from foedus.case.shapes import RESERVED, Either, Keys, Listed, Named, Shape
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.suggest import closest, list_names

NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
WHOLE = re.compile(r"[-+]?[0-9]+")
_NAME = re.compile(shapes.NAME_PATTERN)
_QUALIFIED = re.compile(shapes.NAME_PATTERN + r"(\." + shapes.NAME_PATTERN + ")*")
_LONGEST_NAME = 80
_FORMS = (str.lower, str.capitalize, str.upper)
_ONE_TEXT = shapes.Line()


@dataclass(frozen=True, slots=True)
class _Fitting:
    diagnostics: Diagnostics
    places: dict[str, tuple[str, ...]]  # key -> names of the parts where it may stand


def fit(
    node: Node, shape: Shape, diagnostics: Diagnostics, places: dict[str, tuple[str, ...]]
) -> Node | None:
    """The node without what does not fit `shape`; None if nothing is left. Faults are noted.

    `places` says where each key of the language belongs, for the message about misplaced ones.
    """
    return _fit(node, shape, _Fitting(diagnostics, places))


def _fit(node: Node, shape: Shape, job: _Fitting) -> Node | None:
    if isinstance(shape, Either):
        return _fit_either(node, shape, job)
    if isinstance(shape, Keys):
        return _fit_keys(node, shape, job)
    if isinstance(shape, Named):
        return _fit_named(node, shape, job)
    if isinstance(shape, Listed):
        return _fit_listed(node, shape, job)
    if isinstance(shape, shapes.Text) and isinstance(node, Mapping):
        return _fit_languages(node, job)
    if not isinstance(node, Scalar) or is_null(node):
        return _wrong_type(node, describe(shape), job)
    return _fit_scalar(node, shape, job)


def is_null(node: Scalar) -> bool:
    """Whether YAML reads this as nothing at all."""
    return node.is_plain and node.text in ("", "~", "null", "Null", "NULL")


def describe(shape: Shape) -> str:
    """A shape in a user's words."""
    simple: dict[type, str] = {
        shapes.Text: "text", shapes.Truth: "`true` or `false`", shapes.Date: "a date",
        shapes.Duration: "a length of time", shapes.Formula: "an expression",
        shapes.PriorText: "a prior", shapes.EventName: "the name of an event",
    }  # fmt: skip
    if type(shape) in simple:
        return simple[type(shape)]
    if isinstance(shape, shapes.Line):
        return shape.what
    if isinstance(shape, shapes.Name):
        return f"the name of {article(shape.of)}"
    if isinstance(shape, shapes.Word):
        return "one of " + list_names(shape.words, 20)
    if isinstance(shape, shapes.Number):
        return "a whole number" if shape.is_whole else "a number"
    if isinstance(shape, Keys):
        return f"the keys of {article(shape.name)}"
    if isinstance(shape, Named):
        return f"one key for each {shape.of}"
    if isinstance(shape, Listed):
        return "a list"
    return " or ".join(describe(part) for part in alternatives(shape))


def alternatives(shape: Shape) -> tuple[Shape, ...]:
    """The shapes of an `Either`."""
    if not isinstance(shape, Either):
        return (shape,)
    parts = (shape.scalar, shape.sequence, shape.mapping)
    return tuple(part for part in parts if part is not None)


def article(word: str) -> str:
    """A word with `a` or `an` before it."""
    return f"an {word}" if word[0] in "aeiou" and not word.startswith("use") else f"a {word}"


def _wrong_type(node: Node, wanted: str, job: _Fitting) -> Node | None:
    """Report what does not fit; there is nothing to keep."""
    found: str = kind_of(node)
    if isinstance(node, Scalar):
        found = "nothing" if is_null(node) or not node.text.strip() else f"`{node.text}`"
    job.diagnostics.error(
        Code.WRONG_TYPE, node.span, f"expected {wanted}, found {found}", label=f"expected {wanted}"
    )
    return None


def _fit_either(node: Node, shape: Either, job: _Fitting) -> Node | None:
    part = (
        shape.scalar
        if isinstance(node, Scalar)
        else shape.sequence
        if isinstance(node, Sequence)
        else shape.mapping
    )
    if part is None:
        return _wrong_type(node, describe(shape), job)
    return _fit(node, part, job)


def _fit_languages(node: Mapping, job: _Fitting) -> Node | None:
    if not _keys_once(node, job):
        return None
    for entry in node.entries:
        if not re.fullmatch("[a-z]{2,3}", entry.key.text):
            job.diagnostics.error(
                Code.UNKNOWN_KEY,
                entry.key.span,
                f"`{entry.key.text}` is not a language code",
                help="put text that holds a comma into double quotes; text per language is "
                "written {en: ..., fi: ...}",
            )
            return None
        if _fit(entry.value, _ONE_TEXT, job) is None:
            return None
    if node.get("en") is None:
        job.diagnostics.error(
            Code.MISSING_KEY, node.span, "the text has no English version", help="add `en:`"
        )
        return None
    return node


def _keys_once(node: Mapping, job: _Fitting) -> bool:
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


def _fit_keys(node: Node, shape: Keys, job: _Fitting) -> Node | None:
    if not isinstance(node, Mapping):
        return _wrong_type(node, describe(shape), job)
    _keys_once(node, job)
    kept: dict[str, Entry] = {}
    is_whole = True
    for entry in node.entries:
        key = entry.key.text
        if key not in shape.fields:
            _unknown_key(entry.key, shape, job)
            continue
        if key in kept:
            continue
        value = _fit(entry.value, shape.fields[key].shape, job)
        if value is None:
            is_whole = False
            kept[key] = Entry(entry.key, Scalar(entry.value.span, "", False))
        else:
            kept[key] = Entry(entry.key, value)
    broken = {key for key, entry in kept.items() if _is_blank(entry.value)}
    if not _required_keys(node, shape, kept, job) or not _choices(node, shape, kept, job):
        return None
    if not is_whole and any(shape.fields[key].is_required for key in broken):
        return None
    if any(broken & set(keys) for keys in shape.exactly_one):
        return None
    return Mapping(node.span, tuple(entry for key, entry in kept.items() if key not in broken))


def _is_blank(node: Node) -> bool:
    return isinstance(node, Scalar) and node.text == "" and not node.is_plain


def _required_keys(node: Mapping, shape: Keys, kept: dict[str, Entry], job: _Fitting) -> bool:
    missing = [key for key, part in shape.fields.items() if part.is_required and key not in kept]
    for key in missing:
        start = node.entries[0].key.span if node.entries else node.span
        job.diagnostics.error(
            Code.MISSING_KEY,
            start,
            f"the {shape.name} has no `{key}`",
            help=f"add `{key}:` ({shape.fields[key].doc})",
        )
    return not missing


def _choices(node: Mapping, shape: Keys, kept: dict[str, Entry], job: _Fitting) -> bool:
    fine = True
    for keys in (*shape.exactly_one, *shape.at_most_one):
        present = [key for key in keys if key in kept]
        if len(present) > 1:
            fine = False
            job.diagnostics.error(
                Code.CONFLICTING_KEYS,
                kept[present[1]].key.span,
                f"`{present[1]}` and `{present[0]}` cannot both stand in the {shape.name}",
                help="keep one of them",
                other=[(kept[present[0]].key.span, "the other one")],
            )
        elif not present and keys in shape.exactly_one:
            fine = False
            start = node.entries[0].key.span if node.entries else node.span
            job.diagnostics.error(
                Code.MISSING_KEY,
                start,
                f"the {shape.name} needs one of {list_names(keys, 10)}",
                help="; ".join(f"`{key}:` {shape.fields[key].doc}" for key in keys),
            )
    return fine


def _unknown_key(key: Scalar, shape: Keys, job: _Fitting) -> None:
    homes = job.places.get(key.text, ())
    near = closest(key.text, tuple(shape.fields))
    if homes and near is None:
        job.diagnostics.error(
            Code.MISPLACED_KEY,
            key.span,
            f"`{key.text}` does not belong in the {shape.name}",
            label="not here",
            help=f"it belongs in: {', '.join(homes)}",
        )
        return
    help_text = (
        f"write `{near}`" if near else f"possible keys: {list_names(tuple(shape.fields), 40)}"
    )
    job.diagnostics.error(
        Code.UNKNOWN_KEY,
        key.span,
        f"the {shape.name} has no key `{key.text}`",
        label="not a key here",
        help=help_text,
    )


def _fit_named(node: Node, shape: Named, job: _Fitting) -> Node | None:
    if not isinstance(node, Mapping):
        return _wrong_type(node, describe(shape), job)
    _keys_once(node, job)
    kept: dict[str, Entry] = {}
    for entry in node.entries:
        if shape.key is not None and _fit_scalar(entry.key, shape.key, job) is None:
            continue
        value = _fit(entry.value, shape.shape, job)
        if value is not None:
            kept.setdefault(entry.key.text, Entry(entry.key, value))
        elif isinstance(shape.key, shapes.Name):
            # The name is kept so that using it is not reported as a second fault.
            kept.setdefault(entry.key.text, Entry(entry.key, Scalar(entry.value.span, "", False)))
    return Mapping(node.span, tuple(kept.values()))


def _fit_listed(node: Node, shape: Listed, job: _Fitting) -> Node | None:
    if not isinstance(node, Sequence):
        return _wrong_type(node, describe(shape), job)
    if shape.is_nonempty and not node.items:
        job.diagnostics.error(
            Code.WRONG_TYPE,
            node.span,
            "the list is empty",
            help="name at least one, or drop the key",
        )
        return None
    items = [_fit(item, shape.shape, job) for item in node.items]
    return Sequence(node.span, tuple(item for item in items if item is not None))


def _fit_scalar(node: Scalar, shape: Shape, job: _Fitting) -> Node | None:
    if isinstance(shape, shapes.Name):
        return _fit_name(node, shape, job)
    if isinstance(shape, shapes.Word):
        return _fit_word(node, shape, job)
    if isinstance(shape, shapes.Number):
        return _fit_number(node, shape, job)
    if isinstance(shape, shapes.Truth):
        is_truth = node.is_plain and node.text in ("true", "false")
        return node if is_truth else _wrong_type(node, "`true` or `false`", job)
    if node.text.strip() == "":
        return _wrong_type(node, describe(shape), job)
    if (
        isinstance(shape, shapes.Line)
        and shape.pattern
        and not re.fullmatch(shape.pattern, node.text)
    ):
        return _wrong_type(node, shape.what, job)
    return node


def _fit_name(node: Scalar, shape: shapes.Name, job: _Fitting) -> Node | None:
    pattern = _QUALIFIED if shape.is_qualified else _NAME
    if len(node.text) <= _LONGEST_NAME and pattern.fullmatch(node.text):
        if node.text not in taken_words(shape):
            return node
        job.diagnostics.error(
            Code.BAD_NAME,
            node.span,
            f"`{node.text}` is a word of the language, not a name",
            help=f"choose another name, such as `{node.text}-1`",
        )
        return None
    if shape.of == "label" and re.fullmatch("[0-9]{1,9}", node.text):
        return node
    shown = node.text if len(node.text) < 40 else node.text[:37] + "..."
    cleaned = "-".join(re.findall("[A-Za-z0-9]+", node.text))[:40].lstrip("0123456789-")
    job.diagnostics.error(
        Code.BAD_NAME,
        node.span,
        f"`{shown}` cannot be the name of {article(shape.of)}",
        label="letters, digits, `-` and `_`, starting with a letter",
        help=f"write `{cleaned}`" if cleaned else "use letters, digits, `-` and `_`",
    )
    return None


@cache
def taken_words(shape: shapes.Name) -> frozenset[str]:
    """What may not be a name: words of the language, and YAML's for truth and nothing."""
    yaml_words = {form(word) for word in ("true", "false", "null") for form in _FORMS}
    return (RESERVED - {"vacant"} if shape.of == "actor" else RESERVED) | yaml_words


def _fit_word(node: Scalar, shape: shapes.Word, job: _Fitting) -> Node | None:
    if node.text in shape.words:
        return node
    near = closest(node.text, shape.words)
    job.diagnostics.error(
        Code.UNKNOWN_WORD,
        node.span,
        f"`{node.text}` is none of the words that may stand here",
        help=f"write `{near}`" if near else f"possible: {list_names(shape.words, 40)}",
    )
    return None


def _fit_number(node: Scalar, shape: shapes.Number, job: _Fitting) -> Node | None:
    what = describe(shape)
    if not node.is_plain or not NUMBER.fullmatch(node.text):
        if node.text.lower().lstrip("+-") in (".inf", ".nan", "inf", "nan"):
            job.diagnostics.error(
                Code.BAD_NUMBER, node.span, f"`{node.text}` is not a finite number"
            )
            return None
        return _wrong_type(node, what, job)
    if len(node.text) > 40 or not math.isfinite(float(node.text)):
        job.diagnostics.error(
            Code.BAD_NUMBER,
            node.span,
            "the number is too large or has too many digits",
            help="numbers run up to about 1.8e308 and carry 17 digits",
        )
        return None
    if shape.is_whole and not WHOLE.fullmatch(node.text):
        return _wrong_type(node, what, job)
    if shape.low is not None and float(node.text) < shape.low:
        job.diagnostics.error(
            Code.BAD_NUMBER, node.span, f"`{node.text}` is less than {shape.low:g}"
        )
        return None
    return node


def key_places(
    shape: Shape, found: dict[str, tuple[str, ...]] | None = None
) -> dict[str, tuple[str, ...]]:
    """For each key of the language, the parts of a file in which it may stand."""
    found = {} if found is None else found
    if isinstance(shape, Keys):
        for key, inner in shape.fields.items():
            if shape.name not in found.get(key, ()):
                found[key] = (*found.get(key, ()), shape.name)
            key_places(inner.shape, found)
    elif isinstance(shape, Named | Listed):
        key_places(shape.shape, found)
    elif isinstance(shape, Either):
        for part in alternatives(shape):
            key_places(part, found)
    return found
