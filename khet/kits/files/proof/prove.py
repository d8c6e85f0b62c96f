"""Telling what a file is: first by its first bytes, then by opening the whole structure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from khet.base.lib.errors import Refusal
from khet.kits.files.choices import FileKind
from khet.kits.files.proof import refusals
from khet.kits.files.proof.drawings import is_markup, prove_drawing
from khet.kits.files.proof.images import prove_image
from khet.kits.files.proof.marks import scan
from khet.kits.files.proof.office import prove_archive
from khet.kits.files.proof.papers import prove_pdf
from khet.kits.files.proof.plain import prove_text

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Proof:
    """What the bytes are. ``findings`` not empty: to be kept in quarantine. ``pages`` where they have pages."""

    kind: FileKind
    findings: tuple[str, ...] = ()
    pages: int | None = None


def prove(path: Path, name: str, *, drawings: bool = False) -> Proof:
    """Prove a file on disk. ``name`` only tells CSV from plain text. ``drawings``: SVG is accepted too. Raises ``Refusal`` with a sentence."""
    with open(path, "rb") as source:
        return prove_stream(source, path.stat().st_size, name, drawings=drawings)


def prove_stream(
    source: BinaryIO, length: int, name: str, *, inside_zip: bool = False, drawings: bool = False
) -> Proof:
    if length == 0:
        raise refusals.empty()
    source.seek(0)
    head = source.read(1024)
    kind, findings, pages = _open(source, head, length, name, inside_zip, drawings)
    is_zip = kind in {FileKind.DOCX, FileKind.XLSX, FileKind.ODT, FileKind.ODS, FileKind.ZIP}
    findings = findings | scan(
        source, is_zip=is_zip, is_pdf=kind == FileKind.PDF, length=length, is_drawing=kind == FileKind.SVG
    )
    return Proof(kind, tuple(sorted(findings)), pages)


def _open(
    source: BinaryIO, head: bytes, length: int, name: str, inside_zip: bool, drawings: bool
) -> tuple[FileKind, set[str], int | None]:
    if head.startswith(b"%PDF-"):
        findings, pages = prove_pdf(source)
        return FileKind.PDF, findings, pages
    if head.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG, prove_image(source, FileKind.JPEG, length), 1
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG, prove_image(source, FileKind.PNG, length), 1
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        kind, findings = prove_archive(source, length, inside_zip=inside_zip)
        return kind, findings, None
    if head.startswith(_OLE):
        raise refusals.old_office()
    if b"%PDF-" in head:
        # Readers accept a PDF that begins late; whatever stands before it is a second face.
        try:
            findings, pages = prove_pdf(source)
        except Refusal:
            raise refusals.not_accepted() from None
        return FileKind.PDF, findings | {"polyglot"}, pages
    if drawings and is_markup(head):
        prove_drawing(source)
        return FileKind.SVG, set(), 1
    return prove_text(source, name), set(), None
