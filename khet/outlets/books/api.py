"""The door of books, for the command line."""

from __future__ import annotations

from pathlib import Path

from khet.base.lib.errors import Refusal
from khet.base.org.api import Actor
from khet.kits.files.api import attachments, read_bytes
from khet.outlets.books.actions import NAMES, ask, begin
from khet.outlets.books.choices import Kind
from khet.outlets.books.jobs import run
from khet.outlets.books.models import Edition, Made

__all__ = ["make_to"]


def make_to(*, actor: Actor, school_year: int, kind: str, folder: Path) -> tuple[Path, Made]:
    """Make a file of the year's edition, begun when there is none yet, keep it on the shelf and lay a copy into ``folder``.

    ``Refusal`` with the reason when it cannot be made. The worker may be at the same file: then this one is made beside it,
    and both are the same bytes.
    """
    edition = Edition.objects.filter(school_year=school_year).first() or begin(
        actor=actor, school_year=school_year
    )
    made = run(ask(actor=actor, edition=edition, kind=kind))
    if made.problem:
        raise Refusal(made.problem, code="books.failed")
    path = folder / NAMES[Kind(kind)].format(year=school_year)
    path.write_bytes(read_bytes(attachments(made, "book").get()))
    return path, made
