"""Stored bytes, the names under which records hold them, and the text read from them."""

from __future__ import annotations

import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khet.kits.files.choices import FileKind, FileState, TextState


class StoredFile(models.Model):
    """Bytes kept once on disk under their SHA-256. A row exists only after its bytes are safe on disk.

    ``findings`` are the codes of what was found suspicious; any finding puts the file in quarantine.
    ``checked_at`` is the last time the bytes on disk were hashed again and agreed.
    """

    personal_data = None

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField(_("ขนาด (ไบต์)"))
    kind = models.CharField(_("ชนิด"), max_length=8, choices=FileKind.choices)
    state = models.CharField(_("สถานะ"), max_length=12, choices=FileState.choices, default=FileState.OK)
    findings = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    pages = models.PositiveIntegerField(_("จำนวนหน้า"), null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["checked_at", "id"])]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="files_storedfile_not_empty"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="files_storedfile_sha256_is_hex"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"

    @property
    def is_open(self) -> bool:
        """May be read by people."""
        return self.state == FileState.OK

    @property
    def mime(self) -> str:
        return FileKind(self.kind).mime

    @property
    def has_pages(self) -> bool:
        return self.is_open and FileKind(self.kind).has_pages


def _public_id() -> str:
    return secrets.token_hex(12)


class AttachmentQuerySet(models.QuerySet):
    def of(self, owner: models.Model) -> AttachmentQuerySet:
        return self.filter(owner_label=owner._meta.label_lower, owner_pk=owner.pk)

    def current(self) -> AttachmentQuerySet:
        """Not taken off, originals only."""
        return self.filter(removed_at__isnull=True, version_of__isnull=True)


class Attachment(models.Model):
    """A stored file as a record holds it: under a name, in a place, perhaps with derived versions.

    ``kind`` is the owner's own word for what the file is to it (``paper``, ``enclosure``, ``photo`` …).
    """

    personal_data = {"name": "opinion", "made_by": "conduct"}

    public_id = models.CharField(max_length=24, unique=True, default=_public_id, editable=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attachments")
    name = models.CharField(_("ชื่อแฟ้ม"), max_length=500)
    kind = models.CharField(max_length=20, default="attachment")
    owner_label = models.CharField(max_length=60)
    owner_pk = models.BigIntegerField()
    version_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="versions")
    made_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["owner_label", "owner_pk"])]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        return reverse("files:download", args=[self.public_id, self.url_name])

    @property
    def url_name(self) -> str:
        """The name as it can stand in an address: no slash, no other page's word, never dots alone."""
        name = self.name.replace("/", "_")
        return name if name.strip(".") and name not in {"read", "print"} else "file"

    @property
    def latest(self) -> Attachment:
        """The newest derived version, else the attachment itself (versions prefetched: no query)."""
        versions = [v for v in self.versions.all() if v.removed_at is None]
        return max(versions, key=lambda v: v.pk) if versions else self


class FileText(models.Model):
    """The words of a stored file, once for all that hold it."""

    personal_data = {"text": "opinion"}

    file = models.OneToOneField(StoredFile, models.CASCADE, primary_key=True, related_name="text")
    state = models.CharField(max_length=8, choices=TextState.choices, default=TextState.WAITING)
    text = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.state} {self.file_id}"
