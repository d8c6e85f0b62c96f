"""``python -m khet``: the same as the command ``khet``."""

from khet.site.cli import main

main(prog_name="khet")
