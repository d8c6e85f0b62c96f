"""The door of notices."""

from khet.base.notices.actions import mark_read, tell
from khet.base.notices.queries import holders_of, mine, people_with, unread_count

__all__ = ["holders_of", "mark_read", "mine", "people_with", "tell", "unread_count"]
