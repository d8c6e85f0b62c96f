"""``python -m khet.base.lib.pdf_child TASK REQUEST`` → one byte (``+`` or ``-``) and the answer.

After ``-`` comes JSON with the code of a refusal.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module

from khet.base.lib.limited import limit_self

MEMORY = 1536 * 1024 * 1024
SECONDS = 40
TASKS = {
    "inspect": "checking",
    "count": "looking",
    "image": "looking",
    "text": "looking",
    "words": "looking",
    "stamp": "making",
    "pictures": "making",
    "drawing": "drawing",
}


def main() -> None:
    limit_self(memory=MEMORY, seconds=SECONDS)
    # Imported under the limits, and only what the task needs: loading is most of the child's work.
    from khet.base.lib.pdf_child.refused import Refused  # noqa: PLC0415

    task, request = sys.argv[1], json.loads(sys.argv[2])
    module = import_module(f"khet.base.lib.pdf_child.{TASKS[task]}")
    try:
        answer = b"+" + getattr(module, task)(**request)
    except Refused as why:
        answer = b"-" + json.dumps({"code": why.code}).encode()
    except MemoryError:
        answer = b"-" + json.dumps({"code": "big"}).encode()
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
