"""Reading files: what a record holds, one file by its public id, bytes and words."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from django.db import models
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import NotFound, Refusal
from khet.base.org.api import Actor, Role, fetch
from khet.kits.files import shelf
from khet.kits.files.choices import FileState, TextState
from khet.kits.files.models import Attachment, FileText, StoredFile
from khet.kits.files.owners import owners
from khet.kits.files.proof.refusals import FINDINGS
from khet.kits.files.sound import is_sound


class FileBlocked(Refusal):
    """The file is kept but not given out: quarantined (403) or altered on disk (409)."""

    def __init__(self, status: int, sentence: object, code: str) -> None:
        super().__init__(sentence, code=code)
        self.status = status


def attachments(owner: models.Model, kind: str | None = None) -> models.QuerySet[Attachment]:
    """The originals a record holds, oldest first, with their files and derived versions (two queries).

    The caller has already fetched the record in the actor's sight.
    """
    found = Attachment.objects.of(owner).current()
    if kind is not None:
        found = found.filter(kind=kind)
    return found.select_related("file").prefetch_related(
        models.Prefetch("versions", Attachment.objects.select_related("file"))
    )


def attachments_of(owner_model: type[models.Model], pks: Iterable[int]) -> dict[int, list[Attachment]]:
    """The same for many records at once, in one query: owner id → attachments, their versions with them."""
    found: dict[int, list[Attachment]] = {}
    versions: dict[int, list[Attachment]] = {}
    rows = list(
        Attachment.objects.filter(owner_label=owner_model._meta.label_lower, owner_pk__in=list(pks))
        .select_related("file")
        .order_by("pk")
    )
    for row in rows:
        if row.version_of_id is not None:
            versions.setdefault(row.version_of_id, []).append(row)
        elif row.removed_at is None:
            found.setdefault(row.owner_pk, []).append(row)
    for held in found.values():
        for attachment in held:
            known = attachment.versions.all()
            known._result_cache, known._prefetch_done = versions.get(attachment.pk, []), True
            attachment._prefetched_objects_cache = {"versions": known}
    return found


def fetch_attachment(actor: Actor, public_id: str) -> Attachment:
    """One attachment, if the actor sees the record that holds it; else 404."""
    attachment = (
        Attachment.objects.filter(public_id=public_id, removed_at__isnull=True).select_related("file").first()
    )
    declared = owners.get(attachment.owner_label) if attachment else None
    if attachment is None or declared is None:
        raise NotFound(_("ไม่พบแฟ้มนี้ อาจถูกนำออก หรืออยู่นอกขอบเขตที่คุณดูได้"), code="not_found")
    record = fetch(actor, declared.records(), pk=attachment.owner_pk)
    if declared.view:
        fetch(actor, declared.records(), declared.view, pk=record.pk)
    return attachment


def demand_open(file: StoredFile) -> None:
    """Refuse a file that is in quarantine or altered, saying why and whom to ask."""
    if file.state == FileState.QUARANTINED:
        what = ", ".join(str(FINDINGS.get(code, code)) for code in file.findings)
        raise FileBlocked(
            403,
            _("แฟ้มนี้ถูกกักไว้เพราะพบ%(what)s จึงเปิดไม่ได้ ขอให้ผู้ส่งส่งแฟ้มใหม่ที่ไม่มีสิ่งนี้ หรือสอบถาม%(who)s")
            % {"what": what, "who": _keeper()},
            "files.quarantined",
        )
    if file.state == FileState.ALTERED:
        raise FileBlocked(
            409,
            _("เนื้อแฟ้มบนเครื่องแม่ข่ายไม่ตรงกับลายนิ้วมือที่บันทึกไว้เมื่อรับเข้า จึงไม่เปิดให้ใช้ แจ้ง%(who)sให้นำแฟ้มนี้กลับจากชุดสำรอง")
            % {"who": _keeper()},
            "files.altered",
        )


def _keeper() -> str:
    """Who looks after the machine, in the office's own word."""
    role = Role.objects.filter(code="admin").first()
    return role.name if role else str(_("ผู้ดูแลระบบ"))


def open_file(attachment: Attachment) -> BinaryIO:
    """The bytes, opened for reading; the caller closes. Refuses quarantined, altered and missing files."""
    return open_stored(attachment.file)


def open_stored(file: StoredFile) -> BinaryIO:
    """The bytes of a stored file, after the same checks."""
    return open(sound_path(file), "rb")


def sound_path(file: StoredFile) -> Path:
    """Where the bytes stand, after the same checks."""
    demand_open(file)
    if not is_sound(file):
        demand_open(file)
    return shelf.path_of(file.sha256)


def read_bytes(attachment: Attachment) -> bytes:
    with open_file(attachment) as source:
        return source.read()


def text_of(owner: models.Model) -> str:
    """The words of everything a record holds, newest versions included once, for the search index."""
    return texts_of(type(owner), [owner.pk]).get(owner.pk, "")


def texts_of(owner_model: type[models.Model], pks: Iterable[int]) -> dict[int, str]:
    """The words of the files of many records: owner id → text (one query)."""
    found: dict[int, list[str]] = {}
    rows = (
        FileText.objects.filter(
            state=TextState.READ,
            file__state=FileState.OK,
            file__attachments__owner_label=owner_model._meta.label_lower,
            file__attachments__owner_pk__in=list(pks),
            file__attachments__removed_at__isnull=True,
            file__attachments__version_of__isnull=True,
        )
        .order_by("file__attachments__owner_pk", "file__attachments__pk")
        .values_list("file__attachments__owner_pk", "text")
    )
    for pk, text in rows:
        found.setdefault(pk, []).append(text)
    return {pk: "\n".join(texts) for pk, texts in found.items()}
