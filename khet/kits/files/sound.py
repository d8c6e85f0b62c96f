"""Is what stands on disk still what was stored? Asked before every reading."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from khet.kits.files import shelf
from khet.kits.files.choices import FileState
from khet.kits.files.models import StoredFile

SMALL = 4 * 1024 * 1024
AGAIN = timedelta(hours=1)


def is_sound(file: StoredFile, *, recent: bool | None = None) -> bool:
    """Length always; the hash of small files always, of others once an hour. A bad file is marked at once.

    ``recent=False`` asks for the hash whatever the size.
    """
    path = shelf.path_of(file.sha256)
    now = timezone.now()
    if recent is None:
        recent = file.checked_at is not None and now - file.checked_at < AGAIN
    if not _has_length(path, file.size):
        return _altered(file)
    if recent and file.size > SMALL:
        return True
    if shelf.hash_of(path) != file.sha256:
        return _altered(file)
    if not recent:
        file.checked_at = now
        StoredFile.objects.filter(pk=file.pk).update(checked_at=now)
    return True


def _has_length(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


def _altered(file: StoredFile) -> bool:
    file.state = FileState.ALTERED
    StoredFile.objects.filter(pk=file.pk).update(state=FileState.ALTERED)
    return False
