"""The grammar of what is asked: statements, questions, what-ifs, clues."""

from __future__ import annotations

from foedus.case.grammar.leaves import (
    CITES,
    CLASS,
    optional,
    required,
)
from foedus.case.shapes import (
    Date,
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

STATEMENT = Keys(
    "statement",
    {
        "paragraph": optional(Number(True, 1), "the paragraph of the source"),
        "says": required(Text(), "what the source says, in our words"),
        "role": required(
            Word(("drives", "result", "claim", "context")), "what it does in the case"
        ),
        "carried-by": required(
            Listed(Line("[a-z-]+:.+", "KIND:NAME")), "the elements that carry it"
        ),
        "asks": optional(Listed(Name("question")), "the questions that answer it"),
        "answered-by": optional(Line(what="a command"), "the command that gives the answer"),
        "hedge": optional(Text(), "how the source hedges it"),
        "cites": required(CITES, "where it stands"),
    },
)
QUESTION = Keys(
    "question",
    {
        "label": optional(Text(), "the question in words"),
        "doc": optional(Text(), "why it is asked"),
        "probability": optional(Formula(), "how likely this is"),
        "time-until": optional(Formula(), "how long until this"),
        "from": optional(Formula(), "counted from when this first holds"),
        "mean": optional(Formula(), "the mean and quantiles of this"),
        "average": optional(Formula(), "its average over a time"),
        "integral": optional(Formula(), "its integral over a time"),
        "maximum": optional(Formula(), "its largest value over a time"),
        "minimum": optional(Formula(), "its smallest value over a time"),
        "at": optional(Date(), "at this date"),
        "by": optional(Date(), "at any time until this date"),
        "between": optional(Date(), "at any time in this interval, or over it"),
        "given": optional(
            Formula(), "only among runs in which this holds at the time of the answer"
        ),
        "outside": optional(CLASS, "a class of past cases, to stand beside a probability"),
        "cites": optional(CITES, "who asks it"),
    },
    exactly_one=(
        ("probability", "time-until", "mean", "average", "integral", "maximum", "minimum"),
    ),
    at_most_one=(("at", "by", "between"),),
)
EVENTS_NAMED = Either(scalar=EventName(), sequence=Listed(EventName()))
WHAT_IF = Keys(
    "what-if",
    {
        "label": optional(Text(), "the what-if in words"),
        "doc": optional(Text(), "why it is asked"),
        "forbid": optional(EVENTS_NAMED, "this cannot happen"),
        "force": optional(EVENTS_NAMED, "this happens"),
        "set": optional(Named("state or parameter", Formula(), Formula()), "this is so instead"),
        "replace": optional(
            Named("use", Line(what="a mechanism's name or file"), Name("prefix")),
            "another mechanism in its place",
        ),
        "at": optional(Date(), "at this date"),
        "when": optional(Formula(), "when this first holds"),
        "precedents": optional(CLASS, "a class of past cases in which it was decided so"),
        "cites": optional(CITES, "who asks it"),
    },
    at_most_one=(("at", "when"),),
)
CLUE = Keys(
    "clue",
    {
        "label": optional(Text(), "the clue in words"),
        "doc": optional(Text(), "where it could be looked up"),
        "happened": optional(EventName(), "whether this happened"),
        "state": optional(Formula(), "whether this was so"),
        "by": optional(Date(), "until when"),
        "at": optional(Date(), "when"),
    },
    exactly_one=(("happened", "state"),),
)
