"""The door of correspondence."""

from khet.modules.letters.actions import draft, receive, register, send_ready, submit
from khet.modules.letters.flows import send_inside
from khet.modules.letters.models import Letter, Receipt
from khet.modules.letters.queries.area import Progress, answers_due, urgent_unopened
from khet.modules.letters.queries.letters import waiting, waiting_count

__all__ = [
    "Letter",
    "Progress",
    "Receipt",
    "answers_due",
    "draft",
    "receive",
    "register",
    "send_inside",
    "send_ready",
    "submit",
    "urgent_unopened",
    "waiting",
    "waiting_count",
]
