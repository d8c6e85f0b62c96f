"""Looking for what a paper has no need of. Loads nothing that draws: every upload waits for this child to start."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

MOST_OBJECTS = 300_000
MOST_PAGES = 3_000

_ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/Rendition": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/SubmitForm": "submit",
    "/ImportData": "submit",
    "/GoToE": "embedded",
}
_KEYS = {
    "/JS": "javascript",
    "/XFA": "xfa",
    "/EF": "embedded",
    "/EmbeddedFiles": "embedded",
    "/RichMediaContent": "media",
    "/AA": "actions",
}
_UPWARD = {"/Parent", "/P", "/Kids", "/Prev", "/Next"}
_HARMLESS_FILE = re.compile(r"\.(xml|pdf|png|jpe?g|txt|csv|json|xlsx|docx|ods|odt)$", re.I)
_OTHER_STARTS = (
    b"GIF8",
    b"PK",
    b"MZ",
    b"\x7fELF",
    b"<",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"#!",
    b"Rar!",
    b"BM",
    b"%!PS",
)


def inspect(path: str) -> bytes:
    """Codes of what was met: ``{"pages": n, "found": [...]}``."""
    data = Path(path).read_bytes()
    found: set[str] = set()
    at = data[:1024].find(b"%PDF-")
    if at < 0:
        return json.dumps({"pages": 0, "found": ["not_pdf"]}).encode()
    if at > 0 and data[:at].strip(b"\xef\xbb\xbf\r\n\t \0"):
        found.add("polyglot")
    tail = data[-70_000:]
    end = tail.rfind(b"PK\x05\x06")
    if end >= 0 and b"PK\x01\x02" in data and b"PK\x03\x04" in data:
        found.add("polyglot")
    try:
        with pikepdf.open(path, suppress_warnings=True, inherit_page_attributes=False) as pdf:
            if pdf.is_encrypted:
                found.add("restricted")
            if len(pdf.objects) > MOST_OBJECTS:
                return json.dumps({"pages": 0, "found": [*found, "objects"]}).encode()
            pages = len(pdf.pages)
            if pages == 0:
                found.add("no_pages")
            if pages > MOST_PAGES:
                found.add("many_pages")
            _walk(pdf, found)
    except pikepdf.PasswordError:
        return json.dumps({"pages": 0, "found": [*found, "encrypted"]}).encode()
    except (pikepdf.PdfError, RecursionError, ValueError, TypeError, KeyError):
        return json.dumps({"pages": 0, "found": [*found, "broken"]}).encode()
    return json.dumps({"pages": pages, "found": sorted(found)}).encode()


def _walk(pdf: pikepdf.Pdf, found: set[str]) -> None:
    for thing in pdf.objects:
        for part in _parts(thing, 0):
            for key in part.keys():  # noqa: SIM118 – a stream is no mapping
                if key in _KEYS and not (key == "/AA" and len(part[key]) == 0):
                    if (
                        key == "/EF" and _HARMLESS_FILE.search(str(part.get("/UF", part.get("/F", ""))))
                    ) or key == "/EmbeddedFiles":
                        found.add("attachment")
                    else:
                        found.add(_KEYS[key])
            kind = part.get("/S")
            if isinstance(kind, pikepdf.Name) and str(kind) in _ACTIONS:
                found.add(_ACTIONS[str(kind)])
            if str(part.get("/Subtype", "")) in ("/RichMedia", "/Screen", "/3D", "/Movie", "/Sound"):
                found.add("media")
    opening = pdf.Root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and str(opening.get("/S", "/GoTo")) not in ("/GoTo", "/Named"):
        found.add("open_action")


def _parts(thing: Any, depth: int) -> Iterator[Any]:
    """Every dictionary in one object, without following references."""
    if depth > 40:
        return
    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict if hasattr(thing, "stream_dict") else thing
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        yield thing
        names = [key for key in thing.keys() if key not in _UPWARD]  # noqa: SIM118 – a stream is no mapping
        inner = [thing[key] for key in names]
    elif isinstance(thing, pikepdf.Array):
        if len(thing) > 5_000:
            return
        inner = list(thing)
    else:
        return
    for one in inner:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Array) and not one.is_indirect:
            yield from _parts(one, depth + 1)
