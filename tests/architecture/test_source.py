"""Limits on the shape of the source: sizes, docstrings, nothing left undone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.project import SOURCE, places, project_texts, source_files

FILE_LINES = 400
FUNCTION_LINES = 60
UNDONE = r"\b(T[O]DO|F[I]XME)\b"

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

every_source_file = pytest.mark.parametrize(
    "path", source_files(), ids=lambda path: str(path.relative_to(SOURCE))
)


def long_functions(text: str) -> list[str]:
    """Functions longer than the limit, docstring included."""
    return [
        f"line {node.lineno}: {node.name} has {size} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]


def public_definitions(body: list[ast.stmt]) -> Iterator[Definition]:
    """Public functions, classes and their methods; private classes are not entered."""
    for node in body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node.body)


def repeats_another(node: Definition) -> bool:
    """Whether the definition is an overload, an override or a setter: documented elsewhere."""
    names = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
    return not names.isdisjoint({"overload", "override", "setter"})


def undocumented(text: str) -> list[str]:
    """Public definitions without a docstring."""
    return [
        f"line {node.lineno}: {node.name}"
        for node in public_definitions(ast.parse(text).body)
        if ast.get_docstring(node) is None and not repeats_another(node)
    ]


@every_source_file
def test_file_is_short(path: Path) -> None:
    lines = len(path.read_text().splitlines())
    assert lines < FILE_LINES


@every_source_file
def test_functions_are_short(path: Path) -> None:
    assert long_functions(path.read_text()) == []


@every_source_file
def test_public_names_have_docstrings(path: Path) -> None:
    assert undocumented(path.read_text()) == []


def test_what_is_cited_is_listed_once_in_a_module() -> None:
    """Some module says which paper each key is: a citation that leads nowhere proves nothing."""
    texts = [path.read_text() for path in source_files()]
    cited = {key for text in texts for key in re.findall(r"\[(\w+[0-9]{4})\]_", text)}
    listed = [re.findall(r"\.\. \[(\w+[0-9]{4})\]", text) for text in texts]
    assert len(cited) > 40
    assert cited - {key for keys in listed for key in keys} == set()
    assert [keys for keys in listed if len(keys) != len(set(keys))] == []


def test_nothing_is_left_undone() -> None:
    assert places(UNDONE, project_texts()) == []


def test_the_rules_can_fail() -> None:
    body = "    pass\n" * FUNCTION_LINES
    assert long_functions(f"def f():\n{body}") == ["line 1: f has 61 lines"]
    assert undocumented("class A:\n    '''A.'''\n    def f(self): ...\n") == ["line 3: f"]
    assert undocumented("def _private(): ...\n") == []
    assert len(places(UNDONE, {"a.py": "x = 1\n# " + "TO" + "DO: more\n"})) == 1
