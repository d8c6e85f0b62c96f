"""Photographs hang on the official: whoever sees the record sees them."""

from khet.kits.files.api import FileOwner, file_owner
from khet.modules.staff.models import Official

file_owner(FileOwner(Official))
