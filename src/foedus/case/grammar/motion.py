"""The grammar of what moves: state, events, offices that change hands, mechanisms in use."""

from __future__ import annotations

from foedus.case.grammar.leaves import (
    CITES,
    GROUNDS,
    LABEL,
    PER,
    UNCERTAIN,
    optional,
    required,
)
from foedus.case.shapes import (
    Date,
    Duration,
    Either,
    Formula,
    Keys,
    Line,
    Listed,
    Name,
    Named,
    Number,
    Text,
    Truth,
    Word,
)

PLOVER = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE",
    "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
THEN = Named("effect", Formula(), Formula())
DRAWS = Named(
    "draw",
    Either(
        scalar=Formula(),
        mapping=Keys(
            "indexed draw",
            {
                "per": required(PER, "one draw for each of a group"),
                "as": required(Formula(), "its distribution"),
            },
        ),
    ),
    Name("draw"),
)
TIMING = {
    "rate": optional(Formula(), "hazard, per unit of time"),
    "every": optional(Duration(), "how long a rate that mentions time is held"),
    "after": optional(
        Formula(), "waiting time from being enabled; `immediately` when it turns true"
    ),
    "resume": optional(Truth(), "keep the age while the guard is false"),
    "at": optional(Either(scalar=Date(), sequence=Listed(Date())), "fixed dates"),
    "each": optional(Duration(), "a regular update"),
}
TAGS = {
    "by": optional(Name("actor"), "who does it"),
    "to": optional(Name("actor"), "to whom"),
    "plover": optional(Word(PLOVER), "event type in the PLOVER ontology"),
    "label": optional(Text(), "what to call it"),
    "doc": optional(Text(), "what happens"),
    "cites": optional(CITES, "what the mechanism rests on"),
}
OFFICE = Keys(
    "office",
    {
        "of": required(Name("actor"), "the state or body whose office it is"),
        "label": optional(Text(), "what to call it"),
        "doc": optional(Text(), "what power it carries"),
        "candidates": optional(
            Listed(Name("actor")), "who may hold it; otherwise the persons of the same state"
        ),
        "held": optional(
            Listed(
                Keys(
                    "tenure",
                    {
                        "by": required(Name("actor"), "who"),
                        "from": required(Date(), "since when"),
                        "to": optional(
                            Date(),
                            "until when; absent means still in office at the start of the clock",
                        ),
                        "cites": optional(CITES, "where that is documented"),
                        "note": optional(Text(), "how it began or ended"),
                    },
                )
            ),
            "tenures before and at the start of the clock",
        ),
        "changes": optional(
            Named(
                "change",
                Keys(
                    "change of office",
                    {
                        "to": required(Name("actor"), "who holds it afterwards, or `vacant`"),
                        "when": optional(Formula(), "when it can happen"),
                        **TIMING,
                        **{key: value for key, value in TAGS.items() if key != "to"},
                    },
                    exactly_one=(("rate", "after", "at", "each"),),
                ),
                Name("change"),
            ),
            "event kinds that fill or vacate it",
        ),
    },
)
USE = Keys(
    "use of a mechanism",
    {
        "mechanism": required(Line(what="a mechanism's name or file"), "which mechanism"),
        "as": required(Name("prefix"), "what its parts are called here: `PREFIX.part`"),
        "with": optional(Named("need", Formula(), Name("need")), "what its needs are bound to"),
        "set": optional(
            Named("parameter", UNCERTAIN, Name("parameter")), "other priors for its parameters"
        ),
        "if": optional(Name("component"), "it takes part only where this component is present"),
    },
)
STATE = Keys(
    "state variable",
    {
        "type": required(
            Either(
                scalar=Word(("flag", "count", "share", "level")),
                mapping=Keys(
                    "one of",
                    {
                        "one of": required(
                            Either(scalar=Name("group"), sequence=Listed(LABEL)), "its values"
                        )
                    },
                ),
            ),
            "what values it takes",
        ),
        "per": optional(PER, "the group or two groups that index it"),
        "starts": required(
            Either(scalar=Formula(), mapping=UNCERTAIN),
            "its value at the start: a literal, an expression, or a prior",
        ),
        "min": optional(Number(), "least value"),
        "max": optional(Number(), "greatest value"),
        "steps": optional(
            Number(True, 1), "a share held in this many equal steps, for exact answers"
        ),
        "latent": optional(Truth(), "not to be observed directly: a question may not read it"),
        "unit": optional(Line(what="a unit"), "its unit"),
        **GROUNDS,
        "label": optional(Text(), "what to call it"),
        "doc": optional(Text(), "what it means"),
    },
)
OPTION = Keys(
    "option",
    {
        "when": optional(Formula(), "when it is open to the actor"),
        "utility": required(Formula(), "how much the actor likes it"),
        "draw": optional(DRAWS, "random draws of what follows"),
        "then": optional(THEN, "what it changes"),
        **TAGS,
    },
)
EVENT = Keys(
    "event",
    {
        "per": optional(PER, "one instance for each of a group"),
        "when": optional(Formula(), "when it can happen"),
        **TIMING,
        "once": optional(Truth(), "at most one time in a run"),
        "draw": optional(DRAWS, "random draws of what follows"),
        "then": optional(THEN, "what it changes, all at once"),
        "choose": optional(
            Named("option", OPTION, Name("option")),
            "what the actor may do; the noisy utility decides",
        ),
        **TAGS,
    },
    exactly_one=(("rate", "after", "at", "each"),),
    at_most_one=(("then", "choose"), ("draw", "choose")),
)
