"""The asker processes of the numbering test: ``python -m … HOST DATABASE UNIT PROCESSES SHARE``.

Loaded once and forked into PROCESSES, each with a connection of its own; they start together. Prints a line of numbers for each
process; every fifth of its transactions was given up after a number had been taken in it.
"""

from __future__ import annotations

import multiprocessing
import sys
from typing import Any

import django
from django.conf import settings

PATIENCE = 60.0  # seconds until all stand ready

_fork = multiprocessing.get_context("fork")


def ask(unit: int, share: int, ready: Any, answers: Any) -> None:
    """Take ``share`` numbers, beginning when all are connected."""
    from django.db import connection, transaction

    from khet.modules.letters.choices import RegisterKind
    from khet.modules.letters.numbers import take

    connection.ensure_connection()
    ready.wait(PATIENCE)
    got = []
    for turn in range(share):
        if turn % 5 == 0:
            try:
                with transaction.atomic():
                    take(unit, RegisterKind.SEND)
                    raise InterruptedError
            except InterruptedError:
                pass
        with transaction.atomic():
            got.append(take(unit, RegisterKind.SEND).first)
    answers.put(got)


def main(host: str, database: str, unit: int, processes: int, share: int) -> int:
    settings.DATABASES["default"] |= {"HOST": host, "NAME": database}
    django.setup()
    ready, answers = _fork.Barrier(processes), _fork.SimpleQueue()
    askers = [_fork.Process(target=ask, args=(unit, share, ready, answers)) for _turn in range(processes)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    if any(asker.exitcode for asker in askers):
        return 1
    for _asker in askers:
        print(*answers.get())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])))
