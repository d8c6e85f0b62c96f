"""Verbs of staff."""

from khet.modules.staff.actions.copies import certify_copy, print_own_record, withdraw_copy
from khet.modules.staff.actions.criteria import (
    add_criterion,
    change_criterion,
    import_criteria,
    remove_criterion,
    remove_imported_criteria,
    start_criteria,
)
from khet.modules.staff.actions.effects import settle_rows
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
from khet.modules.staff.actions.service import (
    add_service_row,
    add_service_rows,
    correct_service_row,
    import_service_rows,
    strike_imported_rows,
    strike_service_row,
)
from khet.modules.staff.actions.wishes import ask_correction, settle_correction

__all__ = [
    "add_criterion",
    "add_official",
    "add_part",
    "add_position",
    "add_service_row",
    "add_service_rows",
    "ask_correction",
    "certify_copy",
    "change_criterion",
    "change_official",
    "change_part",
    "change_position",
    "close_position",
    "correct_service_row",
    "end_secondment",
    "import_criteria",
    "import_officials",
    "import_positions",
    "import_service_rows",
    "leave_service",
    "place",
    "print_own_record",
    "remove_criterion",
    "remove_imported",
    "remove_imported_criteria",
    "remove_imported_positions",
    "remove_part",
    "remove_photo",
    "second",
    "set_citizen_id",
    "set_photo",
    "settle",
    "settle_correction",
    "settle_rows",
    "start_criteria",
    "strike_imported_rows",
    "strike_service_row",
    "vacate",
    "withdraw_copy",
]
