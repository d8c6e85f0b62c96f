"""Verbs on schools."""

from khet.modules.schools.actions.emis import (
    change_emis,
    import_emis,
    remove_imported_emis,
    start_emis,
    start_emis_year,
)
from khet.modules.schools.actions.facts import (
    CONTACT_FIELDS,
    add_school,
    change_contacts,
    change_school,
    import_schools,
    move_network,
    remove_imported,
)
from khet.modules.schools.actions.outlines import keep_outlines, parse_outlines
from khet.modules.schools.actions.photos import add_photo, remove_photo
from khet.modules.schools.actions.places import set_position
from khet.modules.schools.actions.states import close, merge, reopen
from khet.modules.schools.actions.villages import (
    add_village,
    change_village,
    import_villages,
    remove_imported_villages,
    serve_villages,
)

__all__ = [
    "CONTACT_FIELDS",
    "add_photo",
    "add_school",
    "add_village",
    "change_contacts",
    "change_emis",
    "change_school",
    "change_village",
    "close",
    "import_emis",
    "import_schools",
    "import_villages",
    "keep_outlines",
    "merge",
    "move_network",
    "parse_outlines",
    "remove_imported",
    "remove_imported_emis",
    "remove_imported_villages",
    "remove_photo",
    "reopen",
    "serve_villages",
    "set_position",
    "start_emis",
    "start_emis_year",
]
