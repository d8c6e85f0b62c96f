"""Verbs of staff."""

from khet.modules.staff.actions.moves import (
    close_position,
    end_secondment,
    leave_service,
    place,
    second,
    settle,
    vacate,
)
from khet.modules.staff.actions.officials import (
    add_official,
    change_official,
    import_officials,
    remove_imported,
    set_citizen_id,
)
from khet.modules.staff.actions.parts import add_part, change_part, remove_part
from khet.modules.staff.actions.photos import remove_photo, set_photo
from khet.modules.staff.actions.positions import (
    add_position,
    change_position,
    import_positions,
    remove_imported_positions,
)

__all__ = [
    "add_official",
    "add_part",
    "add_position",
    "change_official",
    "change_part",
    "change_position",
    "close_position",
    "end_secondment",
    "import_officials",
    "import_positions",
    "leave_service",
    "place",
    "remove_imported",
    "remove_imported_positions",
    "remove_part",
    "remove_photo",
    "second",
    "set_citizen_id",
    "set_photo",
    "settle",
    "vacate",
]
