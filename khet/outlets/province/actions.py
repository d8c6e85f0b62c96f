"""Verbs: keep a format, retire one, make an export."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Conflict, Refusal
from khet.base.org.api import Actor, entry, save, verb
from khet.kits.files.api import store
from khet.outlets.province.bases import Format, read_format
from khet.outlets.province.files import MANIFEST, PACKAGE
from khet.outlets.province.models import Export, KeptFormat
from khet.outlets.province.packing import MANIFEST as MANIFEST_NAME
from khet.outlets.province.packing import pack
from khet.outlets.province.queries.formats import shipped
from khet.outlets.province.queries.previews import filled_from, inputs_of
from khet.outlets.province.queries.sources import Lake
from khet.outlets.province.rules import FORMATS, MAKE

_LOCK = 0x70726F76  # "prov": exports take their number one after the other


@verb("province.keep_format", _("เพิ่มรูปแบบฐานข้อมูลจังหวัด"), capability=FORMATS)
def keep_format(*, actor: Actor, text: str) -> KeptFormat:
    """Add a version of a format from its TOML or JSON text. ``BadFormat`` names every fault; a version never changes."""
    declared = read_format(text)
    same = KeptFormat.objects.filter(code=declared.code, version=declared.version).first()
    if declared.label in shipped() or (same is not None and same.sha256 != declared.sha256):
        raise Conflict(
            _t("มี %(label)s อยู่แล้วและเนื้อหาต่างกัน เปลี่ยนค่า version ในแฟ้มเป็นรุ่นใหม่") % {"label": declared.label},
            code="province.same_version",
            field="file",
        )
    if same is not None:
        if same.retired_at is not None:
            save(same, retired_at=None)
        entry().on(same)
        return same
    row = _keep(declared, actor, is_shipped=False)
    entry().on(row)
    entry().tell(format=declared.label, sha256=declared.sha256)
    return row


def _keep(declared: Format, actor: Actor, *, is_shipped: bool) -> KeptFormat:
    found, _made = KeptFormat.objects.get_or_create(
        code=declared.code,
        version=declared.version,
        defaults={
            "name": declared.name, "text": declared.text, "sha256": declared.sha256, "is_shipped": is_shipped,
            "made_by": None if is_shipped else actor.person,
        },
    )  # fmt: skip
    if found.sha256 != declared.sha256:
        raise Conflict(
            _t("รูปแบบ %(label)s ในระบบเป็นคนละเนื้อหากับที่เคยส่งออก แจ้งผู้ดูแลระบบ") % {"label": declared.label},
            code="province.same_version",
        )
    return found


@verb("province.retire_format", _("เลิกใช้รูปแบบฐานข้อมูลจังหวัด"), capability=FORMATS, on="format")
def retire_format(*, actor: Actor, format: KeptFormat) -> None:
    """Offer it no more; what was exported with it stays."""
    if format.is_shipped:
        raise Refusal(_t("รูปแบบนี้มากับระบบ เลิกใช้ไม่ได้"), code="province.shipped")
    save(format, retired_at=timezone.now())


@verb("province.make", _("ทำแฟ้มฐานข้อมูลจังหวัด"), capability=MAKE)
def make(*, actor: Actor, format: Format, census: Any) -> Export:
    """Fill ``format`` from ``census``, number it, keep it with its manifest. Nothing is written while a cell does not fit.

    The same format and censuses give the export that is there already, byte for byte.
    """
    lake = Lake(census)
    if format.round not in ("", census.round.kind):
        raise Refusal(_t("รูปแบบนี้ใช้กับรอบอีกแบบหนึ่ง เลือกรอบให้ตรง"), code="province.round", field="round")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    inputs = inputs_of(format, lake)
    found = Export.objects.select_related("format").filter(inputs=inputs).first()
    if found is not None:
        entry().on(found)
        return found
    filled = filled_from(format, lake)
    if filled.faults:
        first = filled.problems[0]
        raise Refusal(
            _t("ยังทำแฟ้มไม่ได้ มี %(n)d จุดที่ไม่เข้ารูปแบบ จุดแรก: %(place)s %(why)s")
            % {"n": filled.faults, "place": " ".join(filter(None, [first.table, first.row, first.column, first.value])), "why": first.sentence},
            code="province.problems",
            problems=filled.problems,
        )  # fmt: skip
    if not filled.rows:
        raise Refusal(_t("รอบนี้ไม่มีแถวให้ส่งออกตามรูปแบบนี้"), code="province.empty")
    package = pack(filled, lake)
    export = Export.objects.create(
        number=(Export.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        format=_keep(format, actor, is_shipped=format.label in shipped()),
        census=census, inputs=inputs, sha256=package.sha256, manifest=package.manifest, rows=filled.rows, made_by=actor.person,
    )  # fmt: skip
    store(actor=actor, upload=package.data, owner=export, name=package.name, kind=PACKAGE)
    store(actor=actor, upload=package.manifest_bytes, owner=export, name=MANIFEST_NAME, kind=MANIFEST)
    entry().on(export)
    entry().tell(number=export.number, format=format.label, census=census.folder, sha256=export.sha256)
    return export
