"""Asking the child, and its refusals in words."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal
from khet.base.lib.limited import ChildStopped, run

SECONDS = 90.0
log = logging.getLogger(__name__)


def ask(request: dict[str, Any]) -> dict[str, Any]:
    """What the child answers. Raises ``Refusal`` (``geodata.*``)."""
    try:
        answer = orjson.loads(
            run("khet.base.lib.geodata_child", [], seconds=SECONDS, stdin=orjson.dumps(request))
        )
    except ChildStopped as why:
        log.warning("shapes stopped their reader: %s", why)
        raise refusal({"time": "time", "memory": "large"}.get(why.reason, "broken"), {}) from why
    if "refused" in answer:
        if answer["facts"].get("detail"):
            log.info("shapes could not be read: %s", answer["facts"]["detail"])
        raise refusal(answer["refused"], answer["facts"])
    return answer


def refusal(code: str, facts: dict[str, Any]) -> Refusal:
    large = _("ไฟล์ใหญ่เกินไป คัดเฉพาะจังหวัดของสำนักงาน หรือลดรายละเอียดของแนวเขตก่อน")
    sentences = {
        "kind": _("ไม่รู้จักไฟล์ชนิดนี้ ใช้ Shapefile ที่บีบเป็น .zip, GeoPackage, GeoJSON, KML หรือ KMZ"),
        "broken": _("อ่านไฟล์ไม่ได้ เปิดด้วย QGIS แล้วส่งออกใหม่เป็น GeoPackage หรือ GeoJSON"),
        "alone": _("ไฟล์ .shp อย่างเดียวไม่พอ บีบ .shp .shx .dbf .prj และ .cpg รวมเป็น .zip แล้วเลือกไฟล์ zip"),
        "parts": _("ใน zip ขาดไฟล์ %(name)s บีบไฟล์ทุกส่วนของ Shapefile ไว้ด้วยกัน"),
        "several": _("ใน zip มี Shapefile หลายชุด: %(names)s แยกเป็น zip ละชุด"),
        "layers": _("ไฟล์มีหลายชั้น: %(names)s ส่งออกทีละชั้น"),
        "empty": _("ในไฟล์ไม่มีรูป"),
        "frame": _("ไฟล์ไม่บอกระบบพิกัด และพิกัดไม่ใช่องศาในประเทศไทย เลือกระบบพิกัดของไฟล์แล้วลองอีกครั้ง"),
        "polygon": _(
            "รูปที่ %(n)s เป็นจุดหรือเส้น ไม่ใช่รูปหลายเหลี่ยม ลบออก หรือแปลงเป็นรูปหลายเหลี่ยมใน QGIS แล้วเลือกไฟล์ใหม่"
        ),
        "outside": _(
            "รูปที่ %(n)s อยู่นอกประเทศไทย (ลองจิจูด %(x)s ละติจูด %(y)s) ตรวจระบบพิกัดของไฟล์ หรือส่งออกใหม่เป็น WGS 84 (EPSG:4326)"
        ),
        "shapes": _("ไฟล์มีรูปตั้งแต่ %(n)s รูปขึ้นไป รวมรูปที่ติดกัน (Dissolve) ใน QGIS หรือตัดเฉพาะในเขตของสำนักงานก่อน"),
        "corners": _(
            "รูปมี %(n)s จุด ลดรายละเอียดแล้วยังเหลือ %(left)s จุด รับได้ไม่เกิน %(most)s จุด ตัดเฉพาะในเขตของสำนักงานก่อน"
        ),
        "large": large,
        "time": large,
    }
    sentence = sentences.get(code) or _("โครงสร้างของไฟล์ผิดปกติ ไม่เปิดอ่านเพื่อความปลอดภัย")
    return Refusal(
        sentence % facts if facts and "%(" in sentence else sentence, code=f"geodata.{code}", field="file"
    )
