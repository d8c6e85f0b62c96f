"""What schools report: a new row each time, photographs beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, NotFound, Refusal
from khet.base.lib.thai.words import normalise
from khet.base.notices.api import tell
from khet.base.notices.choices import Channel
from khet.base.org.api import Actor, Unit, entry, today, verb
from khet.kits.files.api import Attachment, attachments, remove, store
from khet.modules.emergencies.choices import Need, SchoolState
from khet.modules.emergencies.models import Call, Event, Report
from khet.modules.emergencies.rules import REPORT
from khet.modules.schools.api import drawn_anew, school_of

PHOTO = "photo"
MOST_PHOTOS = 12
AGAIN = timedelta(minutes=2)
FACTS = (
    "state", "since", "until", "depth_cm", "buildings", "articles", "papers", "damage_words", "baht", "pupils", "staff",
    "hurt", "lost", "sheltered", "needs", "words",
)  # fmt: skip


@verb("emergencies.report", gettext_lazy("รายงานเหตุภัย"), on="unit")
def report(*, actor: Actor, unit: Unit, event: Event, uploads: Sequence[Any] = (), **facts: Any) -> Report:
    """Add a report of a school to an open event; a school that was not called comes in by it.

    The same report of the same person within two minutes is taken once: a press repeated on a slow line.
    """
    event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    if not event.is_open:
        raise Conflict(_("เหตุนี้ปิดแล้ว ถ้าโรงเรียนยังเดือดร้อน โทรแจ้งเขต"), code="emergencies.closed")
    school = school_of(unit)
    if school is None:
        raise NotFound(_("ไม่พบโรงเรียนนี้"), code="not_found")
    values = _clean(facts)
    call, _made = Call.objects.select_for_update(of=("self",)).get_or_create(
        event=event, unit=unit, defaults={"school": school}
    )
    entry().on(event, unit, school)
    latest = call.latest
    now = timezone.now()
    is_same = (
        latest is not None
        and latest.by_id == (actor.person.pk if actor.person else None)
        and now - latest.reported_at < AGAIN
        and all(getattr(latest, name) == value for name, value in values.items())
    )
    if not is_same:
        latest = Report.objects.create(
            call=call, reported_at=now, by=actor.person, by_name=actor.name, **values
        )
        call.latest = latest
        call.save(update_fields=["latest"])
        entry().tell(state=latest.state, needs=latest.needs)
        _tell_grave(event, call, latest)
    for upload in uploads:
        _keep(actor, call, upload)
    return latest


@verb("emergencies.add_photo", gettext_lazy("เพิ่มภาพเหตุภัย"), capability=REPORT, on="unit")
def add_photo(*, actor: Actor, unit: Unit, call: Call, upload: Any) -> Attachment:
    if call.unit_id != unit.pk:
        raise NotFound(_("ไม่พบโรงเรียนนี้ในเหตุภัย"), code="not_found")
    entry().on(call.event, unit)
    return _keep(actor, call, upload)


@verb("emergencies.remove_photo", gettext_lazy("นำภาพเหตุภัยออก"), capability=REPORT, on="unit")
def remove_photo(*, actor: Actor, unit: Unit, call: Call, photo: str) -> None:
    found = photos(call).filter(public_id=photo).first() if call.unit_id == unit.pk else None
    if found is None:
        raise NotFound(_("ไม่พบภาพนี้ อาจมีผู้นำออกแล้ว"), code="emergencies.no_photo")
    entry().on(call.event, unit)
    remove(actor=actor, attachment=found)


def photos(call: Call) -> Any:
    """The photographs of a school in an event, oldest first."""
    return attachments(call, kind=PHOTO)


def _clean(facts: dict[str, Any]) -> dict[str, Any]:
    strange = facts.keys() - set(FACTS)
    if strange:
        raise TypeError(f"no such facts: {', '.join(sorted(strange))}")
    values = {name: facts[name] for name in FACTS if name in facts}
    for name in ("damage_words", "words"):
        values[name] = normalise(values.get(name) or "")[:500]
    for name in ("pupils", "staff", "hurt", "lost", "sheltered"):
        values[name] = values.get(name) or 0
    needs = set(values.get("needs") or ())
    values["needs"] = [code for code in Need.values if code in needs]
    if values.get("state") not in SchoolState.values:
        raise Refusal(_("เลือกก่อนว่าโรงเรียนเปิดหรือปิด"), code="emergencies.state", field="state")
    if values["state"] == SchoolState.OPEN:
        values["since"] = values["until"] = None
    else:
        values["since"] = values.get("since") or today()
        until = values.get("until")
        if until and until < values["since"]:
            raise Refusal(_("วันที่คาดว่าเปิดเรียนอยู่ก่อนวันที่ปิด ตรวจวันที่อีกครั้ง"), code="emergencies.days", field="until")
    # Checked here too, because a report may come by a way without a form.
    Report(**values).clean_fields(exclude=["call", "by_name", "reported_at"])
    return values


def _keep(actor: Actor, call: Call, upload: Any) -> Attachment:
    if photos(call).count() >= MOST_PHOTOS:
        raise Refusal(
            _("เหตุหนึ่งมีภาพได้ %(most)d ภาพต่อโรงเรียน นำภาพเก่าออกก่อน") % {"most": MOST_PHOTOS},
            code="emergencies.photos",
            field="photos",
        )
    number = Attachment.objects.of(call).count() + 1
    return store(
        actor=actor,
        upload=drawn_anew(upload, field="photos"),
        owner=call,
        name=f"{call.school.name} {number}.jpg",
        kind=PHOTO,
    )


def _tell_grave(event: Event, call: Call, latest: Report) -> None:
    """Somebody is hurt or worse: whoever opened the event is told at once."""
    if latest.is_grave and event.opened_by_id:
        tell(
            event=f"emergencies.grave:{latest.pk}",
            title=_("%(school)s รายงานผู้บาดเจ็บ %(hurt)d เสียชีวิตหรือสูญหาย %(lost)d")
            % {"school": call.school.full_name, "hurt": latest.hurt, "lost": latest.lost},
            url=reverse("emergencies:school", args=[event.pk, call.school_id]),
            people=[event.opened_by_id],
            channels=[Channel.APP, Channel.EMAIL],
            urgent=True,
        )
