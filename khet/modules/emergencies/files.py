"""Photographs hang on the school's place in the event: whoever sees it sees them."""

from khet.kits.files.api import FileOwner, file_owner
from khet.modules.emergencies.models import Call

file_owner(FileOwner(Call))
