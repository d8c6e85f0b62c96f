"""How many times longer everything may take: 1 on a quiet machine, more where others work too (``KHET_PATIENCE=5``)."""

from __future__ import annotations

import os

PATIENCE = float(os.environ.get("KHET_PATIENCE", "1"))
