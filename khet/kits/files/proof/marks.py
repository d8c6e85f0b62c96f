"""Marks that must not be in any file: the test virus, programs, a second format behind the first."""

from __future__ import annotations

from typing import BinaryIO

from khet.kits.files.proof.archives import find_directory

# Written in two halves so that no scanner takes this source file for the test virus.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_PROGRAM_TEXT = b"This program cannot be run in DOS mode"
_HEAD = 1024
_BLOCK = 1024 * 1024


def scan(source: BinaryIO, *, is_zip: bool, is_pdf: bool, length: int, is_drawing: bool = False) -> set[str]:
    """Findings in the raw bytes, read once in blocks."""
    found: set[str] = set()
    source.seek(0)
    head = source.read(_HEAD)
    if not is_pdf and b"%PDF-" in head:
        found.add("polyglot")
    lowered = head.lower()
    if not is_drawing and (b"<script" in lowered or b"<svg" in lowered or b"<html" in lowered):
        found.add("polyglot")
    if not is_zip and find_directory(source, length) is not None:
        found.add("polyglot")
    source.seek(0)
    overlap = b""
    while block := source.read(_BLOCK):
        window = overlap + block
        if EICAR in window:
            found.add("test_virus")
        if _PROGRAM_TEXT in window:
            found.add("program")
        overlap = window[-80:]
    return found
