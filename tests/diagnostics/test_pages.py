"""Each code has a page, and each page is true: its example is refused as shown, its cure passes."""

import re
from pathlib import Path

import pytest

import foedus
from foedus.text.codes import Code
from foedus.text.pages import page
from foedus.text.render import as_text
from tests.diagnostics.pages import FOLDER, PARTS, outputs, parts, run, with_output

SOURCE = Path(foedus.__file__).parent
RAISED = re.compile(r"\bCode\.([A-Z_]+)\b")


def test_each_code_has_a_page_and_each_page_a_code() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == {code.value for code in Code}


def test_each_code_is_raised() -> None:
    texts = (path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    assert {name for text in texts for name in RAISED.findall(text)} == {c.name for c in Code}


@pytest.mark.parametrize("code", Code, ids=lambda code: code.value)
def test_page(code: Code, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    text = page(code)
    found = parts(text)
    assert text.startswith(f"# `{code.value}`\n")
    assert tuple(found) == PARTS
    shown = run(found["Example"], _folder(tmp_path, "example"))
    assert [d.code for d in shown.diagnostics] == [code]
    if pytestconfig.getoption("--update"):
        text = with_output(text, as_text(shown.diagnostics))
        (SOURCE / "diagnostics" / f"{code.value}.md").write_text(text, encoding="utf-8")
    else:
        assert outputs(found["Example"]) == as_text(shown.diagnostics)


@pytest.mark.parametrize("code", Code, ids=lambda code: code.value)
def test_cure(code: Code, tmp_path: Path) -> None:
    found = run(parts(page(code))["Fixed"], tmp_path)
    assert found.case is not None, as_text(found.diagnostics)
    assert code not in [diagnostic.code for diagnostic in found.diagnostics]


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    return folder
