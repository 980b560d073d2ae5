"""The layers of .importlinter hold, and reading a case stays light."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.project import ROOT

HEAVY = {"babel", "jinja2", "llvmlite", "numpy", "pyarrow", "rich", "scipy", "vl_convert"}

IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, sys.argv[1] + "."):
    importlib.import_module(module.name)
print(*sys.modules)
"""


def broken_contracts(root: Path) -> list[str]:
    """The names of the contracts that the package under `root`/src breaks."""
    lint = (
        "import sys; sys.path.insert(0, 'src'); from importlinter.cli import lint_imports_command"
    )
    result = subprocess.run(
        [sys.executable, "-c", f"{lint}; lint_imports_command()", "--no-logo", "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
    )
    lines = [line.split(" BROKEN")[0] for line in result.stdout.splitlines() if " BROKEN" in line]
    assert bool(lines) == bool(result.returncode), result.stdout + result.stderr
    return lines


def test_contracts_are_kept() -> None:
    assert broken_contracts(ROOT) == []


@pytest.mark.parametrize(
    ("module", "imported", "contract"),
    [
        ("text/extra.py", "foedus.case", "Layers"),
        ("rogue.py", "json", "Layers"),
        ("infer/particles/extra.py", "foedus.infer.weigh", "Layers of infer"),
        ("infer/rogue.py", "json", "Layers of infer"),
        ("report/language/extra.py", "foedus.report.show", "Layers of report"),
        ("report/rogue.py", "json", "Layers of report"),
        ("jump/extra.py", "llvmlite", "Only engine imports llvmlite"),
        ("jump/extra.py", "jinja2", "Nothing below report draws"),
        ("expr/extra.py", "numpy", "Reading a case imports no arrays"),
    ],
)
def test_a_broken_contract_is_seen(
    tmp_path: Path, module: str, imported: str, contract: str
) -> None:
    quiet = "unmatched_ignore_imports_alerting = none\nignore_imports ="  # most of it is not here
    contracts = (ROOT / ".importlinter").read_text().replace("ignore_imports =", quiet)
    (tmp_path / ".importlinter").write_text(contracts)
    package = tmp_path / "src" / "foedus"
    folders = ("", "case/", "infer/", "report/", "report/show/")
    for name in (*(f"{folder}__init__.py" for folder in folders), "infer/weigh.py", module):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).touch()
    (package / module.rpartition("/")[0] / "__init__.py").touch()
    (package / module).write_text(f"import {imported}\n")
    assert broken_contracts(tmp_path) == [contract]


@pytest.mark.parametrize("package", ["foedus.expr", "foedus.case"])
def test_reading_a_case_loads_nothing_heavy(package: str) -> None:
    result = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, package], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    assert HEAVY.isdisjoint(result.stdout.split())
