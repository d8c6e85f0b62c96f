"""Opening an event, calling schools, reminding the silent, closing."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.words import normalise
from khet.base.notices.api import tell
from khet.base.org.api import Actor, entry, save, verb
from khet.modules.emergencies.choices import EventKind
from khet.modules.emergencies.models import Call, Event
from khet.modules.emergencies.queries import schools_for
from khet.modules.emergencies.queries.board import silent_units
from khet.modules.emergencies.rules import OPEN, REPORT


@verb("emergencies.open", gettext_lazy("เปิดเหตุภัย"))
def open_event(
    *,
    actor: Actor,
    kind: str,
    title: str,
    note: str = "",
    districts: Iterable[str] = (),
    schools: Iterable[int] = (),
) -> Event:
    """Open an event and call the schools of ``districts`` (names) and ``schools`` (ids); neither means the whole area.

    Everybody who may report for a called school is told at once, urgently.
    """
    title = normalise(title)[:150]
    if not title:
        raise Refusal(
            _("ยังไม่ได้ตั้งชื่อเหตุ เขียนสั้น ๆ เช่น น้ำท่วมปลายพฤศจิกายน 2569"), code="emergencies.title", field="title"
        )
    event = Event.objects.create(
        kind=EventKind(kind),
        title=title,
        note=normalise(note)[:1000],
        opened_at=timezone.now(),
        opened_by=actor.person,
    )
    called = _call(event, districts, schools)
    if not called:
        raise Refusal(
            _("ไม่พบโรงเรียนในอำเภอที่เลือก เลือกอำเภอหรือโรงเรียนใหม่"),
            code="emergencies.no_school",
            field="districts",
        )
    entry().on(event)
    entry().tell(title=title, schools=called)
    return event


@verb("emergencies.call", gettext_lazy("เรียกโรงเรียนเพิ่มในเหตุภัย"), capability=OPEN)
def call_schools(
    *, actor: Actor, event: Event, districts: Iterable[str] = (), schools: Iterable[int] = ()
) -> int:
    """Call further schools into an open event; those in it already stay as they are. Returns how many came in."""
    demand_open(event)
    districts, schools = list(districts), list(schools)
    if not districts and not schools:
        raise Refusal(_("ยังไม่ได้เลือกอำเภอหรือโรงเรียน"), code="emergencies.no_school", field="districts")
    called = _call(event, districts, schools)
    entry().on(event)
    entry().tell(schools=called)
    return called


@verb("emergencies.change", gettext_lazy("แก้ข้อความของเหตุภัย"), capability=OPEN)
def change_event(*, actor: Actor, event: Event, kind: str, title: str, note: str = "") -> Event:
    title = normalise(title)[:150]
    if not title:
        raise Refusal(_("ยังไม่ได้ตั้งชื่อเหตุ"), code="emergencies.title", field="title")
    entry().on(event)
    save(event, kind=EventKind(kind), title=title, note=normalise(note)[:1000])
    return event


@verb("emergencies.remind", gettext_lazy("เตือนโรงเรียนที่ยังไม่ตอบ"), capability=OPEN)
def remind_silent(*, actor: Actor, event: Event, number: int, schools: Iterable[int] | None = None) -> int:
    """Tell again those who have not answered (of ``schools``, where given); ``number`` is the reminder the reader saw, so a
    double press is one."""
    event = Event.objects.select_for_update().get(pk=event.pk)
    demand_open(event)
    if number != event.reminders + 1:
        raise Conflict(_("มีผู้เตือนไปแล้วเมื่อครู่ ดูกระดานอีกครั้ง"), code="emergencies.reminded")
    entry().on(event)
    save(event, reminders=number, reminded_at=timezone.now())
    silent = silent_units(event, schools)
    told = tell(
        event=f"emergencies.reminded:{event.pk}:{number}",
        title=_("เตือนครั้งที่ %(n)d: โปรดรายงาน %(title)s") % {"n": number, "title": event.title},
        url=reverse("emergencies:event", args=[event.pk]),
        units=silent,
        capability=REPORT,
        urgent=True,
    )
    entry().tell(number=number, schools=silent.count(), notices=told)
    return silent.count()


@verb("emergencies.close", gettext_lazy("ปิดเหตุภัย"), capability=OPEN)
def close_event(*, actor: Actor, event: Event, closing_note: str = "") -> Event:
    """No further reports; the board stays as it stood."""
    event = Event.objects.select_for_update().get(pk=event.pk)
    demand_open(event)
    entry().on(event)
    save(
        event,
        closed_at=timezone.now(),
        closed_by=actor.person,
        closing_note=normalise(closing_note)[:1000],
    )
    return event


@verb("emergencies.reopen", gettext_lazy("เปิดเหตุภัยอีกครั้ง"), capability=OPEN)
def reopen_event(*, actor: Actor, event: Event) -> Event:
    """Closed too early: reports are taken again."""
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.is_open:
        raise Conflict(_("เหตุนี้เปิดอยู่แล้ว"), code="emergencies.is_open")
    entry().on(event)
    save(event, closed_at=None, closed_by=None)
    return event


def demand_open(event: Event) -> None:
    """Nothing is added to a closed event."""
    if not event.is_open:
        raise Conflict(_("เหตุนี้ปิดแล้ว ให้เขตเปิดเหตุอีกครั้งก่อน"), code="emergencies.closed")


def _call(event: Event, districts: Iterable[str], schools: Iterable[int]) -> int:
    """Set-based: one INSERT for the calls, one for the notices. A school that came by itself becomes a called one."""
    wanted = list(schools_for(districts, schools).values_list("pk", "unit_id"))
    held = set(Call.objects.filter(event=event, called_at__isnull=False).values_list("unit_id", flat=True))
    now = timezone.now()
    new = [
        Call(event=event, school_id=school, unit_id=unit, called_at=now)
        for school, unit in wanted
        if unit not in held
    ]
    if not new:
        return 0
    Call.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["event", "unit"], update_fields=["called_at"]
    )
    tell(
        event=f"emergencies.called:{event.pk}",
        title=_("%(kind)s: %(title)s โปรดรายงานสภาพโรงเรียน")
        % {"kind": event.get_kind_display(), "title": event.title},
        body=event.note,
        url=reverse("emergencies:event", args=[event.pk]),
        units=[call.unit_id for call in new],
        capability=REPORT,
        urgent=True,
    )
    return len(new)
