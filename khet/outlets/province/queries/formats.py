"""The formats there are: shipped ones from their files, the office's own from the database."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from khet.base.lib.errors import NotFound
from khet.outlets.province.bases import Format, read_format
from khet.outlets.province.models import KeptFormat

SHIPPED = Path(__file__).parents[1] / "formats"


@lru_cache(maxsize=1)
def shipped() -> dict[str, Format]:
    """The formats that come with khet, by label ``code@version``. A faulty one is a fault of the build (a test reads all)."""
    found = (
        read_format(path.read_text(encoding="utf-8"), source=path.name)
        for path in sorted(SHIPPED.glob("*.toml"))
    )
    return {one.label: one for one in found}


@lru_cache(maxsize=32)
def _read(text: str) -> Format:
    return read_format(text)


def formats() -> list[Format]:
    """What may be chosen, shipped ones first; newest version of each code first."""
    rows = KeptFormat.objects.filter(retired_at__isnull=True, is_shipped=False).order_by("code", "-pk")
    return [*shipped().values(), *(_read(row.text) for row in rows)]


def format_of(label: str) -> Format:
    """The format ``code@version``; of ``code`` alone the first that is offered. ``NotFound`` names what there is."""
    offered = formats()
    for one in offered:
        if label in (one.label, one.code):
            return one
    raise NotFound(
        _("ไม่มีรูปแบบ “%(label)s” ที่มีคือ %(labels)s")
        % {"label": label, "labels": ", ".join(one.label for one in offered)},
        code="province.no_format",
    )


def read_kept(row: KeptFormat) -> Format:
    return _read(row.text)
