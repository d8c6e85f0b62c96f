"""Matters hold files; the verbs of the desk attach them."""

from khet.kits.files.api import FileOwner, file_owner
from khet.modules.desk.models import Matter

file_owner(FileOwner(Matter))
