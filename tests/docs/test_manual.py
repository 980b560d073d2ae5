"""Every example of the language manual checks, lowers and runs, and its tables cannot lie.

Run with `--update` to rewrite the tables of keys and what the checker says to refused examples.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from foedus import study
from foedus.case.check import check_case, parse_case
from foedus.case.formula import DRAWS, WAITING
from foedus.case.grammar import CASE, MECHANISM
from foedus.case.grammar.expect import EXPECT
from foedus.case.grammar.priors import PRIORS
from foedus.case.grammar.texts import TEXTS
from foedus.case.reader import parse_yaml
from foedus.dates.period import FORMS
from foedus.expr.prior import LAWS
from foedus.jump.lower import interventions_of, lower
from foedus.questions.answers import simulate
from foedus.text.diagnostic import Diagnostics
from foedus.text.source import Source
from foedus.units import UNITS
from tests.docs.manual import (
    FENCE,
    FOLDER,
    PAGES,
    Block,
    base_of,
    blocks,
    every_keys,
    merged,
    parts,
    text_of,
    used,
    whole,
    with_tables,
    write_files,
)
from tests.loading import case_at, case_of, try_case

EXAMPLES = parts("yaml base", "yaml")
UNREACHED = {("class prior", "from"), ("class prior", "where")}
"""Keys that only a refused example can show: there is no store of history yet."""


@pytest.mark.parametrize("block", EXAMPLES, ids=[block.title for block in EXAMPLES])
def test_example_checks_and_runs(block: Block, tmp_path: Path) -> None:
    write_files(block.page, tmp_path)
    case = case_of(whole(block), tmp_path, f"{block.page}.yaml")
    model = lower(case)
    if model.kinds:
        found = simulate(model, draws=4, seed=1)
        assert [answer.name for answer in found.questions] == list(case.questions)
    for name in case.what_ifs:
        simulate(model, draws=4, seed=1, interventions=interventions_of(case, name))
        replaced = dict(case.what_ifs[name].replaces)
        if replaced:
            diagnostics = Diagnostics()
            file = parse_case(Source("other.yaml", whole(block)), tmp_path, diagnostics)
            assert file is not None
            other = check_case(file, diagnostics, replaced)
            assert other is not None
            simulate(lower(other), draws=4, seed=1)


@pytest.mark.parametrize("block", parts("yaml priors"), ids=lambda block: block.title)
def test_priors_change_the_model(block: Block, tmp_path: Path) -> None:
    write_files(block.page, tmp_path)
    (tmp_path / "case.yaml").write_text(base_of(block), encoding="utf-8")
    (tmp_path / "own.yaml").write_text(block.text, encoding="utf-8")
    case, said = study.read(str(tmp_path / "case.yaml"), priors=tmp_path / "own.yaml")
    assert case is not None
    assert said == ()
    assert lower(case) != lower(case_at(tmp_path / "case.yaml"))


@pytest.mark.parametrize("block", parts("yaml expect"), ids=lambda block: block.title)
def test_expectations_are_met(block: Block, tmp_path: Path) -> None:
    write_files(block.page, tmp_path)
    case = base_of(block)
    for part in blocks(block.page):
        if part.kind == "yaml" and part.line < block.line:
            case = merged(case, part.text)
    (tmp_path / "case.yaml").write_text(case, encoding="utf-8")
    (tmp_path / "case.expect.yaml").write_text(block.text, encoding="utf-8")
    tested = study.expectations_met(tmp_path / "case.yaml", draws=400, seed=1)
    assert tested.outcomes
    assert tested.is_met


@pytest.mark.parametrize("block", parts("yaml texts"), ids=lambda block: block.title)
def test_texts_are_found_by_their_words(block: Block, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(base_of(block), encoding="utf-8")
    (tmp_path / "case.texts.yaml").write_text(block.text, encoding="utf-8")
    case, said = study.read(str(tmp_path / "case.yaml"))
    assert case is not None
    assert said == ()
    assert case.state["unsettled"].doc.get("fi") == "edellisestä yhteenotosta ei ole sovittu"


def test_rules_come_out_as_stated() -> None:
    """Effects land together; an immediate event answers each time its guard turns true."""
    values = {}
    for block in EXAMPLES:
        if block.page == "rules":
            for answer in simulate(lower(case_of(whole(block))), draws=40, seed=2).questions:
                values[answer.name] = (answer.estimate.value, answer.estimate.error)
    assert values == {"exchanged": (1.0, 0.0), "one-call-for-each-alarm": (0.0, 0.0)}


def answered(block: Block, folder: Path) -> str:
    """What the checker says about a refused example, as the page shows it."""
    write_files(block.page, folder)
    _, diagnostics = try_case(Source("case.yaml", whole(block)), folder)
    assert diagnostics.has_errors, block.title
    lines = []
    for one in diagnostics.in_order():
        if one.is_error:
            lines.append(f"{one.code.value}: {one.message}")
            lines += [f"help: {one.help}"] if one.help else []
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("page", PAGES)
def test_page_says_what_is_so(page: str, pytestconfig: pytest.Config, tmp_path: Path) -> None:
    text = with_tables(text_of(page))
    for block in parts("yaml refused"):
        if block.page != page:
            continue
        example = f"```yaml refused\n{block.text}```\n```text\n"
        assert text.count(example) == 1, block.title
        before, after = text.split(example)
        text = before + example + answered(block, tmp_path) + after[after.index("```") :]
    if pytestconfig.getoption("--update"):
        (FOLDER / f"{page}.md").write_text(text, encoding="utf-8")
        return
    assert text == text_of(page)


def test_every_part_has_its_table() -> None:
    shown = [name for page in PAGES for name in re.findall("<!-- keys: (.+) -->", text_of(page))]
    assert sorted(shown) == sorted(every_keys())


def test_every_key_has_an_example() -> None:
    found = set(UNREACHED)
    shapes = {"yaml mechanism": MECHANISM, "yaml priors": PRIORS, "yaml texts": TEXTS}
    shapes["yaml expect"] = EXPECT
    for block in (*EXAMPLES, *parts(*shapes)):
        root = parse_yaml(Source(block.title, block.text), Diagnostics())
        assert root is not None
        found |= set(used(root, shapes.get(block.kind, CASE)))
    known = {(name, key) for name, keys in every_keys().items() for key in keys.fields}
    assert known - found == set()


def test_every_word_has_an_example() -> None:
    text = "".join(block.text for block in (*EXAMPLES, *parts("yaml mechanism")))
    for name in (*WAITING, "immediately"):
        assert re.search(rf"after: \"?{name}\b", text), name
    for name in DRAWS:
        assert re.search(rf"\b{name}\(", text), name
    for name in LAWS:
        assert re.search(rf"prior: \"?{name}\(", text), name
    for form in ("% between", " of 43", " years, unit"):
        assert form in text


def test_lists_are_complete() -> None:
    manual, motion = text_of("manual"), text_of("motion")
    for form in FORMS:
        assert f"| `{form}` |" in manual
    for unit in UNITS.values():
        assert f"`{unit.name}`" in manual
    for name in (*WAITING, *DRAWS):
        assert f"`{name}(" in motion


def test_every_fence_is_known() -> None:
    kinds = {"yaml", "yaml base", "yaml refused", "yaml mechanism", "yaml priors", "csv", "text"}
    kinds |= {"yaml texts", "yaml expect"}
    for page in PAGES:
        assert {block.kind for block in parts(*kinds) if block.page == page}
        count = text_of(page).count("\n```")
        assert count == 2 * len(FENCE.findall(text_of(page))), page
    every = [block for page in PAGES for block in parts(*kinds) if block.page == page]
    assert len(every) == sum(len(FENCE.findall(text_of(page))) for page in PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target, _, anchor in re.findall(r"\]\(([\w-]*(\.md)?)#?([\w-]*)\)", text_of(page)):
        other = FOLDER / (target or f"{page}.md")
        assert other.is_file(), target
        headings = re.findall(r"^#+ (.+)$", other.read_text(encoding="utf-8"), re.MULTILINE)
        known = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
        assert not anchor or anchor in known, f"{target}#{anchor}"
