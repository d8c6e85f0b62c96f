"""Lists of codes: the office's corrections, and keeping the declared values in the table."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import NotFound, Refusal
from khet.base.lib.thai.words import fold, normalise
from khet.base.org.api import Actor, entry, save, verb
from khet.kits.register.bases.codes import LONGEST_VALUE, CodeList, code_lists, store
from khet.kits.register.models import Code
from khet.kits.register.rules import CODES_EDIT

_LOCK = 0x636F6465  # "code": versions are given one at a time
_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def _next_version() -> int:
    """A number above all before it, from a sequence: also what is rolled back has used its number up. Whoever read the
    table inside such a transaction would otherwise take the next change, under the same number, for what it knows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT nextval(pg_get_serial_sequence('register_code', 'id'))")
        version = cursor.fetchone()[0]
    store.forget()
    return version


def declared_list(code: str) -> CodeList:
    found = code_lists.get(code)
    if found is None:
        raise NotFound(_("ไม่มีรายการรหัสนี้"), code="codes.none")
    return found


def _good_label(known: CodeList, value: str, label: str) -> str:
    label = normalise("".join(c for c in label if c.isprintable())).strip()
    if not label or len(label) > 200:
        raise Refusal(_("คำที่แสดงต้องยาว 1–200 ตัวอักษร"), code="codes.label", field="label")
    for row in known.rows().values():
        if row.value != value and row.is_active and fold(row.label) == fold(label):
            raise Refusal(
                _("มีคำว่า “%(label)s” อยู่แล้วในรหัส %(value)s ใช้รหัสนั้น หรือตั้งคำให้ต่างกัน")
                % {"label": row.label, "value": row.value},
                code="codes.twice",
                field="label",
            )
    return label


@verb("codes.change", gettext_lazy("แก้รายการรหัส"), capability=CODES_EDIT)
def change_code(
    *,
    actor: Actor,
    list: str,
    value: str,
    label: str,
    is_active: bool = True,
    is_confirmed: bool = False,
    source: str = "",
) -> Code:
    """Give a value other words, retire or restore it, say that it is confirmed and by what."""
    known = declared_list(list)
    row = known.rows().get(value)
    if row is None:
        raise NotFound(_("ไม่มีรหัสนี้ในรายการ"), code="codes.none")
    label = _good_label(known, value, label)
    version = _next_version()
    found, _made = Code.objects.select_for_update().get_or_create(
        list=list, value=value, defaults={"label": row.label, "position": row.position, "source": row.source}
    )
    entry().on(found)
    changed = save(
        found,
        label=label,
        is_active=is_active,
        is_confirmed=is_confirmed,
        source=normalise(source).strip()[:300],
    )
    if changed:
        Code.objects.filter(pk=found.pk).update(is_edited=True, version=version)
    store.forget()
    return found


@verb("codes.add", gettext_lazy("เพิ่มรหัส"), capability=CODES_EDIT)
def add_code(*, actor: Actor, list: str, label: str, value: str = "", source: str = "") -> Code:
    """Add a value to a list; without a code of its own it gets the next free one (u1, u2 …)."""
    known = declared_list(list)
    value = value.strip()
    if value and (len(value) > LONGEST_VALUE or not _VALUE.fullmatch(value)):
        raise Refusal(
            _("รหัสใช้ได้เฉพาะ A–Z 0–9 . _ - ยาวไม่เกิน %(most)d ตัว เว้นว่างไว้ให้ระบบตั้งให้ก็ได้")
            % {"most": LONGEST_VALUE},
            code="codes.value",
            field="value",
        )
    label = _good_label(known, value, label)
    version = _next_version()
    rows = known.rows()
    if value in rows:
        raise Refusal(
            _("มีรหัส %(value)s อยู่แล้ว คือ “%(label)s”") % {"value": value, "label": rows[value].label},
            code="codes.twice",
            field="value",
        )
    made = Code.objects.create(
        list=list,
        value=value or next(f"u{n}" for n in range(1, 10_000) if f"u{n}" not in rows),
        label=label,
        position=max((row.position for row in rows.values()), default=0) + 10,
        source=normalise(source).strip()[:300],
        is_edited=True,
        version=version,
    )
    entry().on(made)
    entry().tell(list=list, value=made.value, label=made.label)
    store.forget()
    return made


def keep_declared_codes(**_signal: Any) -> None:
    """Bring the table up to the declarations, after migrating; what the office has edited stays as it is."""
    wanted = {(known.code, row.value): row for known in code_lists for row in known.declared.values()}
    there = {(row.list, row.value): row for row in Code.objects.all()}
    names = ("label", "position", "is_confirmed", "source")
    stale = [
        code
        for key, code in there.items()
        if (row := wanted.get(key)) is not None
        and not code.is_edited
        and any(getattr(code, name) != getattr(row, name) for name in names)
    ]
    if not stale and not wanted.keys() - there.keys():
        return
    version = _next_version()
    for code in stale:
        row = wanted[code.list, code.value]
        for name in names:
            setattr(code, name, getattr(row, name))
        code.version = version
    Code.objects.bulk_update(stale, [*names, "version"])
    Code.objects.bulk_create(
        (
            Code(list=list, value=value, version=version, **{name: getattr(row, name) for name in names})
            for (list, value), row in wanted.items()
            if (list, value) not in there
        ),
        ignore_conflicts=True,
    )
    store.forget()
