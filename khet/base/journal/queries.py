"""Reading and verifying the journal."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from khet.base.journal.actions import GENESIS, label, row_hash
from khet.base.journal.models import Entry


def history(subject: models.Model) -> models.QuerySet[Entry]:
    """Everything done to a record, newest first. The caller has already checked the right to see the record."""
    return Entry.objects.filter(
        models.Q(subject=label(subject)) | models.Q(others__contains=[label(subject)])
    ).order_by("-seq")


@dataclass(frozen=True)
class Fault:
    """Where the chain breaks: the first bad row and what is wrong with it."""

    seq: int
    sentence: str


def verify_chain(anchors: dict[int, str] | None = None) -> Fault | None:
    """Walk the whole chain; ``anchors`` maps seq → hash kept elsewhere, and catches a cut or rebuilt chain."""
    previous, expected = GENESIS, 1
    wanted = dict(anchors or {})
    columns = [f.attname for f in Entry._meta.concrete_fields]
    for row in Entry.objects.order_by("seq").values(*columns).iterator(chunk_size=5000):
        seq = row["seq"]
        if seq != expected:
            return Fault(expected, f"รายการที่ {expected} หายไป พบรายการที่ {seq} แทน")
        if row["previous"] != previous or row["hash"] != row_hash(row, previous):
            return Fault(seq, f"รายการที่ {seq} ไม่ตรงกับลายนิ้วมือของมัน มีผู้แก้ไข แทรก หรือลบ")
        if wanted.pop(seq, row["hash"]) != row["hash"]:
            return Fault(seq, f"รายการที่ {seq} ไม่ตรงกับหัวรายวันที่เก็บไว้นอกเครื่อง สายโซ่ถูกสร้างใหม่")
        previous, expected = row["hash"], seq + 1
    if wanted:
        seq = min(wanted)
        return Fault(expected, f"สายโซ่จบที่รายการ {expected - 1} แต่หัวรายวันที่เก็บไว้บอกว่ามีรายการที่ {seq}")
    return None
