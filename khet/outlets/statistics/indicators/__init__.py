"""All indicators, a module a chapter. Light to load: ibis comes with the lake that is given to a definition."""

from khet.outlets.statistics.indicators import (
    buildings,
    children,
    equipment,
    forecast,
    movement,
    pupils,
    schools,
    teachers,
)

__all__ = ["buildings", "children", "equipment", "forecast", "movement", "pupils", "schools", "teachers"]
