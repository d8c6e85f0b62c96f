"""The registers of buildings, land and articles."""

from khet.kits.register.api import register
from khet.modules.assets.records.articles import ArticleRecord
from khet.modules.assets.records.buildings import BuildingRecord
from khet.modules.assets.records.counts import CountRecord
from khet.modules.assets.records.land import LandRecord

register(BuildingRecord())
register(ArticleRecord())
register(LandRecord())
register(CountRecord())
