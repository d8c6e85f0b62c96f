"""Files made for the tests: good ones of every kind, and every kind of bad one."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image

from khet.kits.files.proof.marks import EICAR

CONTENT_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
)
_WORD = '<?xml version="1.0"?><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>'


def a_zip(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def a_docx(text: str = "ประกาศสำนักงานเขต", **more: bytes) -> bytes:
    parts = {"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": _WORD.format(text).encode()}
    return a_zip({**parts, **{name.replace("__", "/"): value for name, value in more.items()}})


def an_xlsx(**more: bytes) -> bytes:
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "xl/workbook.xml": b"<workbook/>",
        "xl/sharedStrings.xml": "<sst><si><t>บ้านหนองไทร</t></si></sst>".encode(),
    }
    return a_zip({**parts, **more})


def an_odf(mime: str, text: str = "คำสั่ง") -> bytes:
    return a_zip(
        {
            "mimetype": mime.encode(),
            "content.xml": f'<o:doc xmlns:o="o" xmlns:t="t"><t:p>{text}</t:p></o:doc>'.encode(),
        }
    )


def a_picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (31, 70, 128)).save(out, kind, **more)
    return out.getvalue()


def a_huge_png(side: int = 30_000) -> bytes:
    """A true PNG of side × side points in a few tens of kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = bytes(1 + side // 8)
    lines = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def a_pdf(pages: int = 1, **save) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as paper:
        for _ in range(pages):
            paper.add_blank_page(page_size=(595, 842))
        paper.save(out, **save)
    return out.getvalue()


def a_pdf_with(change) -> bytes:
    """A one-page PDF after ``change(paper)``."""
    out = io.BytesIO()
    with pikepdf.new() as paper:
        paper.add_blank_page(page_size=(595, 842))
        change(paper)
        paper.save(out)
    return out.getvalue()


def _action(kind: str, **more) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **more)


def javascript(paper):
    paper.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=["a", _action("JavaScript", JS="app.alert(1)")])
    )


def open_action(paper):
    paper.Root.OpenAction = _action("Launch", F="cmd.exe")


def rendition(paper):
    paper.pages[0].AA = pikepdf.Dictionary(O=_action("Rendition", JS="x"))


def embedded(paper):
    paper.attachments["payload.exe"] = pikepdf.AttachedFileSpec(paper, b"MZ....", filename="payload.exe")


def xfa(paper):
    paper.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pikepdf.Stream(paper, b"<xdp/>"))


ACTIVE_PDFS = {
    "javascript": javascript,
    "open_action": open_action,
    "rendition": rendition,
    "embedded_exe": embedded,
    "xfa": xfa,
}

GOOD = {
    "pdf": (a_pdf(3), "pdf"),
    "jpeg": (a_picture("JPEG"), "jpeg"),
    "png": (a_picture("PNG"), "png"),
    "docx": (a_docx(), "docx"),
    "xlsx": (an_xlsx(), "xlsx"),
    "odt": (an_odf("application/vnd.oasis.opendocument.text"), "odt"),
    "ods": (an_odf("application/vnd.oasis.opendocument.spreadsheet"), "ods"),
    "csv": ("รหัส,ชื่อ\n1,บ้านหนองไทร\n".encode(), "csv"),
    "csv cp874": ("รหัส,ชื่อ\n1,บ้านหนองไทร\n".encode("cp874"), "csv"),
    "csv utf-16": ("รหัส,ชื่อ\n1,บ้านหนองไทร\n".encode("utf-16"), "csv"),
    "text": ("ประกาศ เรื่อง วันหยุด".encode("utf-8-sig"), "text"),
    "zip": (a_zip({"a.pdf": a_pdf(), "b/ก.docx": a_docx(), "c.csv": b"a,b\n1,2\n"}), "zip"),
}

QUARANTINED = {
    **{f"pdf {name}": (a_pdf_with(change), "x.pdf") for name, change in ACTIVE_PDFS.items()},
    "pdf and zip in one": (a_pdf() + a_zip({"a.txt": b"hello"}), "x.pdf"),
    "pdf behind script": (b"/*<script>alert(1)</script>*/\n" + a_pdf(), "x.pdf"),
    "png and zip in one": (a_picture() + a_zip({"a.txt": b"hello"}), "x.png"),
    "png with page behind": (a_picture() + b"<html><script>alert(1)</script>", "x.png"),
    "jpeg with pdf head": (a_picture("JPEG", comment=b"%PDF-1.4 "), "x.jpg"),
    "docx with macros": (a_docx(**{"word/vbaProject.bin": b"x"}), "x.docx"),
    "docx with a remote template": (
        a_docx(
            **{
                "word/_rels/settings.xml.rels": b'<R><x Type="http://x/attachedTemplate" TargetMode="External"/></R>'
            }
        ),
        "x.docx",
    ),
    "docx with active-x": (a_docx(**{"word/activeX/activeX1.bin": b"x"}), "x.docx"),
    "eicar plain": (EICAR, "eicar.com"),
    "eicar in zip": (a_zip({"eicar.txt": EICAR}), "x.zip"),
    "eicar in docx": (a_docx(**{"word/media/image1.png": EICAR}), "x.docx"),
    "eicar in docx in zip": (a_zip({"a.docx": a_docx(**{"word/media/i.png": EICAR})}), "x.zip"),
    "a program in docx": (
        a_docx(**{"word/embeddings/oleObject1.bin": b"MZ..This program cannot be run in DOS mode"}),
        "x.docx",
    ),
    "odt with macros": (
        a_zip(
            {
                "mimetype": b"application/vnd.oasis.opendocument.text",
                "content.xml": b"<a/>",
                "Basic/S/M.xml": b"x",
            }
        ),
        "x.odt",
    ),
}


def an_encrypted_pdf() -> bytes:
    return a_pdf(encryption=pikepdf.Encryption(owner="o", user="secret"))


def an_overlapping_zip() -> bytes:
    """Two directory entries that point at the same bytes."""
    one = a_zip({"a.txt": b"x" * 100_000})
    at = one.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<I", one, at + 16)[0]
    entry = one[start:at]
    twin = entry.replace(b"a.txt", b"b.txt")
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 2, 2, len(entry) * 2, start, 0)
    return one[:start] + entry + twin + end


def a_link_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("link.txt")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def a_zip_of_many(count: int = 6000) -> bytes:
    return a_zip({f"{n}.txt": b"" for n in range(count)}, zipfile.ZIP_STORED)


REFUSED = {
    "empty": (b"", "x.pdf", "files.empty"),
    "encrypted pdf": (an_encrypted_pdf(), "x.pdf", "files.encrypted"),
    "pdf without pages": (a_pdf(0), "x.pdf", "files.no_pages"),
    "cut pdf": (b"%PDF-1.7\n1 0 obj", "x.pdf", "files.damaged"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "x.svg", "files.svg"),
    "svg as png": (b'<?xml version="1.0"?><svg/>', "x.png", "files.svg"),
    "html": (b"  <!DOCTYPE html><script>1</script>", "x.txt", "files.svg"),
    "gif and script in one": (b"GIF89a=1;alert(1)//", "x.gif", "files.kind"),
    "gif": (a_picture("GIF"), "x.gif", "files.kind"),
    "program": (b"MZ\x90\x00\x03\x00\x00\x00", "x.exe", "files.kind"),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "x.doc", "files.old_office"),
    "cut png": (a_picture()[:60], "x.png", "files.damaged"),
    "cut jpeg": (a_picture("JPEG", size=(400, 300))[:300], "x.jpg", "files.damaged"),
    "30,000 × 30,000": (a_huge_png(), "x.png", "files.too_many_pixels"),
    "slides": (
        a_zip({"[Content_Types].xml": CONTENT_TYPES, "ppt/presentation.xml": b"x"}),
        "x.pptx",
        "files.kind",
    ),
    "zip with program": (a_zip({"a.exe": b"MZ\x90\x00\x03\x00"}), "x.zip", "files.zip_member"),
    "zip in zip": (a_zip({"a.zip": a_zip({"b.txt": b"x"})}), "x.zip", "files.zip_member"),
    "zip that climbs": (a_zip({"../../a.txt": b"x"}), "x.zip", "files.bad_zip"),
    "zip with absolute name": (a_zip({"/etc/a.txt": b"x"}), "x.zip", "files.bad_zip"),
    "zip with link": (a_link_zip(), "x.zip", "files.bad_zip"),
    "zip overlapping": (an_overlapping_zip(), "x.zip", "files.bad_zip"),
    "zip of many": (a_zip_of_many(), "x.zip", "files.bad_zip"),
    "zip bomb": (a_zip({"a.txt": bytes(30_000_000)}), "x.zip", "files.bad_zip"),
    "cut zip": (a_zip({"a.txt": b"hello world"})[:-30], "x.zip", "files.damaged"),
    "binary": (bytes(range(256)) * 4, "x.csv", "files.kind"),
}
