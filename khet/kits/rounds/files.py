"""Files of a return: what a unit hands in."""

from khet.kits.files.api import FileOwner, file_owner
from khet.kits.rounds.models import Return
from khet.kits.rounds.rules import CONFIRM, VIEW

file_owner(FileOwner(Return, view=VIEW, attach=CONFIRM))
