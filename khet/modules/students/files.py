"""Evidence on where a pupil is: both schools of the pair and the area see it."""

from khet.kits.files.api import FileOwner, file_owner
from khet.modules.students.models import Claim, Double

file_owner(FileOwner(Claim))
file_owner(FileOwner(Double))
