"""Photographs hang on buildings, on articles and on what a check saw: whoever sees those sees them."""

from khet.kits.files.api import FileOwner, file_owner
from khet.modules.assets.models import Article, Building, Sighting

file_owner(FileOwner(Building))
file_owner(FileOwner(Article))
file_owner(FileOwner(Sighting))
