"""A file on its way into a register: received, matched, checked, confirmed in one transaction, undone.

Receiving, confirming, undoing and dropping are verbs. Reading and checking write only the batch's own
tables, in steps that may be killed and begun again; the register itself changes in ``confirm`` and ``undo``
alone, each in one transaction: all of it or nothing.
"""

from khet.kits.register.actions.imports.applying import apply_batch, confirm
from khet.kits.register.actions.imports.checking import check_batch
from khet.kits.register.actions.imports.files import (
    INLINE_BYTES,
    INLINE_ROWS,
    MOST_BYTES,
    MOST_ROWS,
    importing,
    match_columns,
    missing,
    open_sheet,
    read_headings,
    receive_file,
)
from khet.kits.register.actions.imports.undoing import drop, set_skipped, undo

__all__ = [
    "INLINE_BYTES",
    "INLINE_ROWS",
    "MOST_BYTES",
    "MOST_ROWS",
    "apply_batch",
    "check_batch",
    "confirm",
    "drop",
    "importing",
    "match_columns",
    "missing",
    "open_sheet",
    "read_headings",
    "receive_file",
    "set_skipped",
    "undo",
]
