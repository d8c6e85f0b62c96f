"""What modules declare checks and sheets with."""

from khet.kits.rounds.bases.checks import CHECK_COLUMNS, Check, Scope, check, checks
from khet.kits.rounds.bases.reminders import LateUnits, LetterWriter, letter_writer
from khet.kits.rounds.bases.sheets import (
    STATE_COLUMNS,
    TOTAL_COLUMNS,
    CensusTable,
    Question,
    Sheet,
    census_reference,
    references,
    sheet,
    sheets,
)
from khet.kits.rounds.choices import Level, SheetKind

__all__ = [
    "CHECK_COLUMNS",
    "STATE_COLUMNS",
    "TOTAL_COLUMNS",
    "CensusTable",
    "Check",
    "LateUnits",
    "LetterWriter",
    "Level",
    "Question",
    "Scope",
    "Sheet",
    "SheetKind",
    "census_reference",
    "check",
    "checks",
    "letter_writer",
    "references",
    "sheet",
    "sheets",
]
