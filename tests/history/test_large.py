"""Memory stays bounded however long a file is. What it takes in time is printed, not asserted."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import environment
from tests.history.places import sample

ROWS = 5_000_000
MOST_MEMORY = 1 << 30
PROBE = """
import resource, sys, time
from pathlib import Path
from foedus.history.importing import import_file
begun, seen = time.monotonic(), []
done = import_file("acled", Path(sys.argv[1]), progress=lambda n, of: seen.append(n / of))
seconds = time.monotonic() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(done.provenance.rows, peak << (0 if sys.platform == "darwin" else 10), seconds, len(seen))
assert seen == sorted(seen) and seen[-1] == 1.0
"""


@pytest.mark.full
def test_five_million_rows_in_bounded_memory(tmp_path: Path, store: Path) -> None:
    head, *rows = sample("acled").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(head + "\n")
        for start in range(0, ROWS, 10_000):
            lines = (
                f"{n}-{rows[n % 3].partition(',')[0]},{rows[n % 3].partition(',')[2]}\n"
                for n in range(start, start + 10_000)
            )
            file.writelines(lines)
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(path)],
        env=environment(FOEDUS_DATA=str(store.parent)),
        capture_output=True,
        text=True,
    )
    path.unlink()
    assert done.returncode == 0, done.stderr
    count, peak, seconds, told = done.stdout.split()
    print(f"{count} rows, {int(peak) / 1e6:.0f} MB, {float(seconds):.0f} s, told {told} times")
    assert int(count) == ROWS
    assert int(peak) <= MOST_MEMORY
