"""The outside view and scores from Python: each command of `foedus history` and `foedus score` is
one line here.

    from foedus import outside

    outside.take_in("archigos", "archigos_4.1.csv")
    outside.rate("request-granted", "frame = alliance")
    outside.fit("kazakhstan-2022").next_call
    outside.freeze("kazakhstan-2022", "forecast.json", as_of="2022-01-10")
    outside.settle("forecast.json")

What these give are frozen dataclasses, whose fields their modules describe. Data of others stay in
a store in the user's data directory; FOEDUS_DATA names another.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foedus import __version__, study
from foedus.case.case import Case
from foedus.text.diagnostic import CaseError, SettingsError
from foedus.text.suggest import named

if TYPE_CHECKING:
    from foedus.history.importing import Imported
    from foedus.history.lasting import Survival
    from foedus.history.rates import Answer
    from foedus.history.store import Provenance
    from foedus.infer.islands.effort import Effort
    from foedus.questions.fits.fit import CallsFit
    from foedus.questions.fits.library import LibraryScores
    from foedus.questions.fits.record import BodyRecord
    from foedus.questions.frozen import Settled
    from foedus.questions.requests.model import Forecast
    from foedus.questions.requests.scoring import Contest
    from foedus.questions.settling import SettledForecast


def take_in(form: str, path: str | Path, encoding: str = "utf-8") -> Imported:
    """A file of data, every row checked, in the store: `foedus history import`.

    What is wrong with the file is in `diagnostics`, and then nothing is taken in. Raises `OSError`.
    """
    from foedus.history.formats import format_names
    from foedus.history.importing import import_file

    _verify(form, "format", format_names())
    return import_file(form, Path(path), encoding=encoding)


def datasets() -> tuple[Provenance, ...]:
    """What has been taken in, with file, rows, digest and day: `foedus history list`."""
    from foedus.history.store import imported

    return tuple(imported())


def rate(question: str, *wheres: str, by: str | None = None, before: date | None = None) -> Answer:
    """How often such a thing happens, in classes within classes: `foedus history rate`.

    Raises `SettingsError` for a question or a condition that is none, `MissingDataError` where the
    data have not been taken in.
    """
    from foedus.history.class_error import ClassError
    from foedus.history.measures.registry import MEASURES
    from foedus.history.rates import rate as counted

    _verify(question, "question", tuple(MEASURES))
    try:
        return counted(MEASURES[question], wheres, by=by, before=before)
    except ClassError as fault:
        raise SettingsError(f"{fault.message}: {fault.help}") from None


def hazard(
    *wheres: str, by: str | None = None, end: str = "", covariates: Sequence[str] = ()
) -> Survival:
    """How long leaders last in office, and how they end: `foedus history hazard`.

    Raises `SettingsError` for a condition that is none, `MissingDataError` without archigos.
    """
    from foedus.history.class_error import ClassError
    from foedus.history.lasting import survival

    try:
        return survival(wheres, by=by, end=end, covariates=tuple(covariates))
    except ClassError as fault:
        raise SettingsError(f"{fault.message}: {fault.help}") from None


def forecast(path: str | Path, frozen: str | Path | None = None) -> tuple[Forecast, ...]:
    """Forecasts of the requests in a file, from earlier ones only: `foedus history forecast`.

    With `frozen` they are also written to that file, for `settle`; one that exists is left alone:
    raises `FileExistsError`. Raises `CaseError` with all that is wrong with the file, `OSError`.
    """
    from foedus.history.requests_at_hand import requests_to_learn_from
    from foedus.questions.requests.covariates import covariates
    from foedus.questions.requests.freezing import freeze_requests
    from foedus.questions.requests.model import forecasts
    from foedus.questions.requests.precedents import rows_of
    from foedus.questions.requests.reading import read_requests

    find = covariates()
    asked, diagnostics = read_requests(Path(path), find)
    if any(diagnostic.is_error for diagnostic in diagnostics):
        raise CaseError(diagnostics)
    rows = rows_of(requests_to_learn_from(), find)
    made = tuple(forecasts(asked, rows))
    if frozen is not None:
        _write(freeze_requests(made, rows, Path(path), _now(), __version__), frozen)
    return made


def request_scores() -> tuple[Contest, ...]:
    """Those forecasts scored: `foedus history scores`.

    Leaving out one at a time, by time, and on requests that are in neither table.
    """
    from foedus.history.requests import requests_in_neither, requests_of_both
    from foedus.questions.requests.precedents import rows_of
    from foedus.questions.requests.scoring import contests

    return contests(rows_of(requests_of_both()), outside=rows_of(requests_in_neither()))


def fit(
    case: Case | str | Path | None = None, *, body: str | None = None, before: date | None = None
) -> CallsFit:
    """The parameters of `collective-aid` learned from past calls: `foedus history fit`.

    Of a case, as of the first day of its clock and without its own call; or of a body by its name.
    Raises `SettingsError` where neither or both are given, and for a case that calls on no body.
    """
    from foedus.history.requests import requests
    from foedus.questions.fits.fit import fit_body
    from foedus.questions.fits.of_case import asked_in

    if (case is None) == (body is None):
        raise SettingsError("give a case or a body, one of them")
    if case is None:
        assert body is not None
        return fit_body(body, requests(), before)
    asked = asked_in(_opened(case), requests())
    if asked is None:
        raise SettingsError(_NO_CALL)
    day = asked.before if before is None else min(before, asked.before)
    return fit_body(asked.body, requests(), day, asked.case)


def calls(case: Case | str | Path) -> BodyRecord:
    """The record of the body that a case calls on, before and after: `foedus history calls`.

    Raises `SettingsError` for a case that calls on none.
    """
    from foedus.report.outside_view.body_record import body_record_of

    record = body_record_of(_opened(case))
    if record is None:
        raise SettingsError(_NO_CALL)
    return record


_NO_CALL = "the case does not use the mechanism `collective-aid`"


def freeze(
    case: Case | str | Path,
    path: str | Path,
    *,
    as_of: str | None = None,
    draws: int = 1000,
    seed: int = 1,
    effort: Effort | None = None,
    workers: int | None = 1,
) -> dict[str, Any]:
    """The answers of a case, written to a file that cannot be changed unseen: `score freeze`.

    A file that exists is left alone: raises `FileExistsError`, and what `study.forecast` raises.
    """
    from foedus.infer.islands.effort import Effort
    from foedus.questions.frozen import freeze as frozen

    opened, hard = _opened(case), effort or Effort()
    if as_of is None:
        answers = study.simulate(opened, draws=draws, seed=seed, workers=workers)
    else:
        answers = study.forecast(
            opened, as_of, draws=draws, seed=seed, effort=hard, workers=workers
        )
    record = frozen(
        opened, answers, as_of, _now(), __version__, draws=draws, particles=hard.particles
    )
    _write(record, path)
    return record


def settle(
    path: str | Path, *, came: str | Path | None = None, said: str | Path | None = None
) -> tuple[Settled, ...]:
    """A frozen forecast scored against what came, beside what sources said: `score settle`.

    Shipped cases have files of both, and some a forecast, found by the case's name. Raises
    `FrozenError` for a forecast that was changed, `SettingsError` where it is not known what came,
    or that cannot have come of what was asked.
    """
    (settled,) = settle_several([path], came=came, said=said)
    return settled.questions


def settle_several(
    paths: Sequence[str | Path],
    *,
    came: str | Path | None = None,
    said: str | Path | None = None,
) -> tuple[SettledForecast, ...]:
    """Several frozen forecasts, of other days, seeds or cases, each scored as `settle` does.

    Raises what `settle` does.
    """
    from foedus.questions.settling import settle_files

    ends, readings = (None if one is None else Path(one) for one in (came, said))
    return settle_files(paths, ends, readings)


def score_library(draws: int = 2000, seed: int = 1) -> LibraryScores:
    """The shipped cases scored on their own calls: `foedus score library`."""
    from foedus.reproduce.library import score_library as scored

    return scored(draws, seed)


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _write(record: dict[str, Any], path: str | Path) -> None:
    """Write a frozen forecast to a new file."""
    with Path(path).open("x", encoding="utf-8") as file:
        file.write(json.dumps(record, indent=1, allow_nan=False) + "\n")


def _opened(case: Case | str | Path) -> Case:
    return case if isinstance(case, Case) else study.load(case)


def _verify(name: str, what: str, known: Sequence[str]) -> None:
    if name not in known:
        raise SettingsError(f"no {what} is called `{name}`: {named(name, known)}")
