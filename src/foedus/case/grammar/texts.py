"""The grammar of a file of texts: what a case or a mechanism says, in the other language."""

from __future__ import annotations

from foedus.case.grammar.leaves import optional, required
from foedus.case.shapes import Keys, Line, Listed, Text

TEXTS = Keys(
    "file of texts",
    {
        "doc": optional(Text(), "anything a translator should know"),
        "texts": required(
            Listed(
                Keys(
                    "translated text",
                    {
                        "en": required(Line(what="a text"), "the text, as the case has it"),
                        "fi": required(Line(what="a text"), "what it is in Finnish"),
                    },
                )
            ),
            "the texts, each once, however often the case has it",
        ),
    },
)
