"""The door of the journal."""

from khet.base.journal.actions import Draft, append, label
from khet.base.journal.models import Anchor, Entry
from khet.base.journal.queries import Fault, history, verify_chain

__all__ = ["Anchor", "Draft", "Entry", "Fault", "append", "history", "label", "verify_chain"]
