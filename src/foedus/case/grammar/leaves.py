"""The leaves of the grammar: citations, grounds, values, indices."""

from __future__ import annotations

from foedus.case.shapes import (
    Either,
    Field,
    Keys,
    Line,
    Listed,
    Name,
    Named,
    Number,
    PriorText,
    Shape,
    Text,
    Word,
)


def required(shape: Shape, doc: str) -> Field:
    """A key that must stand."""
    return Field(shape, doc, True)


def optional(shape: Shape, doc: str) -> Field:
    """A key that may stand."""
    return Field(shape, doc)


GRADES = ("measured", "reported", "judged", "assumed")
LABEL = Name("label")
NAMED_LABELS = Named("label", Text(), LABEL)
CITATION = Either(
    scalar=Line(what="a citation: `SOURCE` or `SOURCE#PLACE`"),
    mapping=Keys(
        "citation",
        {
            "source": required(Name("source"), "the source cited"),
            "start": optional(
                Number(True, 0),
                "first character of the passage (code points of the NFC text, from 0)",
            ),
            "end": optional(Number(True, 0), "one past its last character"),
            "sha256": optional(
                Line("[0-9a-f]{16,64}", "at least 16 hex digits of the passage's SHA-256"),
                "digest of the passage",
            ),
            "quote": optional(
                Keys(
                    "quote",
                    {
                        "exact": required(Text(), "the words themselves"),
                        "prefix": optional(Text(), "what stands before"),
                        "suffix": optional(Text(), "what stands after"),
                    },
                ),
                "the passage by its words (a text quote selector)",
            ),
            "at": optional(Text(), "the place in words, such as a page or a section"),
        },
    ),
)
CITES = Either(scalar=CITATION.scalar, mapping=CITATION.mapping, sequence=Listed(CITATION))
GROUNDS = {
    "grade": optional(Word(GRADES), "how well the value is known"),
    "because": optional(Text(), "the reason, for a value that is judged or assumed"),
    "cites": optional(CITES, "what the value rests on"),
}
CLASS = Keys(
    "class prior",
    {
        "from": required(Name("class"), "a reference class of the history"),
        "where": optional(Line(what="a condition on the class"), "which rows of it"),
    },
)
PRIOR = Either(scalar=PriorText(), mapping=CLASS)
VALUE = {
    "value": optional(Number(), "a fixed value"),
    "prior": optional(PRIOR, "what is believed before the evidence"),
    "unit": optional(Line(what="a unit, such as `per day`"), "unit; none means a plain number"),
    **GROUNDS,
    "doc": optional(Text(), "what it means"),
}
UNCERTAIN = Keys("value", VALUE, exactly_one=(("value", "prior"),))
PER = Either(
    scalar=Name("group"),
    sequence=Listed(Name("group")),
    mapping=Named("index variable", Name("group"), Name("index variable")),
)
PARAMETER = Keys(
    "parameter",
    {**VALUE, "per": optional(PER, "one independent value for each of a group")},
    exactly_one=(("value", "prior"),),
)
TITLE = {
    "title": required(Text(), "what to call it"),
    "doc": optional(Text(), "what it is about"),
}
