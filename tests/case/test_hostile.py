"""Hostile files are refused clearly and cheaply, and nothing in them is carried out."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foedus.case.reader import LARGEST_FILE
from foedus.text.diagnostic import MOST_FAULTS
from foedus.text.render import as_github, as_json, as_text
from foedus.text.source import Source
from tests.case.hostile import FILES, HEAD
from tests.cli.program import COMMAND, environment
from tests.loading import try_case, warned_case

SECONDS = 10.0
"""Five times what such a file may take, which the bench measures: work that grows faster than the
file takes longer, a busy machine does not."""
MEGABYTES = 500


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with things a case might be led to."""
    inside = tmp_path / "inside"
    (inside / "sub").mkdir(parents=True)
    secret = tmp_path / "secret.csv"
    secret.write_text("g,v\n1,2\n2,3\n")
    (inside / "link.csv").symlink_to(secret)
    (inside / "link.yaml").symlink_to(secret)
    (inside / "circle.csv").symlink_to(inside / "circle.csv")
    os.mkfifo(inside / "pipe.csv")
    (inside / "binary.csv").write_bytes(bytes(range(256)) * 100)
    with (inside / "large.csv").open("wb") as large:
        large.truncate(90_000_000)
    (inside / "wide.csv").write_text("a" * 5_000_000 + "\n")
    (inside / "empty.csv").write_text("")
    (inside / "ragged.csv").write_text("g,v\n1\n2,3,4\n")
    (inside / "nan.csv").write_text("g,v\n1,nan\n2,inf\n")
    return inside


LAUNCH = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[2:], timeout=60, check=False)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    json.dump([done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024], file)
"""
"""Linux counts the memory of the process that forks towards that of its child, so that a small
process must stand between this one and the one that is measured."""


def measured(
    folder: Path, *arguments: str
) -> tuple[subprocess.CompletedProcess[bytes], float, float]:
    """How a call ended, its processor time in seconds, and the most memory it held in megabytes."""
    used = folder / "used"
    command = [sys.executable, "-c", LAUNCH, str(used), *COMMAND, *arguments]
    launched = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, timeout=90, check=False
    )
    assert used.exists(), f"it does not end: {launched.stderr[-500:]!r}"
    code, seconds, megabytes = json.loads(used.read_text())
    used.unlink()
    result = subprocess.CompletedProcess(command, code, launched.stdout, launched.stderr)
    return result, seconds, megabytes


@pytest.mark.parametrize("name", FILES)
def test_hostile_files(name: str, folder: Path) -> None:
    content, code = FILES[name]
    data = content.encode() if isinstance(content, str) else content
    (folder / "case.yaml").write_bytes(data)
    result, seconds, megabytes = measured(folder, "check", "case.yaml", "--json")
    assert result.returncode == 1
    assert result.stderr == b""
    diagnostics = json.loads(result.stdout)["diagnostics"]
    assert code.value in [diagnostic["code"] for diagnostic in diagnostics]
    assert len(diagnostics) <= MOST_FAULTS
    for diagnostic in diagnostics:
        assert diagnostic["line"] >= 1
        assert diagnostic["column"] >= 1
        assert len(diagnostic["message"]) < 1000
    assert seconds < SECONDS
    assert megabytes < MEGABYTES
    assert not (folder / "owned").exists()


@pytest.mark.parametrize("name", ["100 MB", "brackets", "unknown keys", "long line", "nested"])
def test_hostile_files_for_people(name: str, folder: Path) -> None:
    content, _ = FILES[name]
    (folder / "case.yaml").write_bytes(content.encode() if isinstance(content, str) else content)
    for command in ("check", "simulate"):
        result, seconds, _ = measured(folder, command, "case.yaml")
        assert (result.returncode, result.stdout) == (1, b"")
        assert result.stderr.startswith(b"error[")
        assert b"Traceback" not in result.stderr
        assert len(result.stderr) < 100_000
        assert seconds < SECONDS


def test_the_limit_of_size_is_a_limit(folder: Path) -> None:
    comment = "#" * (LARGEST_FILE - len(HEAD) - 1) + "\n"
    (folder / "case.yaml").write_text(HEAD + comment)
    result, seconds, _ = measured(folder, "check", "case.yaml")
    assert result.returncode == 0
    assert seconds < SECONDS


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_permission_denied(folder: Path) -> None:
    (folder / "case.yaml").write_text(HEAD)
    (folder / "case.yaml").chmod(0)
    result, _, _ = measured(folder, "check", "case.yaml")
    assert result.returncode == 5
    assert b"permission denied" in result.stderr


# A fuzzer for reader and checker: pieces of the language in any order, and real files cut about.

PIECES = st.sampled_from(
    [
        "foedus: 1\n", "case: x\n", "title: X\n", "clock: {start: 2022-01-01, end: 2022-02-01}\n",
        "actors:\n", "  a: {kind: state}\n", "  b: {kind: person, of: a}\n", "offices:\n",
        "  o: {of: a, held: [{by: b, from: 2020}]}\n", "alliances:\n", "groups: {g: 3}\n",
        "  z: {since: 2000, members: [a], lead: a}\n", "state:\n",
        "  s: {type: count, starts: 0}\n", "  t: {type: share, per: g, starts: 0.5, because: x}\n",
        "events:\n", "parameters:\n",
        "  p: {prior: 80% between 1 and 2, unit: per day, grade: assumed, because: x}\n",
        "  e: {rate: p, then: {s: s + 1}}\n", "  f: {per: g, rate: p * t[g], then: {'t[g]': 1}}\n",
        "  h: {when: s > 3, after: immediately, then: {s: 0}}\n", "  k: {rate: p, choose: {\n",
        "    x: {utility: s}, y: {utility: 0, then: {s: 0}}}}\n", "questions:\n", "evidence:\n",
        "  q: {mean: s, at: 2022-01-31}\n", "  r: {probability: s > 2, by: 2022-01-31}\n",
        "  - {id: i, happened: e, at: 2022-01-05, cites: [c]}\n", "record: {e: {complete: 2022}}\n",
        "sources: {c: {kind: web, title: C}}\n", "uses:\n", "what-if: {w: {forbid: e}}\n",
        "  - {mechanism: collective-aid, as: aid, with: {alliance: z, asker: a, asks: o}}\n",
        "atoms:\n", "components: {m: {}}\n", "  n: {components: [m], prior: 1, grade: assumed,\n",
        "because: x}\n", "explanations: {l: {atoms: [n]}}\n", "[", "]", "{", "}", ": ", "- ",
        "'", '"', "#", "\n", "  ", "|\n", ">-\n", "&a ", "*a ", "!t ", "null", "~", "1e999", "-0",
        "\N{FIRE}",
    ]
)  # fmt: skip


def verify_survival(text: str) -> None:
    """A text is a case or has errors, each in its place and printable; nothing is raised."""
    source = Source("case.yaml", text)
    case, diagnostics = try_case(source)
    assert (case is None) == diagnostics.has_errors
    found = diagnostics.in_order()
    for diagnostic in found:
        span = diagnostic.primary.span
        assert 0 <= span.start <= span.end <= len(span.source.text)
    as_text(found), as_json(found), as_github(found)


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_any_order_of_pieces(text: str) -> None:
    verify_survival(text)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text(text: str) -> None:
    verify_survival(text)


WHOLE = (
    HEAD + "actors:\n  a: {kind: state}\n  b: {kind: person, of: a}\n  c: {kind: state}\n"
    "offices:\n  o: {of: a, held: [{by: b, from: 2020}]}\n"
    "alliances:\n  z: {since: 2000, members: [a, c], lead: c, obligations: [defense]}\n"
    "uses:\n  - {mechanism: collective-aid, as: aid, with: {alliance: z, asker: a, asks: o}}\n"
    "groups: {town: [x, y], n: 3}\n"
    "parameters:\n  p: {prior: 80% between 1 and 2, unit: per day, grade: assumed, because: x}\n"
    "state:\n  s: {per: town, type: count, starts: 0}\n  f: {type: flag, starts: false}\n"
    "events:\n"
    "  e: {per: town, when: not f, rate: 'p / (1 + s[town])', then: {'s[town]': 's[town] + 1'}}\n"
    "  h: {when: 'sum(s[t] for t in town) > 3 and not f', after: immediately, then: {f: true}}\n"
    "questions:\n  q: {mean: 'sum(s[t] for t in town)', at: 2022-01-31}\n"
    "  r: {probability: 'happened(aid.ask)', by: 2022-01-31}\n"
)


@given(st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_case_cut_about(data: st.DataObject) -> None:
    text = WHOLE
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        new = data.draw(PIECES | st.text(max_size=5) | st.just(text[end : end + 10]))
        text = text[:start] + new + text[end:]
    verify_survival(text)


def test_the_case_that_is_cut_about_is_one() -> None:
    warned_case(WHOLE)


def test_the_measure_of_memory_is_one(folder: Path) -> None:
    (folder / "case.yaml").write_text(HEAD)
    _, seconds, megabytes = measured(folder, "check", "case.yaml")
    assert 0.02 < seconds < SECONDS
    assert 10 < megabytes < MEGABYTES
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 1024
