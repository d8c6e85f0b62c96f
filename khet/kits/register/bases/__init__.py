"""What modules declare registers with."""

from khet.kits.register.bases.imports import Checked, Fault, Import, ImportColumn, Wrong
from khet.kits.register.bases.records import (
    Action,
    Bulk,
    Cell,
    Change,
    Column,
    Facet,
    Fact,
    Figure,
    Panel,
    Record,
    Section,
    Tab,
    View,
    records,
    register,
)

__all__ = [
    "Action",
    "Bulk",
    "Cell",
    "Change",
    "Checked",
    "Column",
    "Facet",
    "Fact",
    "Fault",
    "Figure",
    "Import",
    "ImportColumn",
    "Panel",
    "Record",
    "Section",
    "Tab",
    "View",
    "Wrong",
    "records",
    "register",
]
