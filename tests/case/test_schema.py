"""The JSON Schema and the checker agree on what a case file looks like."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from foedus.case.fit import fit, key_places
from foedus.case.grammar import CASE
from foedus.case.node import Node
from foedus.case.reader import parse_yaml, read_source
from foedus.case.schema import (
    FILE_KINDS,
    GRAMMARS,
    STRUCTURAL,
    FileKind,
    as_json_value,
    json_schema,
)
from foedus.case.shapes import Keys
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Source
from tests.architecture.project import SOURCE
from tests.case.shaped import Tree, as_yaml, faulty_trees, trees

PLACES = {kind: key_places(shape) for kind, shape in GRAMMARS.items()}
for other in ("priors", "texts", "expectations"):
    PLACES[other] = key_places(GRAMMARS[other], key_places(CASE))
    # Who writes a key of the case into such a file is told that it belongs there.
VALIDATORS = {kind: Draft202012Validator(json_schema(kind)) for kind in FILE_KINDS}
BESIDE: dict[str, FileKind] = {"texts.yaml": "texts", "expect.yaml": "expectations"}
SHIPPED = sorted([*SOURCE.glob("cases/*/*.yaml"), *SOURCE.glob("mechanisms/*.yaml")])

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
FAST = [Phase.explicit, Phase.reuse, Phase.generate]  # large trees take minutes to shrink
thorough = settings(max_examples=150, deadline=None, suppress_health_check=SLOW, phases=FAST)


def parsed(text: str) -> Node:
    diagnostics = Diagnostics()
    node = parse_yaml(Source("case.yaml", text), diagnostics)
    assert node is not None, (text, diagnostics.found)
    return node


def faults(node: Node, kind: FileKind) -> set[Code]:
    diagnostics = Diagnostics()
    fit(node, GRAMMARS[kind], diagnostics, PLACES[kind])
    return {diagnostic.code for diagnostic in diagnostics.found}


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_the_schema_is_one(kind: FileKind) -> None:
    schema = json_schema(kind)
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("kind", FILE_KINDS)
@given(data=st.data())
@thorough
def test_what_the_checker_accepts_the_schema_accepts(kind: FileKind, data: st.DataObject) -> None:
    tree: Tree = data.draw(trees(GRAMMARS[kind]))
    node = parsed(as_yaml(tree))
    assert faults(node, kind) == set()
    assert list(VALIDATORS[kind].iter_errors(as_json_value(node))) == []


@pytest.mark.parametrize("kind", FILE_KINDS)
@given(data=st.data())
@thorough
def test_both_find_every_structural_fault(kind: FileKind, data: st.DataObject) -> None:
    tree, code = data.draw(faulty_trees(GRAMMARS[kind]))
    assert code in STRUCTURAL
    node = parsed(as_yaml(tree))
    assert code in faults(node, kind), as_yaml(tree)
    assert not VALIDATORS[kind].is_valid(as_json_value(node)), as_yaml(tree)


JSON_LIKE = st.recursive(
    st.sampled_from(["1", "true", "~", "words", '"two words"', "2022-01-01", "-1", "1.5", "''"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]")
        | st.dictionaries(st.sampled_from(sorted(PLACES["case"])), inner, max_size=4).map(
            lambda items: "{" + ", ".join(f"{k}: {v}" for k, v in items.items()) + "}"
        )
    ),
)


@given(JSON_LIKE)
@settings(max_examples=500, deadline=None)
def test_on_any_file_the_two_agree(text: str) -> None:
    node = parsed(text)
    assert bool(faults(node, "case") & STRUCTURAL) != VALIDATORS["case"].is_valid(
        as_json_value(node)
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(SOURCE)))
def test_shipped_files_fit_the_schema(path: Path) -> None:
    diagnostics = Diagnostics()
    source = read_source(path, path.name, diagnostics)
    assert source is not None
    value = as_json_value(parsed(source.text))
    kind: FileKind = "mechanism" if path.parent.name == "mechanisms" else "case"
    validator = VALIDATORS[BESIDE.get(path.name.partition(".")[2], kind)]
    assert [error.message for error in validator.iter_errors(value)] == []


def descriptions(schema: Any) -> int:
    if isinstance(schema, dict):
        own = isinstance(schema.get("description"), str)
        return own + sum(descriptions(part) for part in schema.values())
    return sum(map(descriptions, schema)) if isinstance(schema, list) else 0


def test_every_key_is_described() -> None:
    def keys(shape: Keys) -> set[str]:
        return set(shape.fields)

    schema = json_schema()
    assert set(schema["properties"]) == keys(CASE)
    assert all(part["description"] for part in schema["properties"].values())
    assert descriptions(schema) > 200
