"""A whole area's file from upload to confirmed, beside its floor: what the cases that bring one in have in common.

Imported before Django is set up: the case runs in a data folder of its own with a durable cluster, removed afterwards.
"""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Brought:
    """Seconds of the floor and of everything from upload to confirmed; the largest process in MB."""

    bare: Any
    whole: Any
    peak: float


class Area:
    """An empty office with schools, by their codes, on a cluster in ``folder``."""

    def __init__(self, folder: Path, schools: int) -> None:
        from khet.base.database.embedded import cluster_of, ensure_running

        ensure_running(folder)
        import django

        django.setup()
        from django.utils.translation import activate

        from khet.base.org.actions import add_unit
        from khet.base.org.api import Actor, ensure_roles
        from khet.modules.schools.actions import import_schools
        from khet.site.prepare import migrate

        activate("th")
        migrate()
        self.folder, self.cluster = folder, cluster_of(folder)
        self.actor = Actor.system()
        ensure_roles()
        add_unit(
            actor=self.actor, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="สพป.ศรีธารา เขต 2"
        )  # fmt: skip
        self.codes = [f"9902{n:04d}" for n in range(1, schools + 1)]
        import_schools(
            actor=self.actor, changed=[], source="bench",
            new=[{"name": f"บ้านไร่ธาร {code}", "smis8": code, "levels": "kl"} for code in self.codes],
        )  # fmt: skip

    def bring(self, kind: str, path: Path, *, heads: int, columns: int) -> Brought:
        """The floor, then the file received, checked and confirmed, then checked once more; a line printed for each.

        ``heads`` rows stand above the data, which are ``columns`` wide.
        """
        from django.db import connection
        from python_calamine import CalamineWorkbook

        from bench.processors import Spent, measured
        from khet.kits.register.actions import confirm, receive_file
        from khet.kits.register.jobs import work as check

        postmaster, content = self.cluster.postmaster(), path.read_bytes()

        def timed(words: str, act: Callable[[], Any]) -> tuple[Any, Any]:
            result, spent = measured(postmaster, act)
            print(f"  {words:<28} {spent}")
            return result, spent

        def floor() -> None:
            rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE TABLE bare ({', '.join(f'c{n} text' for n in range(columns))})")
                with cursor.copy("COPY bare FROM STDIN") as copy:
                    for row in rows[heads:]:
                        copy.write_row(row)

        def receive() -> Any:
            return receive_file(actor=self.actor, kind=kind, name=path.name, content=content)

        _none, bare = timed("floor: calamine and COPY", floor)
        batch, first = timed("received", receive)
        batch, second = timed("read and checked", lambda: check(batch, self.actor))
        counts = batch.counts
        _done, third = timed("confirmed", lambda: confirm(actor=self.actor, batch=batch))
        whole = sum((first, second, third), Spent())
        again, _spent = timed("the same file again, checked", lambda: check(receive(), self.actor))
        peak = (
            max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
            / 1024
        )
        print(f"  {counts} → again {again.counts}")
        print(f"  upload to confirmed          {whole}")
        print(
            f"  ratio to the floor: {whole.wall / bare.wall:.1f} by the clock, {whole.work / bare.work:.1f} by the processor; "
            f"peak of the largest process {peak:.0f} MB"
        )
        return Brought(bare, whole, peak)

    def close(self) -> None:
        from django.db import connection

        connection.close()
        self.cluster.stop()


def in_own_folder(case: Callable[[Path], int]) -> int:
    """Run a case in a new data folder that is gone afterwards; its exit code."""
    folder = Path(tempfile.mkdtemp(prefix="khet-bench-"))
    os.environ["KHET_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.site.settings")
    try:
        return case(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
