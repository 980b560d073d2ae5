"""Learn anew, from the table of requests, the laws that ship: `src/foedus/history/learned.json`.

    python tools/learn_laws.py

`foedus reproduce` says whether the file is what would be written.
"""

import json
from pathlib import Path
from typing import Any

from foedus.history.learned import LAWS
from foedus.history.requests import requests
from foedus.questions.fits.shipped import learned_laws


def written(record: dict[str, Any]) -> str:
    """The record as the file has it: one body a line."""
    head = ",\n".join(
        f' "{name}": {json.dumps(record[name])}' for name in ("table", "days", "used")
    )
    bodies = (
        f"  {json.dumps(name)}: {json.dumps(laws)}" for name, laws in record["bodies"].items()
    )
    return f'{{\n{head},\n "bodies": {{\n' + ",\n".join(bodies) + "\n }\n}\n"


if __name__ == "__main__":
    Path(LAWS).write_text(written(learned_laws(requests())), encoding="utf-8")
