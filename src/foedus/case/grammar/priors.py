"""The grammar of a file of priors: what an analyst believes instead of what the case says."""

from __future__ import annotations

from foedus.case.grammar.leaves import GROUNDS, UNCERTAIN, optional
from foedus.case.shapes import Keys, Name, Named, Number, Text

OWN_PRIORS = Named("parameter", UNCERTAIN, Name("parameter", True))
PRIORS = Keys(
    "file of priors",
    {
        "title": optional(Text(), "whose priors they are"),
        "doc": optional(Text(), "where they differ from the case, and why"),
        "parameters": optional(
            OWN_PRIORS, "priors by parameter, named as `foedus show CASE --assumptions` names them"
        ),
        "atoms": optional(
            Named(
                "atom",
                Keys(
                    "belief in an atom",
                    {
                        "prior": optional(Number(False, 0), "its probability before the evidence"),
                        **GROUNDS,
                        "parameters": optional(OWN_PRIORS, "priors that hold in this atom only"),
                    },
                ),
                Name("atom"),
            ),
            "priors of the atoms, which must still sum to one",
        ),
    },
)
