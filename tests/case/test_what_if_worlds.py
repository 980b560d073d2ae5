"""What is found, without running it, in worlds that what-ifs make."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.case.check import check_case, parse_case
from foedus.case.dynamics import Rate
from foedus.expr.prior import Fixed
from foedus.expr.tree import Parameter, walk
from foedus.text.diagnostic import Diagnostic, Diagnostics
from foedus.text.source import Source
from tests.diagnostics.pages import merged
from tests.loading import try_case, warned_case

GROUND = "grade: assumed, because: an example"
SIEGE = f"""
mechanism: siege
title: How a town falls
offers: {{events: [falls], state: [fallen]}}
parameters:
  pace: {{value: 0.2, unit: per day, {GROUND}}}
  slack: {{value: 0.1, unit: per day, {GROUND}}}
state: {{fallen: {{type: flag, starts: false}}, breaches: {{type: count, starts: 0}}}}
events:
  breach: {{rate: slack, then: {{breaches: breaches + 1}}}}
  falls: {{when: not fallen, rate: pace, then: {{fallen: true}}}}
"""
STORM = f"""
mechanism: storm
title: How it is stormed
offers: {{events: [falls], state: [fallen]}}
parameters:
  pace: {{value: 0.2, unit: per day, {GROUND}}}
state: {{fallen: {{type: flag, starts: false}}}}
events:
  falls: {{when: not fallen, rate: RATE, then: {{fallen: true}}}}
"""
USED = "uses: [{mechanism: siege.yaml, as: army}]\n"
REPLACED = "what-if: {w: {replace: {army: storm.yaml}}}\n"


def errors(fragment: str, folder: Path, rate: str = "pace") -> list[Diagnostic]:
    (folder / "siege.yaml").write_text(SIEGE, encoding="utf-8")
    (folder / "storm.yaml").write_text(STORM.replace("RATE", rate), encoding="utf-8")
    _, diagnostics = try_case(Source("case.yaml", merged(fragment)), folder)
    return [one for one in diagnostics.in_order() if one.is_error]


QUESTION = "questions: {q: {probability: army.fallen, at: 2022-02-01}}\n"
RECORD = "record: {KIND: {complete: 2022-01-01/2022-06-30, lag: 1 day}}\n"
ITEM = "evidence: [{id: E1, happened: KIND, at: 2022-01-05, cites: [wire]}]\n"


@pytest.mark.parametrize(
    ("fragment", "gone"),
    [
        (QUESTION, None),
        ((RECORD + ITEM).replace("KIND", "army.falls") + QUESTION, None),
        ((RECORD + ITEM).replace("KIND", "army.breach") + QUESTION, "army.breach"),
        (QUESTION.replace("army.fallen", "army.breaches > 2"), "army.breaches"),
        (
            f"atoms: {{a: {{components: [], prior: 1, {GROUND}, parameters: {{army.slack: "
            f"{{value: 0.3, unit: per day, {GROUND}}}}}}}}}\n" + QUESTION,
            "army.slack",
        ),
        # what stands beside the model is about the mechanism in use
        (
            "statements: {S: {says: it crumbles, role: drives, cites: [wire], "
            'carried-by: ["parameter:army.slack"]}}\n' + QUESTION,
            None,
        ),
        ("clues: {c: {happened: army.breach, label: walls}}\n" + QUESTION, None),
    ],
)
def test_what_the_case_names_is_there_with_another_mechanism(
    fragment: str, gone: str | None, tmp_path: Path
) -> None:
    """The fault is told where the mechanism is replaced, and shown where the name stands."""
    found = errors(USED + fragment + REPLACED, tmp_path)
    if gone is None:
        assert found == []
        return
    (fault,) = found
    assert fault.code.value == "mechanism-offer"
    assert fault.primary.span.text == "storm.yaml"
    assert gone in fault.message
    assert fault.help
    assert {one.span.text for one in fault.secondary} == {gone}


@pytest.mark.parametrize(
    ("rate", "code", "what"),
    [
        ("0 - pace", "rate-negative", "0 - pace"),
        ("pace * log(0)", "rate-not-finite", "log(0)"),
    ],
)
def test_another_mechanism_can_be_run(rate: str, code: str, what: str, tmp_path: Path) -> None:
    (fault,) = errors(USED + QUESTION + REPLACED, tmp_path, rate)
    assert (fault.code.value, fault.primary.span.text) == (code, "storm.yaml")
    assert [one.span.text for one in fault.secondary] == [what]


def test_a_replacement_in_several_what_ifs_is_told_once(tmp_path: Path) -> None:
    twice = "what-if:\n" + "".join(f"  w{n}: {{replace: {{army: storm.yaml}}}}\n" for n in "ab")
    assert len(errors(USED + QUESTION + twice, tmp_path, "0 - pace")) == 1


@pytest.mark.parametrize(("component", "codes"), [("spare", []), ("plot", ["never-enabled"])])
def test_a_mechanism_that_no_explanation_has_is_no_fault(
    component: str, codes: list[str], tmp_path: Path
) -> None:
    """Its events cannot happen since it is left out; with it, that they cannot is told."""
    (tmp_path / "storm.yaml").write_text(STORM.replace("RATE", "0"), encoding="utf-8")
    head = (
        f"uses: [{{mechanism: storm.yaml, as: army, if: {component}}}]\n"
        "components: {plot: {}, spare: {}}\n"
        f"atoms: {{a: {{components: [plot], prior: 1, {GROUND}}}}}\n"
        "explanations: {only: {atoms: [a]}}\n"
    )
    _, diagnostics = try_case(Source("case.yaml", merged(head)), tmp_path)
    found = [one.code.value for one in diagnostics.in_order()]
    assert [code for code in found if code == "never-enabled"] == codes


@pytest.mark.parametrize(("replace", "is_told"), [("", True), (REPLACED, False)])
def test_a_question_that_another_mechanism_opens_is_no_fault(
    replace: str, is_told: bool, tmp_path: Path
) -> None:
    """With the mechanism in use the town never falls."""
    siege = SIEGE.replace("rate: pace", "rate: 0")
    (tmp_path / "siege.yaml").write_text(siege, encoding="utf-8")
    (tmp_path / "storm.yaml").write_text(STORM.replace("RATE", "pace"), encoding="utf-8")
    _, diagnostics = try_case(Source("case.yaml", merged(USED + QUESTION + replace)), tmp_path)
    found = [one.code.value for one in diagnostics.in_order()]
    assert ("question-impossible" in found) is is_told


@pytest.mark.parametrize(("events", "is_told"), [("[falls, rings]", False), ("[falls]", True)])
def test_an_event_that_a_mechanism_offers_may_change_nothing(
    events: str, is_told: bool, tmp_path: Path
) -> None:
    siege = SIEGE.replace("events: [falls]", f"events: {events}") + "  rings: {rate: slack}\n"
    (tmp_path / "siege.yaml").write_text(siege, encoding="utf-8")
    _, diagnostics = try_case(Source("case.yaml", merged(USED + QUESTION)), tmp_path)
    found = [one.code.value for one in diagnostics.in_order()]
    assert ("changes-nothing" in found) is is_told


NEED = "{kind: expression, type: rate, doc: how strong they are}"


@pytest.mark.parametrize(
    ("offers", "needs", "code", "message"),
    [
        ("{events: [falls], state: [fallen]}", "{force: NEED}", None, ""),
        ("{state: [fallen]}", "{force: NEED}", "mechanism-offer", "does not offer `falls`"),
        ("{events: [falls]}", "{force: NEED}", "mechanism-offer", "does not offer `fallen`"),
        ("{events: [falls], state: [fallen]}", "{}", "mechanism-need",
         "`army` binds `force`, which `storm.yaml` does not need"),
        ("{events: [falls], state: [fallen]}", "{force: NEED, ladders: NEED}", "mechanism-need",
         "`storm.yaml` needs `ladders`, which `army` does not bind"),
        ("{events: [falls], state: [fallen]}",
         "{force: NEED, ladders: {kind: expression, type: rate, default: pace, doc: of wood}}",
         None, ""),
    ],
)  # fmt: skip
def test_a_mechanism_stands_in_for_one_that_offers_no_more_and_needs_no_less(
    offers: str, needs: str, code: str | None, message: str, tmp_path: Path
) -> None:
    head = "offers: {events: [falls], state: [fallen]}"
    (tmp_path / "siege.yaml").write_text(f"{SIEGE}needs: {{force: {NEED}}}\n")
    storm = STORM.replace("RATE", "pace").replace(head, f"offers: {offers}")
    (tmp_path / "storm.yaml").write_text(storm + f"needs: {needs.replace('NEED', NEED)}\n")
    used = USED.replace("as: army", "as: army, with: {force: spark}")
    _, diagnostics = try_case(Source("case.yaml", merged(used + QUESTION + REPLACED)), tmp_path)
    found = [one for one in diagnostics.in_order() if one.is_error]
    assert [one.code.value for one in found] == ([] if code is None else [code])
    assert all(message in one.message for one in found)


def test_what_is_bound_goes_before_the_default_and_speaks_of_the_case(tmp_path: Path) -> None:
    """`spark` is the case's, which the mechanism does not know; `pace` is the mechanism's."""
    need = "{kind: expression, type: rate, default: 2 * pace, doc: how strong they are}"
    text = STORM.replace("RATE", "force") + f"needs: {{force: {need}}}\n"
    (tmp_path / "storm.yaml").write_text(text)
    for bound, name in (("", "army.pace"), (", with: {force: spark}", "spark")):
        used = f"uses: [{{mechanism: storm.yaml, as: army{bound}}}]\n"
        case = warned_case(merged(used + QUESTION), tmp_path)
        timing = case.events["army.falls"].kind.timing
        assert isinstance(timing, Rate)
        assert {one.name for one in walk(timing.hazard) if isinstance(one, Parameter)} == {name}


def test_priors_that_a_case_sets_go_with_what_has_such_parameters(tmp_path: Path) -> None:
    """`slack` is the siege's alone; the pace of both is the case's."""
    belief = f"unit: per day, {GROUND}}}"
    used = USED.replace(
        "as: army",
        f"as: army, set: {{pace: {{value: 0.4, {belief}, slack: {{value: 0.3, {belief}}}",
    )
    assert errors(used + QUESTION + REPLACED, tmp_path) == []
    file = parse_case(Source("case.yaml", merged(used + QUESTION)), tmp_path, Diagnostics())
    assert file is not None
    case = check_case(file, Diagnostics(), {"army": "storm.yaml"})
    assert case is not None
    assert case.parameters["army.pace"].spec.prior == Fixed(0.4)
    assert "army.slack" not in case.parameters


SET = """
parameters:
  spark: {value: 0.1, unit: per day, grade: assumed, because: a guess}
  drag: {value: 0.05, unit: per day, grade: assumed, because: a guess}
  weight: {value: 1, grade: assumed, because: a guess}
  odds: {prior: 80% between 0.1 and 0.3, unit: share, grade: assumed, because: a guess}
state:
  unrest: {type: flag, starts: false}
  arrests: {type: count, starts: 0, max: 9}
  held: {type: level, starts: weight, min: 0, max: 2}
events:
  erupts: {when: not unrest, rate: spark - drag, then: {unrest: true}}
  sweep:
    when: unrest
    after: exponential(1 / spark)
    draw: {caught: bernoulli(odds)}
    then: {unrest: false, arrests: if caught then 1 else 0}
questions:
  q: {probability: unrest or arrests > 0 or held > 1, at: 2022-02-01}
"""


@pytest.mark.parametrize(
    ("what_if", "code", "shown"),
    [
        ("{set: {drag: 0.09}}", None, None),
        ("{set: {drag: 0.2}}", "rate-negative", "spark - drag"),
        ("{set: {drag: 0.2}, at: 2022-02-01}", "rate-negative", "spark - drag"),
        ("{set: {drag: 0.2}, when: arrests > 0}", "rate-negative", "spark - drag"),
        ("{set: {drag: 0.2, spark: 0.3}}", None, None),
        ("{set: {weight: 3}}", "leaves-bounds", "weight"),
        ("{set: {spark: -0.1, drag: -0.3}, at: 2022-02-01}", "rate-negative", "1 / spark"),
        ("{set: {odds: 1.5}}", "leaves-bounds", None),
        ("{set: {odds: 1}}", None, None),
        ("{set: {arrests: 10}}", "leaves-bounds", "arrests"),
        ("{set: {arrests: 9}}", None, None),
        ("{set: {arrests: arrests + 10}, at: 2022-02-01}", "leaves-bounds", "arrests"),
        ("{set: {arrests: arrests - 1}, at: 2022-02-01}", None, None),  # it may be 1 by then
    ],
)
def test_a_what_if_sets_what_can_be(
    what_if: str, code: str | None, shown: str | None, tmp_path: Path
) -> None:
    """Told where it is set, and shown where that fails; what is not proved is left to the run."""
    found = errors(f"{SET}what-if: {{w: {what_if}}}\n", tmp_path)
    if code is None:
        assert found == []
        return
    (fault,) = found
    assert fault.code.value == code
    assert fault.primary.span.text in what_if
    assert "`w`" in fault.message
    assert [one.span.text for one in fault.secondary][:1] == ([] if shown is None else [shown])


def test_what_only_a_what_if_makes_possible_is_possible(tmp_path: Path) -> None:
    """A rate that is always 0, but for a parameter that a what-if sets."""
    text = (
        f"parameters: {{spark: {{value: 0, unit: per day, {GROUND}}}}}\n"
        "state: {unrest: {type: flag, starts: false}}\n"
        "events: {erupts: {when: not unrest, rate: spark, then: {unrest: true}}}\n"
        "questions: {q: {probability: unrest, at: 2022-02-01}}\n"
        "what-if: {w: {set: {spark: 0.1}}}\n"
    )
    _, diagnostics = try_case(Source("case.yaml", merged(text)), tmp_path)
    assert diagnostics.found == []


@pytest.mark.parametrize(("bound", "size"), [("", 3), (", with: {town: 5}", 5)])
def test_a_group_that_is_bound_goes_before_the_default(
    bound: str, size: int, tmp_path: Path
) -> None:
    text = STORM.replace("RATE", "pace").replace(
        "events:\n",
        "events:\n  crumbles: {per: town, when: not fallen, rate: pace, then: {fallen: true}}\n",
    )
    (tmp_path / "storm.yaml").write_text(
        f"{text}needs: {{town: {{kind: group, default: 3, doc: its houses}}}}\n"
    )
    used = f"uses: [{{mechanism: storm.yaml, as: army{bound}}}]\n"
    case = warned_case(merged(used + QUESTION), tmp_path)
    assert [group.size for group in case.events["army.crumbles"].kind.groups] == [size]
