"""The door of rounds."""

from khet.kits.rounds.bases import (
    CensusTable,
    Check,
    Level,
    Question,
    Scope,
    Sheet,
    SheetKind,
    check,
    checks,
    sheet,
    sheets,
)
from khet.kits.rounds.queries.duties import Duty, duties, open_rounds_with, to_chase
from khet.kits.rounds.queries.frozen import census_path, censuses
from khet.kits.rounds.queries.running import census_of, columns_of, findings_of, rows_of, totals_of

__all__ = [
    "CensusTable",
    "Check",
    "Duty",
    "Level",
    "Question",
    "Scope",
    "Sheet",
    "SheetKind",
    "census_of",
    "census_path",
    "censuses",
    "check",
    "checks",
    "columns_of",
    "duties",
    "findings_of",
    "open_rounds_with",
    "rows_of",
    "sheet",
    "sheets",
    "to_chase",
    "totals_of",
]
