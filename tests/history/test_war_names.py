"""The years of wars, which the data have in their names only."""

import pytest

from foedus.history.measures.commitments import last_year


@pytest.mark.parametrize(
    ("war", "year"),
    [
        ("Vietnam1965-75", 1975),
        ("Boer1899-02", 1902),
        ("Great Northern1899-1902", 1902),
        ("WorldWarII", 1945),
        ("Football1969", 1969),
        ("Gulf 1991 ", 1991),
    ],
)
def test_a_war_ends_in_the_last_year_of_its_name(war: str, year: int) -> None:
    assert last_year(war) == year


def test_a_name_without_a_year() -> None:
    with pytest.raises(ValueError, match="holds no year"):
        last_year("Punic")
