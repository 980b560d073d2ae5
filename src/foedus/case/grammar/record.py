"""The grammar of what is believed and recorded: atoms, readings, evidence, claims."""

from __future__ import annotations

from foedus.case.grammar.leaves import (
    CITES,
    GROUNDS,
    UNCERTAIN,
    optional,
    required,
)
from foedus.case.shapes import (
    Date,
    Duration,
    Either,
    EventName,
    Formula,
    Keys,
    Line,
    Listed,
    Name,
    Named,
    Number,
    Text,
    Word,
)

COMPONENT = Keys(
    "component",
    {"label": optional(Text(), "what to call it"), "doc": optional(Text(), "what is meant")},
)
ATOM = Keys(
    "atom",
    {
        "components": required(Listed(Name("component"), False), "the components present in it"),
        "prior": required(Number(False, 0), "its probability before the evidence"),
        **GROUNDS,
        "parameters": optional(
            Named("parameter", UNCERTAIN, Name("parameter", True)),
            "priors that hold in this atom only",
        ),
        "impossible": optional(
            Named("event", Text(), EventName()), "what cannot happen in it, and why"
        ),
    },
)
READING = {
    "atoms": required(Listed(Name("atom")), "the atoms in which it is true"),
    "label": optional(Text(), "what to call it"),
    "doc": optional(Text(), "what it says"),
    "cites": optional(CITES, "who holds it"),
}
WHEN = Either(
    scalar=Date(),
    sequence=Listed(
        Keys(
            "dated alternative",
            {"at": required(Date(), "when"), "weight": required(Number(False, 0), "how likely")},
        )
    ),
)
ITEM = {
    "id": required(Name("item"), "what to call it"),
    "happened": optional(EventName(), "it happened"),
    "absent": optional(EventName(), "it did not happen"),
    "no-report": optional(EventName(), "nobody reported it"),
    "state": optional(Formula(), "this was so"),
    "value": optional(Formula(), "this was measured"),
    "is": optional(Number(), "the measured value"),
    "error": optional(
        Line(r"(factor|sd) .*", "an error such as `factor 1.3` or `sd 100`"),
        "how exact the measurement is",
    ),
    "with": optional(
        Named("draw", Either(scalar=Line(what="a value, such as `2030 factor 1.3`")), Name("draw")),
        "what its random draws came out as",
    ),
    "at": optional(WHEN, "when: a date, an interval, or weighted alternatives"),
    "between": optional(Date(), "from when to when"),
    "known": optional(Date(), "when it became public"),
    "cites": required(CITES, "where that is documented"),
    "label": optional(Text(), "what to call it"),
    "hedge": optional(Text(), "how the source hedges it"),
    "established": optional(Text(), "why it is taken as certain"),
    "follows": optional(Name("item"), "it came after this item"),
    "bears-on": optional(
        Listed(Line(what="the id of a discriminating fact")), "the predictions it tests"
    ),
    "note": optional(Text(), "anything a reader should know"),
}
EVIDENCE = Keys(
    "item of evidence",
    ITEM,
    exactly_one=(("happened", "absent", "no-report", "state", "value"),),
    at_most_one=(("at", "between"),),
)
RECORD = Keys(
    "record",
    {
        "complete": optional(Date(), "the span in which every firing is in the record"),
        "lag": optional(Duration(), "how long until it is in the record"),
        "reported": optional(Name("parameter", True), "the probability that a firing is reported"),
        "delay": optional(Duration(), "how long a report takes"),
        "during": optional(Date(), "the span that was searched for reports; left out, the clock"),
        "because": optional(Text(), "why the record is thought to be so"),
    },
    exactly_one=(("complete", "reported"),),
    at_most_one=(("complete", "during"),),
)
DURATIONS = ("minutes", "hours", "days", "weeks", "months", "years")
READS = Keys(
    "law of a value",
    {
        "mean": required(Formula(), "the mean"),
        "sd": required(Formula(), "the standard deviation"),
    },
)
TABLE = Keys(
    "table of units",
    {
        "csv": required(Line(what="a file beside the case"), "the rows"),
        "variable": optional(Name("state variable", True), "the state variable observed"),
        "unit": optional(Line(what="a column's name"), "column that tells units apart"),
        "time": optional(Line(what="a column's name"), "column of the time"),
        "time-unit": optional(Word(DURATIONS), "the unit of the times; days if not given"),
        "state": optional(Line(what="a column's name"), "column of the state or value"),
        "scheme": optional(
            Word(("panel", "exact", "terminal", "set", "misclassified", "normal")),
            "how the rows observe the process",
        ),
        "ends": optional(
            Listed(Line(what="a state")), "with `terminal`: states whose coming is timed exactly"
        ),
        "seen-as": optional(
            Named("state", Named("state seen", Formula())),
            "with `misclassified`: of each true state, how likely it is seen as which other",
        ),
        "reads": optional(
            Named("state", READS), "with `normal`: of each state, the law of the value"
        ),
        "event": optional(Name("event", True), "the event of which only the order is known"),
        "index": optional(
            Listed(Line(what="a column's name")), "columns of the event's indices, in their order"
        ),
        "times": optional(Word(("order",)), "with `event`: what the rows say of when"),
        "cites": optional(CITES, "where it comes from"),
        "doc": optional(Text(), "what it is"),
    },
    exactly_one=(("variable", "event"),),
)
SPEAKER = Keys(
    "speaker",
    {
        "candour": required(UNCERTAIN, "how far truth guides what they say"),
        "interest": optional(
            Named("assertion", UNCERTAIN, Name("assertion", True)),
            "how much they gain from saying it",
        ),
        "doc": optional(Text(), "what is known of them"),
    },
)
CLAIM = Keys(
    "claim",
    {
        "id": required(Name("claim"), "what to call it"),
        "by": required(Name("actor"), "who said it"),
        "to": optional(Name("actor"), "to whom"),
        "says": optional(
            EventName(), "what it asserts: a component, an explanation, a set, or an event"
        ),
        "value": optional(Formula(), "what it puts a number on"),
        "is": optional(Number(), "the number"),
        "at": required(Date(), "when it was said"),
        "known": optional(Date(), "when that became public"),
        "hedge": optional(Text(), "how the speaker hedged it"),
        "supersedes": optional(Name("claim"), "the earlier figure of the series it replaces"),
        "repeats": optional(Name("claim"), "the claim it repeats: a repetition weighs nothing"),
        "retracts": optional(Name("claim"), "the claim it takes back"),
        "cites": required(CITES, "where that is documented"),
        "doc": optional(Text(), "what was said, in our words"),
        "note": optional(Text(), "anything a reader should know"),
        "bears-on": optional(
            Listed(Line(what="the id of a discriminating fact")), "the predictions it tests"
        ),
    },
    exactly_one=(("says", "value", "retracts"),),
)
