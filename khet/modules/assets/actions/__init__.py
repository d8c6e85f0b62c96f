"""Verbs on land, buildings and articles, imported by the registry of verbs."""

from khet.modules.assets.actions import articles, buildings, checks, criteria, land, moves, photos  # noqa: F401
