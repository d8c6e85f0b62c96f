"""What modules declare registers with."""

from khet.kits.register.bases.codes import CodeList, code_list, code_lists
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
    Paper,
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
    "CodeList",
    "Column",
    "Facet",
    "Fact",
    "Fault",
    "Figure",
    "Import",
    "ImportColumn",
    "Panel",
    "Paper",
    "Record",
    "Section",
    "Tab",
    "View",
    "Wrong",
    "code_list",
    "code_lists",
    "records",
    "register",
]
