"""The English catalogues: every Thai sentence of the interface with its English one.

Each app keeps its own in ``locale/en/LC_MESSAGES/django.po``; what belongs to no app stands in ``khet/locale``.
``python -m tests.catalogue`` brings them up to date with the sources and compiles them, taking over the English that a
sentence already has in another app; ``tests/architecture/test_catalogue.py`` fails while a sentence has none. The English of
new sentences may be handed over as a JSON file of Thai → English: ``python -m tests.catalogue FILE``.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import trim_whitespace
from django.utils.translation.template import block_re, constant_re, endblock_re, inline_re, plural_re

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "khet"
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


Message = str | tuple[str, str]


def home(path: Path) -> Path:
    """The folder whose catalogue a source file belongs to: its app, else the package."""
    parts = path.relative_to(PACKAGE).parts
    app = PACKAGE.joinpath(*parts[:2])
    return app if (app / "apps.py").exists() else PACKAGE


@cache
def messages() -> dict[Path, set[Message]]:
    """Every Thai message of the interface, by the folder it belongs to."""
    found: dict[Path, set[Message]] = {}
    for path in sorted(PACKAGE.rglob("*")):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        said: set[Message] = set()
        if path.suffix == ".py":
            said.update(in_python(path))
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            said.update(in_template(path))
        said = {m for m in said if m and THAI.search(m if isinstance(m, str) else m[0])}
        if said:
            found.setdefault(home(path), set()).update(said)
    return found


def folder_of(place: Path) -> Path:
    return place / "locale" / "en" / "LC_MESSAGES"


def load(place: Path) -> Catalog:
    """The catalogue of an app (or of the package)."""
    path = folder_of(place) / "django.po"
    if not path.exists():
        return Catalog(locale="en", project="khet", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def load_all() -> dict[Path, Catalog]:
    return {
        path.parents[3]: load(path.parents[3]) for path in PACKAGE.rglob("locale/en/LC_MESSAGES/django.po")
    }


def parted(message: str | tuple[str, str]) -> tuple[str, str | None]:
    """The message a catalogue keys by, and its context."""
    key = message if isinstance(message, str) else message[0]
    context, _mark, word = key.rpartition(CONTEXT)
    return word, context or None


def english(catalog: Catalog, message: Message) -> str | tuple[str, ...] | None:
    """What the catalogue says for a message; None when it says nothing."""
    entry = catalog.get(*parted(message))
    words = entry.string if entry else ""
    return words if (all(words) if isinstance(words, (tuple, list)) else words) else None


def missing(catalogs: dict[Path, Catalog]) -> list[str]:
    """Messages that have no English yet in the catalogue of their own app."""
    nothing = Catalog(locale="en")
    return sorted(
        f"{place.name}: {message[0] if isinstance(message, tuple) else message}"
        for place, said in messages().items()
        for message in said
        if english(catalogs.get(place, nothing), message) is None
    )


def compiled(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def update(given: dict[str, str]) -> int:
    """Rewrite the catalogues in sorted order, keeping what is translated; returns how many lack English.

    ``given`` is English for sentences, and wins over what stood.
    """
    before = load_all()
    wanted = messages()
    for place in before.keys() - wanted.keys():
        for name in ("django.po", "django.mo"):
            (folder_of(place) / name).unlink(missing_ok=True)
    for place, said in wanted.items():
        known = [before[place], *before.values()] if place in before else list(before.values())
        new = Catalog(
            locale="en",
            project="khet",
            charset="utf-8",
            header_comment="# English for khet",
            creation_date=BORN,
            revision_date=BORN,
            fuzzy=False,
        )
        for message in sorted(said, key=lambda m: m if isinstance(m, str) else m[0]):
            key, context = parted(message)
            told = given.get(key) if isinstance(message, tuple) else given.get(message) or given.get(key)
            words = (told, told) if told and isinstance(message, tuple) else told
            words = words or next((w for w in (english(catalog, message) for catalog in known) if w), None)
            new.add(
                message if isinstance(message, tuple) else key,
                words,
                flags=["python-format"] if "%(" in key else [],
                context=context,
            )
        folder_of(place).mkdir(parents=True, exist_ok=True)
        with (folder_of(place) / "django.po").open("wb") as file:
            write_po(file, new, width=110, omit_header=False, ignore_obsolete=True, sort_output=False)
        (folder_of(place) / "django.mo").write_bytes(compiled(load(place)))
    return len(missing(load_all()))


if __name__ == "__main__":
    lacking = update(json.loads(Path(sys.argv[1]).read_text()) if len(sys.argv) > 1 else {})
    count = sum(len(said) for said in messages().values())
    sys.stdout.write(f"{count} messages, {lacking} without English\n")
    sys.stdout.writelines(f"  {line}\n" for line in missing(load_all())[:200])
