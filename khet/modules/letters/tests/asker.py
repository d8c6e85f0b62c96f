"""One asker process of the numbering test: ``python -m … HOST DATABASE UNIT SHARE``; starts on a line on stdin.

Prints the numbers it got, having given up every fifth transaction after taking a number in it.
"""

from __future__ import annotations

import sys

import django
from django.conf import settings


def main(host: str, database: str, unit: int, share: int) -> None:
    settings.DATABASES["default"] |= {"HOST": host, "NAME": database}
    django.setup()
    from django.db import connection, transaction

    from khet.modules.letters.choices import RegisterKind
    from khet.modules.letters.numbers import take

    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
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
    print(*got, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
