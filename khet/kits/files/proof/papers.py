"""PDF: opened by a real reader, its active parts named."""

from __future__ import annotations

from typing import BinaryIO

import pikepdf

from khet.kits.files.proof import refusals

MAX_OBJECTS = 200_000
_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/Rendition",
    "/ImportData",
    "/SubmitForm",
    "/GoToE",
    "/RichMediaExecute",
}
_ACTIVE_KEYS = {"/JS", "/XFA", "/RichMediaContent"}


def prove_pdf(source: BinaryIO, length: int) -> tuple[set[str], int]:
    """Findings and number of pages. Raises ``Refusal`` for locked, empty and unreadable papers."""
    source.seek(0)
    try:
        with pikepdf.open(source, attempt_recovery=True, suppress_warnings=True) as paper:
            if len(paper.objects) > MAX_OBJECTS:
                raise refusals.too_many_objects()
            pages = len(paper.pages)
            findings = _findings(paper)
    except pikepdf.PasswordError:
        raise refusals.encrypted("PDF") from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise refusals.damaged("PDF") from None
    if not pages:
        raise refusals.no_pages()
    return findings, pages


def _findings(paper: pikepdf.Pdf) -> set[str]:
    found: set[str] = set()
    stack = list(paper.objects)
    while stack:
        thing = stack.pop()
        if isinstance(thing, pikepdf.Stream):
            thing = thing.stream_dict
        if isinstance(thing, pikepdf.Array):
            parts = list(thing)
        elif isinstance(thing, pikepdf.Dictionary):
            found |= _own_findings(thing)
            parts = [value for _key, value in thing.items()]
        else:
            continue
        # What is indirect stands in paper.objects itself.
        stack += [p for p in parts if isinstance(p, pikepdf.Object) and not p.is_indirect]
    return found


def _own_findings(thing: pikepdf.Dictionary) -> set[str]:
    found = set()
    keys = set(thing.keys())
    if str(thing.get("/S", "")) in _ACTIONS or keys & _ACTIVE_KEYS:
        found.add("active_pdf")
    if "/EmbeddedFiles" in keys or str(thing.get("/Type", "")) == "/EmbeddedFile":
        found.add("embedded_file")
    return found
