"""Verbs on files: store, copy to another record, take off; and the keeping of the shelf."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Collection, Iterable
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import NotFound, Refusal
from khet.base.org.api import Actor, demand, entry, verb
from khet.kits.files import jobs, shelf
from khet.kits.files.choices import FileKind, FileState
from khet.kits.files.models import Attachment, StoredFile
from khet.kits.files.names import display_name
from khet.kits.files.owners import FileOwner
from khet.kits.files.owners import owners as file_owners
from khet.kits.files.proof import prove, refusals
from khet.kits.files.shelf import Staged, Staging
from khet.kits.files.sound import is_sound
from khet.kits.files.uploads import StagedUpload, TooBig

Upload = StagedUpload | IO[bytes] | bytes | Path

# Opening a paper costs memory; two at once per process keep ten big uploads within bounds.
_PROVING = threading.BoundedSemaphore(2)
_LOCK = 0x66696C65  # "file": shared while storing, exclusive while collecting


def owner_of(record: models.Model) -> FileOwner:
    """The declaration of the record's model; a model that declares none cannot hold files."""
    declared = file_owners.get(record._meta.label_lower)
    if declared is None:
        raise RuntimeError(f"{record._meta.label} is not declared in a files.py")
    return declared


@verb("files.store", _("แนบแฟ้ม"), capability="")
def store(
    *,
    actor: Actor,
    upload: Upload,
    owner: models.Model,
    name: str = "",
    kind: str = "attachment",
    version_of: Attachment | None = None,
    kinds: Collection[FileKind] | None = None,
) -> Attachment:
    """Keep bytes and hang them on a record under ``name`` (default: the upload's own name).

    ``upload`` is an uploaded file, an open binary file, a path or bytes. The same bytes are kept once; the
    same bytes under the same name and kind on the same record give the attachment that is there already, so
    a repeated request makes no second one. ``version_of`` keeps the new file beside an original, such as a
    stamped copy. ``kinds`` are the only ones accepted here; SVG is accepted nowhere else. Raises ``Refusal`` with a sentence for what cannot be accepted; what is accepted but
    suspicious is stored in quarantine.
    """
    declared = owner_of(owner)
    if declared.attach:
        demand(actor, declared.attach, owner)
    given = name or getattr(upload, "given_name", None) or getattr(upload, "name", None) or ""
    file = _keep(upload, str(given), kinds)
    shown = display_name(str(given), file_extension(file))
    found = (
        Attachment.objects.of(owner)
        .filter(file=file, name=shown, kind=kind, version_of=version_of, removed_at__isnull=True)
        .first()
    )
    if found:
        entry().on(owner, found)
        return found
    attachment = Attachment.objects.create(
        file=file,
        name=shown,
        kind=kind,
        owner_label=owner._meta.label_lower,
        owner_pk=owner.pk,
        version_of=version_of,
        made_by=actor.person,
    )
    entry().on(owner, attachment)
    entry().tell(name=shown, sha256=file.sha256, size=file.size, kind=file.kind, state=file.state)
    return attachment


@verb("files.copy", _("ส่งสำเนาแฟ้ม"), capability="")
def copy_to(*, actor: Actor, attachments: Iterable[Attachment], owners: Iterable[models.Model]) -> int:
    """Hang files on other records without copying a byte: every attachment on every record, set-based.

    The caller's verb has the right to both sides. Returns how many were made.
    """
    sources = list(attachments)
    made = Attachment.objects.bulk_create(
        [
            Attachment(
                file_id=source.file_id,
                name=source.name,
                kind=source.kind,
                owner_label=owner._meta.label_lower,
                owner_pk=owner.pk,
                made_by=actor.person,
            )
            for owner in owners
            for source in sources
        ],
        batch_size=2000,
    )
    entry().tell(copies=len(made), files=[source.public_id for source in sources])
    return len(made)


@verb("files.remove", _("นำแฟ้มออก"), capability="")
def remove(*, actor: Actor, attachment: Attachment) -> None:
    """Take a file off its record. Bytes and history stay; it is no longer listed nor downloaded."""
    declared = file_owners[attachment.owner_label]
    record = declared.records().filter(pk=attachment.owner_pk).first()
    if record is None:
        raise NotFound(_("ไม่พบรายการที่แฟ้มนี้แนบอยู่"), code="not_found")
    if declared.attach:
        demand(actor, declared.attach, record)
    now = timezone.now()
    Attachment.objects.filter(
        models.Q(pk=attachment.pk) | models.Q(version_of=attachment), removed_at__isnull=True
    ).update(removed_at=now)
    attachment.removed_at = now
    entry().on(record, attachment)
    entry().tell(name=attachment.name)


def file_extension(file: StoredFile) -> str:
    return FileKind(file.kind).extension


def _keep(upload: Upload, name: str, kinds: Collection[FileKind] | None) -> StoredFile:
    """The row of the bytes: found, or proved and made after the bytes are safe on disk."""
    staged, own = _stage(upload)
    try:
        # Held to the end of the transaction: the collector cannot take the bytes before the row commits.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])
        known = StoredFile.objects.filter(sha256=staged.sha256).first()
        if known:
            _demand_kind(FileKind(known.kind), kinds)
            _heal(known, staged)
            return known
        with _PROVING:
            proof = prove(staged.path, name, drawings=kinds is not None and FileKind.SVG in kinds)
        _demand_kind(proof.kind, kinds)
        shelf.shelve(staged)
        StoredFile.objects.bulk_create(
            [
                StoredFile(
                    sha256=staged.sha256,
                    size=staged.size,
                    kind=proof.kind,
                    pages=proof.pages,
                    state=FileState.QUARANTINED if proof.findings else FileState.OK,
                    findings=list(proof.findings),
                    checked_at=timezone.now(),
                )
            ],
            ignore_conflicts=True,
        )
        file = StoredFile.objects.get(sha256=staged.sha256)
        jobs.read_text_later(file)
        return file
    finally:
        if own:
            staged.drop()


def _demand_kind(kind: FileKind, kinds: Collection[FileKind] | None) -> None:
    """Also of bytes that are here already: what one record may hold another may not."""
    if kinds is not None and kind not in kinds:
        raise refusals.not_here(kinds)
    if kinds is None and kind == FileKind.SVG:
        raise refusals.svg()


def _stage(upload: Upload) -> tuple[Staged, bool]:
    """The upload's bytes in the temporary folder; and whether this call put them there."""
    if isinstance(upload, StagedUpload):
        if upload.refusal:
            raise upload.refusal
        if upload.staged.path.exists():
            return upload.staged, False
        # Stored a moment ago from this same request: stage the shelf's copy.
        upload = shelf.path_of(upload.staged.sha256)
    staging = Staging(limit=settings.KHET_FILE_LIMIT)
    try:
        for chunk in _chunks(upload):
            staging.write(chunk)
        staged = staging.finish()
    except BaseException:
        staging.drop()
        raise
    if staged is None:
        raise TooBig(staging.size)
    return staged, True


def _chunks(upload: Any) -> Iterable[bytes]:
    if isinstance(upload, bytes | bytearray | memoryview):
        upload = io.BytesIO(upload)
    if isinstance(upload, str | os.PathLike):
        with open(upload, "rb") as source:
            yield from _chunks(source)
        return
    if upload.seekable():
        upload.seek(0)
    while chunk := upload.read(shelf.CHUNK):
        yield chunk


def _heal(known: StoredFile, staged: Staged) -> None:
    """Good bytes have come again for a known hash: put them back where they were lost or altered."""
    if known.state == FileState.ALTERED:
        shelf.put_back(staged)
        known.state = FileState.QUARANTINED if known.findings else FileState.OK
        known.checked_at = timezone.now()
        known.save(update_fields=["state", "checked_at"])
    else:
        shelf.shelve(staged)


def restore_file(source: Path) -> StoredFile:
    """Put one file back from a backup by its content; refuses bytes that no record knows."""
    staged, _own = _stage(source)
    try:
        known = StoredFile.objects.filter(sha256=staged.sha256).first()
        if known is None:
            raise Refusal(_("ไม่มีรายการใดอ้างถึงแฟ้มนี้ ตรวจว่าเลือกแฟ้มจากชุดสำรองถูกชุดหรือไม่"), code="files.unknown")
        with transaction.atomic():
            shelf.put_back(staged)
            known.state = FileState.QUARANTINED if known.findings else FileState.OK
            known.checked_at = timezone.now()
            known.save(update_fields=["state", "checked_at"])
        return known
    finally:
        staged.drop()


def collect(older_than: timedelta = timedelta(days=1)) -> list[str]:
    """Remove old temporary files, and old bytes that no row names. Returns the names removed.

    No transaction that is storing can be under way at the same time: it holds the lock shared.
    """
    limit = (timezone.now() - older_than).timestamp()
    gone = []
    for leftover in shelf.leftovers():
        if _age(leftover) < limit:
            leftover.unlink(missing_ok=True)
            gone.append(leftover.name)
    old = [path for path in shelf.shelved() if _age(path) < limit]
    for begin in range(0, len(old), 500):
        batch = {path.name: path for path in old[begin : begin + 500]}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            known = set(StoredFile.objects.filter(sha256__in=batch).values_list("sha256", flat=True))
            for sha256, path in batch.items():
                if sha256 not in known and _age(path) < limit:
                    path.unlink(missing_ok=True)
                    gone.append(sha256)
    return gone


def recheck(limit: int = 20_000, size_limit: int = 20 * 1024**3) -> list[StoredFile]:
    """Hash again the files whose last check is oldest, and block those that changed. Returns the bad ones."""
    bad = []
    now = timezone.now()
    for file in StoredFile.objects.exclude(state=FileState.ALTERED).order_by(
        models.F("checked_at").asc(nulls_first=True), "pk"
    )[:limit]:
        if size_limit <= 0:
            break
        size_limit -= file.size
        if is_sound(file, recent=False):
            StoredFile.objects.filter(pk=file.pk).update(checked_at=now)
        else:
            bad.append(file)
    return bad


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
