"""Where runs do not agree, as many again are made, and all of them are asked."""

from collections.abc import Sequence

import numpy as np
import pytest

from foedus.infer import agreed
from foedus.infer.agreed import agreed_islands
from foedus.infer.effort import Effort
from foedus.infer.islands import Evidence, run_islands
from foedus.infer.record_target import RecordTarget
from foedus.infer.sampler import Settings
from foedus.text.diagnostic import NoAnswerError, NoiseError
from tests.infer.strikes import THREE, target_from

FEW = Effort(particles=30, sweeps=1, islands=2)


def refused(verdicts: Sequence[bool], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let agreement be found wanting as told; gives how many runs were asked each time."""
    asked, answers = list[int](), iter(verdicts)

    def verify(_: RecordTarget, evidence: Evidence, *__: object) -> None:
        asked.append(len(evidence.courses))
        if next(answers):
            raise NoiseError("noise would decide")

    monkeypatch.setattr(agreed, "verify_agreement", verify)
    return asked


def test_runs_that_agree_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = refused([False], monkeypatch)
    assert len(agreed_islands(target_from(THREE), FEW).courses) == 2
    assert asked == [2]


def test_where_they_do_not_agree_all_count_that_were_made(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, told = refused([True, False], monkeypatch), list[tuple[int, int]]()
    target = target_from(THREE)
    found = agreed_islands(target, FEW, progress=lambda *at: told.append(at))
    assert asked == [2, 4]
    at_once = run_islands(target, Settings(30, 1), islands=4)
    np.testing.assert_array_equal(found.levels, at_once.levels)
    shares = [done / total for done, total in told]
    assert shares[-1] == 1.0
    assert min(shares[shares.index(1.0) + 1 :]) == 0.5


def test_noise_that_decides_still_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    refused([True, True], monkeypatch)
    with pytest.raises(NoAnswerError, match="noise"):
        agreed_islands(target_from(THREE), FEW)
