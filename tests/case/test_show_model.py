"""The model printed back (`foedus show --model`) is the model: on every example of the manual."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from foedus.case.case import Case
from foedus.case.dynamics import Assignment
from foedus.expr.show import show_expression
from foedus.jump.lower import lower
from foedus.report.show.model import show_model, show_target
from tests.docs.manual import Block, parts, whole, write_files
from tests.loading import case_of

EXAMPLES = parts("yaml base", "yaml")
IDS = [block.title for block in EXAMPLES]


def entries(node: yaml.Node | None, key: str) -> dict[str, yaml.Node]:
    """What stands under a key, by name."""
    assert isinstance(node, yaml.MappingNode)
    for name, value in node.value:
        if name.value == key and isinstance(value, yaml.MappingNode):
            return {inner.value: part for inner, part in value.value}
    return {}


def put(node: yaml.Node, key: str, value: yaml.Node) -> None:
    """Replace the value of a key, if the key is there."""
    assert isinstance(node, yaml.MappingNode)
    node.value = [(name, value if name.value == key else old) for name, old in node.value]


def scalar(text: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style='"')


def shown(effects: tuple[Assignment, ...]) -> yaml.MappingNode:
    """Effects as they are printed."""
    pairs = [(scalar(show_target(one)), scalar(show_expression(one.value))) for one in effects]
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs)


def reprinted(text: str, case: Case) -> str:
    """The text with guards, effects and questions in the words in which the model is shown."""
    root = yaml.compose(text)
    assert root is not None
    for name, node in entries(root, "events").items():
        kind = case.events[name].kind
        is_once = any(key.value == "once" for key, _ in node.value)
        if kind.guard is not None and not is_once:
            put(node, "when", scalar(show_expression(kind.guard)))
        put(node, "then", shown(kind.effects))
        for option in kind.options:
            part = entries(node, "choose")[option.name]
            put(part, "then", shown(option.effects))
            if option.guard is not None:
                put(part, "when", scalar(show_expression(option.guard)))
    for name, node in entries(root, "questions").items():
        question = case.questions[name]
        put(node, question.kind, scalar(show_expression(question.expression)))
    return yaml.serialize(root, allow_unicode=True, width=1000)


@pytest.mark.parametrize("block", EXAMPLES, ids=IDS)
def test_what_is_printed_means_the_same(block: Block, tmp_path: Path) -> None:
    write_files(block.page, tmp_path)
    text = whole(block)
    case = case_of(text, tmp_path)
    again = case_of(reprinted(text, case), tmp_path)
    assert lower(again) == lower(case)
    assert show_model(again) == show_model(case)


@pytest.mark.parametrize("block", EXAMPLES, ids=IDS)
def test_everything_that_moves_is_printed(block: Block, tmp_path: Path) -> None:
    write_files(block.page, tmp_path)
    case = case_of(whole(block), tmp_path)
    printed = show_model(case)
    names = [*case.parameters, *case.state, *case.events, *case.questions, *case.what_ifs]
    for name in names:
        assert re.search(rf"^ +{re.escape(name)}(\[[^]]*\])?:", printed, re.MULTILINE), name
