"""`foedus bench`."""

from __future__ import annotations

import click

from foedus.cli import options
from foedus.cli.output import tell, write, write_json


@click.command()
@click.option(
    "--only", multiple=True, metavar="ROW",
    help="Measure this row only (its name, or how it begins); may be given again.",
)  # fmt: skip
@click.option("--quick", is_flag=True, help="Measure less: a few minutes, and rougher numbers.")
@click.option("--list", "list_only", is_flag=True, help="List the rows and measure nothing.")
@options.as_json
def command(only: tuple[str, ...], quick: bool, list_only: bool, as_json: bool) -> None:
    """Measure how fast Foedus is on this machine, against C and other engines.

    Prints ratios with their spread and says of each whether its gate and its aim are reached.
    """
    from foedus.bench.machine import this_machine
    from foedus.bench.row import FULL, QUICK, all_rows
    from foedus.bench.run import as_record, measured, show, show_machine

    rows = [row for row in all_rows() if not only or row.name in only]
    rows = rows or [row for row in all_rows() if row.name.startswith(only)]
    if not rows:
        names = ", ".join(row.name for row in all_rows())
        raise click.UsageError(f"no row begins with `{'`, `'.join(only)}`: there are {names}")
    if list_only and as_json:
        write_json({"rows": [{"name": row.name, "measure": row.measure} for row in rows]})
        return
    if list_only:
        write("".join(f"{row.name:<20} {row.workload}: {row.measure}\n" for row in rows))
        return
    machine = this_machine()
    if not as_json:
        write(show_machine(machine) + "\n")
    records = []
    for row, outcome in measured(rows, QUICK if quick else FULL, lambda row: _begin(row.name)):
        records.append(as_record(row, outcome))
        if not as_json:
            write(show(row, outcome) + "\n")
    if as_json:
        write_json({"machine": machine.as_record(), "quick": quick, "rows": records})


def _begin(name: str) -> None:
    tell(f"measuring {name} ...\n")
