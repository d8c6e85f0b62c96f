"""The yearly book of an invented area of 130 schools: composing, setting, mending, against the bare setter with the same source and pictures."""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.site.settings")
os.environ.setdefault("KHET_DATA", tempfile.mkdtemp(prefix="khet-book-"))


def main() -> int:
    import django

    django.setup()
    from khet.base.lib import charts
    from khet.base.lib.pdf import compiling
    from khet.base.lib.pdf.books import book_pdf
    from khet.outlets.books.choices import CHAPTERS
    from khet.outlets.books.composing import compose
    from khet.outlets.books.composing.making import Making
    from khet.outlets.books.composing.pictures import Pictures
    from khet.outlets.books.making import pages_of
    from khet.outlets.books.tests.invented import DrawnMaps, invented

    spent: dict[str, float] = {}
    mend = compiling.with_clean_text

    def whole() -> bytes:
        making = Making(facts=invented(130), pictures=Pictures(charts.kept_svg, DrawnMaps()))
        return book_pdf(compose(making, [chapter.code for chapter in CHAPTERS]))

    def clocked(data: bytes) -> bytes:
        spent["set"] = time.process_time()
        return mend(data)

    invented(130)
    before = time.process_time()
    whole()
    cold = time.process_time() - before
    compiling.with_clean_text = clocked
    from khet.base.lib.pdf import books

    given = books.book_data

    def read(book):
        data = given(book)
        spent["composed"] = time.process_time()
        return data

    books.book_data = read
    before = time.process_time()
    content = whole()
    after = time.process_time()
    bare = spent["set"] - spent["composed"]
    pages, memory = pages_of(content), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{pages} pages, {len(content) / 1e6:.1f} MB; processor: first {cold:.1f} s, again {after - before:.1f} s"
    )
    print(
        f"bare setter {bare:.1f} s, ratio {(after - before) / bare:.2f} (at most 1.5); peak memory {memory} MB"
    )
    return int(pages < 200 or after - before > 20 or (after - before) / bare > 1.5)


if __name__ == "__main__":
    sys.exit(main())
