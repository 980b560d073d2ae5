"""Work out anew the verdicts that ship beside their cases.

    python tools/keep_verdicts.py [CASE]...

writes `verdict.json` beside the case (minutes a case): where one is, or beside those named.
`foedus reproduce verdicts` says whether a file is what would be written.
"""

import json
import sys

from foedus import study
from foedus.case.find import shipped_cases
from foedus.infer.verdict_file import file_of
from foedus.reproduce.verdicts import entry_of


def main(names: list[str]) -> None:
    """Weigh each case and write its verdict down at once."""
    for name in names or [one for one in shipped_cases() if file_of(one).is_file()]:
        case = study.load(name)
        entry = entry_of(case, study.weigh(case, workers=None))
        text = json.dumps(entry, indent=1, allow_nan=False) + "\n"
        file_of(name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
