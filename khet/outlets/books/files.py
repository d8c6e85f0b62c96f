"""Made books are files: whoever may read the edition downloads them."""

from khet.kits.files.api import FileOwner, file_owner
from khet.outlets.books.models import Made
from khet.outlets.books.rules import READ

file_owner(FileOwner(Made, view=READ))
