"""Count the reference classes that ship, anew, from the data in the store.

    FOEDUS_DATA=... python tools/derive_classes.py

writes `src/foedus/history/classes.json`. Import first what `foedus history rate` says is missing.
"""

import json
from pathlib import Path

from foedus.history.classes import COUNTS
from foedus.history.derive import derived


def written(record: object) -> str:
    """The record as the file has it: one class a line."""
    assert isinstance(record, dict)
    digests = json.dumps(record["digests"], indent=1)
    lines = (f"  {json.dumps(name)}: {json.dumps(one)}" for name, one in record["classes"].items())
    return f'{{"digests": {digests},\n "classes": {{\n' + ",\n".join(lines) + "\n }}\n"


if __name__ == "__main__":
    Path(COUNTS).write_text(written(derived()), encoding="utf-8")
