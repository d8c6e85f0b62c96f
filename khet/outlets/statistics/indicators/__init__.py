"""All indicators, a module a chapter. Light to load: ibis comes with the lake that is given to a definition."""

from khet.outlets.statistics.indicators import pupils

__all__ = ["pupils"]
