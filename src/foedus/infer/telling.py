"""What claims weigh for many particles, side by side: `claims.log_weight` in whole arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from foedus.frozen import dataclass
from foedus.infer.claims import Speaking, is_truth, log_weight
from foedus.infer.weights import Numbers, Places
from foedus.jump.record import Assertion

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Telling:
    """Some of the `claims`, each a column: those of a truth (claim,), and the rest one by one.

    Of the truths: `said` is the column of what the claim is about, `numbers` what that comes to
    where it is true, `candour` and `interest` the cells of the speaker's numbers (`NOBODY`: none),
    `signs` -1 for what is taken back.
    """

    claims: Sequence[Assertion]
    truths: Places
    said: Places
    numbers: Numbers
    candour: Places
    interest: Places
    signs: Numbers
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
    for one in claims:
        spoken = speaking[one.id]
        if one.id not in made or spoken.candour is None or one.repeats is not None:
            continue
        said = claims[column[one.retracts]] if one.retracts is not None else one
        if said.kind == "value" and not is_truth(said.expression):
            others.append(spoken)
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
        tuple(others),
    )  # fmt: skip
