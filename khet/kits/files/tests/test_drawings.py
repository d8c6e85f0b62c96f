"""SVG: accepted where it is asked for, as shapes and colours alone; everything else is refused with what to change."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from khet.base.lib.errors import Refusal
from khet.kits.files.api import FileKind, attachments, store
from khet.kits.files.models import StoredFile
from khet.kits.files.pages import page_picture
from khet.kits.files.proof.drawings import MOST_PARTS
from khet.kits.files.tests.samples import a_pdf, a_picture

pytestmark = pytest.mark.django_db
PICTURES = (FileKind.PNG, FileKind.JPEG, FileKind.SVG)
RED = "<circle cx='50' cy='40' r='30' fill='#b02a16'/>"


def svg(inside: str = RED, *, before: str = "", more: str = "") -> bytes:
    return (
        f"{before}<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 100 80'{more}>{inside}</svg>"
    ).encode()


GOOD = {
    "bare": svg(),
    "with the line of the standard": svg(
        before='<?xml version="1.0" encoding="UTF-8"?>\n<!-- ตรา -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    ),
    "own parts": svg(
        "<style>.a{fill:url(#g)}</style><defs><linearGradient id='g'><stop offset='0' stop-color='red'/></linearGradient></defs>"
        "<g class='a' style='opacity:.9;clip-path:url( \"#g\" )'><use xlink:href='#s'/><path id='s' d='M0 0h40v40z'/></g>"
    ),
    "of a drawing program": svg(
        "<sodipodi:namedview xmlns:sodipodi='http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd' pagecolor='#fff'/>"
        "<metadata><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><r:li r:resource='http://purl.org/x'/></r:RDF></metadata>"
        + RED
    ),
    "with a mark of UTF-8": b"\xef\xbb\xbf" + svg(),
}
BAD = {
    "script": (svg("<script>alert(1)</script>"), "svg_acting"),
    "script in what programs keep": (
        svg("<metadata><x:y xmlns:x='urn:x'><script/></x:y></metadata>"),
        "svg_acting",
    ),
    "handler": (svg(more=" onload='alert(1)'"), "svg_acting"),
    "movement": (svg("<set attributeName='href' to='javascript:1'/>"), "svg_acting"),
    "link": (svg("<a href='https://example.org/'/>"), "svg_elsewhere"),
    "picture": (svg("<image href='data:image/png;base64,AAAA'/>"), "svg_elsewhere"),
    "page inside": (
        svg("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>"),
        "svg_elsewhere",
    ),
    "page": (svg("<p xmlns='http://www.w3.org/1999/xhtml'/>"), "svg_part"),
    "part of another file": (svg("<use xlink:href='other.svg#a'/>"), "svg_elsewhere"),
    "colour from elsewhere": (svg("<path fill='url(https://example.org/#a)'/>"), "svg_elsewhere"),
    "style from elsewhere": (svg("<style>@import 'https://example.org/a.css';</style>"), "svg_elsewhere"),
    "hidden between strings": (
        svg("<style>a{b:'/*'}c{fill:url(//e.org/a)}d{e:'*/'}</style>"),
        "svg_elsewhere",
    ),
    "escaped": (svg("<path style='fill:u\\72l(//example.org/a)'/>"), "svg_elsewhere"),
    "style sheet": (svg(before="<?xml-stylesheet href='a.css'?>"), "svg_elsewhere"),
    "another base": (svg("<g xml:base='https://example.org/'/>"), "svg_elsewhere"),
    "letters": (svg("<text x='1' y='9'>สพป.</text>"), "svg_letters"),
    "typeface": (svg("<style>@font-face{font-family:x;src:url(#a)}</style>"), "svg_letters"),
    "typeface inside": (svg("<defs><font id='f'><glyph/></font></defs>"), "svg_letters"),
    "entities": (svg("&a;", before="<!DOCTYPE svg [<!ENTITY a 'b'>]>"), "svg_entity"),
    "unknown entity": (svg("&nope;", before="<!DOCTYPE svg SYSTEM 'file:///etc/passwd'>"), "svg_entity"),
    "another encoding": (
        svg(before="<?xml version='1.0' encoding='windows-1252'?>"),
        "svg_encoding",
    ),
    "unknown part": (svg("<filter id='f'/>"), "svg_part"),
    "too many parts": (svg("<g/>" * MOST_PARTS), "svg_complex"),
    "too deep": (svg("<g>" * 200 + "</g>" * 200), "svg_complex"),
    "too big": (svg("<!--" + "x" * 6_000_000 + "-->"), "svg_complex"),
    "grows on drawing": (
        svg(
            "<g id='a0'><path d='M0 0h1v1z'/></g>"
            + "".join(f"<g id='a{n}'>" + f"<use href='#a{n - 1}'/>" * 10 + "</g>" for n in range(1, 9))
        ),
        "svg_undrawn",
    ),
    "cut": (svg()[:-3], "damaged"),
    "a page of the web": (b"<!DOCTYPE html><html><script>1</script></html>", "svg_other"),
    "no drawing": (b"<?xml version='1.0'?><svg/>", "svg_other"),
    "words": ("ตรา".encode(), "kind_here"),
    "paper": (a_pdf(), "kind_here"),
}


@pytest.mark.parametrize("case", GOOD)
def test_shapes_and_colours_are_kept_and_drawn(case, world, own):
    held = store(actor=world.system, upload=GOOD[case], owner=own, name="ตรา.png", kinds=PICTURES)
    assert (held.file.kind, held.file.state, held.file.has_pages) == ("svg", "ok", True)
    path, mime = page_picture(held.file, 1, 480)
    with Image.open(path) as picture:
        assert mime == "image/png" and picture.format == "PNG" and picture.size == (480, 384)


@pytest.mark.parametrize("case", BAD)
def test_the_rest_is_refused_with_what_to_change(case, world, own):
    content, code = BAD[case]
    with pytest.raises(Refusal) as refusal:
        store(actor=world.system, upload=content, owner=own, name="ตรา.svg", kinds=PICTURES)
    assert refusal.value.code == f"files.{code}"
    assert not StoredFile.objects.exists()


def test_nowhere_else_even_when_the_bytes_are_here_already(world, own):
    store(actor=world.system, upload=svg(), owner=own, kinds=PICTURES)
    for content in (svg(), svg(RED + RED)):
        with pytest.raises(Refusal, match="SVG"):
            store(actor=world.system, upload=content, owner=own, name="ตรา.svg")
    assert attachments(own).count() == 1


def test_only_the_kinds_asked_for(world, own):
    jpeg = a_picture("JPEG")
    store(actor=world.system, upload=jpeg, owner=own)
    with pytest.raises(Refusal, match="PNG"):
        store(actor=world.system, upload=jpeg, owner=own, kinds=[FileKind.PNG])
    with pytest.raises(Refusal, match="PNG ภาพ JPEG หรือภาพ SVG"):
        store(actor=world.system, upload=io.BytesIO(a_pdf()), owner=own, kinds=PICTURES)


def test_it_is_given_out_to_be_saved_not_opened(world, own, client):
    from khet.base.org.actions import add_account

    held = store(actor=world.system, upload=svg(), owner=own, name="ตรา.svg", kinds=PICTURES)
    account = add_account(actor=world.system, person=world.people[0], username="one", password="x")
    client.force_login(account)
    answer = client.get(held.url)
    assert answer.status_code == 200 and answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
