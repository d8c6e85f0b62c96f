"""Nothing inline in any template of the house: the content policy would block it, silently for the author."""

from __future__ import annotations

import re
from pathlib import Path

import khet

ROOT = Path(khet.__file__).parent
TEMPLATES = sorted(path for path in ROOT.rglob("templates/**/*") if path.suffix in {".html", ".svg"})
SCRIPTS = sorted(path for path in ROOT.rglob("static/**/*.js"))
STYLES = sorted(path for path in ROOT.rglob("static/**/*.css"))

FORBIDDEN = {
    "a style attribute": re.compile(r"""<[^>]*\sstyle\s*="""),
    "a style element": re.compile(r"<style[\s>]"),
    "a script without src": re.compile(r"<script(?![^>]*\ssrc=)"),
    "an event attribute": re.compile(r"""<[^>]*\son[a-z]+\s*=\s*["']"""),
    "hx-on": re.compile(r"""\shx-on"""),
    "hx-vals computed by script": re.compile(r"""hx-(vals|headers)\s*=\s*["']js:"""),
    "a javascript address": re.compile(r"""(href|src|action)\s*=\s*["']?\s*javascript:""", re.I),
    "something from elsewhere": re.compile(
        r"""<(script|link|img|iframe)[^>]+(src|href)\s*=\s*["']?(https?:)?//"""
    ),
}
# Letters by mail have no style sheet to link to.
MAIL = re.compile(r"/templates/.*/(mail|email)/|\.mail\.html$")


def faults(text: str) -> list[str]:
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|<!--.*?-->", "", text, flags=re.S)
    # Inside a tag a `>` may stand in a template expression; take those out first.
    text = re.sub(r"{%.*?%}|{{.*?}}", "x", text)
    return [words for words, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_there_are_templates_to_guard():
    assert len(TEMPLATES) > 20


def test_nothing_inline():
    found = {
        str(path.relative_to(ROOT)): wrong
        for path in TEMPLATES
        if not MAIL.search(str(path)) and (wrong := faults(path.read_text()))
    }
    assert not found


def test_the_guard_sees_what_it_guards_against():
    assert faults('<p style="color:red">') == ["a style attribute"]
    assert faults("<p {% if a > b %}x{% endif %} style='x'>") == ["a style attribute"]
    assert faults("<script>alert(1)</script>") == ["a script without src"]
    assert faults('<a onclick="x()">') == ["an event attribute"]
    assert faults('<a hx-on:click="x()">') == ["hx-on"]
    assert faults('<img src="https://elsewhere.example/x.png">') == ["something from elsewhere"]
    assert (
        faults('<a href="https://www.obec.go.th/">สพฐ.</a><script src="{% static \'x.js\' %}"></script>')
        == []
    )


def test_no_script_builds_code_from_text():
    pattern = re.compile(r"\beval\(|new Function\(|\.innerHTML\s*=|document\.write\(|setTimeout\(\s*[\"']")
    assert not [str(path) for path in SCRIPTS if pattern.search(path.read_text())]


def test_styles_stay_in_their_layers():
    loose = []
    for path in STYLES:
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        if path.name != "tokens.css" and "@layer" not in text:
            loose.append(str(path.relative_to(ROOT)))
    assert not loose
