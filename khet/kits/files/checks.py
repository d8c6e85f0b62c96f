"""What ``khet verify`` asks of the files: rows against bytes and bytes against rows, each kind by itself."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django.utils.translation import gettext_lazy as _

from khet.base.database.checks import Check, Finding, checks
from khet.kits.files import shelf
from khet.kits.files.models import Attachment, StoredFile
from khet.kits.files.owners import owners

_BATCH = 2_000


def check_files() -> Iterator[Finding]:
    """Missing, empty, cut, altered and extra files, and attachments whose record has gone. Reads every byte once."""
    last = 0
    while rows := list(StoredFile.objects.filter(pk__gt=last).order_by("pk")[:_BATCH]):
        for file in rows:
            yield from _check(file)
        last = rows[-1].pk
    yield from _extra()
    yield from _ownerless()


def _check(file: StoredFile) -> Iterator[Finding]:
    path = shelf.path_of(file.sha256)
    subject = str(path.relative_to(shelf.root()))
    if not path.is_file():
        yield Finding("files.missing", f"แฟ้ม {_named(file, subject)} หาย นำกลับจากชุดสำรอง", subject)
        return
    size = path.stat().st_size
    if size == 0:
        yield Finding("files.empty", f"แฟ้ม {_named(file, subject)} ว่างเปล่า นำกลับจากชุดสำรอง", subject)
    elif size != file.size or shelf.hash_of(path) != file.sha256:
        yield Finding(
            "files.altered", f"เนื้อแฟ้ม {_named(file, subject)} ไม่ตรงกับลายนิ้วมือ นำกลับจากชุดสำรอง", subject
        )


def _named(file: StoredFile, subject: str) -> str:
    names = ", ".join(file.attachments.values_list("name", flat=True)[:3])
    return f"{subject} ({names})" if names else subject


def _extra() -> Iterator[Finding]:
    """Bytes that no row names, and anything that has no business in the content folders."""
    batch: list[str] = []
    for path in shelf.shelved():
        if path != shelf.path_of(path.name):
            yield Finding("files.extra", f"มีสิ่งแปลกปลอมในที่เก็บแฟ้ม: {path.relative_to(shelf.root())}", path.name)
            continue
        batch.append(path.name)
        if len(batch) == _BATCH:
            yield from _unnamed(batch)
            batch = []
    yield from _unnamed(batch)


def _unnamed(hashes: list[str]) -> Iterator[Finding]:
    known = set(StoredFile.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    for sha256 in hashes:
        if sha256 not in known:
            yield Finding(
                "files.extra",
                f"แฟ้ม {sha256[:12]}… ไม่มีรายการใดอ้างถึง จะถูกเก็บกวาดเองเมื่อเกินหนึ่งวัน",
                str(shelf.path_of(sha256).relative_to(shelf.root())),
            )


def _ownerless() -> Iterator[Finding]:
    held = Attachment.objects.filter(removed_at__isnull=True)
    for label in held.order_by().values_list("owner_label", flat=True).distinct():
        declared = owners.get(label)
        lost = held.filter(owner_label=label)
        if declared is not None:
            there = declared.model._base_manager.filter(pk=models.OuterRef("owner_pk"))
            lost = lost.filter(~models.Exists(there))
        for public_id, pk in lost.values_list("public_id", "owner_pk")[:100]:
            yield Finding("files.ownerless", f"แฟ้มแนบ {public_id} อ้างถึง {label} {pk} ที่ไม่มีอยู่", public_id)


checks.add("files", Check(_("แฟ้มที่แนบ"), check_files))
