"""Verbs on schools."""

from khet.modules.schools.actions.facts import (
    CONTACT_FIELDS,
    add_school,
    change_contacts,
    change_school,
    import_schools,
    move_network,
    remove_imported,
)
from khet.modules.schools.actions.photos import add_photo, remove_photo
from khet.modules.schools.actions.places import keep_outlines, set_position
from khet.modules.schools.actions.states import close, merge, reopen

__all__ = [
    "CONTACT_FIELDS",
    "add_photo",
    "add_school",
    "change_contacts",
    "change_school",
    "close",
    "import_schools",
    "keep_outlines",
    "merge",
    "move_network",
    "remove_imported",
    "remove_photo",
    "reopen",
    "set_position",
]
