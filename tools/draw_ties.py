"""Draw the ties of the shipped case alliance-50, once and for all, from a seed.

Usage: python tools/draw_ties.py
"""

from pathlib import Path
from random import Random

FOLDER = Path(__file__).parents[1] / "src" / "foedus" / "cases" / "alliance-50"
COUNTRIES = 50
SPREAD = 0.7 / COUNTRIES**0.5


def ties(seed: int) -> list[list[float]]:
    """A symmetric matrix of normal numbers, six decimals, with nothing on the diagonal."""
    chance = Random(seed)
    matrix = [[0.0] * COUNTRIES for _ in range(COUNTRIES)]
    for one in range(COUNTRIES):
        for other in range(one):
            tie = round(chance.gauss(0.0, SPREAD), 6)
            matrix[one][other] = matrix[other][one] = tie
    return matrix


def files(seed: int = 12345) -> dict[str, str]:
    """The text of each file, by name. States are numbered from 1; even ones begin in the east."""
    names = range(1, COUNTRIES + 1)
    rows = [
        f"{one},{other},{tie:.6f}"
        for one, row in zip(names, ties(seed), strict=True)
        for other, tie in zip(names, row, strict=True)
    ]
    sides = [f"{one},{1 - one % 2}" for one in names]
    return {
        "ties.csv": "\n".join(["country,other,tie", *rows, ""]),
        "countries.csv": "\n".join(["country,east", *sides, ""]),
    }


if __name__ == "__main__":
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
