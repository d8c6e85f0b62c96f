"""``python -m khet.base.lib.setter FOLDERS`` sets one paper after the other: a line of JSON in, its PDF out (see ``khet.base.lib.limited``).

``FOLDERS`` is a JSON list of the folders of faces. The line names the file that holds the order: a book's data is too long for a line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from khet.base.lib.limited import answer_each, limit_self

# A book of 250 pages takes 0.7 GB and some four seconds; a hundred small books take twenty.
MEMORY = 4 * 1024 * 1024 * 1024
SECONDS = 900


def main() -> None:
    limit_self(memory=MEMORY, seconds=SECONDS)
    from khet.base.lib.setter.setting import Order, fonts_in, paper  # noqa: PLC0415 – under the limits

    fonts = fonts_in(json.loads(sys.argv[1]))
    answer_each(lambda asked: paper(Order(**json.loads(Path(asked.decode()).read_text())), fonts))


if __name__ == "__main__":
    main()
