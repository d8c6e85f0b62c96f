"""What ``khet verify`` asks of the censuses: rows against folders, every byte of every table."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from khet.base.database.checks import Check, Finding, checks
from khet.kits.rounds.censuses import faults_of, strangers
from khet.kits.rounds.models import Census

WORDS = {
    "missing": "แฟ้ม %s ของข้อมูลที่ปิดรอบแล้วหาย นำกลับจากชุดสำรอง",
    "altered": "เนื้อแฟ้ม %s ของข้อมูลที่ปิดรอบแล้วไม่ตรงกับลายนิ้วมือ นำกลับจากชุดสำรอง",
    "extra": "มีแฟ้มแปลกปลอม %s ในที่เก็บข้อมูลที่ปิดรอบแล้ว",
}


def check_censuses() -> Iterator[Finding]:
    for census in Census.objects.order_by("pk"):
        for code, name in faults_of(census):
            subject = f"censuses/{census.folder}/{name}"
            yield Finding(f"censuses.{code}", WORDS[code] % subject, subject)
    for path in strangers(older_than=600):  # a closing may be under way
        yield Finding(
            "censuses.extra", f"censuses/{path.name} ไม่มีรอบใดอ้างถึง จะถูกเก็บกวาดเองเมื่อเกินหนึ่งวัน", path.name
        )


checks.add("censuses", Check(_("ข้อมูลที่ปิดรอบแล้ว"), check_censuses))
