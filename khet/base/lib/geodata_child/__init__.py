"""The process in which GDAL and PROJ run (``khet.base.lib.geodata``): apart, so that it does not load the door with Django."""
