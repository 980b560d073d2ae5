"""What claims weigh for many particles, side by side: `claims.log_weight` in whole arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from foedus.frozen import dataclass
from foedus.infer.likelihood.claims import (
    RENEWED,
    Speaking,
    figure_weight,
    is_truth,
    log_weight,
    logs_of,
    stated,
)
from foedus.infer.particles.weights import Numbers, Places
from foedus.jump.record import Assertion

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Figures:
    """Claims of figures: their columns, what was stated, and the cells of the speaker's candour.

    `before` is the column of the figure that a claim supersedes and `stated_before` what that was;
    `NOBODY` where there is none (claim,).
    """

    columns: Places
    stated: Numbers
    candour: Places
    before: Places
    stated_before: Numbers

    def weigh(self, spoken: Numbers, numbers: Numbers) -> Numbers:
        """The log weight of each (particle, figure); arguments as in `Telling.weigh`."""
        renews = self.before != NOBODY
        error = logs_of(self.stated) - logs_of(spoken[:, self.columns])
        earlier = logs_of(self.stated_before) - logs_of(spoken[:, self.before])
        spread = 1.0 / numbers[:, self.candour]
        return figure_weight(
            np.where(renews, error - earlier, error), np.where(renews, RENEWED * spread, spread)
        )


@dataclass(frozen=True, slots=True)
class Telling:
    """Some of the `claims`, each a column: those of a truth (claim,), of figures, and the rest.

    Of the truths: `said` is the column of what the claim is about, `numbers` what that comes to
    where it is true, `candour` and `interest` the cells of the speaker's numbers (`NOBODY`: none),
    `signs` -1 for what is taken back. The rest, figures taken back, go one by one.
    """

    claims: Sequence[Assertion]
    truths: Places
    said: Places
    numbers: Numbers
    candour: Places
    interest: Places
    signs: Numbers
    figures: Figures
    others: tuple[Speaking, ...]

    def weigh(self, spoken: Numbers, numbers: Numbers, cells: Mapping[str, int]) -> Numbers:
        """The log weight of each claim (particle, claim), 0 for those that are not of these.

        `spoken` has what each claim is about (particle, claim), `numbers` those of the particles
        (particle, cell); `cells` says where speakers' stand.
        """
        told = np.zeros_like(spoken)
        truth = np.where(spoken[:, self.said] == self.numbers, 0.5, -0.5)
        interest = np.where(self.interest == NOBODY, 0.0, numbers[:, self.interest])
        odds = self.signs * (interest + numbers[:, self.candour] * truth)
        told[:, self.truths] = -np.logaddexp(0.0, -odds)
        told[:, self.figures.columns] = self.figures.weigh(spoken, numbers)
        if self.others:
            by_id = {one.id: one for one in self.claims}
            column = {one: place for place, one in enumerate(by_id)}
            found = {one: spoken[:, place] for one, place in column.items()}
            own = {name: numbers[:, cell] for name, cell in cells.items()}
            for one in self.others:
                told[:, column[one.claim.id]] = log_weight(one, found, own, by_id)
        return told


def telling(
    claims: Sequence[Assertion], speaking: Mapping[str, Speaking], made: frozenset[str],
    cells: Mapping[str, int],
) -> Telling:  # fmt: skip
    """The claims of a record that were `made`, in the order of the record."""
    column = {one.id: place for place, one in enumerate(claims)}
    rows, others = list[tuple[int, int, float, int, int, float]](), list[Speaking]()
    figures = list[Speaking]()
    for one in claims:
        spoken = speaking[one.id]
        if one.id not in made or spoken.candour is None or one.repeats is not None:
            continue
        said = claims[column[one.retracts]] if one.retracts is not None else one
        if said.kind == "value" and not is_truth(said.expression):
            (figures if said is one else others).append(spoken)
            continue
        number = float(said.number or 0.0) if said.kind == "value" else 1.0
        interest = NOBODY if spoken.interest is None else cells[spoken.interest]
        sign = 1.0 if one.retracts is None else -1.0
        rows.append(
            (column[one.id], column[said.id], number, cells[spoken.candour], interest, sign)
        )
    columns = list(zip(*rows, strict=True)) or [()] * 6
    truths, about, numbers, candour, interests, signs = (np.array(one) for one in columns)
    return Telling(
        tuple(claims), truths.astype(np.int64), about.astype(np.int64), numbers.astype(np.float64),
        candour.astype(np.int64), interests.astype(np.int64), signs.astype(np.float64),
        _figures(figures, claims, cells), tuple(others),
    )  # fmt: skip


def _figures(
    speaking: Sequence[Speaking], claims: Sequence[Assertion], cells: Mapping[str, int]
) -> Figures:
    column = {one.id: place for place, one in enumerate(claims)}
    rows = list[tuple[int, float, int, int, float]]()
    for one in speaking:
        assert one.candour is not None
        own = column[one.claim.id], float(stated(one.claim)), cells[one.candour]
        earlier = one.claim.supersedes
        last = NOBODY if earlier is None else column[earlier]
        rows.append((*own, last, 0.0 if last == NOBODY else float(stated(claims[last]))))
    places, said, candour, before, said_before = list(zip(*rows, strict=True)) or [()] * 5
    return Figures(
        np.array(places, np.int64), np.array(said, np.float64), np.array(candour, np.int64),
        np.array(before, np.int64), np.array(said_before, np.float64),
    )  # fmt: skip
