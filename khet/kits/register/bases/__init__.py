"""What modules declare registers with."""

from khet.kits.register.bases.imports import Checked, Fault, Import, ImportColumn, Wrong
from khet.kits.register.bases.records import (
    Action,
    Bulk,
    Cell,
    Change,
    Column,
    Fact,
    Facet,
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
    "Fact",
    "Facet",
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
