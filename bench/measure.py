"""Clocks, floors and figures: what every case is measured with and printed by."""

from __future__ import annotations

import gc
import os
import re
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

WARM = 3
ROUNDS = int(
    os.environ.get("BENCH_ROUNDS", "30")
)  # fewer on a busy machine, where only the processor's time counts
_TEXTS = re.compile(r">([^<>]*\S[^<>]*)<")


def spent(act: Callable[[], object], rounds: int = ROUNDS, warm: int = WARM) -> list[float]:
    """Milliseconds of each round, after some that are not counted."""
    for _ in range(warm):
        act()
    gc.collect()
    found = []
    for _ in range(rounds):
        begin = time.perf_counter()
        act()
        found.append((time.perf_counter() - begin) * 1000)
    return found


def p50(values: list[float]) -> float:
    return statistics.median(values)


def p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


@dataclass
class Page:
    """One page as one person gets it. ``processor`` leaves the database and other people's load out."""

    name: str
    who: str
    half: float
    most: float
    processor: float
    queries: int
    kilobytes: float
    sql: float
    template: float

    @property
    def ratio(self) -> float:
        """How often the page's time holds the time of its bare SQL and a bare template of its words."""
        return self.half / max(self.sql + self.template, 0.01)

    @property
    def misses(self) -> list[str]:
        return [
            sentence
            for sentence, is_missed in (
                (f"p95 {self.most:.0f} ms > 100 ms", self.most > 100),
                (f"{self.queries} queries > 15", self.queries > 15),
                (f"{self.kilobytes:.0f} KB > 200 KB", self.kilobytes > 200),
            )
            if is_missed
        ]


def bare_sql(statements: Iterable[str]) -> float:
    """The same reads without Django: each statement sent as text on a bare cursor, all its rows fetched."""
    from django.db import connection

    reads = [sql for sql in statements if sql.lstrip().upper().startswith(("SELECT", "WITH"))]

    def ask() -> None:
        with connection.connection.cursor() as cursor:
            for sql in reads:
                cursor.execute(sql)
                cursor.fetchall()

    return p50(spent(ask))


def bare_template(html: str) -> float:
    """The page's words in the barest template there is: one loop, one escaped variable."""
    from django.template import Context, Engine

    words = _TEXTS.findall(html)
    template = Engine().from_string("{% for word in words %}<td>{{ word }}</td>{% endfor %}")
    return p50(spent(lambda: template.render(Context({"words": words}))))


def page(client, name: str, who: str, url: str) -> Page:
    """Measure one address: 30 warm requests through all of Django, its middleware included."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def ask():
        response = client.get(url)
        if response.status_code != 200:
            raise SystemExit(
                f"{name}: {url} answered {response.status_code} {response.headers.get('Location', '')}"
            )
        return response

    begin = time.thread_time()
    times = spent(ask)
    processor = (time.thread_time() - begin) * 1000 / (ROUNDS + WARM)
    with CaptureQueriesContext(connection) as asked:
        response = ask()
    body = response.content
    statements = [query["sql"] for query in asked.captured_queries]
    counted = [sql for sql in statements if not sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    return Page(
        name, who, p50(times), p95(times), processor, len(counted), len(body) / 1024, bare_sql(counted), bare_template(body.decode())
    )  # fmt: skip


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, so that what is printed can stand in the README."""
    widths = [max(len(row[n]) for row in [heads, *rows]) for n in range(len(heads))]

    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    return "\n".join(
        [line(heads), "|" + "|".join("-" * (width + 2) for width in widths) + "|", *map(line, rows)]
    )


def print_pages(pages: list[Page]) -> bool:
    """Print the table of some pages and what misses its promise; whether all promises are kept."""
    print(
        table(
            ["page", "who", "p50 ms", "p95 ms", "own CPU ms", "queries", "KB", "bare SQL ms", "bare template ms", "ratio"],
            [
                [
                    page.name, page.who, f"{page.half:.1f}", f"{page.most:.1f}", f"{page.processor:.1f}", str(page.queries), f"{page.kilobytes:.0f}",
                    f"{page.sql:.1f}", f"{page.template:.2f}", f"{page.ratio:.1f}",
                ]
                for page in pages
            ],
        )
    )  # fmt: skip
    missed = [(page, sentence) for page in pages for sentence in page.misses]
    for page, sentence in missed:
        print(f"MISSED {page.name} ({page.who}): {sentence}")
    return not missed
