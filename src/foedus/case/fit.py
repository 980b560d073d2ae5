"""Does a document have the shape of a case file? Every structural fault, once, in its place.

What does not fit is reported and left out, so that later stages see only what they can read and say
nothing about it again.
"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache
from itertools import dropwhile

from foedus.case import shapes
from foedus.case.describe import alternatives, article, describe
from foedus.case.fit_keys import (
    Fitting,
    Owner,
    known_entries,
    verify_choices,
    verify_once,
    verify_required,
)
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


def fit(
    node: Node, shape: Shape, diagnostics: Diagnostics, places: dict[str, tuple[str, ...]]
) -> Node | None:
    """The node without what does not fit `shape`; None if nothing is left. Faults are noted.

    `places` says where each key of the language belongs, for the message about misplaced ones. A
    whole file is kept even if keys are missing, so that the rest of it can be checked.
    """
    job = Fitting(diagnostics, places)
    if isinstance(shape, Keys):
        return _fit_keys(node, shape, job, None, is_file=True)
    return _fit(node, shape, job)


def _fit(node: Node, shape: Shape, job: Fitting, owner: Owner | None = None) -> Node | None:
    if isinstance(shape, Either):
        return _fit_either(node, shape, job, owner)
    if isinstance(shape, Keys):
        return _fit_keys(node, shape, job, owner)
    if isinstance(shape, Named):
        return _fit_named(node, shape, job)
    if isinstance(shape, Listed):
        return _fit_listed(node, shape, job)
    if isinstance(shape, shapes.Text) and isinstance(node, Mapping):
        return _fit_languages(node, job)
    if not isinstance(node, Scalar) or is_null(node):
        return _wrong_type(node, shape, job)
    return _fit_scalar(node, shape, job)


def is_null(node: Scalar) -> bool:
    """Whether YAML reads this as nothing at all."""
    return node.is_plain and node.text in ("", "~", "null", "Null", "NULL")


def _wrong_type(node: Node, shape: Shape, job: Fitting) -> Node | None:
    """Report what does not fit; there is nothing to keep."""
    found: str = kind_of(node)
    label = f"this is {found}"
    if isinstance(node, Scalar):
        is_empty = is_null(node) or not node.text.strip()
        found = "nothing" if is_empty else f"`{node.text if node.is_plain else node.span.text}`"
        label = "nothing stands here" if is_empty else ""
    job.diagnostics.error(
        Code.WRONG_TYPE,
        node.span,
        f"expected {describe(shape)}, found {found}",
        label=label,
        help=_cure(node, shape),
    )
    return None


def _cure(node: Node, shape: Shape) -> str | None:
    """How to write what should stand in place of a node."""
    text = node.text if isinstance(node, Scalar) else ""
    if isinstance(node, Scalar) and (is_null(node) or not text.strip()):
        return "write a value, or leave out the key"
    part = alternatives(shape)[0]
    if isinstance(part, Listed) and text:
        return f"write `[{text}]`"
    if isinstance(part, shapes.Number):
        if (WHOLE if part.is_whole else NUMBER).fullmatch(text):
            return f"remove the quotes: `{text}`"
        return "write it in digits, such as `12`" + ("" if part.is_whole else " or `0.5`")
    if isinstance(part, shapes.Truth):
        return f"write `{'true' if text.lower() in ('yes', 'on', 'y', 'true') else 'false'}`"
    if isinstance(part, Keys):
        return f"its keys are {list_names(tuple(part.fields), 40)}"
    if isinstance(part, Named):
        return f"write the name of {article(part.of)}, a `:`, and what belongs to it"
    if isinstance(part, shapes.Line) and text:
        return f"write {part.what}"
    return None if text else "write a single value"


def _fit_either(node: Node, shape: Either, job: Fitting, owner: Owner | None) -> Node | None:
    part = (
        shape.scalar
        if isinstance(node, Scalar)
        else shape.sequence
        if isinstance(node, Sequence)
        else shape.mapping
    )
    if part is None:
        return _wrong_type(node, shape, job)
    return _fit(node, part, job, owner)


def _fit_languages(node: Mapping, job: Fitting) -> Node | None:
    if not verify_once(node, job):
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


def _fit_keys(
    node: Node, shape: Keys, job: Fitting, owner: Owner | None, *, is_file: bool = False
) -> Node | None:
    if not isinstance(node, Mapping):
        return _wrong_type(node, shape, job)
    kept: dict[str, Entry] = {}
    broken: set[str] = set()
    for entry in known_entries(node, shape, job):
        key = entry.key.text
        value = _fit(entry.value, shape.fields[key].shape, job, Owner(entry.key.span))
        if value is None:
            broken.add(key)
            value = Scalar(entry.value.span, "", False)
        kept[key] = Entry(entry.key, value)
    is_whole = verify_required(node, shape, set(kept), owner, job)
    is_whole &= verify_choices(node, shape, kept, owner, job)
    is_whole &= not any(shape.fields[key].is_required for key in broken)
    is_whole &= not any(broken & set(keys) for keys in shape.exactly_one)
    if not is_whole and not is_file:
        return None
    entries = tuple(entry for key, entry in kept.items() if key not in broken)
    return Mapping(node.span, entries, frozenset(broken))


def _fit_named(node: Node, shape: Named, job: Fitting) -> Node | None:
    if not isinstance(node, Mapping):
        return _wrong_type(node, shape, job)
    verify_once(node, job)
    kept: dict[str, Entry] = {}
    for entry in node.entries:
        if shape.key is not None and _fit_scalar(entry.key, shape.key, job) is None:
            continue
        value = _fit(entry.value, shape.shape, job, Owner(entry.key.span, entry.key.text))
        if value is not None:
            kept.setdefault(entry.key.text, Entry(entry.key, value))
        elif isinstance(shape.key, shapes.Name):
            # The name is kept so that using it is not reported as a second fault.
            kept.setdefault(entry.key.text, Entry(entry.key, Scalar(entry.value.span, "", False)))
    return Mapping(node.span, tuple(kept.values()))


def _fit_listed(node: Node, shape: Listed, job: Fitting) -> Node | None:
    if not isinstance(node, Sequence):
        return _wrong_type(node, shape, job)
    if shape.is_nonempty and not node.items:
        job.diagnostics.error(
            Code.WRONG_TYPE,
            node.span,
            "the list is empty",
            help="name at least one, or drop the key",
        )
        return None
    fitted = [_fit(item, shape.shape, job) for item in node.items]
    has_lost = None in fitted
    if has_lost and isinstance(shape.shape, shapes.Number):
        return None
    items = (new or _name_of(old) for new, old in zip(fitted, node.items, strict=True))
    return Sequence(node.span, tuple(item for item in items if item is not None), has_lost)


def _name_of(item: Node) -> Node | None:
    """The name of a listed thing that was refused, kept so that using it is no second fault."""
    if not isinstance(item, Mapping):
        return None
    name = item.scalar("id") or item.scalar("as")
    return None if name is None else Scalar(name.span, name.text, False)


def _fit_scalar(node: Scalar, shape: Shape, job: Fitting) -> Node | None:
    if isinstance(shape, shapes.Name):
        return _fit_name(node, shape, job)
    if isinstance(shape, shapes.Word):
        return _fit_word(node, shape, job)
    if isinstance(shape, shapes.Number):
        return _fit_number(node, shape, job)
    if isinstance(shape, shapes.Truth):
        is_truth = node.is_plain and node.text in ("true", "false")
        return node if is_truth else _wrong_type(node, shape, job)
    if node.text.strip() == "":
        return _wrong_type(node, shape, job)
    if (
        isinstance(shape, shapes.Line)
        and shape.pattern
        and not re.fullmatch(shape.pattern, node.text)
    ):
        return _wrong_type(node, shape, job)
    return node


def _fit_name(node: Scalar, shape: shapes.Name, job: Fitting) -> Node | None:
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
    cleaned = _as_name(node.text)
    job.diagnostics.error(
        Code.BAD_NAME,
        node.span,
        f"`{shown}` cannot be the name of {article(shape.of)}",
        label="letters, digits, `-` and `_`, starting with a letter",
        help=f"write `{cleaned}`" if cleaned else "use letters, digits, `-` and `_`",
    )
    return None


def _as_name(text: str) -> str:
    """The name most like a text, empty if nothing in it could be one."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall("[A-Za-z0-9]+", plain)
    return "-".join(dropwhile(lambda word: word[0].isdigit(), words))[:40].rstrip("-")


@cache
def taken_words(shape: shapes.Name) -> frozenset[str]:
    """What may not be a name: words of the language, and YAML's for truth and nothing."""
    yaml_words = {form(word) for word in ("true", "false", "null") for form in _FORMS}
    return (RESERVED - {"vacant"} if shape.of == "actor" else RESERVED) | yaml_words


def _fit_word(node: Scalar, shape: shapes.Word, job: Fitting) -> Node | None:
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


def _fit_number(node: Scalar, shape: shapes.Number, job: Fitting) -> Node | None:
    if not node.is_plain or not NUMBER.fullmatch(node.text):
        if node.text.lower().lstrip("+-") in (".inf", ".nan", "inf", "nan"):
            job.diagnostics.error(
                Code.BAD_NUMBER,
                node.span,
                f"`{node.text}` is not a finite number",
                help="write a number in digits",
            )
            return None
        return _wrong_type(node, shape, job)
    if len(node.text) > 40 or not math.isfinite(float(node.text)):
        job.diagnostics.error(
            Code.BAD_NUMBER,
            node.span,
            "the number is too large or has too many digits",
            help="numbers run up to about 1.8e308 and carry 17 digits",
        )
        return None
    if shape.is_whole and not WHOLE.fullmatch(node.text):
        return _wrong_type(node, shape, job)
    if shape.low is not None and float(node.text) < shape.low:
        job.diagnostics.error(
            Code.BAD_NUMBER,
            node.span,
            f"`{node.text}` is less than {shape.low:g}",
            help=f"write a number from {shape.low:g} up",
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
