"""A case as meant: every check passed, every name resolved, frozen.

What moves is in `foedus.case.dynamics`, what surrounds it in `foedus.case.parts`; both are handed
on from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from foedus.case.dynamics import Relation, Table
from foedus.case.grounds import Citation, Grounds, LocalText
from foedus.case.observed import OrderTable, UnitTable
from foedus.case.parts import (
    Actor,
    Alliance,
    AtomBelief,
    Background,
    Claim,
    ClaimKind,
    Clue,
    Component,
    Document,
    EventReference,
    Happening,
    Item,
    ItemKind,
    Membership,
    Office,
    Origin,
    Parameter,
    Question,
    QuestionKind,
    Reading,
    Record,
    Speaker,
    Statement,
    StateVariable,
    Tenure,
    Use,
    WhatIf,
)
from foedus.dates import Clock
from foedus.expr.tree import Group
from foedus.frozen import dataclass
from foedus.text.source import Source

__all__ = [
    "Actor",
    "Alliance",
    "AtomBelief",
    "Background",
    "Case",
    "Citation",
    "Claim",
    "ClaimKind",
    "Clue",
    "Component",
    "Document",
    "EventReference",
    "Grounds",
    "Happening",
    "Item",
    "ItemKind",
    "LocalText",
    "Membership",
    "Office",
    "OrderTable",
    "Origin",
    "Parameter",
    "Question",
    "QuestionKind",
    "Reading",
    "Record",
    "Speaker",
    "StateVariable",
    "Statement",
    "Tenure",
    "UnitTable",
    "Use",
    "WhatIf",
]


@dataclass(frozen=True, slots=True)
class Case:
    """A checked case. Everything in it is named once and refers to things that exist."""

    name: str
    title: LocalText
    doc: LocalText
    clock: Clock
    sources: Mapping[str, Document]
    origins: Mapping[str, Origin]
    actors: Mapping[str, Actor]
    groups: Mapping[str, Group]
    labels: Mapping[str, LocalText]
    tables: tuple[Table, ...]
    relations: tuple[Relation, ...]
    offices: Mapping[str, Office]
    alliances: Mapping[str, Alliance]
    uses: tuple[Use, ...]
    background: tuple[Background, ...]
    parameters: Mapping[str, Parameter]
    components: Mapping[str, Component]
    atoms: tuple[AtomBelief, ...]
    explanations: Mapping[str, Reading]
    sets: Mapping[str, Reading]
    state: Mapping[str, StateVariable]
    events: Mapping[str, Happening]
    evidence: tuple[Item, ...]
    records: Mapping[str, Record]
    unit_tables: tuple[UnitTable | OrderTable, ...]
    speakers: Mapping[str, Speaker]
    claims: tuple[Claim, ...]
    statements: tuple[Statement, ...]
    outcomes: tuple[Item, ...]
    questions: Mapping[str, Question]
    what_ifs: Mapping[str, WhatIf]
    clues: tuple[Clue, ...]
    source: Source = field(compare=False, repr=False)
