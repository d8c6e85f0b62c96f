"""A zip's directory is judged before anything in it is unpacked."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
from itertools import pairwise
from typing import BinaryIO

from khet.base.lib.sheets.child.refused import Refused

MOST_ENTRIES = 5_000
MOST_UNPACKED = 350 * 1024 * 1024
# Beyond a few megabytes nothing honest in a workbook shrinks by more than this.
MOST_RATIO = 250
_NESTED = re.compile(r"\.(zip|7z|rar|gz|bz2|xz|tar|jar|xlsx|xlsm|docx|docm|pptx|ods|odt)$", re.I)
_DRIVE = re.compile(r"^[A-Za-z]:")
_LOCAL = struct.Struct("<4s5H3I2H")


def check_archive(
    file: BinaryIO, *, most_entries: int = MOST_ENTRIES, most_unpacked: int = MOST_UNPACKED
) -> zipfile.ZipFile:
    """The opened archive, after its directory was found sound.

    Raises ``Refused``: ``entries``, ``unpacked``, ``overlap``, ``names``, ``link``, ``encrypted``, ``nested``, ``broken``.
    """
    file.seek(0, 2)
    size = file.tell()
    _count_entries(file, size, most_entries)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, UnicodeDecodeError) as why:
        raise Refused("broken") from why
    infos = archive.infolist()
    if len(infos) > most_entries:
        raise Refused("entries", entries=len(infos))
    if len({info.filename for info in infos}) != len(infos):
        raise Refused("broken")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > most_unpacked:
        raise Refused("unpacked", megabytes=unpacked // 1024 // 1024)
    spans: list[tuple[int, int]] = []
    for info in infos:
        parts = re.split(r"[/\\]", info.filename)
        if (
            info.filename.startswith(("/", "\\"))
            or ".." in parts
            or _DRIVE.match(info.filename)
            or "\0" in info.orig_filename
        ):
            raise Refused("names", name=info.orig_filename[:80].replace("\0", ""))
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Refused("link", name=info.filename[:80])
        if info.flag_bits & 0x1:
            raise Refused("encrypted")
        if _NESTED.search(info.filename) and "/embeddings/" not in f"/{info.filename}":
            raise Refused("nested", name=info.filename[:80])
        if info.file_size > 8 * 1024 * 1024 and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            raise Refused("unpacked", megabytes=info.file_size // 1024 // 1024)
        spans.append((info.header_offset, _end(file, info, size)))
    spans.sort()
    for (_, end), (start, _end_of_next) in pairwise(spans):
        if start < end:
            raise Refused("overlap")
    return archive


def _count_entries(file: BinaryIO, size: int, most: int) -> None:
    """Read the entry count from the end record itself, before a million entries are made into objects."""
    file.seek(max(0, size - 66_000))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise Refused("broken")
    count, length = struct.unpack("<HI", tail[at + 10 : at + 16])
    wide = tail.rfind(b"PK\x06\x06", 0, at)
    if wide >= 0 and len(tail) - wide >= 48:
        count, length = struct.unpack("<QQ", tail[wide + 32 : wide + 48])
    # 46 bytes is the least an entry takes; the count may lie, the directory's length may not.
    if count > most or length // 46 > most * 8:
        raise Refused("entries", entries=max(count, length // 46))


def _end(file: BinaryIO, info: zipfile.ZipInfo, size: int) -> int:
    file.seek(info.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
        raise Refused("broken")
    *_fields, name, extra = _LOCAL.unpack(head)
    end = info.header_offset + _LOCAL.size + name + extra + info.compress_size
    if end > size:
        raise Refused("broken")
    return end
