"""Verbs on land, buildings and articles. Imported by the registry of verbs."""

from khet.modules.assets.actions import articles, buildings, photos  # noqa: F401
