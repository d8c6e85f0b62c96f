"""Does the time of a refused sign-in tell whether a name exists? Medians of interleaved attempts (B57).

    KHET_DATA=/tmp/khet-bench-signin python -m bench.signin

Uses a demo office (``khet seed``) whose data folder is given; floor: one bare Argon2 hash.
"""

from __future__ import annotations

import os
import statistics
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.site.settings")


def main(turns: int = 25) -> None:
    import django

    django.setup()
    from django.contrib.auth.hashers import make_password
    from django.test import Client

    from khet.base.signin.models import Counter

    names = ["saraban", "saraban@sithara2.example", "nobody", "nobody@example.org"]
    taken: dict[str, list[float]] = {name: [] for name in names}
    floor = []
    for turn in range(turns):
        start = time.perf_counter()
        make_password("ไม่ใช่รหัสนี้แน่")
        floor.append(time.perf_counter() - start)
        for name in names:
            Counter.objects.all().delete()
            client = Client(SERVER_NAME="127.0.0.1")
            start = time.perf_counter()
            client.post(
                "/accounts/login/",
                {"login": name, "password": "ไม่ใช่รหัสนี้แน่"},
                REMOTE_ADDR=f"198.51.100.{turn + 1}",
            )
            taken[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(values[2:]) * 1000 for name, values in taken.items()}
    for name, value in medians.items():
        print(f"{name:28} {value:7.1f} ms")
    bare = statistics.median(floor) * 1000
    print(f"spread {max(medians.values()) / min(medians.values()):.3f}   floor (one hash) {bare:.1f} ms")
    print(f"ratio to floor {statistics.mean(medians.values()) / bare:.2f}")


if __name__ == "__main__":
    main()
