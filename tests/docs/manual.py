"""The pages of the language manual: their examples, and the tables made from the grammar.

A fence says what its block is. `yaml base` is a whole case, into which the other blocks of the page
are merged; `yaml` is such a part; `yaml refused` is a part that the checker refuses, with the words
of the `text` block behind it; `yaml mechanism NAME` and `csv NAME` are files that stand beside the
cases of the page; `yaml priors` is a file of priors for the base, `yaml texts` one of texts,
`yaml expect` one of expectations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from foedus.case.describe import alternatives, article, describe
from foedus.case.draft import local_text
from foedus.case.grammar import CASE, MECHANISM
from foedus.case.grammar.expect import EXPECT
from foedus.case.grammar.leaves import CITES, PER
from foedus.case.grammar.priors import PRIORS
from foedus.case.grammar.texts import TEXTS
from foedus.case.mechanisms import SHIPPED as MECHANISMS
from foedus.case.mechanisms import shipped_mechanisms
from foedus.case.node import Mapping, Node, Scalar, Sequence
from foedus.case.reader import parse_yaml
from foedus.case.schema import STRUCTURAL
from foedus.case.shapes import Either, Field, Keys, Listed, Named, Shape
from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostics
from foedus.text.pages import page
from foedus.text.source import Source

FOLDER = Path(__file__).parents[2] / "docs" / "language"
PAGES = ("manual", "world", "motion", "record", "asking", "rules")
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHIPPED = re.compile(r"(<!-- mechanisms -->\n).*?(?=<!-- end -->)", re.DOTALL)
STRUCTURE = re.compile(r"(<!-- structural -->\n).*?(?=<!-- end -->)", re.DOTALL)
TABLE = re.compile(r"(<!-- keys: ([a-z -]+) -->\n).*?(?=<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its page, what its fence says, its text and its line on the page."""

    page: str
    kind: str
    argument: str
    text: str
    line: int

    @property
    def title(self) -> str:
        return f"{self.page}:{self.line}"


@cache
def text_of(page: str) -> str:
    """The text of a page."""
    return (FOLDER / f"{page}.md").read_text(encoding="utf-8")


@cache
def blocks(page: str) -> tuple[Block, ...]:
    """The fenced blocks of a page."""
    text = text_of(page)
    found = []
    for match in FENCE.finditer(text):
        words = (match[1] + match[2]).split(maxsplit=2)
        is_file = words[0] == "csv"
        kind = "csv" if is_file else " ".join(words[:2])
        argument = " ".join(words[1:] if is_file else words[2:])
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(page, kind, argument, match[3], line))
    return tuple(found)


def parts(*kinds: str) -> list[Block]:
    """The blocks of all pages of these kinds."""
    return [block for page in PAGES for block in blocks(page) if block.kind in kinds]


def write_files(page: str, folder: Path) -> None:
    """Put the files of a page into a folder."""
    for block in blocks(page):
        if block.kind == "csv":
            (folder / block.argument).write_text(block.text, encoding="utf-8")
        elif block.kind == "yaml mechanism":
            (folder / f"{block.argument}.yaml").write_text(block.text, encoding="utf-8")


def base_of(block: Block) -> str:
    """The base that stands before a block on its page."""
    (*_, base) = (
        one for one in blocks(block.page) if one.kind == "yaml base" and one.line < block.line
    )
    return base.text


def whole(block: Block) -> str:
    """The text of the case that a block is, or is part of."""
    if block.kind == "yaml base":
        return block.text
    return merged(base_of(block), block.text)


# Merging ------------------------------------------------------------------------------------------


def merged(base: str, part: str) -> str:
    """A base with a part of a case put in: keys join, lists grow, single values are replaced."""
    one, other = yaml.compose(base), yaml.compose(part)
    assert one is not None
    assert other is not None
    return yaml.serialize(_merge(one, other), allow_unicode=True, width=1000)


def _merge(one: yaml.Node, other: yaml.Node) -> yaml.Node:
    if isinstance(one, yaml.MappingNode) and isinstance(other, yaml.MappingNode):
        found = {key.value: (key, value) for key, value in one.value}
        for key, value in other.value:
            before = found.get(key.value)
            found[key.value] = (key, value if before is None else _merge(before[1], value))
        return yaml.MappingNode(one.tag, list(found.values()))
    if isinstance(one, yaml.SequenceNode) and isinstance(other, yaml.SequenceNode):
        return yaml.SequenceNode(one.tag, [*one.value, *other.value])
    return other


# Tables -------------------------------------------------------------------------------------------


def every_keys() -> dict[str, Keys]:
    """Every fixed set of keys of the grammar, by its name."""
    found: dict[str, Keys] = {}
    waiting: list[Shape] = [CASE, MECHANISM, PRIORS, TEXTS, EXPECT]
    while waiting:
        shape = waiting.pop(0)
        if isinstance(shape, Keys):
            assert found.setdefault(shape.name, shape).fields == shape.fields
            waiting.extend(part.shape for part in shape.fields.values())
        elif isinstance(shape, Named | Listed):
            waiting.append(shape.shape)
        elif isinstance(shape, Either):
            waiting.extend(alternatives(shape))
    return found


def table(keys: Keys) -> str:
    """The table of a set of keys: what may stand under each, and what for."""
    title = f"**The keys of {article(keys.name)}**"
    lines = [title, "", "| key | is | means |", "| --- | --- | --- |"]
    lines.extend(_row(key, part) for key, part in keys.fields.items())
    rules = [f"One of {_listed(one)} must stand, and no other." for one in keys.exactly_one]
    rules += [f"At most one of {_listed(one)} may stand." for one in keys.at_most_one]
    return "\n".join([*lines, *([""] if rules else []), *rules, ""])


def _row(key: str, part: Field) -> str:
    must = " (must stand)" if part.is_required else ""
    return f"| `{key}`{must} | {_what(part.shape)} | {part.doc} |"


def _what(shape: Shape) -> str:
    if shape is CITES:
        return "[citations](manual.md#citations)"
    if shape is PER:
        return "a group, a list of two, or `{name: group}`"
    if isinstance(shape, Keys):
        return f"the keys of {article(shape.name)}"
    if isinstance(shape, Listed):
        return f"a list: {_what(shape.shape)}"
    if isinstance(shape, Named):
        return f"for each {shape.of}: {_what(shape.shape)}"
    if isinstance(shape, Either):
        return ", or ".join(dict.fromkeys(_what(part) for part in alternatives(shape)))
    return describe(shape)


def _listed(keys: tuple[str, ...]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


def with_tables(text: str) -> str:
    """The text of a page with its tables made anew."""
    known = every_keys()
    text = TABLE.sub(lambda match: f"{match[1]}\n{table(known[match[2]])}\n", text)
    text = STRUCTURE.sub(lambda match: f"{match[1]}\n{structural_faults()}\n", text)
    return SHIPPED.sub(lambda match: f"{match[1]}\n{shipped_table()}\n", text)


def structural_faults() -> str:
    """The faults that the schema finds too, each with the title of its page."""
    lines = []
    for code in Code:
        if code in STRUCTURAL:
            first = page(code).splitlines()[2]
            lines.append(f"- `{code.value}`: {first[:1].lower()}{first[1:]}")
    return "\n".join([*lines, ""])


def shipped_table() -> str:
    """The mechanisms that come with Foedus, with their titles."""
    lines = ["| mechanism | title |", "| --- | --- |"]
    for name in shipped_mechanisms():
        text = (MECHANISMS / f"{name}.yaml").read_text(encoding="utf-8")
        root = parse_yaml(Source(name, text), Diagnostics())
        assert isinstance(root, Mapping)
        lines.append(f"| `{name}` | {local_text(root.get('title')).get()} |")
    return "\n".join([*lines, ""])


# What the examples use ----------------------------------------------------------------------------


def used(node: Node, shape: Shape) -> Iterator[tuple[str, str]]:
    """Each key of the grammar that a document uses, with the name of its set of keys."""
    if isinstance(shape, Either):
        kinds = {Scalar: shape.scalar, Sequence: shape.sequence, Mapping: shape.mapping}
        part = kinds[type(node)]
        if part is not None:
            yield from used(node, part)
    elif isinstance(shape, Keys) and isinstance(node, Mapping):
        for entry in node.entries:
            if entry.key.text in shape.fields:
                yield shape.name, entry.key.text
                yield from used(entry.value, shape.fields[entry.key.text].shape)
    elif isinstance(shape, Named) and isinstance(node, Mapping):
        for entry in node.entries:
            yield from used(entry.value, shape.shape)
    elif isinstance(shape, Listed) and isinstance(node, Sequence):
        for item in node.items:
            yield from used(item, shape.shape)
