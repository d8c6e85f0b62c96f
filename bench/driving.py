"""Driving the real server over real HTTP: people with sessions, pages with forms, and how long each kind of request took."""

from __future__ import annotations

import http.client
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from bench.measure import p50, p95, table


@dataclass
class Form:
    """A form as a browser would send it untouched."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def names(self) -> set[str]:
        return {name for name, _value in self.fields}

    def value(self, name: str) -> str:
        return next((value for one, value in self.fields if one == name), "")

    def put(self, name: str, value: str) -> None:
        self.fields = [pair for pair in self.fields if pair[0] != name] + [(name, value)]


class _Forms(HTMLParser):
    """Every form that is posted, with what its fields hold."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select = self.chosen = self.first = self.area = ""
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = (
                Form(given.get("action") or self.url) if given.get("method", "").lower() == "post" else None
            )
            if self.form is not None:
                self.forms.append(self.form)
        if self.form is None:
            return
        name = given.get("name", "")
        if tag == "input" and name and "disabled" not in given:
            kind = given.get("type", "text")
            if kind in ("checkbox", "radio"):
                if "checked" in given:
                    self.form.fields.append((name, given.get("value", "on")))
            elif kind not in ("submit", "button", "file", "image", "reset"):
                self.form.fields.append((name, given.get("value", "")))
        elif tag == "select":
            self.select, self.chosen, self.first = name, "", "\0"
        elif tag == "option" and self.select:
            if self.first == "\0":
                self.first = given.get("value", "")
            if "selected" in given:
                self.chosen = given.get("value", "") or "\0"
        elif tag == "textarea":
            self.area, self.text = name, []

    def handle_data(self, data: str) -> None:
        if self.area:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self.form is None:
            return
        if tag == "select" and self.select:
            value = (self.chosen or self.first).replace("\0", "")
            self.form.fields.append((self.select, value))
            self.select = ""
        elif tag == "textarea" and self.area:
            # A browser takes the first line end after the tag for layout.
            self.form.fields.append((self.area, "".join(self.text).removeprefix("\n")))
            self.area = ""
        elif tag == "form":
            self.form = None


class Clock:
    """How long every kind of request took, in milliseconds, from all people."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.spent: dict[str, list[float]] = defaultdict(list)
        self.wrong: list[str] = []

    def note(self, kind: str, milliseconds: float) -> None:
        with self.lock:
            self.spent[kind].append(milliseconds)

    def fault(self, words: str) -> None:
        with self.lock:
            self.wrong.append(words)

    def print(self, most: float) -> bool:
        """A table, and whether every kind kept within ``most`` at its 95th percentile."""
        print(
            table(
                ["request", "number", "p50 ms", "p95 ms", "most ms"],
                [
                    [kind, f"{len(one):,}", f"{p50(one):.0f}", f"{p95(one):.0f}", f"{max(one):.0f}"]
                    for kind, one in sorted(self.spent.items())
                ],
            )
        )
        slow = {kind: p95(one) for kind, one in self.spent.items() if p95(one) > most}
        for kind, value in slow.items():
            print(f"MISSED {kind}: p95 {value:.0f} ms > {most:.0f} ms")
        return not slow


class Refused(Exception):
    """The server answered something else than expected."""


class Visitor:
    """One signed-in person with a connection of their own."""

    def __init__(self, port: int, cookies: dict[str, str], clock: Clock) -> None:
        self.host = f"127.0.0.1:{port}"
        self.port = port
        self.cookies = dict(cookies)
        self.clock = clock
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(
        self, kind: str, method: str, url: str, body: str | None = None, expect: int = 200
    ) -> tuple[str, str]:
        """Body and where it leads; the time until the last byte is noted under ``kind``."""
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept": "text/html", "Host": self.host,
        }  # fmt: skip
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.host}"}
        began = time.perf_counter()
        for turn in (1, 2):
            try:
                self.connection.request(method, url, body, headers)
                answer = self.connection.getresponse()
                content = answer.read().decode("utf-8", "replace")
                break
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                # A kept connection that the server closed meanwhile; what was posted may have arrived: only reads are asked again.
                self.connection.close()
                if turn == 2 or method != "GET":
                    raise
        self.clock.note(kind, (time.perf_counter() - began) * 1000)
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _is, value = line.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value.strip()
        if answer.status != expect:
            raise Refused(
                f"{method} {url} answered {answer.status} {answer.headers.get('Location', '')}, not {expect}"
            )
        return content, answer.headers.get("Location", "")

    def get(self, kind: str, url: str) -> str:
        return self.ask(kind, "GET", url)[0]

    def forms(self, kind: str, url: str) -> list[Form]:
        reader = _Forms(url.partition("?")[0])
        reader.feed(self.get(kind, url))
        return reader.forms

    def send(self, kind: str, form: Form) -> str:
        """Post a form and go where it leads; both are noted. Returns the page."""
        _content, where = self.ask(kind, "POST", form.action, urlencode(form.fields), expect=302)
        return self.get(f"{kind}, page after", where)

    def press(self, kind: str, url: str, ending: str, **values: str) -> str:
        """Open a page, press the button of the form whose address ends so. ``Refused`` when there is none."""
        for form in self.forms(f"{kind}, page before", url):
            if form.action.endswith(ending):
                for name, value in values.items():
                    form.put(name, value)
                return self.send(kind, form)
        raise Refused(f"{url} offers no {ending}")
