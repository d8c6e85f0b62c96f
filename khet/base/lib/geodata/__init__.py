"""Shapes in and out: shapefile, GeoPackage, GeoJSON, KML and CSV, in the frames that Thai offices use.

The libraries (GDAL, PROJ) live in a child process: a server that draws no shapes carries none of them, and a foreign file
cannot take it along.
"""

from khet.base.lib.geodata.layers import FORMATS, FRAMES, Field, Format, Frame, Layer
from khet.base.lib.geodata.reading import MOST_BYTES, Shapes, read_shapes
from khet.base.lib.geodata.writing import Written, write_shapes

__all__ = [
    "FORMATS",
    "FRAMES",
    "MOST_BYTES",
    "Field",
    "Format",
    "Frame",
    "Layer",
    "Shapes",
    "Written",
    "read_shapes",
    "write_shapes",
]
