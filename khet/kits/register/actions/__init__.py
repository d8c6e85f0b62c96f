"""Verbs of the register kit: they move imports on; what changes records is always the module's own verb."""

from khet.kits.register.actions.codes import add_code, change_code, keep_declared_codes
from khet.kits.register.actions.drafts import drop_draft, keep_draft
from khet.kits.register.actions.forgetting import due_to_forget, forget_rows
from khet.kits.register.actions.imports import (
    apply_batch,
    check_batch,
    confirm,
    drop,
    match_columns,
    receive_file,
    set_skipped,
    undo,
)
from khet.kits.register.actions.saved import forget_view, save_view

__all__ = [
    "add_code",
    "apply_batch",
    "change_code",
    "check_batch",
    "confirm",
    "drop",
    "drop_draft",
    "due_to_forget",
    "forget_rows",
    "forget_view",
    "keep_declared_codes",
    "keep_draft",
    "match_columns",
    "receive_file",
    "save_view",
    "set_skipped",
    "undo",
]
