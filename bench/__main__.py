"""``python -m bench CASE|all [--size demo|year|full]``: measure, beside each figure its floor; exit 1 when a promise is missed."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time

CASES = {
    "list": "pages:lists",
    "filter": "pages:filters",
    "detail": "pages:details",
    "desk": "pages:desks",
    "board": "pages:boards",
    "search": "asking:search",
    "dispatch": "dispatch:dispatch",
    "numbering": "numbering:numbering",
    "checking": "checking:checking",
    "closing": "checking:closing",
    "indicators": "indicators:indicators",
    "statistics": "figures:pages",
}
# Measured in data folders and processes of their own.
APART = {
    "words": ["bench/search.py"],
    "uploads": ["bench/uploads.py"],
    "importing": ["bench/importing.py"],
    "extract": ["bench/extract.py"],
    "confirmation": ["bench/confirmation.py"],
    "book": ["bench/book.py"],
    "nation": ["bench/nation.py"],
    "faults": ["-m", "bench.faults"],
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("case", choices=[*CASES, *APART, "seed", "all"])
    parser.add_argument(
        "rest",
        nargs="*",
        help="for faults: which of them; for importing: schools and pupils in each; for extract: children and schools; for confirmation: minutes; for nation: offices",
    )
    parser.add_argument("--size", choices=["demo", "year", "full"], default="full")
    given = parser.parse_args()
    if given.case in APART:
        return subprocess.call([sys.executable, "-W", "ignore", *APART[given.case], *given.rest])

    from bench.world import facts, open_world

    open_world(given.size)
    print(
        f"{given.size}: {facts()}; {os.cpu_count()} cores; {time.strftime('%Y-%m-%d %H:%M')}; load {os.getloadavg()[0]:.1f}"
    )
    kept = True
    for name in {"all": list(CASES), "seed": []}.get(given.case, [given.case]):
        module, function = CASES[name].split(":")
        print(f"\n### {name}")
        kept = getattr(__import__(f"bench.{module}", fromlist=[function]), function)() and kept
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
