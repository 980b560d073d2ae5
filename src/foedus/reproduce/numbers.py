"""The parts that are numbers: shipped laws and classes, scores, what-ifs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from foedus.case.case import Case
from foedus.case.find import shipped_cases
from foedus.history.classes import COUNTS
from foedus.history.learned import LAWS
from foedus.history.requests import requests, requests_in_neither, requests_of_both
from foedus.reproduce.part import Made, Workplace, as_words, differences

ROUNDED = 2e-3
"""Shipped laws are rounded to four digits, and sums are added in another order elsewhere."""


def make_laws(place: Workplace) -> Made:
    """The laws learned from past calls, against `history/learned.json`."""
    from foedus.questions.fits.shipped import learned_laws

    made = learned_laws(requests(), progress=place.progress)
    shipped = json.loads(LAWS.read_text(encoding="utf-8"))
    return Made(made, as_words(differences(shipped, made, tolerance=ROUNDED)))


def make_classes(place: Workplace) -> Made:
    """The counts of reference classes, against `history/classes.json`; needs the data of others."""
    from foedus.history.derive import derived, needed
    from foedus.history.store import missing

    lacking = missing(needed())
    if lacking:
        return Made(skipped=f"without {', '.join(lacking)} (`foedus history import`)")
    made = derived()
    shipped = json.loads(COUNTS.read_text(encoding="utf-8"))
    return Made(made, as_words(differences(shipped, made)))


def make_request_scores(place: Workplace) -> Made:
    """The forecasts of requests for help, scored."""
    from foedus.questions.requests.precedents import rows_of
    from foedus.questions.requests.scoring import contests
    from foedus.report.outside_view.contest import contests_record

    both, neither = rows_of(requests_of_both()), rows_of(requests_in_neither())
    held = contests(both, place.progress, neither)
    return Made(contests_record(held))


def make_library(place: Workplace) -> Made:
    """The cases of the library and the fit on past calls, scored, with the calibration figure."""
    from foedus.questions.fits.scoring import call_contests
    from foedus.report.figures import render_png, render_svg
    from foedus.report.figures.calibration import draw_calibration
    from foedus.report.files import write_files
    from foedus.report.outside_view.library import library_record
    from foedus.reproduce.library import score_library

    library = score_library(progress=place.progress)
    contests = call_contests(requests())
    figure = draw_calibration((*contests, *library.contests))
    files = {
        f"{figure.name}.svg": render_svg(figure).encode(),
        f"{figure.name}.png": render_png(figure),
    }
    written = write_files(place.folder, files)
    return Made(library_record(library, contests), files=tuple(path.name for path in written))


def make_answers(place: Workplace) -> Made:
    """The answers of every shipped case before its evidence."""
    from foedus import study
    from foedus.questions.answers import as_record

    record = {}
    names = shipped_cases()
    for done, name in enumerate(names, 1):
        answers = as_record(study.simulate(name, draws=DRAWS))
        record[name] = {"draws": DRAWS, "seed": 1, "questions": answers["questions"]}
        if place.progress is not None:
            place.progress(done, len(names))
    return Made(record)


DRAWS = 200
"""Enough to see a change; the pages show answers from more."""


def make_what_ifs(place: Workplace) -> Made:
    """What each what-if of every shipped case changes given its record, or why it is not said."""
    from foedus import study
    from foedus.report.what_if.other_world import other_world_record

    def what_ifs_of(case: Case) -> dict[str, object]:
        found = study.counterfactual(case.name, *case.what_ifs, workers=None)
        return {"what-ifs": [without_time(other_world_record(case, one)) for one in found]}

    return of_each_record(what_ifs_of, place)


def without_time(record: Mapping[str, object]) -> dict[str, object]:
    """A record without how long it took, which is another every time."""
    return {key: one for key, one in record.items() if key != "seconds"}


def of_each_record(answer: Callable[[Case], dict[str, object]], place: Workplace) -> Made:
    """What is said of each shipped case with evidence and rivals, or why it is refused."""
    from foedus import study
    from foedus.text.diagnostic import NoAnswerError

    record: dict[str, object] = {}
    names = shipped_cases()
    for done, name in enumerate(names, 1):
        case = study.load(name)
        if case.evidence and case.explanations:
            try:
                record[name] = answer(case)
            except NoAnswerError as fault:
                record[name] = {"refused": str(fault)}
        if place.progress is not None:
            place.progress(done, len(names))
    return Made(record)
