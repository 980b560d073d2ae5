"""Whether explanations account for their records at all, for every case where it can be said."""

from __future__ import annotations

import json
from collections.abc import Iterator

from foedus import study
from foedus.case.find import shipped_cases
from foedus.ensemble.local import usable_processors
from foedus.infer.calibration.recording import tellable
from foedus.infer.calibration.reference import Progress, references
from foedus.infer.shipped.reference_file import FILE, as_entry
from foedus.jump.lower_record import lower_record
from foedus.reproduce.part import Made, Workplace, as_words, differences

MOVED = 0.02
"""Logarithms and shares may differ by so much of themselves on other machines."""


def referable() -> Iterator[str]:
    """The shipped cases with rival explanations and a record of which a model can tell a part."""
    for name in shipped_cases():
        case = study.load(name)
        if case.explanations and any(
            not one.is_outcome for one in tellable(lower_record(case)).sightings
        ):
            yield name


def entry_of(name: str, progress: Progress | None = None) -> dict[str, object]:
    """What the file should have for a case; minutes, on all processors."""
    case = study.load(name)
    model, record, workers = study.build(case), lower_record(case), usable_processors()
    return as_entry(model, record, references(model, record, workers=workers, progress=progress))


def make_references(place: Workplace) -> Made:
    """The references of all cases; those that ship are held against what would be made.

    They stand in `infer/shipped/references.json`.
    """
    made = {}
    names = list(referable())
    for number, name in enumerate(names):

        def tell(done: int, total: int, before: int = number) -> None:
            if place.progress is not None:
                place.progress(before * total + done, len(names) * total)

        made[name] = entry_of(name, tell)
    shipped = json.loads(FILE.read_text(encoding="utf-8"))
    published = {name: made.get(name) for name in shipped}
    return Made(made, as_words(differences(shipped, published, tolerance=MOVED)))
