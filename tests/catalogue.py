"""The English catalogue: every Thai sentence of the interface with its English one.

``python -m tests.catalogue`` brings ``khet/locale/en/LC_MESSAGES/django.po`` up to date with the sources and
compiles it; ``tests/architecture/test_catalogue.py`` fails while a sentence has no English.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import trim_whitespace
from django.utils.translation.template import block_re, constant_re, endblock_re, inline_re, plural_re

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "khet" / "locale" / "en" / "LC_MESSAGES"
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"
KEYWORDS = {
    "_": None, "_t": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
}  # fmt: skip
CONTEXT = "\x04"  # between what a word is (a state, an act done) and the word, as in the compiled file
BORN = datetime(2026, 11, 24, tzinfo=UTC)  # fixed: the history of the file tells when it changed
THAI = re.compile(r"[\u0e00-\u0e7f]")
_TAG = re.compile(r"{%(.*?)%}|{{(.*?)}}|{#.*?#}", re.S)
_VARIABLE = re.compile(r"{{\s*([\w.]+)(?:\|[^}]*)?\s*}}")


def in_python(path: Path) -> Iterator[str | tuple[str, str]]:
    with path.open("rb") as file:
        for _line, function, messages, _comments in extract_python(file, list(KEYWORDS), [], {}):
            if function in {"ngettext", "ngettext_lazy"}:
                yield (messages[0], messages[1])
            elif function in {"pgettext", "pgettext_lazy"}:
                yield CONTEXT.join(messages)
            else:
                yield messages if isinstance(messages, str) else next((m for m in messages if m), "")


def unquoted(text: str) -> str:
    """A constant of a template as it is looked up: percent signs doubled."""
    return text.strip()[1:-1].replace('\\"', '"').replace("\\'", "'").replace("%", "%%")


def in_template(path: Path) -> Iterator[str | tuple[str, str]]:
    """Messages of ``translate``, ``blocktranslate`` and ``_("…")`` constants, as Django will look them up."""
    source = path.read_text()
    parts: list[str] | None = None
    plural: list[str] | None = None
    trimmed, position = False, 0
    for match in _TAG.finditer(source):
        inner = (match.group(1) or match.group(2) or "").strip()
        if parts is not None:
            (plural if plural is not None else parts).append(
                source[position : match.start()].replace("%", "%%")
            )
            position = match.end()
            if match.group(1) is not None and endblock_re.match(inner):
                words = ["".join(p) for p in (parts, plural) if p is not None]
                words = [trim_whitespace(w) if trimmed else w for w in words]
                yield words[0] if len(words) == 1 else (words[0], words[1])
                parts = plural = None
            elif match.group(1) is not None and plural_re.match(inner):
                plural = []
            elif match.group(2) is not None:
                name = _VARIABLE.match(match.group(0))
                (plural if plural is not None else parts).append(f"%({name.group(1) if name else inner})s")
            continue
        if match.group(1) is not None:
            inline = inline_re.match(inner)
            if inline:
                context = inline.group(3)
                yield (unquoted(context) + CONTEXT if context else "") + unquoted(inline.group(1))
            elif block_re.match(inner):
                parts, plural, trimmed, position = [], None, " trimmed" in f" {inner} ", match.end()
                for constant in constant_re.findall(inner):
                    yield unquoted(constant)
                continue
        for constant in constant_re.findall(inner):
            yield unquoted(constant)


def messages() -> set[str | tuple[str, str]]:
    """Every Thai message of the interface."""
    found: set[str | tuple[str, str]] = set()
    for path in sorted((ROOT / "khet").rglob("*")):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        if path.suffix == ".py":
            found.update(in_python(path))
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            found.update(in_template(path))
    return {m for m in found if m and THAI.search(m if isinstance(m, str) else m[0])}


def load() -> Catalog:
    if not PO.exists():
        return Catalog(locale="en", project="khet", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def parted(message: str | tuple[str, str]) -> tuple[str, str | None]:
    """The message a catalogue keys by, and its context."""
    key = message if isinstance(message, str) else message[0]
    context, _mark, word = key.rpartition(CONTEXT)
    return word, context or None


def missing(catalog: Catalog) -> list[str]:
    """Messages that have no English yet."""
    lacking = []
    for message in messages():
        entry = catalog.get(*parted(message))
        words = entry.string if entry else ""
        if not (all(words) if isinstance(words, (tuple, list)) else words):
            lacking.append(message[0] if isinstance(message, tuple) else message)
    return sorted(lacking)


def compiled(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def update() -> int:
    """Rewrite the catalogue in sorted order, keeping what is translated; returns how many lack English."""
    old, new = (
        load(),
        Catalog(
            locale="en",
            project="khet",
            charset="utf-8",
            header_comment="# English for khet",
            creation_date=BORN,
            revision_date=BORN,
            fuzzy=False,
        ),
    )
    for message in sorted(messages(), key=lambda m: m if isinstance(m, str) else m[0]):
        key, context = parted(message)
        entry = old.get(key, context)
        new.add(
            message if isinstance(message, tuple) else key,
            entry.string if entry else None,
            flags=["python-format"] if "%(" in key else [],
            context=context,
        )
    FOLDER.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, new, width=110, omit_header=False, ignore_obsolete=True, sort_output=False)
    MO.write_bytes(compiled(load()))
    return len(missing(load()))


if __name__ == "__main__":
    lacking = update()
    sys.stdout.write(f"{len(messages())} messages, {lacking} without English\n")
