"""What is proved about a case without running it: what it finds, and what it must not find."""

import pytest

from foedus.text.source import Source
from tests.diagnostics.pages import merged
from tests.loading import faults_of, try_case, warned_case

FLAGS = "state: {unrest: {type: flag, starts: false}, war: {type: flag, starts: false}}\n"
CROWD = (
    "groups: {states: [a, b]}\nstate: {crowd: {type: count, starts: 0}}\n"
    "parameters:\n  spark: {value: 0.1, unit: per day, grade: assumed, because: a guess}\n"
    "  toll: {value: 3, grade: assumed, because: a guess}\n"
    "questions: {q: {mean: crowd, at: 2022-03-01}}\n"
)
RECORD = "record: {erupts: {complete: 2022-01-01/2022-06-30, lag: 1 day}}\n"


def found(fragment: str) -> list[tuple[str, bool, str]]:
    """Slug, whether it is an error, and the text shown, of all that is said about a case."""
    _, diagnostics = try_case(Source("case.yaml", merged(fragment)))
    ordered = diagnostics.in_order()
    return [(one.code.value, one.is_error, one.primary.span.text) for one in ordered]


def events(*lines: str) -> str:
    return "events:\n" + "".join(f"  {line}\n" for line in lines)


ERUPTS = "erupts: {rate: spark, then: {unrest: true}}"
CALMS = "calms: {when: unrest, rate: spark, then: {unrest: false}}"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # only the cause is told, not what waits for it
        (["a: {when: war, rate: spark, then: {unrest: true}}",
          "b: {when: happened(a), rate: spark, then: {unrest: false}}"],
         [("never-enabled", True, "war")]),
        # a ring of events that wait for each other is told once
        (["a: {when: happened(b), rate: spark, then: {unrest: true}}",
          "b: {when: happened(a), rate: spark, then: {war: true}}"],
         [("never-enabled", True, "happened(b)")]),
        # what only waits for the ring is not told, wherever it stands
        (["c: {when: happened(a), rate: spark, then: {unrest: true}}",
          "a: {when: happened(b), rate: spark, then: {war: true}}",
          "b: {when: happened(a), rate: spark, then: {unrest: false}}"],
         [("never-enabled", True, "happened(b)")]),
        (["b: {when: happened(a), rate: spark, then: {unrest: true}}",
          "a: {when: happened(a), rate: spark, then: {war: true}}"],
         [("never-enabled", True, "happened(a)")]),
        (["a: {when: happened(b), rate: spark, then: {unrest: true}}",
          "b: {when: happened(a), rate: spark, then: {unrest: false}}",
          "c: {when: happened(d), rate: spark, then: {war: true}}",
          "d: {when: happened(c), rate: spark, then: {war: false}}"],
         [("never-enabled", True, "happened(b)"), ("never-enabled", True, "happened(d)")]),
        (["a: {when: war, rate: if war then 0 else spark, then: {unrest: false}}",
          "b: {rate: spark, then: {war: true}}", ERUPTS],
         [("never-enabled", False, "if war then 0 else spark")]),
        (["a: {when: unrest and not unrest, rate: spark, then: {war: true}}", ERUPTS],
         [("never-enabled", True, "unrest and not unrest")]),
        (["a: {when: holder(president) == nazarbayev, rate: spark, then: {war: true}}", ERUPTS],
         [("never-enabled", True, "holder(president) == nazarbayev")]),
        (["a: {when: russia in csto, rate: spark, then: {war: true}}", ERUPTS], []),
        (["a: {when: not russia in csto, rate: spark, then: {war: true}}", ERUPTS],
         [("never-enabled", True, "not russia in csto")]),
        (["a: {rate: 0, then: {war: true}}", "b: {when: war, rate: spark, then: {unrest: true}}"],
         [("never-enabled", False, "0")]),
        (["a: {rate: 0 - spark, then: {war: true}}",
          "b: {when: war, rate: spark, then: {unrest: true}}"],
         [("rate-negative", True, "0 - spark")]),
        (["a: {after: fixed(0 - 1 / spark), then: {war: true}}"],
         [("rate-negative", True, "0 - 1 / spark")]),
        (["a: {after: exponential(0 / spark), then: {war: true}}"],
         [("rate-negative", True, "0 / spark")]),
        (["a: {after: fixed(0 / spark), then: {war: true}}"], []),
        (["a: {rate: spark / (1 - 1), then: {war: true}}"],
         [("rate-not-finite", True, "spark / (1 - 1)")]),
        (["a: {rate: spark * log(0), then: {war: true}}"], [("rate-not-finite", True, "log(0)")]),
        (["a: {rate: spark * sqrt(0 - 1), then: {war: true}}"],
         [("rate-not-finite", True, "sqrt(0 - 1)")]),
        (["a: {rate: if unrest then spark / 0 else spark, then: {war: true}}"], []),
        (["a: {when: unrest, rate: if unrest then spark / 0 else spark, then: {war: true}}",
          ERUPTS], [("rate-not-finite", True, "spark / 0")]),
        (["a: {rate: spark - spark, then: {war: true}}"], []),
        # effects
        ([ERUPTS, CALMS, "a: {when: not war, rate: spark, then: {war: false}}"],
         [("changes-nothing", True, "a")]),
        ([ERUPTS, "a: {when: unrest, rate: spark, then: {unrest: true}}"],
         [("changes-nothing", True, "a")]),
        ([ERUPTS, "a: {when: unrest, rate: spark, then: {unrest: true, war: true}}"], []),
        ([ERUPTS, "a: {rate: spark}", "b: {when: happened(a), rate: spark, then: {war: true}}"],
         []),
        ([ERUPTS, "a: {rate: spark, once: true}"], [("changes-nothing", True, "a")]),
        ([ERUPTS, "a: {rate: spark, draw: {x: bernoulli(1 + 1)}, then: {war: x}}"],
         [("leaves-bounds", True, "1 + 1")]),
    ],
)  # fmt: skip
def test_events(lines: list[str], expected: list[tuple[str, bool, str]]) -> None:
    assert found(FLAGS + events(*lines)) == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ("  - {id: E1, happened: erupts, at: 2022-01-02, cites: wire}\n", []),
        ("  - {id: E1, state: war, at: 2022-01-02, cites: wire}\n",
         [("impossible-evidence", True, "war")]),
        ("  - {id: E1, state: holder(president) != tokayev, at: 2022-01-02, cites: wire}\n",
         [("impossible-evidence", True, "holder(president) != tokayev")]),
        ("  - {id: E1, state: unrest, at: 2022-01-02, cites: wire}\n", []),
    ],
)  # fmt: skip
def test_evidence(items: str, expected: list[tuple[str, bool, str]]) -> None:
    assert found(FLAGS + RECORD + "evidence:\n" + items) == expected


def test_an_event_that_happens_once_cannot_be_in_evidence_twice() -> None:
    once = events("erupts: {rate: spark, once: true, then: {unrest: true}}")
    items = "".join(f"  - {{id: E{n}, happened: erupts, at: 2022-01-0{n}, cites: wire}}\n"
                    for n in (2, 3))  # fmt: skip
    assert found(once + RECORD + "evidence:\n" + items) == [("impossible-evidence", True, "erupts")]


@pytest.mark.parametrize(
    ("seen", "denied", "is_fault"),
    [
        ("at: 2022-01-05, established: seen", "2022-01-04/2022-01-06, established: calm", True),
        ("at: 2022-01-05, established: seen", "2022-01-05, established: calm", True),
        # The day before is open; and of two origins at most one is believed.
        (
            "at: 2022-01-03/2022-01-05, established: s",
            "2022-01-04/2022-01-06, established: c",
            False,
        ),
        # Of two dates it may have had one is open.
        (
            "at: [{at: 2022-01-05, weight: 0.5}, {at: 2022-01-08, weight: 0.5}], established: s",
            "2022-01-04/2022-01-06, established: c",
            False,
        ),
        (
            "at: [{at: 2022-01-05, weight: 0.5}, {at: 2022-01-06, weight: 0.5}], established: s",
            "2022-01-04/2022-01-06, established: c",
            True,
        ),
        ("at: 2022-01-05, note: s", "2022-01-04/2022-01-06, established: c", False),
        ("at: 2022-01-05, established: s", "2022-01-04/2022-01-06, note: c", False),
    ],
)
def test_evidence_that_contradicts_itself(seen: str, denied: str, is_fault: bool) -> None:
    items = (
        f"  - {{id: E1, happened: erupts, {seen}, cites: wire}}\n"
        f"  - {{id: E2, absent: erupts, between: {denied}, cites: wire}}\n"
    )
    faults = [("impossible-evidence", True, "erupts")] if is_fault else []
    assert found(FLAGS + events(ERUPTS, CALMS) + RECORD + "evidence:\n" + items) == faults


MEASURED = events(
    "erupts:",
    "  rate: spark",
    "  draw: {hurt: poisson(toll), apiece: {per: {s: states}, as: poisson(toll)}}",
    '  then: {crowd: "hurt + sum(apiece[s] for s in states)"}',
)


@pytest.mark.parametrize(
    ("measured", "codes"),
    [
        ("30", []),
        ("30 factor 1.5", []),
        ("0 sd 0.5", []),
        ("many", ["wrong-type"]),
        ("30 sd", ["wrong-type"]),
        ("30 sd 5 6", ["wrong-type"]),
        ("1e999", ["bad-number"]),
        ("30 sd 1e999", ["bad-number"]),
        ("30 sd 0", ["bad-number"]),
        ("30 sd -5", ["bad-number"]),
        ("30 factor 1", ["bad-number"]),
        ("30 factor 0.5", ["bad-number"]),
        ("0 factor 2", ["bad-number"]),
    ],
)
def test_a_measurement_has_an_error_that_it_may_have(measured: str, codes: list[str]) -> None:
    """Of a draw as of what is looked at."""
    head = CROWD + MEASURED + RECORD + "evidence:\n"
    value, _, error = measured.partition(" ")
    known = [f'happened: erupts, with: {{hurt: "{measured}"}}']
    if error.startswith(("sd ", "factor ")):
        known.append(f"value: crowd, is: {value}, error: {error}")
    for one in known:
        item = f"  - {{id: E1, {one}, at: 2022-01-02, cites: wire}}\n"
        assert [code for code, _, _ in found(head + item)] == codes


@pytest.mark.parametrize(
    ("timing", "code"),
    [
        ("at: 2022-01-02", "evidence-is-filter"),
        ("each: 1 day", "evidence-is-filter"),
        ("after: fixed(1 / spark)", "evidence-is-filter"),
        ("after: exponential(1 / spark)", None),
        ("rate: spark", None),
    ],
)
def test_draws_are_measured_where_they_are_weighed(timing: str, code: str | None) -> None:
    """Of an event without a rate the number had been passed over, and the verdict with it."""
    head = CROWD + MEASURED.replace("rate: spark", timing, 1) + RECORD + "evidence:\n"
    item = '  - {id: E1, happened: erupts, with: {hurt: "30"}, at: 2022-01-02, cites: wire}\n'
    errors = [one for one, is_error, _ in found(head + item) if is_error]
    assert errors == ([] if code is None else [code])


def test_draws_of_each_are_not_measured_as_one() -> None:
    head = CROWD + MEASURED + RECORD + "evidence:\n"
    item = "  - {id: E1, happened: erupts, with: {apiece: 3}, at: 2022-01-02, cites: wire}\n"
    assert found(head + item) == [("wrong-index", True, "apiece")]


@pytest.mark.parametrize(
    ("candour", "is_fault"),
    [
        ("value: 2", False),
        ("prior: 80% between 0.2 and 2", False),
        ('prior: "uniform(0, 3)"', False),
        ("value: 0", True),
        ("value: -1", True),
        ('prior: "normal(2, 1)"', True),
        ('prior: "uniform(-1, 3)"', True),
    ],
)
def test_candour_speaks_for_what_is_true(candour: str, is_fault: bool) -> None:
    speaker = f"speakers: {{tokayev: {{candour: {{{candour}, grade: judged, because: a test}}}}}}\n"
    faults = [(code, is_error) for code, is_error, _ in found(speaker)]
    assert faults == ([("bad-number", True)] if is_fault else [])


@pytest.mark.parametrize(
    ("chance", "codes"),
    [
        ("value: 0.4, unit: share", []),
        ("value: 0.4", []),
        ('prior: "beta(3, 1)", unit: share', []),
        ("value: 1.5", ["bad-number"]),
        ('prior: "normal(0.5, 0.1)"', ["bad-number"]),
        ("prior: 80% between 0.2 and 0.6", ["bad-number"]),
        ("value: 0.4, unit: per day", ["unit-mismatch"]),
    ],
)
def test_the_chance_of_a_report_is_a_share(chance: str, codes: list[str]) -> None:
    text = CROWD.replace(
        "parameters:\n", f"parameters:\n  seen: {{{chance}, grade: assumed, because: a guess}}\n"
    )
    reported = "record: {erupts: {reported: seen, delay: 1 day}}\n"
    item = "evidence:\n  - {id: E1, happened: erupts, at: 2022-01-02, cites: wire}\n"
    happens = events("erupts: {rate: spark, then: {crowd: crowd + 1}}")
    assert [code for code, _, _ in found(text + happens + reported + item)] == codes


@pytest.mark.parametrize(
    ("reliability", "is_fault"),
    [
        ("value: 1", False),
        ('prior: "beta(3, 1)"', False),
        ('prior: "uniform(0.5, 1)"', False),
        ("value: 2", True),
        ("value: 0", True),
        ("value: -0.1", True),
        ('prior: "normal(0.8, 0.1)"', True),
    ],
)
def test_reliability_is_a_share_above_nought(reliability: str, is_fault: bool) -> None:
    origin = f"origins: {{press: {{reliability: {{{reliability}, grade: judged, because: x}}}}}}\n"
    faults = [(code, is_error) for code, is_error, _ in found(origin)]
    assert faults == ([("bad-number", True)] if is_fault else [])


@pytest.mark.parametrize(("unit", "codes"), [("none", []), ("weeks", ["unit-mismatch"])])
def test_what_is_believed_of_tellers_takes_no_time(unit: str, codes: list[str]) -> None:
    """In weeks a candour of 2 had been one of 14."""
    ground = f"value: 0.5, unit: {unit}, grade: judged, because: x"
    origin = f"origins: {{press: {{reliability: {{{ground}}}}}}}\n"
    assert [code for code, _, _ in found(origin)] == codes
    plain = ground.replace(unit, "none")
    for candour, interest in (ground, plain), (plain, ground):
        told = f"candour: {{{candour}}}, interest: {{plot: {{{interest}}}}}"
        text = f"components: {{plot: {{}}}}\nspeakers: {{tokayev: {{{told}}}}}\n"
        assert [code for code, is_error, _ in found(text) if is_error] == codes


@pytest.mark.parametrize(
    ("span", "codes"),
    [
        ("complete: 2021-12-01/2022-01-01", []),
        ("complete: 2021-12-01/2021-12-31", ["outside-clock"]),
        ("complete: 2022-06-30/2022-08-01", []),
        ("complete: 2022-07-01/2022-08-01", ["outside-clock"]),
        ("reported: seen, during: 2022-07-01/2022-08-01", ["outside-clock"]),
    ],
)
def test_a_record_spans_some_of_the_clock(span: str, codes: list[str]) -> None:
    seen = "parameters:\n  seen: {value: 0.4, grade: assumed, because: a guess}\n"
    text = CROWD.replace("parameters:\n", seen)
    happens = events("erupts: {rate: spark, then: {crowd: crowd + 1}}")
    assert [
        code for code, _, _ in found(f"{text}{happens}record: {{erupts: {{{span}}}}}\n")
    ] == codes


SEEN = (
    "parameters:\n  spark: {value: 0.1, unit: per day, grade: assumed, because: a guess}\n"
    "  seen: {value: 0.4, unit: share, grade: assumed, because: a guess}\n"
)
LATER = "complete: 2022-01-01/2022-06-30, lag: 1 day"


@pytest.mark.parametrize(
    ("record", "earlier", "is_told"),
    [
        (LATER, "", True),
        # What happens on the same day or before may let it happen; what happens later does not.
        (LATER, "happened: erupts, at: 2022-01-02", False),
        (LATER, "happened: erupts, at: 2022-01-05", False),
        (LATER, "happened: erupts, at: 2022-01-05/2022-01-09", False),
        (LATER, "happened: erupts, at: 2022-01-06", True),
        (LATER, "absent: erupts, between: 2022-01-02", True),
        # It may have erupted before the record was complete, after it was, or without a report.
        ("complete: 2022-01-02/2022-06-30, lag: 1 day", "", False),
        ("complete: 2022-01-01/2022-01-04, lag: 1 day", "", False),
        ("reported: seen, delay: 1 day", "", False),
        ("", "", False),
    ],
)  # fmt: skip
def test_an_event_to_which_the_record_leaves_no_way(
    record: str, earlier: str, is_told: bool
) -> None:
    """`calms` needs unrest, which only `erupts` makes; told once, however many items there are."""
    items = [f"happened: calms, at: 2022-01-{day:02}" for day in (5, 5)]
    items = [one for one in (earlier, *items) if one]
    of_erupts = f"  erupts: {{{record}}}\n" if record else ""
    text = FLAGS + events(ERUPTS, CALMS) + SEEN
    text += f"record:\n  calms: {{{LATER}}}\n{of_erupts}evidence:\n"
    text += "".join(f"  - {{id: E{n}, {one}, cites: wire}}\n" for n, one in enumerate(items))
    expected = [("guard-of-recorded-event", False, "calms")]
    assert found(text) == (expected if is_told else [])


def test_what_has_a_later_date_of_its_own_lets_nothing_happen_before() -> None:
    dated = "erupts: {at: 2022-01-06, then: {unrest: true}}"
    record = f"record: {{calms: {{{LATER}}}}}\n"
    for day, is_told in ((5, True), (6, False)):
        item = f"evidence: [{{id: E1, happened: calms, at: 2022-01-0{day}, cites: wire}}]\n"
        told = [code for code, _, _ in found(FLAGS + events(dated, CALMS) + record + item)]
        assert told == (["guard-of-recorded-event"] if is_told else [])


def test_a_choice_is_silent_where_each_of_its_options_is() -> None:
    option = "{utility: 1, then: {unrest: true}}"
    choice = f"erupts: {{rate: spark, by: tokayev, choose: {{a: {option}, b: {option}}}}}"
    item = "evidence: [{id: E1, happened: calms, at: 2022-01-05, cites: wire}]\n"
    for options in ("a", "ab"):
        of_options = "".join(f"  erupts.{one}: {{{LATER}}}\n" for one in options)
        record = f"record:\n  calms: {{{LATER}}}\n{of_options}"
        told = [code for code, _, _ in found(FLAGS + events(choice, CALMS) + record + item)]
        assert told == (["guard-of-recorded-event"] if options == "ab" else [])


@pytest.mark.parametrize(
    ("item", "codes"),
    [
        ("happened: erupts, at: 2022-01-05", ["evidence-is-filter"]),
        ("happened: erupts, at: 2022-01", ["evidence-is-filter"]),
        ("happened: erupts, at: 2022-01-06", ["evidence-is-filter", "impossible-evidence"]),
        # A date ends where the next day begins.
        ("happened: erupts, at: 2022-01-04", ["evidence-is-filter", "impossible-evidence"]),
        ("absent: erupts, between: 2022-01-06/2022-02-01", ["evidence-is-filter"]),
        ("absent: erupts, between: 2022-01-01/2022-02-01",
         ["evidence-is-filter", "impossible-evidence"]),
    ],
)  # fmt: skip
def test_evidence_about_dated_events(item: str, codes: list[str]) -> None:
    dated = events("erupts: {at: 2022-01-05, then: {unrest: true}}")
    text = f"{dated}{RECORD}evidence:\n  - {{id: E1, {item}, cites: wire}}\n"
    assert [code for code, _, _ in found(text)] == codes


@pytest.mark.parametrize(
    "event",
    [
        "erupts: {at: 2022-01-05, when: war, then: {unrest: true}}",
        "erupts: {by: tokayev, at: 2022-01-05, choose: {go: {utility: 0, then: {unrest: true}}, "
        "stay: {utility: 0}}}",
    ],
)
def test_what_need_not_happen_on_its_date_may_be_absent(event: str) -> None:
    name = "erupts.go" if "choose" in event else "erupts"
    record = f"record: {{{name}: {{complete: 2022-01-01/2022-06-30, lag: 1 day}}}}\n"
    item = f"{{id: E1, absent: {name}, between: 2022-01-01/2022-02-01, cites: wire}}"
    text = FLAGS + events(event, "starts: {rate: spark, then: {war: true}}") + record
    assert found(f"{text}evidence: [{item}]\n") == [("evidence-is-filter", False, name)]


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        # Just finite, and just no fault.
        ("a: {rate: spark * sqrt(0), then: {unrest: true}}", ["never-enabled"]),
        ("a: {rate: spark * exp(high), then: {unrest: true}}", []),
        ("a: {rate: spark * exp(high + high), then: {unrest: true}}", ["rate-not-finite"]),
        ('a: {rate: spark, draw: {of: "binomial(10, 1)"}, then: {many: of}}', []),
        ('a: {rate: spark, draw: {of: "binomial(10, 0)"}, then: {many: of}}', []),
        ('a: {rate: spark, draw: {of: "binomial(10, 2)"}, then: {many: of}}', ["leaves-bounds"]),
    ],
)
def test_just_what_is_possible_is_no_fault(line: str, codes: list[str]) -> None:
    head = (
        "parameters:\n  spark: {value: 0.1, unit: per day, grade: assumed, because: a guess}\n"
        "  high: {value: 400, grade: assumed, because: a guess}\n"
        "state: {unrest: {type: flag, starts: false}, many: {type: count, starts: 0, max: 10}}\n"
        "questions: {q: {mean: many, at: 2022-02-01}, u: {probability: unrest, at: 2022-02-01}}\n"
    )
    more = [ERUPTS.replace("erupts", "b"), "c: {rate: spark, then: {many: 'min(10, many + 1)'}}"]
    assert [code for code, _, _ in found(head + events(line, *more))] == codes


@pytest.mark.parametrize(
    ("value", "is_fault"), [(0, False), (1, False), (1.01, True), (-0.1, True)]
)
def test_a_share_is_set_to_a_share(value: float, is_fault: bool) -> None:
    text = (
        "parameters:\n  spark: {value: 0.1, unit: per day, grade: assumed, because: a guess}\n"
        "  luck: {value: 0.5, unit: share, grade: assumed, because: a guess}\n"
        + FLAGS + events("erupts: {rate: spark * luck, then: {unrest: true}}")
        + "questions: {q: {probability: unrest, at: 2022-02-01}}\n"
        f"what-if: {{w: {{set: {{luck: {value}}}}}}}\n"
    )  # fmt: skip
    codes = [code for code, is_error, _ in found(text) if is_error]
    assert codes == (["leaves-bounds"] if is_fault else [])


CALMS_AT_ONCE = "calms: {when: unrest, after: immediately, then: {unrest: false}}"


@pytest.mark.parametrize(
    ("lines", "is_cycle"),
    [
        ([ERUPTS, CALMS_AT_ONCE], False),  # it turns itself off
        (["erupts: {when: not unrest, after: immediately, then: {unrest: true}}", CALMS_AT_ONCE],
         True),
        # By what has happened, and not only by what is so.
        (["a: {when: firings(b) >= firings(a), after: immediately, then: {unrest: true}}",
          "b: {when: firings(a) > firings(b) or war, after: immediately, then: {unrest: false}}",
          "c: {rate: spark, then: {war: true}}"], True),
    ],
)  # fmt: skip
def test_immediate_events_that_set_each_other_off(lines: list[str], is_cycle: bool) -> None:
    codes = [code for code, _, _ in found(FLAGS + events(*lines))]
    assert ("immediate-cycle" in codes) is is_cycle


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("probability: unrest, at: 2022-02-01", None),
        ("probability: unrest or not unrest, at: 2022-02-01", True),
        ("probability: unrest, given: not unrest, at: 2022-02-01", True),
        ("probability: unrest, given: 1 > 2, at: 2022-02-01", True),
        ("time-until: unrest, from: 1 > 2, by: 2022-02-01", True),
        ("probability: war, at: 2022-02-01", False),
        ("probability: holder(president) == nazarbayev, at: 2022-02-01", False),
        ("probability: armenia in csto, at: 2022-02-01", False),
        ("probability: happened(erupts), by: 2022-02-01", None),
    ],
)
def test_questions(question: str, expected: bool | None) -> None:
    """What is settled by declaration is an error; what only follows from the events, a warning."""
    said = found(FLAGS + f"questions: {{q: {{{question}}}}}\n")
    code = "question-impossible"
    assert [(c, e) for c, e, _ in said] == ([] if expected is None else [(code, expected)])


@pytest.mark.parametrize(
    ("what_if", "is_fault"),
    [
        ("{forbid: erupts}", False),
        ("{forbid: never}", True),
        ("{force: erupts, at: 2022-01-03T12:00}", False),
        ("{force: never, at: 2022-01-03T12:00}", False),
        ("{forbid: erupts, when: unrest and not unrest}", True),
        ("{set: {unrest: true}}", False),
        ("{set: {unrest: false}}", True),
        ("{set: {unrest: false}, at: 2022-02-01}", False),
        ("{set: {war: false}, at: 2022-02-01}", True),
        ("{set: {war: true}, at: 2022-02-01}", False),
        ("{set: {war: false, unrest: true}}", False),
        ("{set: {unread: true}}", True),
        ("{set: {spark: 0.5}}", False),
        ("{set: {idle: 0.5}}", True),
        ("{set: {holder(president): vacant}}", False),
        ("{set: {holder(president): tokayev}}", True),
        ("{label: nothing}", True),
    ],
)
def test_what_ifs(what_if: str, is_fault: bool) -> None:
    text = (
        "parameters:\n"
        "  spark: {value: 0.1, unit: per day, grade: assumed, because: a guess}\n"
        "  idle: {value: 0.1, unit: per day, grade: assumed, because: a guess}\n"
        "state:\n"
        "  unrest: {type: flag, starts: false}\n"
        "  war: {type: flag, starts: false}\n"
        "  unread: {type: flag, starts: false}\n"
        + events(ERUPTS, CALMS, "never: {rate: 0, then: {unrest: false}}")
        + "questions:\n"
        "  war: {probability: war or unrest, at: 2022-03-01}\n"
        "  office: {probability: holder(president) == tokayev or unrest, at: 2022-03-01}\n"
        f"what-if: {{w: {what_if}}}\n"
    )
    codes = [code for code, is_error, _ in found(text) if is_error]
    assert codes == (["what-if-changes-nothing"] if is_fault else [])


@pytest.mark.parametrize(
    ("day", "is_fault"), [("2022-01-02", False), ("2022-01-10", False), ("2022-02-01", True)]
)
def test_what_is_dated_is_forbidden_before_its_last_date(day: str, is_fault: bool) -> None:
    shows = "shows: {at: [2022-01-03, 2022-01-20], then: {unrest: true}}"
    forbidden = f"what-if: {{w: {{forbid: shows, at: {day}}}}}\n"
    codes = [
        code for code, is_error, _ in found(FLAGS + events(shows, CALMS) + forbidden) if is_error
    ]
    assert codes == (["what-if-changes-nothing"] if is_fault else [])


def test_what_only_a_what_if_makes_possible_can_happen() -> None:
    text = (
        "parameters:\n  spark: {value: 0, unit: per day, grade: assumed, because: a guess}\n"
        + FLAGS + events(ERUPTS) + "questions: {q: {probability: unrest, at: 2022-02-01}}\n"
    )  # fmt: skip
    assert "never-enabled" in [code for code, _, _ in found(text)]
    assert found(text + "what-if: {w: {set: {spark: 0.5}}}\n") == []


@pytest.mark.parametrize("target", ["picks", "picks.go"])
def test_a_choice_that_is_never_made_can_be_forced(target: str) -> None:
    """With the option that is named, or with whichever is the best then."""
    picks = (
        "picks: {by: tokayev, rate: 0, choose: {"
        "go: {utility: 0, then: {unrest: true}}, stay: {utility: 0}}}"
    )
    forced = f"what-if: {{w: {{force: {target}, at: 2022-01-03T12:00}}}}\n"
    assert found(FLAGS + events(picks) + forced) == []


def test_faults_that_leave_the_case_whole_do_not_hide_others() -> None:
    text = (
        "parameters:\n"
        "  spark: {value: 0.1, unit: per day, grade: reported}\n"
        "events:\n"
        "  erupts: {rate: 0 - spark, then: {unrest: true}}\n"
    )
    assert [code for code, _, _ in found(text)] == ["value-without-source", "rate-negative"]


def test_an_alliance_begins_and_ends_within_the_clock() -> None:
    """Members belong from its first day to its last; who joins later, from then on."""
    text = merged(
        "alliances:\n"
        "  csto:\n"
        "    members: [russia, kazakhstan, {actor: armenia, from: 2022-03-01}]\n"
        "    since: 2022-02-01\n"
        "    until: 2022-05-01\n"
    )
    case = warned_case(text)
    kinds = {name: h.kind.timing for name, h in case.events.items() if name.startswith("csto.")}
    days = {name: getattr(timing, "times", ()) for name, timing in kinds.items()}
    assert days == {
        "csto.russia-joins": (31.0,), "csto.russia-leaves": (120.0,),
        "csto.kazakhstan-joins": (31.0,), "csto.kazakhstan-leaves": (120.0,),
        "csto.armenia-joins": (59.0,), "csto.armenia-leaves": (120.0,),
    }  # fmt: skip


def test_a_comma_that_ends_a_text_is_told_as_one() -> None:
    head = "foedus: 1\ncase: a\ntitle: A\nclock: {start: 2000-01-01, end: 2000-12-31}\n"
    cut = "sources:\n  book: {kind: book, title: Of war, peace, and 7 more, note: old}\n"
    message, cure = "a `,` stands in text without quotes", 'title: "Of war, peace, and 7 more"'
    assert faults_of(head + cut) == [("needs-quotes", 6, message, f"write `{cure}`")]
    # A key that lacks its colon where no text goes before is a key that is not known.
    bare = "sources:\n  book: {titel, kind: book, title: Of war}\n"
    assert [fault[0] for fault in faults_of(head + bare)] == ["unknown-key"]


PLOTS = (
    FLAGS
    + "components: {plot: {}}\n"
    + "atoms:\n"
    + "  plotted: {components: [plot], prior: 0.3, grade: assumed, because: a guess}\n"
    + "  plain: {components: [], prior: 0.7, grade: assumed, because: a guess}\n"
    + "explanations: {conspiracy: {atoms: [plotted]}, no-conspiracy: {atoms: [plain]}}\n"
    + events("erupts: {rate: if plot then spark else 0, then: {unrest: true}}")
)
SAYS_WHY = PLOTS.replace("components: [], ", "components: [], impossible: {erupts: so}, ")


@pytest.mark.parametrize(
    ("head", "item", "is_fault"),
    [
        (PLOTS, "state: unrest, at: 2022-01-05", True),
        (SAYS_WHY, "state: unrest, at: 2022-01-05", False),
        (PLOTS, "state: not unrest, at: 2022-01-05", False),
        # A measurement has an error, and what nothing can bring about is another fault.
        (PLOTS, "value: if unrest then 1 else 0, is: 1, error: sd 0.5, at: 2022-01-05", False),
    ],
)
def test_every_atom_must_be_able_to_bring_about_what_was_so(
    head: str, item: str, is_fault: bool
) -> None:
    evidence = f"evidence: [{{id: E1, {item}, cites: wire}}]\n"
    faults = [("impossible-in-atom", True, "unrest")] if is_fault else []
    assert found(head + evidence) == faults


def test_a_claim_may_be_false_in_an_atom() -> None:
    claim = "claims: [{id: C1, by: russia, says: plot, at: 2022-01-05, cites: wire}]\n"
    assert not any(slug == "impossible-in-atom" for slug, _, _ in found(PLOTS + claim))


PICKS = PLOTS.replace(
    "erupts: {rate: if plot then spark else 0, then: {unrest: true}}",
    "picks: {by: tokayev, rate: if plot then spark else 0, "
    "choose: {go: {utility: 0, then: {unrest: true}}, stay: {utility: 0}}}",
)


@pytest.mark.parametrize(
    ("said", "is_fault"), [("", True), ("picks", False), ("picks.go", False), ("picks.stay", True)]
)
def test_an_atom_says_of_an_option_or_of_all_options_that_they_cannot_be(
    said: str, is_fault: bool
) -> None:
    head = PICKS.replace("components: [], ", f"components: [], impossible: {{{said}: so}}, ")
    record = "record: {picks.go: {complete: 2022-01-01/2022-06-30, lag: 1 day}}\n"
    item = "evidence: [{id: E1, happened: picks.go, at: 2022-01-05, cites: wire}]\n"
    faults = [("impossible-in-atom", True, "picks.go")] if is_fault else []
    assert found((head if said else PICKS) + record + item) == faults


def test_of_items_that_an_atom_cannot_explain_the_first_is_told() -> None:
    items = "".join(
        f"  - {{id: E{day}, happened: erupts, at: 2022-01-0{day}, cites: wire}}\n" for day in (5, 6)
    )
    _, said = try_case(Source("case.yaml", merged(PLOTS + RECORD + "evidence:\n" + items)))
    (fault,) = said.in_order()
    span = fault.primary.span
    assert "id: E5" in span.source.line(span.line)


@pytest.mark.parametrize(("prior", "other", "is_told"), [(0.3, 0.7, True), (0, 1, False)])
def test_what_is_said_to_be_impossible_and_can_be_is_told(
    prior: float, other: float, is_told: bool
) -> None:
    """Of an atom that may be so: what is ruled out from the start need not be right."""
    said = PLOTS.replace("components: [", "impossible: {erupts: so}, components: [")
    said = said.replace("prior: 0.3", f"prior: {prior}").replace("prior: 0.7", f"prior: {other}")
    item = "evidence: [{id: E1, happened: erupts, at: 2022-01-05, cites: wire}]\n"
    told = [("impossible-in-atom", False, "erupts")] if is_told else []
    assert found(said + RECORD + item) == told


@pytest.mark.parametrize(
    ("go", "stay", "is_fault"),
    [
        ("when: unrest, utility: 0, then: {unrest: true}", "utility: 0", True),
        ("when: not unrest, utility: 0, then: {unrest: true}", "utility: 0", False),
        ("utility: 0", "when: unrest, utility: 0, then: {unrest: false}", False),
        # an option that is never open changes nothing
        ("when: war, utility: 0, then: {unrest: true}", "utility: 0", True),
    ],
)
def test_a_choice_changes_something_by_any_option(go: str, stay: str, is_fault: bool) -> None:
    picks = f"picks: {{by: tokayev, rate: spark, choose: {{go: {{{go}}}, stay: {{{stay}}}}}}}"
    faults = [("changes-nothing", True, "picks")] if is_fault else []
    assert found(FLAGS + events(ERUPTS, CALMS, picks)) == faults


def test_an_effect_that_sets_a_variable_to_itself_is_told_beside_others() -> None:
    both = "a: {rate: spark, then: {unrest: unrest, war: true}}"
    assert found(FLAGS + events(ERUPTS, CALMS, both)) == [("changes-nothing", True, "unrest")]


COUNT = (
    "parameters:\n  spark: {value: 0.1, unit: per day, grade: assumed, because: a guess}\n"
    "state: {n: {type: count, starts: 0, max: 10, because: a guess}}\n"
    "questions: {q: {mean: n, at: 2022-02-01}}\n"
)
UP = "up: {when: n < 10, rate: spark, then: {n: n + 1}}"
DOWN = "down: {when: n > 0, rate: spark, then: {n: n - 1}}"


@pytest.mark.parametrize(
    ("effect", "told"),
    [
        ("when: n >= 10, rate: spark, then: {n: n + 1}", "this is 11"),
        ("when: n >= 9, rate: spark, then: {n: n + 1}", None),
        ("when: n <= 0, rate: spark, then: {n: n - 1}", "this is -1"),
        ("when: n <= 1, rate: spark, then: {n: n - 1}", None),
        ("rate: spark, draw: {x: 'integer(11, 12)'}, then: {n: x}", "between 11 and 12"),
        ("rate: spark, draw: {x: 'integer(10, 12)'}, then: {n: x}", None),
        ("rate: spark, draw: {x: geometric(2)}, then: {n: 'min(10, x)'}", "this is 2"),
        ("rate: spark, draw: {x: geometric(1)}, then: {n: 'min(10, x)'}", None),
        ("by: tokayev, rate: spark, choose: {go: {when: n >= 10, utility: 0, then: {n: n + 1}}, "
         "stay: {utility: 0, then: {n: 0}}}", "this is 11"),
        ("by: tokayev, rate: spark, choose: {go: {when: n >= 9, utility: 0, then: {n: n + 1}}, "
         "stay: {utility: 0, then: {n: 0}}}", None),
        # an option that is never open leaves nothing
        ("by: tokayev, rate: spark, choose: {go: {when: n > 10, utility: 0, then: {n: 11}}, "
         "stay: {utility: 0, then: {n: 0}}}", None),
    ],
)  # fmt: skip
def test_what_leaves_its_bounds_in_all_courses(effect: str, told: str | None) -> None:
    _, said = try_case(Source("case.yaml", merged(COUNT + events(UP, DOWN, f"a: {{{effect}}}"))))
    faults = [("leaves-bounds", told)] if told else []
    assert [
        (one.code.value, one.primary.text)
        for one in said.in_order()
        if one.code.value != "value-without-source"
    ] == faults


@pytest.mark.parametrize(("starts", "is_fault"), [(-1, True), (0, False), (10, False), (11, True)])
def test_a_count_starts_within_its_bounds(starts: int, is_fault: bool) -> None:
    text = COUNT.replace("starts: 0", f"starts: {starts}") + events(UP, DOWN)
    assert ("leaves-bounds" in [code for code, _, _ in found(text)]) is is_fault


@pytest.mark.parametrize(
    "question",
    [
        "mean: loyalty, at: 2022-02-01",
        "probability: unrest, given: loyalty > 0, at: 2022-02-01",
        "time-until: unrest, from: loyalty > 0, by: 2022-02-01",
    ],
)
def test_no_part_of_a_question_reads_what_nobody_can_see(question: str) -> None:
    state = FLAGS.replace("war: {", "loyalty: {type: level, starts: 0, latent: true}, war: {")
    calms = CALMS.replace("unrest: false", "unrest: false, loyalty: loyalty + 1")
    text = state + events(ERUPTS, calms) + f"questions: {{q: {{{question}}}}}\n"
    assert [code for code, _, _ in found(text)] == ["not-measurable"]


def test_a_what_if_of_which_nothing_is_new_is_told_part_by_part() -> None:
    text = FLAGS + events(ERUPTS, CALMS) + "what-if: {w: {set: {war: false, unrest: false}}}\n"
    text += "questions: {q: {probability: war or unrest, at: 2022-02-01}}\n"
    codes = [code for code, is_error, _ in found(text) if is_error]
    assert codes == ["what-if-changes-nothing"] * 2


TOWNS = (
    "groups: {town: [north, south]}\n"
    "state:\n"
    "  x: {type: count, per: town, starts: 0, max: 10}\n"
    "  up: {type: flag, per: town, starts: false}\n"
    "questions:\n"
    "  q: {mean: 'sum(x[t] for t in town)', at: 2022-02-01}\n"
    "  u: {probability: 'any(up[t] for t in town)', at: 2022-02-01}\n"
)


@pytest.mark.parametrize(
    ("effect", "fault"),
    [
        ('"x[north]": "x[south]"', None),
        ('"x[north]": "x[north]"', "changes-nothing"),
        # of those for which it is done, it is so already; or it is done for none
        ('"up[t] for t in town where up[t]": true', "changes-nothing"),
        ('"up[t] for t in town where not up[t]": true', None),
        ('"up[t] for t in town where x[t] > 10": true', "changes-nothing"),
        ('"x[t] for t in town where x[t] >= 10": "x[t] + 1"', "leaves-bounds"),
        ('"x[t] for t in town where x[t] >= 9": "x[t] + 1"', None),
    ],
)
def test_effects_on_some_of_a_group(effect: str, fault: str | None) -> None:
    grows = (
        'grows: {per: town, when: "x[town] < 10", rate: spark, then: {"x[town]": "x[town] + 1"}}'
    )
    turns = 'turns: {per: town, rate: spark, then: {"up[town]": "not up[town]"}}'
    text = TOWNS + events(grows, turns, f"a: {{rate: spark, then: {{{effect}}}}}")
    assert [code for code, _, _ in found(text)] == ([fault] if fault else [])


@pytest.mark.parametrize(
    ("value", "label"), [("11 + big", "above 11"), ("0 - 1 - big", "below -1")]
)
def test_what_has_no_end_on_one_side_is_shown_by_the_other(value: str, label: str) -> None:
    head = COUNT.replace("type: count", "type: level, min: 0").replace(
        "state:", "  big: {prior: 'lognormal(1, 2)', grade: assumed, because: a guess}\nstate:"
    )
    _, said = try_case(Source("case.yaml", merged(head + events(f"a: {{rate: spark, then: "
                       f"{{n: {value}}}}}", "b: {rate: spark, then: {n: 1}}"))))  # fmt: skip
    assert ("leaves-bounds", label) in [(o.code.value, o.primary.text) for o in said.in_order()]


def test_a_question_under_a_condition_that_never_holds_has_one_fault() -> None:
    question = "probability: unrest or not unrest, given: 1 > 2, at: 2022-02-01"
    told = found(FLAGS + f"questions: {{q: {{{question}}}}}\n")
    assert told == [("question-impossible", True, "1 > 2")]


@pytest.mark.parametrize(
    ("more", "what_if", "faults"),
    [
        ("", "{set: {holder(president): tokayev}, at: 2022-02-01}", 1),
        ("", "{set: {holder(president): vacant}, at: 2022-02-01}", 0),
        ("", "{set: {unrest: false}, when: unrest}", 0),
        ("resigns", "{set: {holder(president): tokayev}, at: 2022-02-01}", 0),
        ("resigns", "{set: {holder(president): tokayev}, when: unrest}", 0),
        ("resigns", "{set: {holder(president): tokayev}}", 1),
        # what another what-if makes so is not so without it
        ("", "{set: {war: false}, at: 2022-02-01}, v: {set: {war: true}, at: 2022-02-02}", 1),
    ],
)
def test_what_is_always_so_is_not_set(more: str, what_if: str, faults: int) -> None:
    resigns = ["resigns: {rate: spark, then: {holder(president): vacant}}"] if more else []
    text = FLAGS + events(ERUPTS, CALMS, *resigns) + (
        "questions:\n  o: {probability: holder(president) == tokayev, at: 2022-03-01}\n"
        f"  w: {{probability: war or unrest, at: 2022-03-01}}\nwhat-if: {{w: {what_if}}}\n"
    )  # fmt: skip
    codes = [code for code, is_error, _ in found(text) if is_error]
    assert codes == ["what-if-changes-nothing"] * faults


@pytest.mark.parametrize(
    ("effect", "missing"),
    [
        # the event that cannot happen there is named, not the one that can
        ("when: plot, rate: spark, then: {war: true}", "wars"),
        # and where none is missing, nothing could be said of it
        ("rate: spark, then: {war: plot}", None),
    ],
)
def test_what_is_missing_in_an_atom_is_named(effect: str, missing: str | None) -> None:
    head = PLOTS.replace("if plot then spark else 0", "spark") + f"  wars: {{{effect}}}\n"
    item = "evidence: [{id: E1, state: unrest and war, at: 2022-01-05, cites: wire}]\n"
    _, said = try_case(Source("case.yaml", merged(head + item)))
    told = [str(one.help) for one in said.in_order() if one.code.value == "impossible-in-atom"]
    assert len(told) == (missing is not None)
    assert all(f"impossible: {{{missing}: REASON}}" in one for one in told)
