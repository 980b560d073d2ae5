"""What the tables of a record say of the parameters: their log likelihood together."""

from __future__ import annotations

from foedus.case.reads import names_in
from foedus.engine.prepare import Prepared, prepare
from foedus.engine.world import Parameters
from foedus.exact.again import States
from foedus.exact.filtering import LogProbability
from foedus.exact.order import order_log_likelihood
from foedus.exact.reduced import influencing
from foedus.exact.solve import LIMIT
from foedus.exact.units import UnitLikelihood, alike, unit_states
from foedus.jump.model import Atom, JumpModel
from foedus.jump.record import OrderTable, Record, UnitTable


class Tables:
    """The tables of a record, each with the part of the model that it is about."""

    def __init__(self, model: JumpModel, record: Record, limit: int = LIMIT) -> None:
        self.limit = limit
        self.parts = tuple((table, prepare(_part(model, table))) for table in record.tables)
        self._states: dict[tuple[str, str], States] = {}
        self._units = {one.name: alike(one) for one in record.tables if isinstance(one, UnitTable)}

    @property
    def parameters(self) -> frozenset[str]:
        """The parameters that tables read besides those of the model's events."""
        return frozenset(
            name
            for table, _ in self.parts
            if isinstance(table, UnitTable)
            for name in names_in(
                [
                    *(chance for _, _, chance in table.seen_as),
                    *(node for _, mean, spread in table.reads for node in (mean, spread)),
                ]
            ).parameters
        )

    def log_likelihood(self, theta: Parameters, atom: Atom) -> LogProbability:
        """The log likelihood of all tables at given parameters (in days and per day) in an atom.

        Exact times count with their densities per unit of time of their table. Raises
        `NotExactError` where the states of a unit are too many or no states at all.
        """
        value = error = 0.0
        for table, prepared in self.parts:
            own = self._one(table, prepared, theta, atom)
            value, error = value + own.value, error + own.error
        return LogProbability(value, error)

    def _one(
        self, table: UnitTable | OrderTable, prepared: Prepared, theta: Parameters, atom: Atom
    ) -> LogProbability:
        if isinstance(table, OrderTable):
            return order_log_likelihood(prepared, theta, atom, table)
        key = (table.name, atom.name)
        if key not in self._states:
            self._states[key] = unit_states(prepared, atom, table, self.limit)
        units = self._units[table.name]
        return UnitLikelihood(self._states[key].at(theta), table, units).log_likelihood()


def _part(model: JumpModel, table: UnitTable | OrderTable) -> JumpModel:
    if isinstance(table, UnitTable):
        return influencing(model, (table.variable,))
    return influencing(model, (), (table.event,))
