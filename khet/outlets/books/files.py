"""Made books are files, and so is the emblem of an edition: whoever may read the edition opens them."""

from khet.kits.files.api import FileOwner, file_owner
from khet.outlets.books.models import Edition, Made
from khet.outlets.books.rules import READ

file_owner(FileOwner(Made, view=READ))
file_owner(FileOwner(Edition, view=READ))
