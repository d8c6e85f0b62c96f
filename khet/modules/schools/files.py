"""Photographs hang on the school: whoever sees it sees them."""

from khet.kits.files.api import FileOwner, file_owner
from khet.modules.schools.models import School

file_owner(FileOwner(School))
