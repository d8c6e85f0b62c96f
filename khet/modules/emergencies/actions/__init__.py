"""Verbs on events."""

from khet.modules.emergencies.actions.areas import call_inside, load_area, parse_area, remove_area
from khet.modules.emergencies.actions.events import (
    call_schools,
    change_event,
    close_event,
    open_event,
    remind_silent,
    reopen_event,
)
from khet.modules.emergencies.actions.reports import add_photo, photos, remove_photo, report

__all__ = [
    "add_photo",
    "call_inside",
    "call_schools",
    "change_event",
    "close_event",
    "load_area",
    "open_event",
    "parse_area",
    "photos",
    "remind_silent",
    "remove_area",
    "remove_photo",
    "reopen_event",
    "report",
]
