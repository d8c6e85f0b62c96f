"""The door of assets: what the outlets call the groups of articles by."""

from khet.modules.assets.item_codes import GROUPS

__all__ = ["GROUPS"]
