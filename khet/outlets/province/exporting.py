"""An export written beside the shelf, as the command line does it."""

from __future__ import annotations

from pathlib import Path

from khet.base.org.api import Actor
from khet.kits.files.api import attachments, read_bytes
from khet.outlets.province.actions import make
from khet.outlets.province.files import PACKAGE
from khet.outlets.province.models import Export
from khet.outlets.province.queries.formats import format_of
from khet.outlets.province.queries.previews import census_called


def export_to(*, actor: Actor, path: Path, format: str, round: str = "") -> Export:
    """Make the export (or find the same one) and write its package to ``path``. ``round``: 1/2569, 2569, or empty: the newest."""
    declared = format_of(format)
    export = make(actor=actor, format=declared, census=census_called(round, declared))
    package = attachments(export, PACKAGE).get()
    path.write_bytes(read_bytes(package))
    return export
