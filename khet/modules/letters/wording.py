"""Bringing typed words into the one form that is stored: numbers, names, bodies of letters."""

from __future__ import annotations

import re
import unicodedata

import nh3
from django.utils.html import escape

_THAI = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACES = re.compile(r"[ \t\u00a0]+")

#: What the body of a letter may contain; everything else is dropped with its content kept.
TAGS = {"p", "br", "strong", "em", "u", "ol", "ul", "li", "table", "tbody", "thead", "tr", "td", "th"}
ATTRIBUTES: dict[str, set[str]] = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}


def tidy(text: str) -> str:
    """One line without hidden characters, outer spaces and runs of spaces; NFC, never NFKC (it splits ำ)."""
    text = _HIDDEN.sub("", unicodedata.normalize("NFC", text or "")).replace("\r", " ").replace("\n", " ")
    return _SPACES.sub(" ", text).strip()


def tidy_number(text: str) -> str:
    """A letter's number as it is compared: Arabic digits, tight around the stroke: ศธ 04006/ว3412."""
    text = tidy(text).translate(_THAI)
    text = re.sub(r"^(ที่|เลขที่)\s+", "", text)
    text = re.sub(r"\s*/\s*", "/", text)
    return re.sub(r"/(ว|ล)\s+(?=\d)", r"/\1", text)


def same_sender(one: str, other: str) -> bool:
    """Do two names of a sender mean the same: spaces, dots and the common short forms aside."""
    return _sender(one) == _sender(other)


_SHORT = {
    "สพฐ": "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน",
    "ศธจ": "สำนักงานศึกษาธิการจังหวัด",
    "สพป": "สำนักงานเขตพื้นที่การศึกษาประถมศึกษา",
    "สพม": "สำนักงานเขตพื้นที่การศึกษามัธยมศึกษา",
}


def _sender(name: str) -> str:
    plain = re.sub(r"[\s.()\-]", "", tidy(name).translate(_THAI))
    for short, full in _SHORT.items():
        if plain.startswith(short):
            plain = full + plain[len(short) :]
    return plain


def clean_body(html: str) -> str:
    """The body of a letter with our own tags and attributes only; links, pictures, styles and scripts go."""
    html = _HIDDEN.sub("", unicodedata.normalize("NFC", html or ""))
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags={"script", "style", "math", "svg", "template", "noscript", "iframe"},
        attributes=ATTRIBUTES,
        url_schemes=set(),
        strip_comments=True,
        link_rel=None,
    ).strip()


def body_from_text(text: str) -> str:
    """Paragraphs from plain lines: what the form sends where the editor could not run."""
    lines = [line.strip() for line in (text or "").replace("\r\n", "\n").split("\n")]
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line)
