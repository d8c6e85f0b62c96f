"""Which records of correspondence hold files, and who may open them."""

from khet.kits.files.api import FileOwner, file_owner
from khet.modules.letters.models import Bureau, Letter, Signature
from khet.modules.letters.rules import READ, SETUP

file_owner(FileOwner(Letter, view=READ))
file_owner(FileOwner(Bureau, view=SETUP))
file_owner(FileOwner(Signature))
