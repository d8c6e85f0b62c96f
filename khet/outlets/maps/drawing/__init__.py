"""Pictures of the area as SVG: drawn from the outlines held in the database, without tiles, the same bytes each time.

Everything here stands on shapely and is loaded through ``khet.outlets.maps.api``, which imports it at the first picture.
"""
