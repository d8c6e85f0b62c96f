"""The yearly book of an invented area of 130 schools: composing, setting in its own process, mending, against the bare setter with the same
source and pictures; and what is left of it in the memory of whoever made it."""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.site.settings")
os.environ.setdefault("KHET_DATA", tempfile.mkdtemp(prefix="khet-book-"))


def processor() -> float:
    """Seconds of this process and of the children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def memory() -> int:
    """What this process holds now, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 2**20


def main() -> int:
    import django

    django.setup()
    import typst

    from khet.base.lib import charts
    from khet.base.lib.pdf.books import book_pdf
    from khet.base.lib.pdf.compiling import Setter, faces
    from khet.base.lib.setter.setting import Order
    from khet.outlets.books.choices import CHAPTERS
    from khet.outlets.books.composing import compose
    from khet.outlets.books.composing.making import Making
    from khet.outlets.books.composing.pictures import Pictures
    from khet.outlets.books.making import pages_of, school_pdf
    from khet.outlets.books.tests.invented import DrawnMaps, invented

    def begun() -> Making:
        return Making(facts=invented(130), pictures=Pictures(charts.kept_svg, DrawnMaps()))

    def whole() -> bytes:
        return book_pdf(compose(begun(), [chapter.code for chapter in CHAPTERS]))

    def clocked(make) -> tuple[bytes, float, float]:
        clock, spent = time.perf_counter(), processor()
        content = make()
        return content, time.perf_counter() - clock, processor() - spent

    invented(130)
    first, _clock, cold = clocked(whole)
    held = memory()
    content, clock, spent = clocked(whole)
    left = memory()
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    schools: list[bytes] = []

    def every_school() -> bytes:
        making = begun()
        with Setter() as setter:
            schools.extend(school_pdf(making, one, setter) for one in making.facts.schools)
        return b""

    _none, small_clock, small_spent = clocked(every_school)
    left_small = memory()

    # The floor last, for it fills this process: the same order once more, by the setter alone.
    bare: list[float] = []
    setting = Setter.paper

    def bare_too(self: Setter, order: Order) -> bytes:
        before, source = time.process_time(), order.source.encode()
        typst.Compiler(source, root=order.root, font_paths=faces()[0], ignore_system_fonts=True).compile(
            source, format="pdf", sys_inputs={"data": order.data, "tight": "0"}, pdf_standards="a-2b", timestamp=order.stamp,
            pdf_tags=order.archival and order.tagged,
        )  # fmt: skip
        bare.append(time.process_time() - before)
        return setting(self, order)

    Setter.paper = bare_too  # type: ignore[method-assign]
    again = whole()
    ratio = spent / bare[0]
    pages = pages_of(content)
    print(
        f"{pages} pages, {len(content) / 1e6:.1f} MB, {'the same bytes' if first == content == again else 'OTHER BYTES'}"
    )
    print(f"processor: first {cold:.1f} s, again {spent:.1f} s; by the clock {clock:.1f} s")
    print(f"bare setter {bare[0]:.1f} s, ratio {ratio:.2f} (at most 1.5)")
    print(f"{len(schools)} small books: {small_spent:.1f} s of processor, {small_clock:.1f} s by the clock")
    print(
        f"memory: {held} MB after the first book, {left} MB after the second, {left_small} MB after the small ones; the setter {largest} MB at most"
    )
    kept = left - held < 100 and left_small - held < 100
    return int(pages < 200 or spent > 20 or ratio > 1.5 or not first == content == again or not kept)


if __name__ == "__main__":
    sys.exit(main())
