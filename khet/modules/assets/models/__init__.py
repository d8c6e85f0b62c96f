"""Land, buildings, durable articles, what happens to them, the yearly check, criteria of what a school needs."""

from khet.modules.assets.models.articles import (
    Article,
    Disposal,
    DisposalItem,
    ItemCount,
    Transfer,
    TransferItem,
)
from khet.modules.assets.models.buildings import Building, Demolition, Land, Repair
from khet.modules.assets.models.checks import Sighting, YearlyCheck
from khet.modules.assets.models.criteria import Criterion

__all__ = [
    "Article",
    "Building",
    "Criterion",
    "Demolition",
    "Disposal",
    "DisposalItem",
    "ItemCount",
    "Land",
    "Repair",
    "Sighting",
    "Transfer",
    "TransferItem",
    "YearlyCheck",
]
