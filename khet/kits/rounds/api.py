"""The door of rounds."""

from khet.kits.rounds.bases import (
    CensusTable,
    Check,
    Level,
    Question,
    Scope,
    Sheet,
    SheetKind,
    census_reference,
    check,
    checks,
    references,
    sheet,
    sheets,
)
from khet.kits.rounds.censuses import FORMAT as CENSUS_FORMAT
from khet.kits.rounds.censuses import MANIFEST as CENSUS_MANIFEST
from khet.kits.rounds.censuses import TYPES as CENSUS_TYPES
from khet.kits.rounds.censuses import path_of as census_folder
from khet.kits.rounds.censuses import sha256_of as census_sha256
from khet.kits.rounds.models import Census, Round
from khet.kits.rounds.queries.duties import Duty, duties, open_rounds_with, to_chase
from khet.kits.rounds.queries.frozen import census_now, census_path, census_table, censuses
from khet.kits.rounds.queries.running import census_of, columns_of, findings_of, rows_of, totals_of

__all__ = [
    "CENSUS_FORMAT",
    "CENSUS_MANIFEST",
    "CENSUS_TYPES",
    "Census",
    "CensusTable",
    "Check",
    "Duty",
    "Level",
    "Question",
    "Round",
    "Scope",
    "Sheet",
    "SheetKind",
    "census_folder",
    "census_now",
    "census_of",
    "census_path",
    "census_reference",
    "census_sha256",
    "census_table",
    "censuses",
    "check",
    "checks",
    "columns_of",
    "duties",
    "findings_of",
    "open_rounds_with",
    "references",
    "rows_of",
    "sheet",
    "sheets",
    "to_chase",
    "totals_of",
]
