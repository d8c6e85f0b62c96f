"""Ten uploads of 50 MB at once through the form parser and the shelf: how much memory does it take?

    KHET_DATA=/tmp/khet-bench python bench/uploads.py

Promise: at most 150 MB more than the idle process. Nothing is kept: every transaction is rolled back.
"""

from __future__ import annotations

import io
import os
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.site.settings")

MB = 1024 * 1024
SIZE = 49 * MB


def rss() -> int:
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) // 1024


def a_paper(seed: int) -> bytes:
    """A PDF of 24 scanned pages of 2 MB each."""
    import pikepdf

    source = random.Random(seed)
    out = io.BytesIO()
    with pikepdf.new() as paper:
        for _ in range(24):
            paper.add_blank_page(page_size=(595, 842))
            noise = pikepdf.Stream(paper, source.randbytes(SIZE // 24))
            noise.stream_dict = pikepdf.Dictionary(
                Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=1, Height=1,
                ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8,
            )  # fmt: skip
            paper.pages[-1].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=noise))
        paper.save(out)
    return out.getvalue()


class Body(io.RawIOBase):
    """A multipart body read from a file on disk, as a server hands it over."""

    def __init__(self, path: Path) -> None:
        head = (
            b'--khet-bench-boundary\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        )
        self.parts = [io.BytesIO(head), path.open("rb"), io.BytesIO(b"\r\n--khet-bench-boundary--\r\n")]
        self.length = len(head) + path.stat().st_size + len(b"\r\n--khet-bench-boundary--\r\n")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        while self.parts:
            if count := self.parts[0].readinto(buffer):
                return count
            self.parts.pop(0).close()
        return 0


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIRequest
    from django.db import connection, transaction

    from khet.base.database.embedded import ensure_running
    from khet.kits.files.actions import _keep

    ensure_running(settings.DATA)
    with tempfile.TemporaryDirectory() as folder:
        settings.KHET_FILES = Path(folder) / "files"
        bodies = []
        for seed in range(10):
            path = Path(folder) / f"{seed}.pdf"
            path.write_bytes(a_paper(seed))
            bodies.append(path)
        warm = Path(folder) / "warm.pdf"
        warm.write_bytes(_small_paper())
        failures: list[BaseException] = []

        def upload(path: Path) -> None:
            try:
                body = Body(path)
                request = WSGIRequest(
                    {
                        "REQUEST_METHOD": "POST", "PATH_INFO": "/", "SERVER_NAME": "x", "SERVER_PORT": "80",
                        "CONTENT_TYPE": "multipart/form-data; boundary=khet-bench-boundary", "CONTENT_LENGTH": str(body.length),
                        "wsgi.input": io.BufferedReader(body),
                    }
                )  # fmt: skip
                with transaction.atomic():
                    file = _keep(request.FILES["file"], "a.pdf", None)
                    assert file.size == path.stat().st_size
                    transaction.set_rollback(True)
                request.close()
            except BaseException as why:
                failures.append(why)
            finally:
                connection.close()

        upload(warm)
        idle, peak = rss(), 0
        threads = [threading.Thread(target=upload, args=[path]) for path in bodies]
        begin = time.monotonic()
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            peak = max(peak, rss())
            time.sleep(0.02)
        seconds = time.monotonic() - begin
    if failures:
        raise failures[0]
    print(
        f"10 × {SIZE // MB} MB at once: idle {idle} MB, peak {peak} MB, +{peak - idle} MB (promise +150), {seconds:.1f} s"
    )
    sys.exit(peak - idle > 150)


def _small_paper() -> bytes:
    import pikepdf

    out = io.BytesIO()
    with pikepdf.new() as paper:
        paper.add_blank_page()
        paper.save(out)
    return out.getvalue()


if __name__ == "__main__":
    main()
