"""The acts of a chain of command. Each is a verb; a flow allows an act by naming its function.

All lock the run, ask whether the actor may act at this step today, close the step for good, open what follows,
and call the subject's own function back, in one transaction. A second decision gets a ``Conflict``.
"""

from khet.kits.workflow.actions.acts import Act, act, acts
from khet.kits.workflow.actions.back import give_back, recall, withdraw
from khet.kits.workflow.actions.beside import acknowledge, advise, ask
from khet.kits.workflow.actions.down import assign, forward
from khet.kits.workflow.actions.groups import hand, take
from khet.kits.workflow.actions.onward import approve, endorse, finish, sign, start, submit
from khet.kits.workflow.actions.upkeep import (
    cancel,
    change_due,
    describe,
    keep_draft,
    mark_opened,
    save_phrases,
)

__all__ = [
    "Act", "acknowledge", "act", "acts", "advise", "approve", "ask", "assign", "cancel", "change_due", "describe",
    "endorse", "finish", "forward", "give_back", "hand", "keep_draft", "mark_opened", "recall",
    "save_phrases", "sign", "start", "submit", "take", "withdraw",
]  # fmt: skip
