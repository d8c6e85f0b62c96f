"""The verbs of correspondence: the only writers."""

from khet.modules.letters.actions.dispatching import (
    correct,
    dispatch,
    excuse,
    recall,
    remind,
    send_ready,
)
from khet.modules.letters.actions.receiving import (
    forward,
    mark_opened,
    receive,
    register,
    send_back,
)
from khet.modules.letters.actions.registers import cancel_entry, close, note_action, start_register
from khet.modules.letters.actions.setup import save_addressees, set_bureau, set_signature
from khet.modules.letters.actions.writing import (
    discard,
    draft,
    enclose,
    issue,
    rewrite,
    submit,
    unclose,
)

__all__ = [
    "cancel_entry",
    "close",
    "correct",
    "discard",
    "dispatch",
    "draft",
    "enclose",
    "excuse",
    "forward",
    "issue",
    "mark_opened",
    "note_action",
    "recall",
    "receive",
    "register",
    "remind",
    "rewrite",
    "save_addressees",
    "send_back",
    "send_ready",
    "set_bureau",
    "set_signature",
    "start_register",
    "submit",
    "unclose",
]
