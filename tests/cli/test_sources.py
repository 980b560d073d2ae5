"""`foedus sources`: citations held to documents, and not a word of the documents printed."""

import hashlib
import re
import unicodedata
from pathlib import Path

import pytest

from foedus.evidence.locators import digest_of
from foedus.evidence.sentences import sentences
from tests.cli.program import Result, call

Capsys = pytest.CaptureFixture[str]

DOCUMENT = "Kuningas pyysi apua. Apua ei tullut ajoissa. Kansa lähti torille.\n\nSitten satoi."


def citation(start: int, end: int, digest: str | None = None) -> str:
    digest = digest_of(DOCUMENT[start:end])[:16] if digest is None else digest
    return f'{{source: news, start: {start}, end: {end}, sha256: "{digest}"}}'


FIRST, SECOND, THIRD, LAST = (citation(*place) for place in sentences(DOCUMENT))

CASE = """\
foedus: 1
case: rain
title: Rain
clock: {start: 2022-01-01, end: 2022-01-31}
sources:
  news: {kind: commentary, title: News, file: news.txt, sha256: DIGEST}
background:
  - {id: before, happened: it was dry, at: 2021-12, cites: [BACKGROUND]}
parameters:
  rain: {prior: exponential(2), unit: per week, grade: reported, cites: [PARAMETER]}
state:
  days: {type: count, starts: 0}
events:
  fall: {rate: rain, then: {days: days + 1}, cites: [EVENT]}
questions:
  wet: {mean: days, at: 2022-01-31}
statements:
  S1: {says: it rained, role: drives, carried-by: [STATEMENT], cites: [CITED]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "news.txt").write_text(DOCUMENT, encoding="utf-8")
    return tmp_path


def verify(capsys: Capsys, folder: Path, *more: str, **parts: str) -> Result:
    chosen = {
        "BACKGROUND": FIRST, "PARAMETER": SECOND, "EVENT": f"{FIRST}, {THIRD}",
        "CITED": LAST, "STATEMENT": "event:fall",
        "DIGEST": hashlib.sha256(DOCUMENT.encode()).hexdigest(), **parts,
    }  # fmt: skip
    text = re.sub("|".join(chosen), lambda match: chosen[match[0]], CASE)
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return call(capsys, "sources", str(path), "--dir", str(folder / "documents"), *more)


def says_nothing_of_the_document(result: Result) -> bool:
    words = set(re.findall(r"\w{4,}", DOCUMENT))
    return not any(word in result.out + result.err for word in words)


def test_a_case_whose_citations_hold(capsys: Capsys, folder: Path) -> None:
    result = verify(capsys, folder)
    assert result == Result(0, "news: 5 passages, 0 wrong; 0 of 4 sentences not carried\n", "")
    record = verify(capsys, folder, "--json").json
    (document,) = record["documents"]
    assert (document["is_found"], document["is_unchanged"]) == (True, True)
    assert document["sentences"] == 4
    assert document["uncovered"] == []
    assert all(passage["holds"] for passage in document["passages"])
    assert record["diagnostics"] == []


@pytest.mark.parametrize(
    ("parts", "code", "words"),
    [
        ({"PARAMETER": citation(21, 44, "0" * 16)}, "citation-digest-mismatch", "reads otherwise"),
        ({"PARAMETER": citation(21, 4400, "0" * 16)}, "citation-outside-document", "past its end"),
        ({"PARAMETER": citation(0, 44)}, "citation-outside-document", "more than one sentence"),
        (
            {"PARAMETER": "{source: news, start: 21, end: 44}"},
            "citation-digest-mismatch",
            "without a digest",
        ),
        (
            {"PARAMETER": f"{SECOND}, {{source: news, quote: {{exact: snow}}}}"},
            "citation-outside-document",
            "do not stand there",
        ),
        ({"DIGEST": "0" * 64}, "citation-digest-mismatch", "its digest differs"),
        ({"EVENT": THIRD}, "uncovered-sentence", "carries the sentence at 0..20"),
        ({"STATEMENT": "background:before"}, "uncovered-sentence", "carries the sentence at 67.."),
    ],
)
def test_what_fails(
    capsys: Capsys, folder: Path, parts: dict[str, str], code: str, words: str
) -> None:
    text = verify(capsys, folder, **parts)
    assert text.code == 1
    assert f"error[{code}]" in text.err
    assert words in text.err
    assert says_nothing_of_the_document(text)
    found = verify(capsys, folder, "--json", **parts)
    assert (found.code, found.err) == (1, "")
    assert code in [diagnostic["code"] for diagnostic in found.json["diagnostics"]]
    assert says_nothing_of_the_document(found)


def test_a_passage_that_moved(capsys: Capsys, folder: Path) -> None:
    moved = citation(3, 26, digest_of(DOCUMENT[21:44])[:16])
    result = verify(capsys, folder, PARAMETER=moved)
    assert result.code == 1
    assert "the passage now stands at start: 21, end: 44" in result.err
    record = verify(capsys, folder, "--json", PARAMETER=moved).json
    passages = record["documents"][0]["passages"]
    assert [p["moved_to"] for p in passages if p["moved_to"]] == [{"start": 21, "end": 44}]


def test_rows_of_tables(capsys: Capsys, folder: Path) -> None:
    (folder / "rows.csv").write_text("id,event\nK1,rain\nK2,sun\n")
    table = "news: {kind: coding, title: Rows, file: rows.csv}\n  old:"

    def cite(row: str) -> Result:
        text = CASE.replace("news:", table).replace("BACKGROUND", f"news#{row}")
        for word in ("PARAMETER", "EVENT", "CITED"):
            text = text.replace(word, "old")
        text = text.replace("STATEMENT", "event:fall").replace("DIGEST", "0" * 64)
        (folder / "case.yaml").write_text(text)
        return call(capsys, "sources", str(folder / "case.yaml"))

    assert cite("K2").code == 0
    wrong = cite("K3")
    assert wrong.code == 1
    assert "cites the row `K3`, which `rows.csv` lacks" in wrong.err
    (folder / "rows.csv").unlink()
    assert cite("K3").code == 0


def test_decomposed_documents(capsys: Capsys, folder: Path) -> None:
    path = folder / "documents" / "news.txt"
    path.write_text(unicodedata.normalize("NFD", DOCUMENT), encoding="utf-8")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert verify(capsys, folder, DIGEST=digest).code == 0


def test_documents_that_cannot_be_read(capsys: Capsys, folder: Path) -> None:
    path = folder / "documents" / "news.txt"
    path.write_bytes(DOCUMENT.encode("latin-1"))
    assert "it is not utf-8 text" in verify(capsys, folder).err
    path.unlink()
    result = verify(capsys, folder)
    assert result.code == 1
    assert "`news.txt` cannot be read" in result.err
    assert result.out == "news: 5 passages, not verified\n"
    secret = folder / "secret.txt"
    secret.write_text(DOCUMENT, encoding="utf-8")
    path.symlink_to(secret)
    assert "cannot be read" in verify(capsys, folder).err


def test_shipped_cases_without_their_documents(capsys: Capsys) -> None:
    result = call(capsys, "sources", "kazakhstan-2022")
    assert result.code == 1
    assert "give the folder that holds the documents with `--dir`" in result.err
