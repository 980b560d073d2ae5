"""Put the figures and numbers of planted worlds onto their page.

    python tools/draw_calibration.py DIR

takes what `foedus reproduce calibration` has written into a folder of a day, and writes the figures
to `docs/images` and the numbers into `docs/weighing.md`.
"""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "weighing.md"
PLACE = re.compile(r"(<!-- planted -->\n).*?(<!-- end -->)", re.DOTALL)


def table(record: dict[str, Any]) -> str:
    """How each case did."""
    lines = [
        "| case | worlds | least p of ranks (of how many numbers) | surprise at explanations, "
        "standard errors |",
        "| --- | --- | --- | --- |",
    ]
    for name, one in record.items():
        least = min(one["p"].values())
        surprises = ", ".join(f"{value:+.1f}" for value in one["surprise"].values())
        lines.append(
            f"| `{name}` | {one['worlds']} | {least:.2g} ({len(one['p'])}) | {surprises} |"
        )
    return "\n".join([*lines, ""])


def main(folder: Path) -> None:
    """Copy and write."""
    written = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
    for name in written["files"]:
        shutil.copy(folder / name, ROOT / "docs" / "images" / name)
    told = table(written["record"])
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(PLACE.sub(lambda found: found[1] + told + found[2], text), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
