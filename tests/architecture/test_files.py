"""What no file of the project may hold, and what a wheel must."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import foedus
from tests.architecture.project import ROOT, SOURCE, places, project_texts

# Letters in brackets keep the patterns from matching themselves.
MACHINE_PATH = r"(?<![\w.})])/(w[o]rk|r[o]ot|h[o]me|Us[e]rs)/\w"
REGISTRY = r"(p[y]pi\.org|pythonh[o]sted\.org|registry\.n[p]mjs|/s[i]mple/|i[n]dex-url)"
LOCKED_ADDRESS = r"(\"resolved\": \"h[t]tp|://\S+\.(wh[l]|tg[z]|tar\.g[z])\b)"


def test_no_machine_path() -> None:
    here = re.escape(f"{ROOT}/")
    assert places(f"{MACHINE_PATH}|{here}", project_texts()) == []


def test_no_registry_address() -> None:
    assert places(f"{REGISTRY}|{LOCKED_ADDRESS}", project_texts()) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE_PATH, "open('/ho" + "me/ada/case.yaml')"),
        (REGISTRY, "see https://py" + "pi.org/project/foedus"),
        (LOCKED_ADDRESS, "https://example.org/foedus-0.1.0.wh" + "l"),
    ],
)
def test_the_patterns_can_match(pattern: str, line: str) -> None:
    assert len(places(pattern, {"a.txt": line})) == 1


def test_wheel_holds_every_file(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("foedus/")}
    files = {
        str(path.relative_to(SOURCE.parent))
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == files


def test_the_map_names_what_there_is() -> None:
    named = re.findall(r"`([\w./-]+(?:\.py|/))`", (ROOT / "ARCHITECTURE.md").read_text())
    there = {f"/{name}" for name in project_texts()}
    assert len(named) > 50
    assert [name for name in named if not any(f"/{name}" in path for path in there)] == []


def test_citation_has_the_version() -> None:
    citation = (ROOT / "CITATION.cff").read_text()
    assert f"\nversion: {foedus.__version__}\n" in citation
