"""The package of an export and its manifest are files of the export: whoever sees it may download them."""

from khet.kits.files.api import FileOwner, file_owner
from khet.outlets.province.models import Export

PACKAGE, MANIFEST = "package", "manifest"

file_owner(FileOwner(Export))
