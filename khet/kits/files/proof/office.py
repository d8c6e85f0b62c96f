"""DOCX, XLSX, ODT, ODS and plain ZIP: told apart by what is inside, searched for what acts by itself."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import BinaryIO

from khet.base.lib.errors import Refusal
from khet.kits.files.choices import FileKind
from khet.kits.files.proof import refusals
from khet.kits.files.proof.archives import open_checked
from khet.kits.files.proof.marks import _PROGRAM_TEXT, EICAR

SCAN_LIMIT = 200 * 1024 * 1024
_BLOCK = 256 * 1024
_OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": FileKind.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": FileKind.ODS,
}


def prove_archive(source: BinaryIO, length: int, *, inside_zip: bool = False) -> tuple[FileKind, set[str]]:
    """The kind of a zip-based file and its findings. Raises ``Refusal``."""
    archive, surrounded = open_checked(source, length)
    findings = {"polyglot"} if surrounded else set()
    try:
        with archive:
            names = {info.filename for info in archive.infolist()}
            kind = _kind(archive, names)
            if kind == FileKind.ZIP:
                if inside_zip:
                    raise refusals.nested_zip()
                findings |= _members(archive)
            else:
                findings |= _active_parts(archive, names)
            findings |= _marks(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise refusals.damaged("ZIP") from None
    return kind, findings


def _kind(archive: zipfile.ZipFile, names: set[str]) -> FileKind:
    if "mimetype" in names:
        kind = _OPEN_DOCUMENTS.get(_read(archive, "mimetype", 200).strip())
        if kind and "content.xml" in names:
            return kind
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return FileKind.DOCX
        if "xl/workbook.xml" in names:
            return FileKind.XLSX
        raise refusals.not_accepted()  # slides, drawings, binary workbooks
    return FileKind.ZIP


def _read(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    with archive.open(name) as part:
        return part.read(limit)


def _active_parts(archive: zipfile.ZipFile, names: set[str]) -> set[str]:
    findings: set[str] = set()
    for name in names:
        lowered = name.lower()
        if lowered.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in lowered:
            findings.add("macros")
        if lowered.startswith(("basic/", "scripts/")) and not lowered.endswith("/"):
            findings.add("macros")
        if "/activex/" in lowered:
            findings.add("active_object")
        if lowered.endswith(".rels"):
            relations = _read(archive, name, 2_000_000).lower()
            if b'targetmode="external"' in relations and (
                b"/attachedtemplate" in relations or b"/oleobject" in relations or b"/frame" in relations
            ):
                findings.add("remote_template")
    if (
        "[Content_Types].xml" in names
        and b"macroenabled" in _read(archive, "[Content_Types].xml", 2_000_000).lower()
    ):
        findings.add("macros")
    if "word/document.xml" in names and b"DDEAUTO" in _read(archive, "word/document.xml", 20_000_000):
        findings.add("active_object")
    return findings


def _members(archive: zipfile.ZipFile) -> set[str]:
    """Every file of a plain ZIP must itself be acceptable."""
    from khet.kits.files.proof.prove import prove_stream  # noqa: PLC0415 - the two call each other

    findings: set[str] = set()
    for info in archive.infolist():
        if info.is_dir():
            continue
        if info.file_size > SCAN_LIMIT // 4:
            findings.add("too_deep_to_check")
            continue
        content = archive.read(info)
        try:
            proof = prove_stream(io.BytesIO(content), len(content), info.filename, inside_zip=True)
        except Refusal as why:
            raise refusals.zip_member(info.filename, why) from None
        findings.update(proof.findings)
    return findings


def _marks(archive: zipfile.ZipFile) -> set[str]:
    """The test virus and programs inside compressed parts; every part is unpacked once, its sum checked."""
    findings: set[str] = set()
    left = SCAN_LIMIT
    for info in archive.infolist():
        overlap = b""
        with archive.open(info) as part:
            while block := part.read(_BLOCK):
                left -= len(block)
                if left < 0:
                    return findings | {"too_deep_to_check"}
                window = overlap + block
                if EICAR in window:
                    findings.add("test_virus")
                if _PROGRAM_TEXT in window:
                    findings.add("program")
                overlap = window[-80:]
    return findings
