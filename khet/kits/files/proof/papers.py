"""PDF: opened by a real reader in a child process, its active parts named."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

from khet.base.lib.pdf.foreign import inspect_pdf
from khet.kits.files.proof import refusals

# What the inspection calls a thing, and what the office is told; all else that must stop is an active part.
_OWN = {"polyglot": "polyglot", "embedded": "embedded_file"}


def prove_pdf(source: BinaryIO) -> tuple[set[str], int]:
    """Findings and number of pages. Raises ``Refusal`` for locked, empty, unreadable and endless papers."""
    on_disk = isinstance(source, io.BufferedReader)
    seen = inspect_pdf(Path(source.name) if on_disk else source)
    stops = {finding.code for finding in seen.findings if finding.stop}
    if "encrypted" in stops:
        raise refusals.encrypted("PDF")
    if "no_pages" in stops:
        raise refusals.no_pages()
    if stops & {"objects", "big"}:
        raise refusals.too_many_objects()
    if stops & {"broken", "not_pdf"}:
        raise refusals.damaged("PDF")
    return {_OWN.get(code, "active_pdf") for code in stops}, seen.pages
