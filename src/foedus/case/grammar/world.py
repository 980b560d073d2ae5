"""The grammar of what is there: sources, actors, groups, data, alliances, background."""

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
    Either,
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

OBLIGATIONS = ("defense", "offense", "neutrality", "nonaggression", "consultation")
SOURCE_KINDS = (
    "commentary", "news", "broadcast", "report", "dataset", "paper", "book", "document",
    "statement", "web", "coding",
)  # fmt: skip
ACTOR_KINDS = ("state", "person", "organization", "agency", "group", "movement")
DECISIONS = ("consensus", "majority", "lead")
SOURCE = Keys(
    "source",
    {
        "kind": required(Word(SOURCE_KINDS), "what sort of document it is"),
        "title": required(Text(), "its title"),
        "authors": optional(Text(), "who wrote it"),
        "language": optional(Line("[a-z]{2,3}", "a language code such as `fi`"), "its language"),
        "published": optional(Date(), "when it was published"),
        "url": optional(Line(what="an address"), "where it can be read"),
        "doi": optional(Line(what="a DOI"), "its DOI"),
        "file": optional(
            Line(what="a file's name"),
            "the file's name in the folder given to `foedus sources --dir`",
        ),
        "sha256": optional(Line("[0-9a-f]{64}", "64 hex digits"), "SHA-256 of the file's bytes"),
        "origin": optional(Name("origin"), "who is behind it"),
        "note": optional(Text(), "anything a reader should know"),
    },
)
ORIGIN = Keys(
    "origin",
    {
        "label": optional(Text(), "what to call it"),
        "reliability": optional(UNCERTAIN, "how likely it is that what it reports was so"),
        "doc": optional(Text(), "who this is and what interest it has"),
    },
)
ACTOR = Keys(
    "actor",
    {
        "kind": required(Word(ACTOR_KINDS), "what sort of actor"),
        "of": optional(Name("actor"), "the state or body it belongs to"),
        "iso": optional(Line("[A-Z]{2,3}", "an ISO 3166 code"), "country code of a state"),
        "label": optional(Text(), "what to call it"),
        "doc": optional(Text(), "who this is"),
        "cites": optional(CITES, "where that is documented"),
    },
)
GROUP = Either(
    scalar=Number(True, 1),
    sequence=Listed(LABEL),
    mapping=Keys(
        "subgroup",
        {
            "of": required(Name("group"), "the larger group"),
            "only": required(Listed(LABEL), "those of it that belong"),
        },
    ),
)
DATA = Keys(
    "data",
    {
        "per": required(PER, "the group or two groups that index it"),
        "values": optional(
            Either(
                sequence=Listed(Number()),
                mapping=Named(
                    "label", Either(scalar=Number(), mapping=Named("label", Number(), LABEL)), LABEL
                ),
            ),
            "the numbers: a list in the group's order, or by label",
        ),
        "csv": optional(
            Line(what="a file beside the case"),
            "a CSV file with a label column per group, then the value",
        ),
        "column": optional(Line(what="a column's name"), "the column that holds the value"),
        "unit": optional(Line(what="a unit"), "its unit"),
        **GROUNDS,
        "doc": optional(Text(), "what it is"),
    },
    exactly_one=(("values", "csv"),),
)
RELATION = Keys(
    "relation",
    {
        "between": required(Listed(Name("group")), "the two groups"),
        "pairs": optional(Listed(Listed(LABEL)), "the pairs themselves"),
        "csv": optional(
            Line(what="a file beside the case"), "a CSV file with two columns of labels"
        ),
        "generate": optional(
            Keys(
                "generated relation",
                {
                    "kind": required(
                        Word(("random-regular", "erdos-renyi", "small-world", "complete")),
                        "which random graph",
                    ),
                    "degree": optional(
                        Number(True, 1), "neighbours of each (random-regular, small-world)"
                    ),
                    "probability": optional(Number(False, 0), "chance of each pair (erdos-renyi)"),
                    "rewire": optional(
                        Number(False, 0), "chance that a tie is rewired (small-world)"
                    ),
                    "seed": optional(Number(True, 0), "which draw of the graph"),
                },
            ),
            "draw the pairs from a seed",
        ),
        "symmetric": optional(Truth(), "each pair holds both ways"),
        "doc": optional(Text(), "what it means"),
        "cites": optional(CITES, "what it rests on"),
    },
    exactly_one=(("pairs", "csv", "generate"),),
)
ALLIANCE = Keys(
    "alliance",
    {
        "members": required(
            Either(
                scalar=Name("group"),
                sequence=Listed(
                    Either(
                        scalar=Name("actor"),
                        mapping=Keys(
                            "membership",
                            {
                                "actor": required(Name("actor"), "the member"),
                                "from": optional(Date(), "since when"),
                                "to": optional(Date(), "until when"),
                                "cites": optional(CITES, "where that is documented"),
                            },
                        ),
                    )
                ),
            ),
            "its members, dated where they joined late or left",
        ),
        "lead": optional(Name("actor"), "the leading member"),
        "obligations": optional(Listed(Word(OBLIGATIONS)), "what members promise (ATOP)"),
        "decides": optional(Word(DECISIONS), "how it decides; consensus if not said"),
        "since": required(Date(), "when it began"),
        "until": optional(Date(), "when it ended"),
        "label": optional(Text(), "what to call it"),
        "doc": optional(Text(), "what it is"),
        "cites": optional(CITES, "where that is documented"),
    },
)
BACKGROUND = Keys(
    "background fact",
    {
        "id": required(Name("background fact"), "what to call it"),
        "happened": required(Text(), "what happened"),
        "at": required(Date(), "when"),
        "sets": optional(
            Listed(Name("state or parameter", True)), "the start values and priors it settles"
        ),
        "cites": required(CITES, "where that is documented"),
        "note": optional(Text(), "anything a reader should know"),
    },
)
