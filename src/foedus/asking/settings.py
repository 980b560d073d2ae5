"""What a user sets by hand, in the units and words of the case, as the algorithms take it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from foedus.case.case import Case, Parameter
from foedus.case.constants import constants
from foedus.case.reads import unread_parameters
from foedus.report.phrases.citations import all_parameters
from foedus.text.diagnostic import SettingsError
from foedus.text.suggest import list_names, named

if TYPE_CHECKING:
    from foedus.questions.design import Executor


def parameters_in_days(
    case: Case, settings: Mapping[str, float], *, given_the_record: bool = False
) -> dict[str, float]:
    """The parameters among settings, from the units they are written in to days and per day.

    Those of origins and speakers are for what is asked `given_the_record`. Raises `SettingsError`
    for a name that is neither a parameter nor a constant, for one that nothing would read, and for
    a share that is none.
    """
    found = {}
    fixed = constants(case)
    known = {one.spec.name: one for one in all_parameters(case)}
    unread = unread_parameters(case) if settings else frozenset[str]()
    for name, value in settings.items():
        if name in known:
            _verify_read(name, given_the_record or name in case.parameters)
            if name in unread:
                raise SettingsError(_unread(known[name], case))
            is_share = known[name].unit == "share" or name.startswith("reliability.")
            if is_share and not 0 <= value <= 1:
                raise SettingsError(
                    f"`{name}` is a share, which cannot be {value:g}: write `0.3` for 30 per cent"
                )
            if value == 0 and name.startswith("reliability."):
                raise SettingsError(
                    f"`{name}` cannot be 0: what an origin reports would have no probability at "
                    "all; write a small share such as `0.01`"
                )
            found[name] = value * known[name].factor
        elif name not in fixed:
            shown = "`foedus show CASE --assumptions` lists them"
            cure = named(name, (*known, *fixed), shown)
            raise SettingsError(f"no parameter is called `{name}`: {cure}")
    return found


def _unread(parameter: Parameter, case: Case) -> str:
    """That setting a parameter would change nothing, and what to do instead."""
    clause = f"nothing in the case reads `{parameter.spec.name}`"
    if parameter.is_default:
        return (
            f"{clause}, a mechanism's default for what the case binds to something else: change "
            "that under `uses`"
        )
    return (
        f"{clause}, so no answer rests on it: see `foedus show {case.source.in_commands} --model`"
    )


def _verify_read(name: str, is_read: bool) -> None:
    if not is_read:
        raise SettingsError(
            f"`{name}` says whom to believe, and nothing is believed before the evidence: set it "
            "with `weigh`, `whatif` or `simulate --as-of`"
        )


def day_of(case: Case, written: str) -> float:
    """The end of a date, as it is written in cases, in days from the start of the clock."""
    from foedus.dates import DateError, parse_date

    try:
        return case.clock.days(parse_date(written, case.clock.zone).end)
    except DateError as fault:
        raise SettingsError(f"{fault.message}: {fault.help}") from None


def day_of_decision(case: Case, written: str) -> float:
    """The same of a date from which on something is decided: the clock must go on after it."""
    day = day_of(case, written)
    if day >= case.clock.horizon:
        raise SettingsError(
            f"the clock of the case ends by `{written}`, so that nothing is left to decide: give "
            "an earlier date"
        )
    return day


def engine_and_executor(
    name: str | None, workers: int | None, *, makes_runs: bool = True
) -> tuple[str, Executor]:
    """The engine to use, and the executor that suits it.

    Raises `SettingsError` for an engine that is not there, or one without runs where they are
    needed.
    """
    from foedus.engine import compiler
    from foedus.ensemble.local import processes, threads
    from foedus.questions.design import ENGINES, RUNNING, default_engine

    name = default_engine() if name is None else name
    if name not in ENGINES:
        known = RUNNING if makes_runs else ENGINES
        raise SettingsError(f"no engine is called `{name}`: there are {list_names(known)}")
    if makes_runs and name not in RUNNING:
        raise SettingsError(
            f"the engine `{name}` makes no runs, of which this is asked: there are "
            f"{list_names(RUNNING)}"
        )
    if name == "native" and (fault := compiler.fault()) is not None:
        raise SettingsError(f"{fault}: leave out the engine, and the reference engine is used")
    return name, threads(workers) if name == "native" else processes(workers)


def verify_named(name: str, what: str, known: tuple[str, ...]) -> None:
    """Raises `SettingsError`, with the nearest name, if there is no `what` of that name."""
    if name not in known:
        cure = named(name, known) if known else "the case has none"
        raise SettingsError(f"no {what} is called `{name}`: {cure}")


def verify_explanation(case: Case, name: str) -> None:
    """Raises `SettingsError` if no explanation or set is so called, or none of it can be true."""
    readings = {**case.explanations, **case.sets}
    verify_named(name, "explanation", tuple(readings))
    atoms = readings[name].explanation.atoms
    if not any(one.atom.prior > 0.0 for one in case.atoms if one.atom.name in atoms):
        raise SettingsError(f"`{name}` has a prior of 0, so that there is no run in which it holds")
