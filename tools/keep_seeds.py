"""Weigh the flagship with other seeds than the one that ships, and write down what comes out.

    python tools/keep_seeds.py [SEED]...

writes `src/foedus/reproduce/seeds.json` (some three minutes a seed on two idle processors); all
seeds, or those named. `foedus reproduce seeds` says whether the file is what would be written.
"""

import sys

from foedus.reproduce.seeds import SEEDS, keep

if __name__ == "__main__":
    for seed in [int(one) for one in sys.argv[1:]] or SEEDS:
        keep(seed)
