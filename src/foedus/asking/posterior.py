"""The particles of a verdict written to a file, for ArviZ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from foedus.asking.settings import day_of
from foedus.case.case import Case
from foedus.infer.islands.effort import Effort
from foedus.infer.islands.islands import Evidence
from foedus.infer.likelihood.engine import start
from foedus.infer.likelihood.record_target import RecordTarget
from foedus.infer.posterior.posterior import posterior_of
from foedus.report.exports.posterior_file import verify_writable, write_posterior
from foedus.text.diagnostic import SettingsError


def writer_of(
    case: Case,
    path: Path,
    at: Sequence[str],
    *,
    as_of: str | None,
    effort: Effort | None,
    seed: int,
) -> Callable[[RecordTarget, Evidence], None]:
    """What writes particles with the states at the ends of some dates, see `weigh`.

    Raises `SettingsError` at once for a date outside the clock, and where the file could not be
    written for want of a library; `OSError` where there is no such folder.
    """
    verify_writable(path)
    times = sorted({day_of(case, date) for date in at})
    for date in at:
        if not 0.0 <= day_of(case, date) <= case.clock.horizon:
            raise SettingsError(f"`{date}` lies outside the clock of the case")
    hard = effort or Effort()
    about: dict[str, object] = {"seed": seed, "particles": hard.particles}
    if as_of is not None:
        about["as_of"] = as_of

    def write(target: RecordTarget, evidence: Evidence) -> None:
        looked = times or [target.stages[-1].end]
        about["islands"] = len(evidence.courses)
        found = posterior_of(target, evidence, looked, start, draws=hard.particles, seed=seed)
        write_posterior(case, target.model, found, path, about)

    return write
