"""Where real data are, for the tests that read them, and the formats they have."""

import os
from pathlib import Path

import pytest

from tests.architecture.project import ROOT

SAMPLES = Path(__file__).parent / "samples"
REAL = {
    "aid-requests": "aid_requests.csv",
    "archigos": "archigos_4.1.csv",
    "atop-alliances": "atop_4.01_alliance_level.csv",
    "atop-dyad-years": "atop_5_directed_dyad_year.parquet",
    "atop-members": "atop_4.01_member_level.csv",
    "berkemeier-fuhrmann": "berkemeier_fuhrmann_2018.csv",
    "cline": "cline_coups_2.1.2.csv",
    "colpus": "colpus_master_coup_list_1946_2022.csv",
    "cow-mid": "cow_mid_5_disputes.csv",
    "cow-nmc": "cow_nmc_7.0.csv",
    "cow-states": "cow_states_2016.csv",
    "cow-wars-inter": "cow_war_inter_4_dyad_year.csv",
    "cow-wars-intra": "cow_war_intra_4.1.csv",
    "gml-mid-disputes": "gml_mid_2.2.1_disputes.csv",
    "gml-mid-participants": "gml_mid_2.2.1_participants.csv",
    "gw-states": "gw_states_2017.csv",
    "leeds-anac": "leeds_anac_2005.csv",
    "polity5": "polity5_core.csv",
    "powell-thyne": "powell_thyne_coups_2022-11-29.csv",
    "reign-elections": "reign_electionlist_2021-03.csv",
    "reign-leaders": "reign_leaderlist_2021-03.csv",
    "reign-regimes": "reign_regimelist.csv",
    "ucdp-acd": "ucdp_prio_acd_22.1.csv",
    "vdem": "vdem_polyarchy_libdem.csv",
}


def shared_data() -> Path | None:
    """The folder of third-party data, which the project does not hold; None if it is not here."""
    chosen = os.environ.get("FOEDUS_SHARED_DATA")
    places = [Path(chosen)] if chosen else [ROOT.parent / "shared" / "data", ROOT / "shared/data"]
    return next((place for place in places if (place / "archigos_4.1.csv").is_file()), None)


def real_file(name: str) -> Path:
    """The real file of a format; skips the test if it is not here."""
    folder = shared_data()
    if folder is None:
        pytest.skip("third-party data are not here: they are not the project's to ship")
    return folder / REAL[name]


def sample(name: str) -> Path:
    """A small file in the layout of a format, with invented rows."""
    return next(SAMPLES.glob(f"{name}.?sv"))
