"""Who sees the map. Schools on it are those that the reader may see; distances and files are of the whole area."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from khet.base.org.api import EVERYONE, OFFICE_ROLES, capability

VIEW = capability("maps.view", _("ดูแผนที่"), roles=EVERYONE)
WHOLE = capability("maps.whole", _("ดูแผนที่ทั้งเขต ระยะทางระหว่างโรงเรียน และพิมพ์แผนที่"), roles=OFFICE_ROLES)
EXPORT = capability(
    "maps.export", _("ส่งออกไฟล์แผนที่"), roles=["director", "deputy", "head", "planner", "admin"]
)
