"""A JSON Schema of case files, for editors, made from the grammar.

It finds the structural faults that the checker finds (`STRUCTURAL`); what stands inside a string
(dates, expressions, priors) and what names refer to, only the checker knows. It accepts every file
that the checker accepts.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from foedus.case import shapes
from foedus.case.describe import alternatives, describe
from foedus.case.fit import NUMBER, WHOLE, is_null, taken_words
from foedus.case.grammar import CASE, MECHANISM
from foedus.case.grammar.expect import EXPECT
from foedus.case.grammar.priors import PRIORS
from foedus.case.grammar.texts import TEXTS
from foedus.case.node import Mapping, Node, Scalar, Sequence
from foedus.case.shapes import NAME_PATTERN, Either, Keys, Listed, Named, Shape
from foedus.text.codes import Code

STRUCTURAL = frozenset(
    {
        Code.UNKNOWN_KEY, Code.MISPLACED_KEY, Code.MISSING_KEY, Code.WRONG_TYPE, Code.BAD_NAME,
        Code.UNKNOWN_WORD, Code.CONFLICTING_KEYS,
    }
)  # fmt: skip
"""The faults on which the schema and the checker agree."""

FileKind = Literal["case", "mechanism", "priors", "texts", "expectations"]
FILE_KINDS: tuple[FileKind, ...] = get_args(FileKind)
GRAMMARS: dict[FileKind, Keys] = {
    "case": CASE, "mechanism": MECHANISM, "priors": PRIORS, "texts": TEXTS,
    "expectations": EXPECT,
}  # fmt: skip
"""What each kind of file looks like."""

ANY_SCALAR = ["string", "number", "boolean"]


def json_schema(kind: FileKind = "case") -> dict[str, Any]:
    """The schema of a kind of file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Foedus {kind}",
        **_schema(GRAMMARS[kind]),
    }


def _schema(shape: Shape) -> dict[str, Any]:
    if isinstance(shape, Keys):
        return _keys(shape)
    if isinstance(shape, Named):
        names = {} if shape.key is None else {"propertyNames": _scalar(shape.key)}
        return {"type": "object", "additionalProperties": _schema(shape.shape), **names}
    if isinstance(shape, Listed):
        least = {"minItems": 1} if shape.is_nonempty else {}
        return {"type": "array", "items": _schema(shape.shape), **least}
    if isinstance(shape, Either):
        return {"anyOf": [_schema(part) for part in alternatives(shape)]}
    if isinstance(shape, shapes.Text):
        return {"anyOf": [_filled(), _languages()]}
    return _scalar(shape)


def _filled() -> dict[str, Any]:
    return {"type": ANY_SCALAR, "pattern": r"\S"}


def _languages() -> dict[str, Any]:
    return {
        "type": "object", "required": ["en"], "propertyNames": {"pattern": "^[a-z]{2,3}$"},
        "additionalProperties": _filled(),
    }  # fmt: skip


def _keys(shape: Keys) -> dict[str, Any]:
    properties = {
        key: {**_schema(part.shape), "description": part.doc} for key, part in shape.fields.items()
    }
    schema: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "description": f"the keys of a {shape.name}",
    }
    required = [key for key, part in shape.fields.items() if part.is_required]
    if required:
        schema["required"] = required
    rules: list[dict[str, Any]] = [
        {"oneOf": [{"required": [key]} for key in keys]} for keys in shape.exactly_one
    ]
    for keys in shape.at_most_one:
        rules.extend(
            {"not": {"required": [first, second]}}
            for position, first in enumerate(keys)
            for second in keys[position + 1 :]
        )
    if rules:
        schema["allOf"] = rules
    return schema


def _scalar(shape: Shape) -> dict[str, Any]:
    if isinstance(shape, shapes.Word):
        return {"enum": list(shape.words)}
    if isinstance(shape, shapes.Truth):
        return {"type": "boolean"}
    if isinstance(shape, shapes.Number):
        least = {} if shape.low is None else {"minimum": shape.low}
        return {
            "type": "integer" if shape.is_whole else "number",
            "description": describe(shape),
            **least,
        }
    if isinstance(shape, shapes.Name):
        return _name(shape)
    if isinstance(shape, shapes.Line) and shape.pattern is not None:
        return {"type": ANY_SCALAR, "pattern": f"^(?:{shape.pattern})$"}
    return _filled()


def _name(shape: shapes.Name) -> dict[str, Any]:
    pattern = NAME_PATTERN
    if shape.is_qualified:
        pattern = f"{NAME_PATTERN}(?:\\.{NAME_PATTERN})*"
    is_label = shape.of == "label"
    if is_label:
        pattern = f"{pattern}|[0-9]{{1,9}}"
    name = {
        "type": "string",
        "pattern": f"^(?:{pattern})$",
        "maxLength": 80,
        "not": {"enum": sorted(taken_words(shape))},
    }
    number = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    return {"anyOf": [name, number]} if is_label else name


def as_json_value(node: Node) -> Any:
    """A node as an editor's YAML reader sees it (YAML 1.2 core; of two equal keys the last)."""
    if isinstance(node, Mapping):
        return {entry.key.text: as_json_value(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [as_json_value(item) for item in node.items]
    return _plain_value(node) if node.is_plain else node.text


def _plain_value(node: Scalar) -> Any:
    text = node.text
    if is_null(node):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower() == "true"
    if WHOLE.fullmatch(text):
        return int(text) if len(text) < 4000 else float("inf")
    return float(text) if NUMBER.fullmatch(text) else text
