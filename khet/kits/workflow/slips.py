"""The routing slip on paper (ใบแสดงเส้นทาง)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from khet.base.lib.pdf import RoutingSlip, SlipStep, routing_slip
from khet.base.lib.thai.calendar import thai_date, thai_datetime
from khet.base.org.api import Profile, office
from khet.base.ui.dates import duration
from khet.kits.workflow.models import Run
from khet.kits.workflow.picture import Picture
from khet.kits.workflow.timelines import Stop, timeline

_MARKS = {"returned": "returned", "holder": "now", "late": "now", "opinion": "opinion", "empty": "waiting"}


@override("th")
def slip_pdf(run: Run, picture: Picture | None = None) -> bytes:
    """Facts of the matter and every endorsement in order, as PDF/A; papers are in Thai."""
    facts = [(_("เจ้าของเรื่อง"), run.unit.name)]
    if run.source:
        facts.append((_("ที่มา"), run.source))
    if run.urgency:
        facts.append((_("ชั้นความเร็ว"), str(run.get_urgency_display())))
    if run.secrecy:
        facts.append((_("ชั้นความลับ"), str(run.get_secrecy_display())))
    facts.append((_("เริ่มเมื่อ"), thai_datetime(timezone.localtime(run.started_at))))
    if run.due_at:
        facts.append((_("กำหนดเสร็จ"), thai_date(timezone.localtime(run.due_at))))
    facts.append((_("สถานะ"), run.state_label))
    steps: list[SlipStep] = []
    for stop in timeline(run, picture):
        steps.append(_line(stop))
        steps.extend(_line(side) for side in stop.sides or ())
    return routing_slip(
        RoutingSlip(
            office=office().name,
            subject=run.title,
            facts=facts,
            steps=steps,
            printed=_("พิมพ์เมื่อ %(at)s") % {"at": thai_datetime(timezone.localtime())},
            thai_digits=Profile.load().thai_digits_on_paper,
        )
    )


def _line(stop: Stop) -> SlipStep:
    step = stop.step
    decided = step.decided_at if step else None
    return SlipStep(
        who=" ".join(filter(None, [stop.name, f"({stop.tag})" if stop.tag else ""])),
        post=stop.title if step is None or not step.acting else "",
        acting=step.acting if step else "",
        act=stop.verb,
        note=step.note if step else "",
        at=timezone.localtime(decided) if decided else None,
        held=_("ถือ %(span)s") % {"span": duration(stop.held)} if stop.held is not None else "",
        mark=_MARKS.get(stop.shape, "done"),
    )
