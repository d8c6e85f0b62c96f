"""The journal's own check: the chain whole, and in agreement with every head kept elsewhere."""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from khet.base.database.address import backups_folder
from khet.base.database.backup import list_backups, seal
from khet.base.database.checks import Check, Finding, checks
from khet.base.database.programs import DatabaseFault
from khet.base.journal.models import Anchor
from khet.base.journal.queries import verify_chain


def known_heads() -> Iterator[tuple[int, str, str]]:
    """(seq, hash, whence) of heads: the daily ones, those sealed into backups, and a file from off the machine."""
    for seq, digest, day in Anchor.objects.values_list("seq", "hash", "day"):
        yield seq, digest, f"หัวรายวันของ {day}"
    yield from _heads_in_backups()
    outside = os.environ.get("KHET_ANCHORS")
    if outside:
        for line in Path(outside).read_text().splitlines():
            words = line.split()
            if len(words) >= 2 and words[0].isdigit():
                yield int(words[0]), words[1], outside


def _heads_in_backups() -> Iterator[tuple[int, str, str]]:
    restored = settings.DATA / "restored.json"
    history = json.loads(restored.read_text()) if restored.exists() else []
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    try:
        backups = list_backups(backups_folder(settings.DATA))
    except DatabaseFault:
        return
    for backup in backups:
        head = backup.manifest.get("journal")
        if not head or not any(
            hmac.compare_digest(seal(backup.manifest, key), backup.manifest.get("seal", "")) for key in keys
        ):
            continue
        # A restore to an earlier moment makes the heads between that moment and the restore void.
        if any(
            _point(past) < backup.made_at < datetime.fromisoformat(past["at"])
            and backup.folder.name != past["backup"]
            for past in history
        ):
            continue
        yield head["seq"], head["hash"], f"ข้อมูลสำรอง {backup.folder.name}"


def _point(past: dict[str, str]) -> datetime:
    if past["until"]:
        return datetime.fromisoformat(past["until"])
    return datetime.strptime(past["backup"] + "+0000", "%Y%m%dT%H%M%SZ%z")


def chain() -> Iterator[Finding]:
    heads: dict[int, str] = {}
    for seq, digest, whence in known_heads():
        if seq and heads.setdefault(seq, digest) != digest:
            yield Finding("journal.anchor", f"หัวที่รายการ {seq} จาก{whence} ไม่ตรงกับหัวอื่น", str(seq))
    fault = verify_chain(heads)
    if fault is not None:
        yield Finding("journal.chain", fault.sentence, str(fault.seq))


checks.add("journal.chain", Check(_("สายโซ่ของสมุดบันทึกเหตุการณ์"), chain))
