"""Reading YAML: every part knows its place, nothing is resolved, faults have places and cures."""

import json
import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from foedus.case.node import Mapping, Node, Scalar, Sequence, scalars
from foedus.case.reader import LARGEST_FILE, MOST_PARTS, parse_yaml, read_source
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostic, Diagnostics
from foedus.text.source import Source


def read(text: str) -> Node:
    diagnostics = Diagnostics()
    node = parse_yaml(Source("case.yaml", text), diagnostics)
    assert diagnostics.found == []
    assert node is not None
    return node


def fault(text: str) -> Diagnostic:
    diagnostics = Diagnostics()
    assert parse_yaml(Source("case.yaml", text), diagnostics) is None
    assert len(diagnostics.found) == 1
    return diagnostics.found[0]


def file_fault(path: Path) -> Diagnostic:
    diagnostics = Diagnostics()
    assert read_source(path, path.name, diagnostics) is None
    assert len(diagnostics.found) == 1
    return diagnostics.found[0]


def test_values_are_kept_as_written() -> None:
    node = read("a: NO\nb: 1:30\nc: 1e-3\nd: -0431-03-01\ne: 010\nf: '1'\n")
    assert [s.text for s in scalars(node)] == ["NO", "1:30", "1e-3", "-0431-03-01", "010", "1"]
    assert [s.is_plain for s in scalars(node)] == [True] * 5 + [False]


def test_places() -> None:
    text = (
        "clock:\n"
        "  start: 2022-01-01   # new year\n"
        "\n"
        "  # what follows is a list\n"
        'list: [a, "b c", {d: e}]\n'
        "block:\n"
        "  - one\n"
        "  -   two: 2\n"
        "      three: 3\n"
        "# the end\n"
    )
    node = read(text)
    assert isinstance(node, Mapping)
    clock, flow, block = node.get("clock"), node.get("list"), node.get("block")
    assert isinstance(clock, Mapping)
    assert clock.span.text == "start: 2022-01-01"
    assert clock.entries[0].key.span.text == "start"
    assert isinstance(flow, Sequence)
    assert flow.span.text == '[a, "b c", {d: e}]'
    assert [item.span.text for item in flow.items] == ["a", '"b c"', "{d: e}"]
    assert isinstance(block, Sequence)
    assert block.span.text.endswith("three: 3")
    assert (block.items[1].span.line, block.items[1].span.column) == (8, 7)
    assert node.span.start == 0


def test_a_key_without_a_value_has_a_place() -> None:
    node = read("a:\nb: 1\n")
    assert isinstance(node, Mapping)
    nothing = node.scalar("a")
    assert nothing is not None
    assert (nothing.text, nothing.is_plain, nothing.span.line) == ("", True, 1)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_a_mark_of_order_change_nothing(tmp_path: Path, mark: str, end: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(f"{mark}title: pää{end}case: x{end}".encode())
    diagnostics = Diagnostics()
    source = read_source(path, "case.yaml", diagnostics)
    assert source is not None
    node = parse_yaml(source, diagnostics)
    assert isinstance(node, Mapping)
    value = node.scalar("case")
    assert value is not None
    assert (value.text, value.span.line, value.span.column) == ("x", 2, 7)


def test_characters_beyond_the_basic_plane_count_as_one() -> None:
    node = read("a: \N{FIRE}\N{FIRE} x\nb: y\n")
    assert isinstance(node, Mapping)
    assert [s.span.text for s in scalars(node)] == ["\N{FIRE}\N{FIRE} x", "y"]


# Offsets ------------------------------------------------------------------------------------------


def only(text: str) -> Scalar:
    node = read(text)
    assert isinstance(node, Mapping)
    scalar = node.scalar("k")
    assert scalar is not None
    return scalar


def shown(scalar: Scalar) -> str:
    """The characters of the source that stand for those of the value."""
    text = scalar.span.source.text
    return "".join(text[offset] for offset in scalar.offsets()[:-1])


@pytest.mark.parametrize(
    ("text", "value", "characters"),
    [
        ("k: a + b", "a + b", "a + b"),
        ("k: 'a + b'", "a + b", "a + b"),
        ("k: 'it''s so'", "it's so", "it's so"),
        ("k: it''s so", "it''s so", "it''s so"),
        ('k: "a \\"b\\" c"', 'a "b" c', "a \\b\\ c"),
        ('k: "\\x41\\u00e4\\U0001F525-z"', "Aä\N{FIRE}-z", "\\\\\\-z"),
        ('k: "one\\\n  two"', "onetwo", "onetwo"),
        ("k: one\n  two", "one two", "one\ntwo"),
        ("k: >\n  one\n  two\n", "one two\n", "one\ntwo\n"),
        ("k: >-\n  - one\n  two\n", "- one two", "- one\ntwo"),
        ("k: |\n  a > b\n  c\n", "a > b\nc\n", "a > b\nc\n"),
        ("k: |2-\n   x\n  y\n", " x\ny", " x\ny"),
    ],
)
def test_offsets(text: str, value: str, characters: str) -> None:
    scalar = only(text)
    assert scalar.text == value
    assert shown(scalar) == characters


STYLES = st.sampled_from([None, "'", '"', "|", ">"])
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Co", "Cc", "Zl", "Zp")) | st.just("\n")
)


@given(WORDS, STYLES, st.integers(20, 80))
def test_offsets_of_any_value(value: str, style: str | None, width: int) -> None:
    text = yaml.dump({"k": value}, default_style=style, width=width, allow_unicode=True)
    diagnostics = Diagnostics()
    source = Source("case.yaml", text)
    node = parse_yaml(source, diagnostics)
    if not isinstance(node, Mapping):  # a tag, or a character that may not stand in a case
        return
    scalar = node.entries[0].value
    assert isinstance(scalar, Scalar)
    offsets = scalar.offsets()
    assert len(offsets) == len(scalar.text) + 1
    assert list(offsets) == sorted(offsets)
    assert offsets[-1] <= scalar.span.end
    for character, offset in zip(scalar.text, offsets, strict=False):
        if not character.isspace():
            assert text[offset] in (character, "\\")


@given(st.lists(st.text("ab\"'\\ \n\tä\N{FIRE}", max_size=12), min_size=1, max_size=4))
def test_spans_cover_what_was_written(values: list[str]) -> None:
    written = [json.dumps(value, ensure_ascii=False) for value in values]
    text = "[" + ", ".join(written) + "]"
    node = read(text)
    assert isinstance(node, Sequence)
    assert [item.span.text for item in node.items] == written
    assert [item.text for item in node.items if isinstance(item, Scalar)] == values


# Faults -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "place", "words"),
    [
        ("a: &x 1\n", Code.YAML_ANCHOR, (1, 4), "`&x`"),
        ("a: 1\nb: *x\n", Code.YAML_ANCHOR, (2, 4), "`*x`"),
        ("<<: *base\n", Code.YAML_ANCHOR, (1, 5), "`*base`"),
        ("a: !!int 1\n", Code.YAML_TAG, (1, 4), "int"),
        ("a: !mine {b: 1}\n", Code.YAML_TAG, (1, 4), "!mine"),
        ("a: 1\n---\nb: 2\n", Code.BAD_YAML, (2, 1), "second document"),
        ("a:\n\tb: 1\n", Code.BAD_YAML, (2, 1), "a tab"),
        ("a: [1, 2\nb: 3\n", Code.BAD_YAML, (1, 4), "`[` is never closed"),
        ("a: {p: b, c: 1\n", Code.BAD_YAML, (1, 4), "`{` is never closed"),
        ("a: {p: b 'c', c: 'd' 1}\n", Code.BAD_YAML, (1, 22), "missing before `1`"),
        ("a: {p: , c: ]}\n", Code.BAD_YAML, (1, 13), "missing before `]`"),
        ('a: "b\n', Code.BAD_YAML, (1, 4), '`"` is never closed'),
        ("a: 'it's'\n", Code.BAD_YAML, (1, 8), "follows the closing quote"),
        ('a: "\\d"\n', Code.BAD_YAML, (1, 5), "`\\`"),
        ("a: 1\nbcd\nc: 2\n", Code.BAD_YAML, (2, 1), "has no `:`"),
        ("a: 1\n  b: 2\n", Code.BAD_YAML, (2, 3), "`b` is indented deeper"),
        ("a:\n    b: 1\n  c: 2\n", Code.BAD_YAML, (3, 3), "does not line up"),
        ("a: - b\n", Code.BAD_YAML, (1, 4), "list cannot begin"),
        ("a: | foo\n", Code.BAD_YAML, (1, 6), "not well-formed"),
        ("a: b: c\n", Code.NEEDS_QUOTES, (1, 5), "`:`"),
        ("a: {p: x[1], q: 1}\n", Code.NEEDS_QUOTES, (1, 9), "`[`"),
        ("a: @b\n", Code.NEEDS_QUOTES, (1, 4), "`@`"),
        ("? [a, b]\n: 1\n", Code.BAD_YAML, (1, 3), "cannot be a key"),
        ("a: x\x07\n", Code.BAD_ENCODING, (1, 5), "U+0007"),
        ("a: \u202eb\n", Code.BAD_ENCODING, (1, 4), "U+202E"),
        ("a: " + "[" * 100, Code.NESTED_TOO_DEEPLY, (1, 43), "40 deep"),
    ],
)
def test_faults(text: str, code: Code, place: tuple[int, int], words: str) -> None:
    found = fault(text)
    assert found.code is code
    assert (found.primary.span.line, found.primary.span.column) == place
    assert words in found.message
    assert found.help


def test_tabs_are_named_as_the_cause() -> None:
    assert fault("a:\n\tb: 1\n").help == "indent with spaces, not tabs"


def test_a_colon_in_text_is_named_as_the_cause() -> None:
    cure = fault("title: Crisis: a study: part one\n").help
    assert cure == 'write `title: "Crisis: a study: part one"`'


def test_a_comma_that_cuts_a_text_in_two_is_one_fault_and_the_text_is_kept() -> None:
    diagnostics = Diagnostics()
    text = "a: {p: uniform(0, f(1, 2)), q: (r), s: t}\n"
    node = parse_yaml(Source("case.yaml", text), diagnostics)
    assert [d.code for d in diagnostics.found] == [Code.NEEDS_QUOTES]
    assert diagnostics.found[0].help == 'write `"uniform(0, f(1, 2))"`'
    assert isinstance(node, Mapping)
    assert [s.text for s in scalars(node)] == ["uniform(0, f(1, 2))", "(r)", "t"]


def test_too_many_parts() -> None:
    assert fault("a: 1\n" * MOST_PARTS).code is Code.FILE_TOO_LARGE


# Files --------------------------------------------------------------------------------------------


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert "no such file" in file_fault(tmp_path / "missing.yaml").message
    assert "a folder" in file_fault(tmp_path).message
    os.mkfifo(tmp_path / "pipe")
    assert "not a file" in file_fault(tmp_path / "pipe").message
    assert "not a file" in file_fault(Path("/dev/zero")).message
    looping = tmp_path / "loop"
    looping.symlink_to(looping)
    for path in (tmp_path / "missing.yaml", tmp_path, tmp_path / "pipe", looping):
        assert file_fault(path).code is Code.FILE_UNREADABLE


def test_a_name_no_file_can_have() -> None:
    assert file_fault(Path("a\0b.yaml")).code is Code.FILE_UNREADABLE
    assert file_fault(Path("a" * 5000)).code is Code.FILE_UNREADABLE


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_permission_denied(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("foedus: 1\n")
    path.chmod(0)
    assert "permission denied" in file_fault(path).message


def test_a_file_too_large(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    assert file_fault(path).code is Code.FILE_TOO_LARGE
    path.write_bytes(b"#" * LARGEST_FILE)
    assert read_source(path, "case.yaml", Diagnostics()) is not None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("title: pää\n".encode("latin-1"), "byte 9 (line 1) is not UTF-8"),
        ("a: 1\ntitle: ä\n".encode("latin-1"), "byte 13 (line 2) is not UTF-8"),
        (b"\xef\xbb\xbfa: \xff\n", "byte 7 (line 1) is not UTF-8"),
        ("foedus: 1\n".encode("utf-16"), "the file is UTF-16"),
        ("foedus: 1\n".encode("utf-16-be"), "U+0000"),
        (b"\x7fELF\x02\x01\x01\x00\x00\xff", "is not UTF-8"),
    ],
)
def test_other_encodings(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(data)
    diagnostics = Diagnostics()
    source = read_source(path, "case.yaml", diagnostics)
    if source is not None:
        parse_yaml(source, diagnostics)
    assert [d.code for d in diagnostics.found] == [Code.BAD_ENCODING]
    assert words in diagnostics.found[0].message


def test_all_texts_without_quotes_are_told_at_once() -> None:
    text = (
        "a: {when: x[1] == y, then: {z[2]: true}}\n"
        "b: {rate: min(c, d[2])}\n"
        'e: {f: "g[3]", h: count(i[j] for j in k)}\n'
    )
    diagnostics = Diagnostics()
    assert parse_yaml(Source("case.yaml", text), diagnostics) is None
    told = [(d.primary.span.line, d.primary.span.column, d.help) for d in diagnostics.found]
    assert told == [
        (1, 12, 'write `"x[1] == y"`'),
        (1, 30, 'write `"z[2]"`'),
        # Where the text that lacks quotes begins and ends is not plain, the reading stops.
        (2, 19, "put the text into double quotes"),
    ]
    diagnostics = Diagnostics()
    first, _, last = text.splitlines(keepends=True)
    assert parse_yaml(Source("case.yaml", first + last), diagnostics) is None
    assert diagnostics.found[-1].help == 'write `"count(i[j] for j in k)"`'


def test_other_faults_wait_until_the_quotes_stand() -> None:
    found = fault("a: {when: x[1] == y}\nb: {c: d\ne: f\n")
    assert found.code is Code.NEEDS_QUOTES
