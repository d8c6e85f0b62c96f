"""Views of a list that a person keeps under a name. Personal, like drafts, so they leave no journal."""

from __future__ import annotations

from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.words import normalise
from khet.base.org.api import Actor
from khet.kits.register.models import SavedView

MOST = 12


def save_view(*, actor: Actor, kind: str, name: str, query: str) -> SavedView:
    """Keep a view; the same name again replaces it."""
    name = normalise(name.replace("\x00", "")).strip()
    if not name or len(name) > 60:
        raise Refusal(_("ตั้งชื่อมุมมองยาว 1–60 ตัวอักษร"), code="register.view_name", field="name")
    if len(query) > 2000:
        raise Refusal(_("เงื่อนไขยาวเกินไป ลดจำนวนเงื่อนไข แล้วบันทึกอีกครั้ง"), code="register.view_long")
    mine = SavedView.objects.filter(person=actor.person, kind=kind)
    if mine.exclude(name=name).count() >= MOST:
        raise Refusal(
            _("บันทึกได้ไม่เกิน %(most)d มุมมอง ลบมุมมองที่ไม่ใช้ก่อน") % {"most": MOST}, code="register.view_many"
        )
    return SavedView.objects.update_or_create(
        person=actor.person, kind=kind, name=name, defaults={"query": query}
    )[0]


def forget_view(*, actor: Actor, view: SavedView) -> None:
    if actor.person is not None:
        SavedView.objects.filter(pk=view.pk, person=actor.person).delete()
