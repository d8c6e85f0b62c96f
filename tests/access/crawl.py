"""Walking the system as a person does: every link, every form of GET, and what an answer says in words."""

from __future__ import annotations

import io
import zipfile
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pypdfium2
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

from tests.access.visit import body_of

STARTS = (
    "/", "/menu/", "/desk/", "/desk/matters/", "/desk/group/", "/desk/statistics/", "/letters/", "/letters/inbox/",
    "/letters/registers/", "/letters/registers/?kind=send", "/letters/sent/", "/letters/drafts/", "/letters/statistics/",
    "/register/", "/register/schools/", "/schools/map/", "/office/", "/office/people/", "/notices/", "/search/",
)  # fmt: skip
LEAVE = {"account_logout", "notices:live", "ui:gallery", "ui:gallery_part"}


@dataclass(frozen=True)
class Form:
    """A form found on a page: where it goes and the fields it carries with their first values."""

    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    typed: tuple[str, ...]  # fields a person types words into
    found_on: str


@dataclass(frozen=True)
class Page:
    url: str
    response: HttpResponse
    body: bytes
    forms: tuple[Form, ...]

    @property
    def words(self) -> bytes:
        return words_of(self.response.headers.get("Content-Type", ""), self.body)


def words_of(kind: str, body: bytes) -> bytes:
    """What a reader of the file reads: the parts of a sheet, the text of a PDF, else the bytes."""
    if body[:4] == b"%PDF":
        paper = pypdfium2.PdfDocument(body)
        try:
            return "".join(page.get_textpage().get_text_range() for page in paper).encode()
        finally:
            paper.close()
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    return body


def crawl(
    client: Client, starts: tuple[str, ...] = STARTS, most: int = 150, alike: int = 4
) -> Iterator[Page]:
    """Pages reached by links and GET forms; of pages alike (route and parameters) only the first few."""
    queue, seen, counts = deque(starts), set(), Counter()
    while queue and most:
        url = queue.popleft()
        if url in seen:
            continue
        seen.add(url)
        key = _alike(url)
        if key is None or counts[key] >= alike:
            continue
        counts[key] += 1
        most -= 1
        response = client.get(url)
        body = body_of(response)
        forms: list[Form] = []
        if response.status_code in (301, 302):
            queue.append(_inside(url, response.headers["Location"]) or "/")
        elif response.headers.get("Content-Type", "").startswith("text/html") and body.strip():
            tree = html.fromstring(body)
            for link in tree.xpath("//@href | //@src | //@hx-get | //@data-url"):
                if target := _inside(url, str(link)):
                    queue.append(target)
            forms = list(_forms(tree, url))
            for form in forms:
                if form.method == "get":
                    queue.append(f"{form.action.split('?')[0]}?{urlencode(form.fields)}")
        yield Page(url, response, body, tuple(forms))


def _alike(url: str) -> tuple | None:
    parts = urlsplit(url)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    if match.view_name in LEAVE:
        return None
    return (
        match.view_name,
        match.kwargs.get("kind"),
        match.kwargs.get("tab"),
        frozenset(k for k, _v in parse_qsl(parts.query)),
    )


def _inside(base: str, link: str) -> str | None:
    if link.startswith(("#", "data:", "mailto:", "tel:", "javascript:", "blob:")):
        return None
    parts = urlsplit(urljoin(f"http://testserver{base}", link))
    if parts.netloc != "testserver" or parts.path.startswith("/static/"):
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _forms(tree: html.HtmlElement, url: str) -> Iterator[Form]:
    for form in tree.forms:
        action = _inside(url, form.get("action") or url)
        if action is None:
            continue
        fields, typed = [], []
        for field in form.inputs:
            name = field.get("name")
            if not name or name == "csrfmiddlewaretoken":
                continue
            kind = (field.get("type") or "text").lower() if field.tag == "input" else field.tag
            if kind in {"submit", "button", "image", "reset", "file"}:
                continue
            if kind in {"checkbox", "radio"} and field.get("checked") is None:
                continue
            value = field.value
            for one in (
                list(value)
                if not isinstance(value, str) and value is not None and kind == "select"
                else [value]
            ):
                fields.append((name, str(one or "")))
            if kind in {"text", "textarea", "search", "email", "tel", "url"}:
                typed.append(name)
        yield Form(action, (form.get("method") or "get").lower(), tuple(fields), tuple(typed), url)
