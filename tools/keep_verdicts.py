"""Work out anew the verdicts that ship beside their cases, and the courses that they rest on.

    python tools/keep_verdicts.py [CASE]...

writes `verdict.json`, `courses.bin` and `answers.bin` beside the case (minutes a case): where a
verdict is, or beside those named. `foedus reproduce verdicts` says whether they are what
would be written.
"""

import json
import sys

from foedus import study
from foedus.case.find import shipped_cases
from foedus.infer.shipped import answers_file, courses_file
from foedus.infer.shipped.verdict_file import file_of
from foedus.reproduce.verdicts import answers_entry_of, courses_entry_of, entry_of


def main(names: list[str]) -> None:
    """Weigh each case, and write its verdict and its courses down at once."""
    for name in names or [one for one in shipped_cases() if file_of(one).is_file()]:
        case = study.load(name)
        entry = entry_of(case, study.weigh(case, workers=None, anew=True))
        text = json.dumps(entry, indent=1, allow_nan=False) + "\n"
        file_of(name).write_text(text, encoding="utf-8")
        courses_file.file_of(name).write_bytes(courses_entry_of(case))
        answers_file.file_of(name).write_bytes(answers_entry_of(case))


if __name__ == "__main__":
    main(sys.argv[1:])
