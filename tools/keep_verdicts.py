"""Work out anew the verdicts that ship beside their cases, and the courses that they rest on.

    python tools/keep_verdicts.py [CASE]...

writes `verdict.json`, `courses.bin` and `answers.bin` beside the case (a quarter of an hour a
case): where a verdict is, or beside those named. `foedus reproduce verdicts` says whether they are
what would be written.
"""

import sys

from foedus import study
from foedus.case.find import shipped_cases
from foedus.infer.shipped.verdict_file import file_of
from foedus.reproduce.verdicts import beside


def main(names: list[str]) -> None:
    """Weigh each case, and write its verdict and its courses down at once."""
    for name in names or [one for one in shipped_cases() if file_of(one).is_file()]:
        beside(study.load(name)).write()


if __name__ == "__main__":
    main(sys.argv[1:])
