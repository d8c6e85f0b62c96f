"""Reading a zip's directory before anything in it: what is listed, whether it lies, what it may hold."""

from __future__ import annotations

import stat
import struct
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from khet.kits.files.proof import refusals

MAX_ENTRIES = 5_000
MAX_DIRECTORY = 4 * 1024 * 1024
MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 300  # deflate cannot pass 1,032; an honest office file stays under 100
MIN_FOR_RATIO = 20 * 1024 * 1024
_EOCD = b"PK\x05\x06"
_CENTRAL = b"PK\x01\x02"
_LOCAL = b"PK\x03\x04"


@dataclass(frozen=True)
class Directory:
    """The end of a zip: how many entries, where the directory stands, where the zip begins and ends."""

    entries: int
    size: int
    offset: int
    start: int
    end: int


def find_directory(source: BinaryIO, length: int) -> Directory | None:
    """The zip directory at the end of the bytes, if a real one is there (also behind something else)."""
    span = min(length, 65_557)
    source.seek(length - span)
    tail = source.read(span)
    at = tail.rfind(_EOCD)
    if at < 0 or len(tail) - at < 22:
        return None
    _disk, _first, _here, entries, size, offset, comment = struct.unpack_from("<HHHHIIH", tail, at + 4)
    position = length - span + at
    start = position - size - offset  # bytes before the zip's own beginning
    if entries in (0, 0xFFFF) or size == 0xFFFFFFFF or start < 0:
        return Directory(entries, size, offset, 0, position + 22 + comment) if entries == 0xFFFF else None
    source.seek(position - size)
    if source.read(4) != _CENTRAL:
        return None
    return Directory(entries, size, offset, start, position + 22 + comment)


def open_checked(source: BinaryIO, length: int) -> tuple[zipfile.ZipFile, bool]:
    """The archive, its directory found honest; and whether something else stands before or after the zip.

    Raises ``Refusal`` for directories that lie, escape or unpack without measure.
    """
    directory = find_directory(source, length)
    if directory is None:
        raise refusals.damaged("ZIP")
    if directory.entries > MAX_ENTRIES or directory.size > MAX_DIRECTORY:
        raise refusals.bad_zip()
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error):
        raise refusals.damaged("ZIP") from None
    spans = []
    total = 0
    for info in archive.infolist():
        _check_entry(info)
        total += info.file_size
        spans.append((info.header_offset, _entry_end(source, info, directory)))
    if total > MAX_UNPACKED or (total > MIN_FOR_RATIO and total > MAX_RATIO * length):
        raise refusals.bad_zip()
    spans.sort()
    for (_begin, end), (begin, _end) in pairwise(spans):
        if begin < end:
            raise refusals.bad_zip()
    surrounded = directory.start > 0 or directory.end < length
    return archive, surrounded


def _check_entry(info: zipfile.ZipInfo) -> None:
    name = info.orig_filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or ":" in name[:3] or "\x00" in name:
        raise refusals.bad_zip()
    if stat.S_ISLNK(info.external_attr >> 16):
        raise refusals.bad_zip()
    if info.flag_bits & 0x1:
        raise refusals.encrypted("ZIP")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refusals.bad_zip()


def _entry_end(source: BinaryIO, info: zipfile.ZipInfo, directory: Directory) -> int:
    """Where the entry's bytes end; refuses an entry whose own header is not where the directory says."""
    source.seek(info.header_offset)
    header = source.read(30)
    if len(header) < 30 or header[:4] != _LOCAL:
        raise refusals.damaged("ZIP")
    name_length, extra_length = struct.unpack_from("<HH", header, 26)
    end = info.header_offset + 30 + name_length + extra_length + info.compress_size
    if end > directory.start + directory.offset:
        raise refusals.bad_zip()
    return end
