"""The service record of an official (ก.พ.7 / ก.ค.ศ.16) on paper: the numbered items of the form, rows, certification with a QR code.

Plain data in, PDF/A-2b out, like the other papers of this package.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import segno

from khet.base.lib.pdf.compiling import compile_paper, picture_kind
from khet.base.lib.pdf.markup import paper_text
from khet.base.lib.pdf.papers import ListColumn


@dataclass(frozen=True, kw_only=True)
class ServiceTable:
    """An item of the form that is a table; ``number`` is its number on the form (0: none), ``nothing`` what is said without rows."""

    title: str
    columns: Sequence[ListColumn]
    rows: Sequence[Sequence[str]]
    number: int = 0
    nothing: str = "ไม่มี"


@dataclass(frozen=True, kw_only=True)
class ServiceEntry:
    """A row of item 13. A ``struck`` one is set struck through; ``note`` stands under it: why, or what it corrects."""

    cells: Sequence[str]
    struck: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ServicePaper:
    """A whole record. ``facts`` are (number of the item, label, value); ``entries`` have the cells of ``columns``.

    ``address`` is what the QR says, ``code`` and ``check`` are set under it; ``certified`` are the lines of the certification,
    ``signers`` places for a pen: the first line is the name in brackets. ``photograph`` is a portrait of three by four as JPEG or
    PNG, set into the frame of the first page; without one the frame stands empty and says ``no_photograph``.
    """

    office: str
    title: str
    form: str
    name: str
    facts: Sequence[tuple[int, str, str]]
    tables: Sequence[ServiceTable]
    columns: Sequence[ListColumn]
    entries: Sequence[ServiceEntry]
    brief: Sequence[ServiceTable]
    certified: Sequence[str]
    signers: Sequence[Sequence[str]]
    address: str
    code: str
    check: str
    printed: str
    watermark: str = ""
    thai_digits: bool = False
    photograph: bytes | None = None
    no_photograph: str = "รูปถ่าย"


def service_record(paper: ServicePaper) -> bytes:
    """The PDF; the table of rows runs over as many pages as it needs, with its head on each."""
    thai = paper.thai_digits

    def text(value: str) -> str:
        return paper_text(value or "", thai)

    def columns(given: Sequence[ListColumn]) -> list[dict[str, object]]:
        return [{"label": text(c.label), "share": c.share, "align": c.align} for c in given]

    def table(given: ServiceTable) -> dict[str, object]:
        return {
            "number": given.number,
            "title": text(given.title),
            "nothing": text(given.nothing),
            "columns": columns(given.columns),
            "rows": [[text(cell) for cell in row] for row in given.rows],
        }

    drawn = io.BytesIO()
    segno.make(paper.address, error="m", micro=False).save(
        drawn, kind="svg", border=1, xmldecl=False, svgns=True
    )
    pictures = {"qr.svg": drawn.getvalue()}
    portrait = ""
    if paper.photograph is not None:
        portrait = f"portrait.{picture_kind(paper.photograph)}"
        pictures[portrait] = paper.photograph
    return compile_paper(
        "service",
        {
            "thai": thai,
            "speed": "",
            "title": text(paper.title),
            "form": text(paper.form),
            "office": text(paper.office),
            "name": text(paper.name),
            "facts": [
                {"number": number, "label": text(label), "value": text(value)}
                for number, label, value in paper.facts
            ],
            "tables": [table(one) for one in paper.tables],
            "columns": columns(paper.columns),
            "entries": [
                {
                    "cells": [text(cell) for cell in entry.cells],
                    "struck": entry.struck,
                    "note": text(entry.note),
                }
                for entry in paper.entries
            ],
            "brief": [table(one) for one in paper.brief],
            "certified": [text(line) for line in paper.certified],
            "signers": [[text(line) for line in lines] for lines in paper.signers],
            "code": paper.code,
            "check": paper.check,
            "address": paper.address,
            "printed": text(paper.printed),
            "watermark": text(paper.watermark),
            "portrait": portrait,
            "no_portrait": text(paper.no_photograph),
        },
        pictures=pictures,
        fitting=True,
    )
