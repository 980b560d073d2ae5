"""Weigh small records many times over and write down how they compare with exact ones.

    python tools/keep_exact_agreement.py [RECORD]...

writes `src/foedus/reproduce/exact_agreement.json` (a minute a record); all of them, or those named.
`foedus reproduce exact-agreement` says whether the file is what would be written.
"""

import sys

from foedus.reproduce.exact_agreement import RECORDS, keep

if __name__ == "__main__":
    for record in sys.argv[1:] or RECORDS:
        keep(record)
