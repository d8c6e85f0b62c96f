"""Reading the words of stored files, outside the request. Safe to run twice: a text that was read stays."""

from __future__ import annotations

from procrastinate.contrib.django import app

from khet.kits.files.models import FileText, StoredFile


def read_text_later(file: StoredFile) -> None:
    """Queue the reading within the running transaction: no row, no job; no commit, no job."""
    _text, created = FileText.objects.get_or_create(file=file)
    if created:
        read_text.defer(file_id=file.pk)


@app.task(name="files.read_text", queue="files", retry=3)
def read_text(file_id: int) -> None:
    """Read the words of one file and hand them to the records that hold it."""
    from khet.kits.files.texts import read_into_row  # noqa: PLC0415 - parsers load in the worker only

    read_into_row(file_id)


@app.periodic(cron="20 3 * * *")
@app.task(name="files.keep_house", queue="files", queueing_lock="files.keep_house")
def keep_house(timestamp: int) -> None:
    """At night: remove what was left behind, and hash again the files that were looked at longest ago."""
    from khet.kits.files.actions import collect, recheck  # noqa: PLC0415

    collect()
    recheck()
