"""Where the project's files are."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "foedus"


def source_files() -> list[Path]:
    """Every Python file of the package, in order of name."""
    return sorted(SOURCE.rglob("*.py"))


def project_texts() -> dict[str, str]:
    """The text of every file that git tracks or would track, by path from the root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    texts = {}
    for name in sorted(set(listing.split("\0")) - {""}):
        path = ROOT / name
        if not path.is_file():  # deleted, but not yet in a commit
            continue
        content = path.read_bytes()
        if b"\0" not in content:
            texts[name] = content.decode()
    return texts


def places(pattern: str, texts: dict[str, str]) -> list[str]:
    """Each line that matches the regular expression, as `path:line: text`."""
    seek = re.compile(pattern).search
    return [
        f"{name}:{number}: {line.strip()[:90]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if seek(line)
    ]
