"""The texts of `foedus show`, and the same as records for `--json`."""

from foedus.report.show.assumptions import assumption_records, show_assumptions
from foedus.report.show.model import show_model
from foedus.report.show.overview import overview_record, show_overview
from foedus.report.show.record import show_timeline, timeline_records
from foedus.report.show.sources import show_sources, source_records
from foedus.report.show.statements import show_statements, statement_records

__all__ = [
    "assumption_records",
    "overview_record",
    "show_assumptions",
    "show_model",
    "show_overview",
    "show_sources",
    "show_statements",
    "show_timeline",
    "source_records",
    "statement_records",
    "timeline_records",
]
