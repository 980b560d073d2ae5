"""The grammar of a file of expectations: what answers of a case must come out as, and why."""

from __future__ import annotations

from foedus.case.grammar.leaves import optional, required
from foedus.case.shapes import Keys, Listed, Name, Named, Number, Text

EXPECT = Keys(
    "file of expectations",
    {
        "doc": optional(Text(), "what they are about"),
        "expect": required(
            Listed(
                Keys(
                    "expectation",
                    {
                        "question": required(Name("question"), "the question of the case"),
                        "explanation": optional(
                            Name("explanation"), "its answer under this explanation or set"
                        ),
                        "what-if": optional(Name("what-if"), "with this decision changed"),
                        "set": optional(
                            Named("parameter", Number(), Name("parameter", True)),
                            "with these parameters fixed, in the units they are written in",
                        ),
                        "at-least": optional(
                            Number(), "the least it may be: shares from 0 to 1, times in days"
                        ),
                        "at-most": optional(Number(), "the most it may be"),
                        "because": required(Text(), "why it must come out so"),
                    },
                )
            ),
            "the answers, each with its bounds",
        ),
    },
)
