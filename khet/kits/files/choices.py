"""Kinds of file that are accepted, and the states a stored file and its text may be in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    """What the bytes were proved to be; never taken from the name."""

    PDF = "pdf", _("PDF")
    JPEG = "jpeg", _("ภาพ JPEG")
    PNG = "png", _("ภาพ PNG")
    SVG = "svg", _("ภาพ SVG")
    DOCX = "docx", _("เอกสาร Word")
    XLSX = "xlsx", _("ตาราง Excel")
    ODT = "odt", _("เอกสาร ODT")
    ODS = "ods", _("ตาราง ODS")
    CSV = "csv", _("ตาราง CSV")
    TEXT = "text", _("ข้อความ")
    ZIP = "zip", _("ชุดแฟ้ม ZIP")
    UNKNOWN = "unknown", _("ไม่ทราบชนิด")

    @property
    def mime(self) -> str:
        return _MIME[self.value]

    @property
    def extension(self) -> str:
        """The usual file name ending, without the dot."""
        return {"jpeg": "jpg", "text": "txt", "unknown": "bin"}.get(self.value, self.value)

    @property
    def has_pages(self) -> bool:
        """Can be shown page by page on screen."""
        return self.value in {"pdf", "jpeg", "png", "svg"}


_MIME = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "zip": "application/zip",
    "unknown": "application/octet-stream",
}


class FileState(models.TextChoices):
    OK = "ok", _("ใช้ได้")
    QUARANTINED = "quarantined", _("กักไว้")
    ALTERED = "altered", _("เนื้อแฟ้มเปลี่ยนไป")


class TextState(models.TextChoices):
    WAITING = "waiting", _("รออ่านข้อความ")
    READ = "read", _("อ่านข้อความแล้ว")
    NO_TEXT = "no_text", _("เป็นภาพสแกน ไม่มีข้อความ")
    FAILED = "failed", _("อ่านข้อความไม่ได้")
