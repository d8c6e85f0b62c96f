"""``python -m khet.base.lib.pdf_child TASK REQUEST`` → one byte (``+`` or ``-``) and the answer.

After ``-`` comes JSON with the code of a refusal.
"""

from __future__ import annotations

import json
import sys

from khet.base.lib.limited import limit_self

MEMORY = 1536 * 1024 * 1024
SECONDS = 40


def main() -> None:
    limit_self(memory=MEMORY, seconds=SECONDS)
    # Imported under the limits.
    from khet.base.lib.pdf_child import looking, making  # noqa: PLC0415
    from khet.base.lib.pdf_child.refused import Refused  # noqa: PLC0415

    task, request = sys.argv[1], json.loads(sys.argv[2])
    tasks = {
        "image": looking.image,
        "text": looking.text,
        "words": looking.words,
        "count": looking.count,
        "inspect": looking.inspect,
        "stamp": making.stamp,
        "pictures": making.pictures,
    }
    try:
        answer = b"+" + tasks[task](**request)
    except Refused as why:
        answer = b"-" + json.dumps({"code": why.code}).encode()
    except MemoryError:
        answer = b"-" + json.dumps({"code": "big"}).encode()
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
