"""Work out anew what ships of how cases' records compare with those of their explanations.

    python tools/refer_records.py [CASE]...

writes `src/foedus/infer/shipped/references.json` (minutes a case); all cases where it can be
done, or those named. `foedus reproduce references` says whether the file is what would be written.
"""

import json
import sys

from foedus.infer.shipped.reference_file import FILE
from foedus.reproduce.references import entry_of, referable


def main(names: list[str]) -> None:
    """Work out each case and write it down at once."""
    can = list(referable())
    for name in names or can:
        known = json.loads(FILE.read_text(encoding="utf-8"))
        known = {one: known[one] for one in can if one in known and one != name}
        known[name] = entry_of(name)
        ordered = {one: known[one] for one in sorted(known)}
        FILE.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
