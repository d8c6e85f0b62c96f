"""Verbs on the children of the service area and on the tracing of those in no school."""

from khet.modules.children.actions.cases import close_case, open_case, plan_step, reopen_case, visit
from khet.modules.children.actions.children import add_child, change_child, clear_standing, record_elsewhere
from khet.modules.children.actions.extracts import settle_extract
from khet.modules.children.actions.forgetting import due_to_forget, forget_children
from khet.modules.children.actions.importing import put_back, write_children
from khet.modules.children.actions.matching import match

__all__ = [
    "add_child",
    "change_child",
    "clear_standing",
    "close_case",
    "due_to_forget",
    "forget_children",
    "match",
    "open_case",
    "plan_step",
    "put_back",
    "record_elsewhere",
    "reopen_case",
    "settle_extract",
    "visit",
    "write_children",
]
