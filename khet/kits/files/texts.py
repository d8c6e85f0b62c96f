"""The words of a stored file: from PDF, office documents and plain text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.db import transaction
from django.utils import timezone

from khet.base.lib.errors import Refusal
from khet.base.lib.pdf.foreign import page_text
from khet.kits.files.choices import FileKind, TextState
from khet.kits.files.models import Attachment, FileText, StoredFile
from khet.kits.files.owners import owners
from khet.kits.files.proof.plain import encoding_of
from khet.kits.files.queries import open_stored

LIMIT = 1_000_000  # characters kept for search; a book of 400 pages
_PARTS = {
    FileKind.DOCX: ("word/document.xml", {"p", "br", "tab"}, {"t"}),
    FileKind.XLSX: ("xl/sharedStrings.xml", {"si"}, {"t"}),
    FileKind.ODT: ("content.xml", {"p", "h"}, None),
    FileKind.ODS: ("content.xml", {"p", "h"}, None),
}


def read_into_row(file_id: int) -> FileText:
    """Read the words of one file into its row and tell the records that hold it. Done once; repeated harmlessly."""
    with transaction.atomic():
        row = FileText.objects.select_for_update().select_related("file").get(file_id=file_id)
        if row.state != TextState.WAITING:
            return row
        row.state, row.text = _read(row.file)
        row.read_at = timezone.now()
        row.save(update_fields=["state", "text", "read_at"])
        _tell_owners(row.file)
    return row


def _tell_owners(file: StoredFile) -> None:
    held = Attachment.objects.filter(file=file, removed_at__isnull=True)
    by_label: dict[str, set[int]] = {}
    for label, pk in held.values_list("owner_label", "owner_pk"):
        by_label.setdefault(label, set()).add(pk)
    for label, pks in by_label.items():
        declared = owners.get(label)
        if declared and declared.texts_read:
            declared.texts_read(sorted(pks))


def _read(file: StoredFile) -> tuple[TextState, str]:
    if not file.is_open:
        return TextState.FAILED, ""
    try:
        with open_stored(file) as source:
            text = "".join(_limited(_pieces(source, FileKind(file.kind))))
    except (Refusal, OSError, ValueError, zipfile.BadZipFile, ParseError, DefusedXmlException):
        return TextState.FAILED, ""
    text = text.replace("\x00", " ").strip()
    return (TextState.READ, text) if text else (TextState.NO_TEXT, "")


def _limited(pieces: Iterator[str]) -> Iterator[str]:
    left = LIMIT
    for piece in pieces:
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return


def _pieces(source: io.BufferedReader, kind: FileKind) -> Iterator[str]:
    if kind == FileKind.PDF:
        yield page_text(Path(source.name))
    elif kind in _PARTS:
        yield from _office(source, kind)
    elif kind in (FileKind.CSV, FileKind.TEXT):
        encoding = encoding_of(source) or "utf-8"
        source.seek(0)
        yield source.read(LIMIT * 4).decode(encoding, errors="replace")


def _office(source: io.BufferedReader, kind: FileKind) -> Iterator[str]:
    part, breaks, texts = _PARTS[kind]
    with zipfile.ZipFile(source) as archive:
        if part not in archive.namelist():
            return
        with archive.open(part) as stream:
            for _event, element in iterparse(stream, forbid_dtd=True):
                name = element.tag.rsplit("}", 1)[-1]
                if texts is None:
                    if name in breaks:
                        yield "".join(element.itertext()) + "\n"
                        element.clear()
                elif name in texts:
                    yield element.text or ""
                elif name in breaks:
                    yield "\t" if name == "tab" else "\n"
                    element.clear()
