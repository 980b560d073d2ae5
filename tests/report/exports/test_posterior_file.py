"""The file for ArviZ: without what writes it, as it is written, and as ArviZ opens it."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from foedus import study
from foedus.infer.islands.effort import Effort
from foedus.report.exports import posterior_file
from foedus.text.diagnostic import SettingsError
from tests.infer.strikes import COMPLETE, HEAD, THREE
from tests.loading import case_of

TOLD = "  - {id: told, state: strikes == 3, at: 2000-01-09, cites: [wave]}\n"
MORE = """\
  mood: {type: {one of: [sour, merry]}, starts: merry, doc: of the union}
  tired: {type: flag, per: hall, starts: false, doc: a hall}
events:
"""
CASE = HEAD.replace("speed", "atom").replace("events:\n", MORE)
CASE = CASE.replace("parameters:\n", "groups: {hall: [east, west]}\nparameters:\n")
CAN_WRITE = all(find_spec(name) is not None for name in posterior_file.NEEDED)
EFFORT = Effort(particles=60, again=20)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not CAN_WRITE:
        pytest.skip("xarray, h5netcdf and h5py are not installed: pip install 'foedus[arviz]'")
    path = tmp_path_factory.mktemp("posterior") / "strikes.nc"
    case = case_of(CASE + "evidence:\n" + THREE + TOLD + COMPLETE)
    study.weigh(case, effort=EFFORT, posterior=path, at=("2000-01-02", "2000-01-09"))
    return path


def test_without_the_libraries_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(posterior_file, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"`h5py`: `pip install 'foedus\[arviz\]'`"):
        study.weigh("bahrain-2011", posterior=tmp_path / "x.nc")


def test_a_folder_that_is_not_there_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(posterior_file, "find_spec", lambda name: name)
    with pytest.raises(FileNotFoundError, match="no such folder"):
        study.weigh("bahrain-2011", posterior=tmp_path / "none" / "x.nc")


def test_what_is_no_file_is_told_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(posterior_file, "find_spec", lambda name: name)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no ordinary file"):
        study.weigh("bahrain-2011", posterior=tmp_path / "pipe")


def test_the_file_has_the_groups_with_chain_and_draw(file: Path) -> None:
    import xarray

    with xarray.open_datatree(file) as tree:
        assert set(tree.children) == {"posterior", "log_likelihood", "sample_stats"}
        found = tree["posterior"]
        assert found["strikes"].dims == ("chain", "draw", "time")
        assert np.all(found["strikes"].sel(time="2000-01-10T00:00") == 3.0)
        assert found["tired"].dims == ("chain", "draw", "time", "hall_index")
        assert list(found["hall_index"].values) == ["east", "west"]
        assert np.all(found["mood"] == 1.0)
        assert found["mood"].attrs["flag_meanings"] == "sour merry"
        assert found["atom_"].dims == ("chain", "draw")
        assert found["atom_"].attrs["units"] == "per day"
        assert found["holds"].sum("explanation").min() == 1
        assert tree["log_likelihood"]["record"].dims == ("chain", "draw", "piece")
        assert tree["sample_stats"]["lp"].shape == (4, 60)
        assert tree.attrs["particles"] == 60


@pytest.mark.skipif(sys.version_info < (3, 12), reason="ArviZ 1 needs Python 3.12")
def test_arviz_opens_it(file: Path) -> None:
    arviz = pytest.importorskip("arviz", reason="ArviZ is not installed")
    with arviz.from_netcdf(file) as tree:
        summary = arviz.summary(tree, var_names=["atom_", "holds"])
        assert float(summary.loc["holds[by-plot]", "mean"]) == pytest.approx(
            float(tree["posterior"]["holds"].sel(explanation="by-plot").mean()), abs=0.01
        )
        assert float(summary.loc["atom_", "r_hat"]) < 1.2
