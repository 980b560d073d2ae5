"""What a case file and a mechanism file look like: every key, its shape, and what it is for.

One table, three uses: files are verified against it, and the JSON Schema and the manual's tables
are made from it.
"""

from __future__ import annotations

from foedus.case.grammar.asked import (
    CLUE,
    QUESTION,
    STATEMENT,
    WHAT_IF,
)
from foedus.case.grammar.leaves import (
    NAMED_LABELS,
    PARAMETER,
    TITLE,
    optional,
    required,
)
from foedus.case.grammar.motion import (
    EVENT,
    OFFICE,
    STATE,
    USE,
)
from foedus.case.grammar.record import (
    ATOM,
    CLAIM,
    COMPONENT,
    EVIDENCE,
    READING,
    RECORD,
    SPEAKER,
    TABLE,
)
from foedus.case.grammar.world import (
    ACTOR,
    ALLIANCE,
    BACKGROUND,
    DATA,
    GROUP,
    ORIGIN,
    RELATION,
    SOURCE,
)
from foedus.case.shapes import (
    Date,
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

CASE = Keys(
    "case",
    {
        "foedus": required(Number(True), "version of the language: 1"),
        "case": required(Name("case"), "the case's name"),
        **TITLE,
        "clock": required(
            Keys(
                "clock",
                {
                    "start": required(Date(), "when the simulation starts"),
                    "end": required(Date(), "when it ends"),
                    "zone": optional(
                        Line(what="an offset such as `+06:00`"),
                        "offset of dates without one; UTC if absent",
                    ),
                },
            ),
            "the span of time that is simulated",
        ),
        "sources": optional(Named("source", SOURCE, Name("source")), "the documents"),
        "origins": optional(Named("origin", ORIGIN, Name("origin")), "who is behind the documents"),
        "actors": optional(Named("actor", ACTOR, Name("actor")), "who acts"),
        "groups": optional(Named("group", GROUP, Name("group")), "index sets"),
        "labels": optional(NAMED_LABELS, "what to call members of groups and values of state"),
        "data": optional(Named("data", DATA, Name("data")), "constants indexed by groups"),
        "relations": optional(Named("relation", RELATION, Name("relation")), "who is tied to whom"),
        "offices": optional(Named("office", OFFICE, Name("office")), "offices and who held them"),
        "alliances": optional(
            Named("alliance", ALLIANCE, Name("alliance")), "alliances and what they promise"
        ),
        "uses": optional(Listed(USE), "the mechanisms the case is built from"),
        "background": optional(Listed(BACKGROUND), "what was known before the clock"),
        "parameters": optional(
            Named("parameter", PARAMETER, Name("parameter")), "uncertain constants"
        ),
        "components": optional(
            Named("component", COMPONENT, Name("component")),
            "what may or may not be part of the story",
        ),
        "atoms": optional(
            Named("atom", ATOM, Name("atom")), "combinations of components with their priors"
        ),
        "explanations": optional(
            Named("explanation", Keys("explanation", READING), Name("explanation")),
            "the rivals: a partition of the atoms",
        ),
        "sets": optional(
            Named("set", Keys("set", READING), Name("set")), "other readings, which may overlap"
        ),
        "state": optional(Named("state variable", STATE, Name("state variable")), "what changes"),
        "events": optional(Named("event", EVENT, Name("event")), "what can happen, and how fast"),
        "evidence": optional(Listed(EVIDENCE), "what the record says happened within the clock"),
        "record": optional(
            Named("event", RECORD, EventName()), "how complete the record of each kind is"
        ),
        "tables": optional(Named("table", TABLE, Name("table")), "observations of many units"),
        "speakers": optional(
            Named("speaker", SPEAKER, Name("actor")), "why those who made claims may have made them"
        ),
        "claims": optional(Listed(CLAIM), "who said what"),
        "statements": optional(
            Named("statement", STATEMENT, Name("statement")),
            "what a source says and what carries it",
        ),
        "outcomes": optional(Listed(EVIDENCE), "what came later: read by scores, never by a fit"),
        "questions": optional(Named("question", QUESTION, Name("question")), "what is asked"),
        "what-if": optional(Named("what-if", WHAT_IF, Name("what-if")), "one decision changed"),
        "clues": optional(Named("clue", CLUE, Name("clue")), "what could still be looked up"),
    },
)
NEED = Keys(
    "need",
    {
        "kind": required(
            Word(("alliance", "actor", "office", "group", "expression", "state")),
            "what must be bound to it",
        ),
        "type": optional(
            Word(("number", "share", "condition", "rate", "duration", "flag", "count", "level")),
            "the type of an expression or a state variable",
        ),
        "per": optional(Name("need"), "a state variable's group"),
        "default": optional(Formula(), "what it is if the case does not bind it"),
        "doc": optional(Text(), "what it stands for"),
    },
)
MECHANISM = Keys(
    "mechanism",
    {
        "mechanism": required(Name("mechanism"), "the mechanism's name"),
        **TITLE,
        "sources": optional(Named("source", SOURCE, Name("source")), "what its defaults rest on"),
        "needs": optional(Named("need", NEED, Name("need")), "what a case must bind"),
        "offers": optional(
            Keys(
                "offers",
                {
                    "events": optional(Listed(Name("event"), False), "event kinds it promises"),
                    "state": optional(Listed(Name("state variable"), False), "state it promises"),
                },
            ),
            "its declared interface: `replace` is legal where it matches",
        ),
        "parameters": optional(
            Named("parameter", PARAMETER, Name("parameter")), "its parameters with default priors"
        ),
        "labels": optional(NAMED_LABELS, "what to call the values of its state"),
        "state": optional(Named("state variable", STATE, Name("state variable")), "its state"),
        "events": optional(Named("event", EVENT, Name("event")), "its event kinds"),
    },
)
