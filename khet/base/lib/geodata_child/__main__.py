"""``python -m khet.base.lib.geodata_child``: a request as JSON on the way in, an answer as JSON on the way out."""

from __future__ import annotations

import importlib
import os
import resource
import sys

import orjson

from khet.base.lib.limited import limit_self
from khet.base.lib.sheets.child.refused import Refused

MEMORY = 3 * 1024 * 1024 * 1024
SECONDS = 60
# Drivers that would follow a file's own words to other files or to the network.
_NOT = "VRT,OGR_VRT,GTI,STACIT,STACTA,HTTP,WFS,OAPIF,CSW,WMS,WMTS,WCS,PLSCENES,PostgreSQL,MySQL,Elasticsearch,CARTO,AmigoCloud,ODBC,MSSQLSpatial"


def main() -> None:
    request = orjson.loads(sys.stdin.buffer.read())
    os.environ.update(
        OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", GDAL_SKIP=_NOT, OGR_SKIP=_NOT, GDAL_NUM_THREADS="1",
        CPL_VSIL_CURL_ALLOWED_EXTENSIONS="{noext}", GDAL_PAM_ENABLED="NO", OGR_SQLITE_LOAD_EXTENSIONS="", CPL_LOG="/dev/null",
    )  # fmt: skip
    if request["do"] == "read":
        limit_self(memory=MEMORY, seconds=SECONDS)
    else:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    # The readers of tables that GDAL's wrapper looks for would take a second to load and are not used.
    sys.modules.update(dict.fromkeys(("pandas", "pyarrow", "geopandas")))
    try:
        # Only now: the libraries take their settings from the environment and their room from the limits.
        work = importlib.import_module(
            "khet.base.lib.geodata_child." + ("incoming" if request["do"] == "read" else "outgoing")
        )
        answer = work.answer(request)
    except Refused as why:
        answer = {"refused": why.code, "facts": why.facts}
    except MemoryError:
        answer = {"refused": "large", "facts": {}}
    except Exception as why:
        answer = {"refused": "broken", "facts": {"detail": f"{type(why).__name__}: {why}"[:300]}}
    sys.stdout.buffer.write(orjson.dumps(answer))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
