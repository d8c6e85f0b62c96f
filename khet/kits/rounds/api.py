"""The door of rounds."""

from khet.kits.rounds.actions.closing import close as close_round
from khet.kits.rounds.actions.planning import change_round, open_round, plan_year
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
from khet.kits.rounds.queries.duties import Duty, duties, open_rounds_with
from khet.kits.rounds.queries.frozen import census_now, census_path, census_table, censuses
from khet.kits.rounds.queries.running import census_of, columns_of, findings_of, rows_of, totals_of
from khet.kits.rounds.queries.standings import Standing, standings
from khet.kits.rounds.wholesale import Left, certify_all, confirm_all, explain_all, round_called, verify_all

__all__ = [
    "CENSUS_FORMAT",
    "CENSUS_MANIFEST",
    "CENSUS_TYPES",
    "Census",
    "CensusTable",
    "Check",
    "Duty",
    "Left",
    "Level",
    "Question",
    "Round",
    "Scope",
    "Sheet",
    "SheetKind",
    "Standing",
    "census_folder",
    "census_now",
    "census_of",
    "census_path",
    "census_reference",
    "census_sha256",
    "census_table",
    "censuses",
    "certify_all",
    "change_round",
    "check",
    "checks",
    "close_round",
    "columns_of",
    "confirm_all",
    "duties",
    "explain_all",
    "findings_of",
    "open_round",
    "open_rounds_with",
    "plan_year",
    "references",
    "round_called",
    "rows_of",
    "sheet",
    "sheets",
    "standings",
    "totals_of",
    "verify_all",
]
