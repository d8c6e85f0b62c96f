"""Which records of correspondence hold files, and who may open them."""

from collections.abc import Iterable

from khet.kits.files.api import FileOwner, file_owner
from khet.kits.search.api import index
from khet.modules.letters.models import Bureau, Letter, Signature
from khet.modules.letters.rules import READ, SETUP


def texts_read(letters: Iterable[int]) -> None:
    """The words of a letter's scan have been read: put them into the index."""
    index(Letter, letters)


file_owner(FileOwner(Letter, view=READ, texts_read=texts_read))
file_owner(FileOwner(Bureau, view=SETUP))
file_owner(FileOwner(Signature))
