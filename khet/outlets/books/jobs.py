"""The worker's part: making a file while its page shows how far it is, or is closed."""

from __future__ import annotations

import importlib
import logging
import time
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import override
from procrastinate.contrib.django import app

from khet.base.lib.errors import Refusal
from khet.base.org.api import Actor, Person
from khet.outlets.books.actions import fail, keep, step
from khet.outlets.books.models import Made

log = logging.getLogger(__name__)


def _acting(person_id: int | None) -> Actor:
    """Whoever asked, with the rights of this moment."""
    return Actor.of(Person.objects.get(pk=person_id)) if person_id else Actor.system()


@app.task(name="books.make", queue="books")
def make_later(made_id: int) -> None:
    """Make one file. Begun again from the start after a kill; a second run of what is done changes nothing."""
    made = Made.objects.select_related("edition").filter(pk=made_id).first()
    if made is None or not made.is_busy:
        return
    run(made)


def run(made: Made) -> Made:
    """Make the file of a row now. What cannot be made is told on its page, and may be asked for again."""
    # Heavy: statistics, maps and the setter are loaded where a book is made, not where its page is shown.
    working: Any = importlib.import_module("khet.outlets.books.working")
    actor = _acting(made.asked_by_id)
    began = time.monotonic()
    try:
        with override("th"):
            output, made_from = working.output_of(
                made, lambda words, done, total: step(made, words, done, total)
            )
            return keep(
                actor=actor, made=made, content=output.content, pages=output.pages, seconds=time.monotonic() - began, made_from=made_from
            )  # fmt: skip
    except Refusal as why:
        return fail(actor=actor, made=made, problem=str(why))
    except Exception:
        log.exception("books: %s of edition %s could not be made", made.kind, made.edition_id)
        fail(actor=Actor.system(), made=made, problem=_t("ทำไฟล์ไม่สำเร็จ ลองสั่งทำอีกครั้ง ถ้ายังไม่ได้ให้แจ้งผู้ดูแลระบบ"))
        raise
