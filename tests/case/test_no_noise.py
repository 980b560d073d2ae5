"""One fault, one message: each planted alone in a case that has a part of everything."""

from pathlib import Path

import pytest

from foedus.text.codes import Code
from foedus.text.diagnostic import Diagnostic
from foedus.text.render import as_text
from foedus.text.source import Source
from tests.loading import try_case

FOLDER = Path(__file__).parent
RICH = (FOLDER / "rich.yaml").read_text(encoding="utf-8")

FAULTS = [
    # a name that is declared twice stands for nothing, wherever it is used
    ("popular-protest: {}}", "popular-protest: {}, arrests: {}}", Code.NAME_TAKEN),
    # the shape of the file
    ("foedus: 1", "foedus: 9", Code.UNKNOWN_VERSION),
    ("case: rich", "", Code.MISSING_KEY),
    ("case: rich", "cse: rich", Code.UNKNOWN_KEY),
    ('title: {en: "A crisis', 'title: {sv: "A crisis', Code.MISSING_KEY),
    ("clock: {start: 2022-01-01, ", "clock: {", Code.MISSING_KEY),
    ("end: 2022-06-30, zone", "end: 2022-06-31, zone", Code.BAD_DATE),
    ("start: 2022-01-01, end: 2022-06-30", "start: 2022-06-30, end: 2022-01-01",
     Code.DATES_REVERSED),
    ('zone: "+06:00"', "zone: Almaty", Code.BAD_DATE),
    ("sources:\n", "surces:\n", Code.UNKNOWN_KEY),
    ("actors:\n", "actrs:\n", Code.UNKNOWN_KEY),
    ("groups:\n", "group:\n", Code.UNKNOWN_KEY),
    ("parameters:\n", "paramters:\n", Code.UNKNOWN_KEY),
    ("state:\n", "states:\n", Code.UNKNOWN_KEY),
    ("events:\n", "evnts:\n", Code.UNKNOWN_KEY),
    ("record:\n", "recrod:\n", Code.UNKNOWN_KEY),
    ("evidence:\n", "evidences:\n", Code.UNKNOWN_KEY),
    ("  wire: {kind: news, ", "  wire: {", Code.MISSING_KEY),
    ("  wire: {kind: news, ", "  wire: {kind: newspaper, ", Code.UNKNOWN_WORD),
    ("kazakhstan: {kind: state, iso: KZ}", "kazakhstan: [state, KZ]", Code.WRONG_TYPE),
    ("kazakhstan: {kind: state, iso: KZ}", "kazakhstan: {kind: state, iso: 7}", Code.WRONG_TYPE),
    ("kazakhstan: {kind: state, iso: KZ}", "kazakhstan: {knd: state, iso: KZ}", Code.UNKNOWN_KEY),
    ("  kazakhstan: {kind", "  khazakstan: {kind", Code.UNKNOWN_ACTOR),
    ("  tokayev: {kind: person, of", "  tokajev: {kind: person, of", Code.UNKNOWN_ACTOR),
    ("  armenia: {kind: state}", "  armenia: {kind: state, at: 2022}", Code.MISPLACED_KEY),
    ("  armenia: {kind: state}", "  armenia: {kind: state}\n  russia: {kind: state}",
     Code.DUPLICATE_KEY),
    # an atom that is listed twice would count twice
    ("either: {atoms: [both, protest]}", "either: {atoms: [both, both, protest]}",
     Code.NAME_TAKEN),
    # groups, tables, relations
    ("city: [almaty, astana, aktau]", "city: [almaty, astana, astana, aktau]", Code.NAME_TAKEN),
    ("city: [almaty, astana, aktau]", "city: many", Code.WRONG_TYPE),
    ("west: {of: city, only: [aktau]}", "west: {of: town, only: [aktau]}", Code.UNKNOWN_GROUP),
    ("west: {of: city, only: [aktau]}", "west: {of: city, only: [aktaw]}", Code.UNKNOWN_NAME),
    ("almaty: 120, ", "", Code.BAD_TABLE),
    ("almaty: 120, ", "almaty: much, ", Code.WRONG_TYPE),
    ("    unit: points", "    unit: pints", Code.BAD_UNIT),
    ("[astana, aktau]], symm", "[astana, aktaw]], symm", Code.UNKNOWN_NAME),
    ("pairs: [[almaty, astana], [astana, aktau]]", "generate: {kind: erdos-renyi}",
     Code.MISSING_KEY),
    # offices and alliances
    ("to: 2019-03-20}", "to: 2019-06-01}", Code.TENURE_OVERLAP),
    ("to: 2019-03-20}", "to: 1989-03-20}", Code.DATES_REVERSED),
    ("{by: tokayev, from: 2019-03-20", "{by: tokayev, from: 2022-03-20", Code.OUTSIDE_CLOCK),
    ("{by: tokayev, from: 2019-03-20", "{by: tokaev, from: 2019-03-20", Code.UNKNOWN_ACTOR),
    ("{to: vacant, ", "{to: vacnt, ", Code.UNKNOWN_ACTOR),
    ("rate: fall}", "rate: fal}", Code.UNKNOWN_NAME),
    ("lead: russia", "lead: rusia", Code.UNKNOWN_ACTOR),
    ("members: [russia, ", "members: [rusia, ", Code.UNKNOWN_ACTOR),
    ("members: [russia, ", "members: [", Code.ALLIANCE_LEAD),
    ("from: 2002-10-07}", "from: 1994-10-07}", Code.DATE_BEFORE_ALLIANCE),
    ("since: 2002-10-07", "since: 2023-10-07", Code.OUTSIDE_CLOCK),
    ("since: 2002-10-07", "snce: 2002-10-07", Code.UNKNOWN_KEY),
    ("[defense, consultation]", "[defence, consultation]", Code.UNKNOWN_WORD),
    ("[defense, consultation]", "defense", Code.WRONG_TYPE),
    # mechanisms
    ("mechanism: collective-aid", "mechanism: colective-aid", Code.UNKNOWN_MECHANISM),
    ("      alliance: csto\n", "", Code.MECHANISM_NEED),
    ("      alliance: csto\n", "      aliance: csto\n", Code.MECHANISM_NEED),
    ("      alliance: csto\n", "      alliance: cstoo\n", Code.UNKNOWN_ALLIANCE),
    ("      asks: president\n", "      asks: presidency\n", Code.UNKNOWN_OFFICE),
    ("      threat: count", "      threat: cont", Code.BAD_EXPRESSION),
    ("      willing: {", "      wiling: {", Code.UNKNOWN_PARAMETER),
    ("prior: 2 of 9, unit: share,", "prior: 2 of 9, unit: per day,", Code.UNIT_MISMATCH),
    # parameters and beliefs
    ("spark: {prior: 80% between 0.001 and 0.1", "spark: {prior: 80% between 0.1 and 0.001",
     Code.BAD_PRIOR),
    ("unit: per day, grade: judged, because: a guess}", "unit: per day, grade: judged}",
     Code.VALUE_WITHOUT_SOURCE),
    ("unit: per day, grade: judged, because: a guess}", "unit: per day, grade: guessed}",
     Code.UNKNOWN_WORD),
    ("grade: reported, cites: [wire#3]", "grade: reported", Code.VALUE_WITHOUT_SOURCE),
    ("grade: reported, cites: [wire#3]", "grade: reported, cites: [wires#3]", Code.UNKNOWN_SOURCE),
    ('"beta(8, 2)"', "beta(8, 2)", Code.NEEDS_QUOTES),
    ("fall: {value: 0.02", "fall: {value: 1e999", Code.BAD_NUMBER),
    ("fall: {value: 0.02", 'fall: {value: "0.02"', Code.WRONG_TYPE),
    ("  fall: {", "  calm: {value: 1, grade: assumed, because: a guess}\n  fall: {",
     Code.DUPLICATE_KEY),
    ("  fall: {", "  csto: {value: 1, grade: assumed, because: a guess}\n  fall: {",
     Code.NAME_TAKEN),
    ("prior: 0.6, grade", "prior: 0.7, grade", Code.PRIORS_DO_NOT_SUM),
    ("prior: 0.6, grade", "prior: 0.600001, grade", Code.PRIORS_DO_NOT_SUM),
    ("plain: {atoms: [protest]", "plain: {atoms: [protst]", Code.UNKNOWN_NAME),
    ("plain: {atoms: [protest]", "plain: {atoms: [both, protest]", Code.NOT_A_PARTITION),
    ("{components: [popular-protest]", "{components: [popular-protst]", Code.UNKNOWN_NAME),
    # state and events
    ("starts: angry}", "starts: hungry}", Code.UNKNOWN_NAME),
    ("starts: 0, max: 100000}", "starts: 7, max: 100000}", Code.VALUE_WITHOUT_SOURCE),
    ("per: city, starts: false", "per: cities, starts: false", Code.UNKNOWN_GROUP),
    ('when: "not unruly[city]"', 'when: "not unruly"', Code.WRONG_INDEX),
    ('when: "not unruly[city]"', 'when: "not (unruly[city]"', Code.BAD_EXPRESSION),
    ("* count(unruly[c] for c in road", "* 3 * count(unruly[c] for c in road",
     Code.NUMBER_IN_RATE),
    ("(if elite-move then spark", "(if elite-move then seen", Code.UNIT_MISMATCH),
    ("at: 2022-01-02T10:00", "at: 2021-01-02T10:00", Code.OUTSIDE_CLOCK),
    ("exponential(1 / calm)", "exponential(calm)", Code.UNIT_MISMATCH),
    ("exponential(1 / calm)", "exponental(1 / calm)", Code.BAD_EXPRESSION),
    ("draw: {taken:", "draw: {takn:", Code.UNKNOWN_NAME),
    ("rate: calm\n    choose", "rte: calm\n    choose", Code.UNKNOWN_KEY),
    ("    by: tokayev", "    by: tokaev", Code.UNKNOWN_ACTOR),
    ("mood: calm-mood}}", "mood: calm-mod}}", Code.UNKNOWN_NAME),
    (", every: 1 day, then", ", then", Code.RATE_NEEDS_STEP),
    (", every: 1 day, then", ", every: daily, then", Code.BAD_DURATION),
    ("cools: {when: mood == afraid, ", "cools: {when: mood == afraid and 1 > 2, ",
     Code.NEVER_ENABLED),
    ("then: {mood: angry}}", "then: {mood: mood}}", Code.CHANGES_NOTHING),
    ("promise: {utility: 0, ", "promise: {", Code.MISSING_KEY),
    # the record
    ('happened: "spreads[almaty]"', 'happened: "spreads[almati]"', Code.UNKNOWN_NAME),
    ("happened: aid.ask, at", "happened: aid.aks, at", Code.UNKNOWN_EVENT),
    ("at: 2022-01-05T20:00, known", "at: 2022-01-05T25:00, known", Code.BAD_DATE),
    ("known: 2022-01-05, cites", "known: 2022-01-04, cites", Code.KNOWN_BEFORE_EVENT),
    ("follows: K1}", "follows: K7}", Code.UNKNOWN_NAME),
    ("between: 2022-01-05/2022-03-01, ", "", Code.MISSING_KEY),
    ("between: 2022-01-05/2022-03-01, ", "between: 2022-03-01/2022-01-05, ",
     Code.DATES_REVERSED),
    ("weight: 0.5}, {at", "weight: 0.4}, {at", Code.PRIORS_DO_NOT_SUM),
    ("weight: 0.5}, {at", "weight: 0.499999}, {at", Code.PRIORS_DO_NOT_SUM),
    ("error: factor 1.5", "error: about 1.5", Code.WRONG_TYPE),
    ("error: factor 1.5, ", "", Code.MISSING_KEY),
    ("at: 2022-01-20, cites: wire}\nrecord", "at: 2022-07-20, cites: wire}\nrecord",
     Code.OUTSIDE_CLOCK),
    ("id: K2, ", "id: K1, ", Code.NAME_TAKEN),
    ("  aid.ask: {complete", "  aid.decide: {complete", Code.EVENT_WITHOUT_RECORD),
    ("{reported: seen, ", "{reported: sen, ", Code.UNKNOWN_PARAMETER),
    ("supersedes: C2", "supersedes: C9", Code.UNKNOWN_NAME),
    ("says: elite-move", "says: elite-mve", Code.UNKNOWN_NAME),
    ("says: elite-move, at: 2022-01-10", "says: elite-move, at: 2021-12-31", Code.OUTSIDE_CLOCK),
    ('"event:aid.ask"', '"event:aid.aks"', Code.UNKNOWN_NAME),
    ('"event:aid.ask"', '"evnt:aid.ask"', Code.UNKNOWN_WORD),
    # what is asked
    ("stays: {probability: holder(president)", "stays: {probability: holder(presdent)",
     Code.UNKNOWN_OFFICE),
    (", at: 2022-06-01}", ", at: 2023-06-01}", Code.OUTSIDE_CLOCK),
    (", at: 2022-06-01}", "}", Code.MISSING_KEY),
    (", at: 2022-06-01}", ", at: 2022-06-01, by: 2022-06-01}", Code.CONFLICTING_KEYS),
    ('cities: {mean: "count', 'cities: {probability: "count', Code.TYPE_MISMATCH),
    ("asked: {time-until", "askd: {time-until", Code.UNKNOWN_NAME),
    ("given: happened(speaks)", "given: happened(speks)", Code.UNKNOWN_EVENT),
    ("given: happened(speaks)", "given: 1 > 2", Code.QUESTION_IMPOSSIBLE),
    ("forbid: aid.ask", "forbid: aid.aks", Code.UNKNOWN_EVENT),
    ("force: speaks, at: 2022-01-03T12:00", "force: speaks", Code.MISSING_KEY),
    ("milder: {set: {spark: 0.001}}", "milder: {label: nothing}", Code.WHAT_IF_CHANGES_NOTHING),
    ("set: {spark: 0.001}", "set: {sprk: 0.001}", Code.UNKNOWN_NAME),
    ("set: {spark: 0.001}", "set: {arrests: 0}", Code.WHAT_IF_CHANGES_NOTHING),
]  # fmt: skip


def errors(text: str) -> list[Diagnostic]:
    _, diagnostics = try_case(Source("case.yaml", text), FOLDER)
    return [one for one in diagnostics.in_order() if one.is_error]


def test_the_case_has_no_fault() -> None:
    assert errors(RICH) == []


@pytest.mark.parametrize(("right", "wrong", "code"), FAULTS)
def test_one_fault_is_one_error(right: str, wrong: str, code: Code) -> None:
    assert right in RICH
    found = errors(RICH.replace(right, wrong, 1))
    assert [one.code for one in found] == [code], as_text(found)
    assert found[0].help, as_text(found)


def test_what_is_not_declared_says_the_section_by_its_name() -> None:
    found = errors(RICH.replace('"event:aid.ask"', '"evidence:K9"', 1))
    assert found[0].primary.text == "not declared under `evidence`"


def test_a_mechanism_is_shown_where_it_lies(tmp_path: Path) -> None:
    """It was called by its file alone, so that an editor or a build's log did not find it."""
    (tmp_path / "pull.yaml").write_text("mechanism: pull\ntitle: A pull\nstae: {}\n")
    text = "uses: [{mechanism: pull.yaml, as: u, with: {}}]\n"
    head = "foedus: 1\ncase: c\ntitle: C\nclock: {start: 2000-01-01, end: 2000-02-01}\n"
    _, said = try_case(Source("crises/c/case.yaml", head + text), tmp_path)
    names = [one.primary.span.source.name for one in said.in_order()]
    assert names == ["crises/c/pull.yaml"]
